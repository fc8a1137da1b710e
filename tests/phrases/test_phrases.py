"""Both languages say the same things, in the words of the list of words."""

import re
import string

import pytest

from cogov_opt.domain.clauses import KINDS
from cogov_opt.domain.justification import FAILING_TESTS, REASONS
from cogov_opt.domain.policy import BASES, ENTITIES, MEASURES, TERMS
from cogov_opt.domain.tables import contracts
from cogov_opt.phrases import LANGUAGES, fill, phrase, phrase_set
from cogov_opt.phrases.reasons import reason_name, reason_parts, reason_short, reason_text

NEVER_CHINESE = ("价格", "积分")
NAMES = {
    "D-1": "Club (D-1)",
    "D-1.N1": "2 x volunteer",
    "V-1": "volunteer V-1",
    "kind V-1": "volunteer",
}
ABOUT = {
    "assignment": {"demand": "D-1", "option": "a", "need": "D-1.N1", "resource": "V-1"},
    "unmet": {"demand": "D-1", "need": "D-1.N1"},
    "unused": {"resource": "V-1"},
}
PRICED = {"option": "a", "need": "D-1.N1", "stage": 1, "scale": 1000}
GAP = PRICED | {"share": 10}
VALUES = {
    "no_eligible_candidate": [{"counts": {"skill": 3, "consent": 1}}, {"counts": {}}],
    "earmark": [{"counts": {"purpose": 2}}],
    "period": [{"counts": {"period": 2}}],
    "below_minimum": [{"most": 1, "minimum": 2}],
    "set_incomplete": [{"need": "D-1.N1"}],
    "clause": [{"clause": "C01"}],
    "pinned": [{"clause": "C01"}],
    "capacity": [{}],
    "not_needed": [{}],
    "need_met": [{"needs": 2}],
    "outpriced": [
        PRICED | {"margin": 1500, "by": [["D-1.N1", "V-1", 20]]},
        PRICED | {"margin": 1, "by": []},
    ],
    "at_prices": [
        PRICED | {"brings": 3000, "takes": 1000, "margin": 2000},
        PRICED | {"brings": -1, "takes": -2, "margin": 1},
        PRICED | {"brings": 0, "takes": 0, "margin": 0},
    ],
    "gap": [GAP, GAP | {"low": 0, "best": True}],
    "tie_draw": [{"seed": "0123456789abcdef"}],
    "budget": [{"step": 3, "asked": 900, "left": 100}, {"step": 3, "asked": 90, "left": 100}],
}  # fmt: skip
FITS = {
    "assignment": ("at_prices", "gap", "tie_draw", "pinned"),
    "unmet": tuple(c for c in VALUES if c not in ("pinned", "need_met", "not_needed")),
    "unused": (
        "no_eligible_candidate", "not_needed", "need_met", "outpriced", "gap", "tie_draw",
        "at_prices",
    ),
}  # fmt: skip
SAID = [(kind, code, v) for kind, codes in FITS.items() for code in codes for v in VALUES[code]]


def flat(phrases, above=""):
    """Every phrase by its dotted path."""
    for name, found in phrases.items():
        path = f"{above}{name}"
        if isinstance(found, dict):
            yield from flat(found, f"{path}.")
        else:
            yield path, found


def placeholders(text):
    """The names of the values a phrase is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


ENGLISH, CHINESE = (dict(flat(phrase_set(x))) for x in ("en", "zh"))


def test_both_languages_have_the_same_phrases():
    """No phrase exists in one language alone."""
    assert set(ENGLISH) == set(CHINESE)


def test_both_languages_use_the_same_values():
    """A phrase shows the same values in both languages."""
    different = {p for p in ENGLISH if placeholders(ENGLISH[p]) != placeholders(CHINESE[p])}

    assert not different


def test_words_that_mean_something_else_are_not_used():
    """Scarcity is no price in Chinese, and points are never those of a loyalty card."""
    assert not [p for p, text in CHINESE.items() if any(w in text for w in NEVER_CHINESE)]


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_phrases(code):
    """Each code of the closed list has a sentence, a short form, and who can change it (S12)."""
    for path in (f"reason.{code}.text", f"reason.{code}.short", f"who.{code}"):
        shown = [p for p in ENGLISH if p == path]
        variants = [p for p in ENGLISH if p.startswith(f"reason.{code}.")]

        assert shown or (path.endswith(".text") and len(variants) > 1), path


def test_every_word_of_the_law_has_a_phrase():
    """Tests, kinds, terms, measures, bases and entities are told in words."""
    wanted = [
        *(f"test.{t}.text" for t in FAILING_TESTS),
        *(f"test.{t}.who" for t in FAILING_TESTS),
        *(f"clause.{k}.sentence" for k in KINDS),
        *(f"clause_kind.{k}" for k in KINDS),
        *(f"term.{t}" for t in TERMS),
        *(f"measure.{m}" for m in MEASURES),
        *(f"base.{b}" for b in BASES),
        *(f"entity.{e}" for e in ENTITIES),
    ]

    assert not [p for p in wanted if p not in ENGLISH]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "code", "values"), SAID)
def test_no_value_is_left_unsaid(kind, code, values, language):
    """Every value a sentence asks for is there: a missing one would show as a dash."""
    proven = "trace" if code == "budget" else "prices"
    record = {"type": kind, "about": ABOUT[kind], "code": code, "values": values, "proven": proven}

    for text in (reason_text, reason_short):
        said = text(record, NAMES, "CNY", language)
        assert said
        assert "{" not in said
        assert not re.search(r"(^|[\s（(：，])-($|[\s）)。：，.,])", said), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["assignment", "unmet", "unused"])
def test_what_prices_leave_open_is_told_by_what_is_proven(kind, language):
    """Open, part of a plan proven best, or proven itself: told apart, with who can change it."""
    proofs = ({"low": 0}, {"low": 0, "best": True}, {"low": 3, "best": True})
    said, names = [], []
    for more in proofs:
        record = {
            "type": kind, "about": ABOUT[kind], "code": "gap", "values": GAP | more,
            "proven": "bound" if more["low"] else "prices",
        }  # fmt: skip
        said.append(reason_parts(record, NAMES, "CNY", language))
        names.append(phrase(f"edition_reason.{reason_name(record)}", language))
        assert "{" not in "".join(said[-1])

    what, who, sure = (set(parts) for parts in zip(*said, strict=True))
    assert (len(what), len(who), len(sure)) == (3, 2, 3)
    open_word = {"en": "more time", "zh": "延长测算时间"}[language]
    assert [open_word in parts[1] for parts in said] == [True, False, False]
    assert names[0] != names[1] == names[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_prices_claim_nothing_about_other_plans(language):
    """A reason proven by prices says so, and denies a claim about every plan."""
    record = {
        "type": "unmet", "about": ABOUT["unmet"], "code": "outpriced",
        "values": VALUES["outpriced"][0], "proven": "prices",
    }  # fmt: skip

    text = reason_text(record, NAMES, "CNY", language)

    assert {"en": "no claim about every other plan", "zh": "并不对其他所有方案作出断言"}[
        language
    ] in text
    assert "no better plan" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("served", [False, True])
def test_what_is_level_claims_no_proof_beyond(served, language):
    """S12.4: margin 0 says it brings as much as it takes, and that nothing more is proven."""
    names = NAMES | ({"served D-1": "yes"} if served else {})
    for kind in ("unmet", "unused"):
        record = {
            "type": kind, "about": ABOUT[kind], "code": "at_prices",
            "values": PRICED | {"margin": 0}, "proven": "prices",
        }  # fmt: skip
        text = reason_text(record, names, "CNY", language)

        assert {"en": "not proven beyond that", "zh": "并无进一步的证明"}[language] in text
        assert {"en": "just as much as it takes", "zh": "恰好相当"}[language] in text


def test_who_can_change_a_thing_is_named():
    """The asker, the body that adopted the card, the giver of what is scarce, a clause's owner."""
    names = NAMES | {
        "applicant D-1": "Asker", "giver V-1": "Giver", "owner C01": "Owner", "body": "Body",
    }  # fmt: skip
    wanted = {
        "below_minimum": ["Asker"], "outpriced": ["Body", "Giver"], "clause": ["Owner"],
        "capacity": ["Asker"], "no_eligible_candidate": ["Asker"],
    }  # fmt: skip
    for code, people in wanted.items():
        record = {"type": "unmet", "about": ABOUT["unmet"], "code": code, "proven": "exact"}
        text = reason_text(record | {"values": VALUES[code][0]}, names, "CNY", "en")

        assert all(p in text for p in people), text


def test_a_margin_has_the_unit_of_its_goal():
    """Points, money or metres; a goal of several kinds counts in its own way."""
    record = {
        "type": "unmet", "about": ABOUT["unmet"], "code": "outpriced",
        "values": VALUES["outpriced"][0] | {"margin": 150000}, "proven": "prices",
    }  # fmt: skip
    units = {"points": "150 points", "money": "1.5 CNY", "metres": "150 m"}
    units[""] = "150 units of the sum on"
    for unit, text in units.items():
        assert text in reason_short(record, NAMES | {"unit stage 1": unit}, "CNY", "en")


def test_a_small_margin_is_not_shown_as_nothing():
    """A margin below a hundredth is called small, not 0."""
    record = {
        "type": "unmet", "about": ABOUT["unmet"], "code": "outpriced",
        "values": VALUES["outpriced"][1], "proven": "prices",
    }  # fmt: skip

    assert "less than 0.01" in reason_short(record, NAMES, "CNY", "en")


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "1 booking of spaces"), (0, "0 bookings of spaces"), (2, "2 bookings of spaces"),
     ("1", "1 booking of spaces"), ("1,001", "1,001 bookings of spaces")],
)  # fmt: skip
def test_one_thing_is_told_in_the_singular(count, told):
    """A word follows its number, given as a number or as text."""
    assert fill("answer.space_amount", {"count": count}, "en") == told


def test_no_english_count_stands_before_a_plain_plural():
    """A number that may be 1 chooses its word; those that never are, are listed."""
    never_one = {"{count} parties", "{count} volunteers", "{count} places"}
    words = "bookings|uses|units|decisions|rows|cells|points|demands|limits|errors|warnings|choices"
    plain = re.compile(r"\{\w+\} (?:" + words + r")\b")
    found = {m for text in texts_of(phrase_set("en")) for m in plain.findall(text)}

    assert found <= never_one


def texts_of(found):
    """Give every text of a phrase set."""
    for value in found.values():
        if isinstance(value, str):
            yield value
        else:
            yield from texts_of(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_a_selector_may_name_has_a_word(language):
    """A card is told without the names of columns."""
    tables = ("demands", "needs", "volunteers", "funds", "spaces", "services", "standing", "actors")
    columns = {column for table in tables for column in contracts()[table].fields}

    assert columns <= set(phrase_set(language)["field"])
