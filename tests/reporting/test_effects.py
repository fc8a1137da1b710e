"""Who gains and who loses by a clause, and what would mend a conflict, as the page shows them."""

import json

import pytest

import cogov_opt as cg
from cogov_opt.explaining.repairs.answering import mending
from cogov_opt.phrases import LANGUAGES
from cogov_opt.recording import read_run
from cogov_opt.reporting.overview import overview
from cogov_opt.reporting.page import page
from tests.checking.samples import PACKAGE
from tests.cli.test_cli import call
from tests.explaining.test_repairs import recorded
from tests.reporting.reading_html import read_html

CARD = """
id = "own"
version = "1"
status = "adopted"
[strategy]
name = "optimum"
draw = false
[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
[[clause]]
id = "C1"
kind = "guarantee"
where = { demand.actor_id = "A" }
measure = "demands"
at_least = 1
firmness = "hard"
owner = "OWNER"
source = "test"
because = { en = "One of ours.", zh = "保留一项。" }
"""


LIMIT = CARD.replace('"guarantee"', '"limit"').replace("at_least = 1", "at_most = 0")
LIMIT = LIMIT.replace('actor_id = "A"', 'actor_id = "B"')
"""Says the same by barring what B asks for."""


def served_under(owner, folder, card=CARD):
    """Two activities want one volunteer; a clause set by an actor gives her to A's, worth less."""
    frames = {
        "actors": {"actor_id": ["A", "B", "O"], "name": ["North", "South", "Office"],
                   "kind": ["ngo"] * 3, "parent_id": ["O", "O", ""]},
        "volunteers": {"volunteer_id": ["V"], "actor_id": ["O"], "max_slots": [1]},
        "demands": {"demand_id": ["D-A", "D-B"], "actor_id": ["A", "B"], "points": [3, 10]},
        "needs": {"need_id": ["N-A", "N-B"], "demand_id": ["D-A", "D-B"],
                  "kind": ["volunteer"] * 2, "quantity": [1, 1]},
    }  # fmt: skip
    policy = cg.load_policy_text(card.replace("OWNER", owner))
    instance = cg.check(cg.from_frames(frames, PACKAGE), policy)
    return cg.record(cg.explain(cg.allocate(instance, policy, isolation="none")), folder)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("card", "sides"), [(CARD, (7, 0)), (LIMIT, (0, 10))])
def test_sides_and_gains_are_those_of_the_account(tmp_path, language, card, sides):
    """Each actor, each group and each goal of accounts.json, with its figures, and no other."""
    run = served_under("A", tmp_path / "run", card)
    assert cg.verify(run.path).accepted
    account = json.loads((run.path / "accounts.json").read_bytes())["clauses"][0]
    told = overview(run, language).clauses[0].effects

    assert [g.amounts[0] for g in told.gains] == [int(g) for g in account["gains"]] == [max(sides)]
    assert {s.name: s.amounts for s in told.actors} == {
        overview(run, language).view.name(a): (int(f), int(b)) for a, f, b in account["actors"]
    }
    assert [s.amounts for s in told.actors] == [s.amounts for s in told.groups] == [sides]
    assert told.dearest is told.gains[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("owner", "noted"), [("A", True), ("B", False), ("O", False)])
def test_a_clause_that_favours_its_owner_is_noted(tmp_path, language, owner, noted):
    """Beside the clause, within it, and among what is to be seen before signing; else nowhere."""
    run = served_under(owner, tmp_path / "run")
    tree = read_html(page(run, language))
    view = overview(run, language).view
    finding = view.say("account.owner_gains", owner=view.name(owner))
    note = view.say("report_text.note_owner_gains", list="C1")

    marks = list(tree.of_class("mark"))
    assert bool(marks) is noted
    assert any(finding in e.text for e in tree.of_class("warn")) is noted
    assert note in next(tree.of_class("notes")).text if noted else note not in tree.text


def test_every_figure_of_an_account_is_on_the_page(tmp_path):
    """The page shows both sides by name, with the amounts in the goal's own unit."""
    run = served_under("A", tmp_path / "run")
    tree = read_html(page(run, "en"))
    told = overview(run, "en").clauses[0].effects
    tables = [e.text for e in tree.of_class("effects")]

    assert len(tables) == 3
    for side in told.actors:
        assert any(side.name in t and (side.favours or side.burdens) in t for t in tables)
    assert told.gains[0].gained == "7 points"
    assert "7 points" in tables[0]


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    """A run with a conflict, and the answer file with what would mend it."""
    folder = tmp_path_factory.mktemp("mended")
    run = recorded("hall", 1, folder / "run")
    found = mending(run, isolated=False)
    found.file.write(folder / "answer.json")
    return folder, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_ranks_repairs_with_who_grants_them(mended, language):
    """All of the answer file, in its order: who, what, how sure, and what others lose."""
    folder, found = mended
    out = folder / f"{language}.html"
    answer = folder / "answer.json"
    call("report", folder / "run", "--html", out, "--lang", language, "--answer", answer)
    rows = list(next(read_html(out.read_text("utf-8")).of_class("repairs")).all("tr"))[1:]
    told = overview(read_run(folder / "run"), language, found.claim).repairs

    assert len(rows) == len(found.claim["repairs"]) > 1
    for row, text in zip(rows, told, strict=True):
        assert all(part.strip() in row.text for part in (text.owner, text.what, text.sure))
        assert text.cost.strip() in row.text
        assert text.others
        assert all(line in row.text for side in text.others for line in side)
    assert any(text.cost for text in told)
    whole = next(read_html(out.read_text("utf-8")).of_class("held-against")).text
    assert "K1" in whole
    assert "K2" in whole


def test_without_an_answer_the_page_says_how_to_ask(mended):
    """A run holds no repairs; the page then names the command that finds them."""
    folder, _ = mended
    text = page(read_run(folder / "run"), "en")

    assert "cogov explain RUN --exact" in text
    assert "repairs_" not in text


def without_free(told):
    """Repairs held against nothing."""
    return told | {"claim": {"repairs": told["claim"]["repairs"]}}


def with_a_stranger(told):
    """A demand that is not there would lose."""
    told["claim"]["repairs"][0]["others"]["dropped"] = ["D-none"]
    return told


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda a: a | {"root": "0" * 64}, 7), (lambda a: a | {"run_id": "0" * 16}, 7),
        (lambda a: a | {"claim": {"repairs": [{"kind": "clause"}]}}, 7), (lambda a: [a], 7),
        (lambda a: a | {"question": ["other"]}, 2), (without_free, 7), (with_a_stranger, 7),
    ],
)  # fmt: skip
def test_an_answer_of_another_run_is_refused(mended, tmp_path, change, status):
    """About another run, of another form, or to another question: nothing is written."""
    folder, _ = mended
    told = json.loads((folder / "answer.json").read_bytes())
    (tmp_path / "answer.json").write_text(json.dumps(change(told)))
    answer, page_ = tmp_path / "answer.json", tmp_path / "x.html"
    call("report", folder / "run", "--html", page_, "--answer", answer, code=status)

    assert not (tmp_path / "x.html").exists()
