"""The summary says what was decided, what not and why, and who can change it."""

import pytest

import cogov_opt as cg
from cogov_opt.domain.clauses import KINDS
from cogov_opt.loading import load_policy
from cogov_opt.phrases import LANGUAGES
from cogov_opt.phrases.columns import cut, pad, table, width, wrap, wrap_each
from cogov_opt.reporting.cards import card_text
from cogov_opt.reporting.outcome import open_text, stage_lines, tree_text
from cogov_opt.reporting.view import View

VOTES = """META
key;value
description;Two projects, money for one
country;Nowhere
unit;Small town
instance;2026
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
p1;60;2;Park
p2;50;1;Bench
VOTES
voter_id;vote
v1;p1,p2
v2;p1
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run, in memory."""
    path = tmp_path_factory.mktemp("votes") / "small.pb"
    path.write_text(VOTES, encoding="utf-8")
    policy = cg.load_policy("pb-greedy")
    return cg.record(cg.explain(cg.allocate(cg.check(cg.load(path), policy), policy)))


def test_the_summary_answers_a_fresh_reader(run):
    """Served and not, money given and left, the reason, who can change it, run id and root."""
    text = cg.report(run, width=100)

    for expected in (
        "pb-greedy", "1 of 2 demands", "Park", "Bench", "60.00", "40.00", "asked for 50.00",
        "Who can change it", run.run_id, run.root, "makes no claim to be best",
    ):  # fmt: skip
        assert expected in text, expected


@pytest.mark.parametrize("places", [80, 120])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_left_and_lines_fit(run, language, places):
    """Every phrase is filled, no line ends in spaces, and none but a digest or path is too long."""
    text = cg.report(run, language, width=places)

    assert "{" not in text
    for line in text.splitlines():
        assert line == line.rstrip()
        assert width(line) <= places, line


STAGE = {
    "index": 1, "sense": "maximise", "terms": ["served_points"], "value": "3524",
    "published": "3524", "bound": "3682", "gap": "158", "optimal": False, "conditional": False,
}  # fmt: skip
OPEN = "reaches 3,524 points; no plan can reach more than 3,682 points (proven). The solver claims "


@pytest.mark.parametrize(
    ("changes", "claimed", "expected"),
    [
        ({}, "3524.0000005", f"{OPEN}that 3,524 points is best; our own proof leaves 158 points"),
        ({}, "3600", f"{OPEN}a limit of 3,600 points; our own proof leaves 158 points open."),
        ({}, None, "more than 3,682 points (proven). Our own proof leaves 158 points open."),
        (
            {"bound": "3524", "gap": "0", "optimal": True}, "3524.0",
            "no plan can reach more than 3,524 points (proven). So nothing better exists.",
        ),
        ({"conditional": True}, "3524", "no plan as good on the goals before can reach more than"),
        ({"sense": "minimise"}, "3524", "no plan can come below 3,682 points (proven)."),
        ({"published": "3500"}, "3524", "reaches 3,500 points (3,524 points was found, the rest"),
    ],
)  # fmt: skip
def test_certified_and_claimed_stand_apart(run, monkeypatch, changes, claimed, expected):
    """S10: what is proven, what the solver merely claims, and what is left open, in words."""
    view = View(run, "en", 1000)
    told = {"1": claimed} if claimed else {}
    monkeypatch.setitem(run.header, "stages", [STAGE | changes])
    monkeypatch.setitem(run.provenance, "claimed_bounds", told)
    card = {"objective": [{"terms": [{"term": "served_points"}]}]}
    monkeypatch.setattr("cogov_opt.explaining.goals.card_of", lambda _: card)

    assert expected in " ".join(" ".join(stage_lines(view)).split())


def test_a_column_is_cut_to_fit():
    """The flexible column gives way, with an ellipsis; the others stay whole."""
    lines = table(["n", "name"], [["1", "河畔街道社区共建联席会议"]], places=20, flexible=1)

    assert max(width(line) for line in lines) <= 20
    assert lines[-1].endswith("…")
    assert cut("short", 8) == "short"


def test_chinese_uses_the_practitioners_words(run):
    """The Chinese summary speaks of reasons and who can change it, never of 价格 or 积分."""
    text = cg.report(run, "zh")

    assert "可改变者" in text
    assert "价格" not in text
    assert "积分" not in text


def test_colour_is_only_given_when_asked_for(run):
    """Plain text by default; headings in bold on request."""
    assert "\x1b" not in cg.report(run)
    assert "\x1b[1m" in cg.report(run, colour=True)


def test_wide_characters_take_two_places():
    """Columns line up in a terminal whatever the script."""
    assert width("河畔 a") == 6
    assert width(pad("河畔", 6)) == width(pad("abc", 6)) == 6
    lines = table(["名称", "n"], [["河畔街道", "1"], ["abc", "22"]], right=(1,))
    assert len({width(line) for line in lines}) == 1


def test_lines_break_without_opening_on_punctuation():
    """Chinese breaks anywhere but before closing punctuation; Latin words stay whole."""
    lines = wrap("一二三四五，六七八九十。", 10, "")
    assert all(width(line) <= 12 for line in lines)
    assert not [line for line in lines if line[0] in "，。"]
    assert wrap("one two three", 8, "", "  ") == ["one two", "  three"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["needs-first", "pb-greedy", "assign-all"])
def test_every_clause_of_a_card_is_a_sentence(name, language):
    """A card in words names every clause, with its firmness and who set it."""
    card = load_policy(name)
    text = card_text(card, language)

    assert "{" not in text
    assert all(clause.id in text for clause in card.clauses)
    assert {c.kind for c in card.clauses} <= set(KINDS)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"optimal": True, "open": "0", "gap": "0"}, "each of its parts (12) is closed by"),
        ({"optimal": False, "open": "3", "gap": "2"}, "down to 2 (parts: 12; still open: 3)"),
    ],
)
def test_what_a_tree_closes_is_told_beside_the_prices(run, monkeypatch, tree, expected):
    """S10.6: the gap of the prices, the leaves, what is still open, and where it lies."""
    view = View(run, "en", 1000)
    proof = {"index": "1", "gap": "158", "shares": [[["y", "D-1", "a"], "9"]]}
    monkeypatch.setattr(
        "cogov_opt.reporting.outcome._proof",
        lambda *_: proof | {"tree": {"leaves": "12"} | tree},
    )
    monkeypatch.setattr("cogov_opt.reporting.outcome.counted", lambda _v, _s, number: str(number))

    assert expected in tree_text(view, STAGE)
    assert "Prices alone leave 158 open" in tree_text(view, STAGE)
    assert "lies with" in open_text(view, STAGE)


def test_every_long_line_of_an_answer_is_broken_within_its_indent():
    """At a terminal no line is wider than it is, and what goes on is indented below its line."""
    text = "short\n\n  a line that is too long for the place\n    一行比终端宽得多的中文文字"
    lines = wrap_each(text, 20).splitlines()

    assert all(width(line) <= 20 for line in lines)
    assert lines[:2] == ["short", ""]
    assert lines[2:4] == ["  a line that is too", "    long for the"]
    assert lines[-2].startswith("    一")
    assert lines[-1].startswith("      ")
