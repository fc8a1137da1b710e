"""Records can be said in both languages, with known phrases only (proof.md 6)."""

import pytest

from cogov_opt.phrases import LANGUAGES, RECORDED, phrase_set
from cogov_opt.verifying import sentences

RECORD = {"type": "unmet", "code": "outpriced", "about": {"demand": "D-1"}, "values": {"margin": 3}}


@pytest.mark.parametrize(
    ("texts", "good"),
    [
        ("{demand} lacks {margin}", True),
        ({"text": "{demand}"}, True),
        ({"unmet": "{demand}", "assignment": "{nobody}"}, True),
        ({"served": "{demand}"}, False),
        ({"text": "{demand}", "short": "{nobody}"}, False),
        ("{nobody}", False),
        ("{demand", False),
        ("", False),
        ({}, False),
        (7, False),
        (None, False),
    ],
)
def test_placeholders(texts, good):
    """Every placeholder is a value of the record or one that always is given."""
    phrases = {"zh": {"reason": {"outpriced": texts}}}

    assert sentences.fits(phrases, RECORD, "zh") is good
    assert not sentences.fits(phrases, RECORD, "en")


def test_records_that_are_none():
    """Whatever stands in a line."""
    assert not sentences.fits({}, 7, "en")
    assert not sentences.fits({"en": {"reason": {"None": "x"}}}, {}, "zh")


def test_the_shipped_list_is_read(monkeypatch):
    """Versions and digests of the phrase sets ship beside the code."""
    monkeypatch.undo()

    assert all(len(digest) == 64 for digest in sentences.known_sets().values())


@pytest.fixture(scope="module")
def shipped():
    """The phrase files that ship, as a run keeps them."""
    return {language: phrase_set(language, RECORDED) for language in LANGUAGES}


PRICED = {"stage": 1, "scale": 10}
RECORDS = [
    ("assignment", "pinned", {"clause": "C1"}, "exact"),
    ("assignment", "at_prices", {**PRICED, "brings": 5, "takes": 2, "margin": 3}, "prices"),
    ("assignment", "at_prices", {**PRICED, "brings": -5, "takes": -9, "margin": 4}, "prices"),
    ("assignment", "gap", {**PRICED, "share": 3}, "prices"),
    ("assignment", "tie_draw", {"seed": "5eed"}, "prices"),
    ("assignment", "need_met", {"step": 1}, "trace"),
    ("unmet", "no_eligible_candidate", {"counts": {"skill": 1}}, "exact"),
    ("unmet", "earmark", {"counts": {"purpose": 1}}, "exact"),
    ("unmet", "period", {"counts": {"period": 1}}, "exact"),
    ("unmet", "below_minimum", {"most": 1, "minimum": 2}, "exact"),
    ("unmet", "below_minimum", {"step": 1, "votes": 2, "threshold": 3}, "trace"),
    ("unmet", "set_incomplete", {"need": "N-2"}, "exact"),
    ("unmet", "capacity", {}, "exact"),
    ("unmet", "capacity", {"step": 1}, "trace"),
    ("unmet", "clause", {"clause": "C1"}, "exact"),
    ("unmet", "outpriced", {**PRICED, "option": "O1", "margin": 1, "by": []}, "prices"),
    ("unmet", "gap", {**PRICED, "option": "O1", "share": 1}, "prices"),
    ("unmet", "tie_draw", {"seed": "5eed"}, "prices"),
    ("unmet", "budget", {"step": 1, "asked": 2, "left": 1}, "trace"),
    ("unused", "not_needed", {}, "exact"),
    ("unused", "no_eligible_candidate", {"counts": {}}, "exact"),
    ("unused", "need_met", {"needs": 3}, "exact"),
    ("unused", "outpriced",
     {**PRICED, "need": "N-1", "option": "O1", "margin": 1, "by": []}, "prices"),
    ("unused", "gap", {**PRICED, "need": "N-1", "option": "O1", "share": 1}, "prices"),
    ("unused", "tie_draw", {"seed": "5eed"}, "prices"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("kind", "code", "values", "proven"), RECORDS)
def test_every_record_of_the_convention_can_be_said(shipped, language, kind, code, values, proven):
    """The phrases that ship fill every sentence from codes and values (S12)."""
    about = {"resource": "V-1"}
    if kind != "unused":
        about = {"demand": "D-1", "need": "N-1"}
    if kind == "assignment":
        about |= {"option": "O1", "resource": "V-1"}
    record = {"type": kind, "code": code, "about": about, "values": values, "proven": proven}

    assert sentences.fits(shipped, record, language)
