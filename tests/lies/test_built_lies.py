"""Lies that are built, not chanced upon: several things changed so that they fit each other."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import cogov_opt as cg
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.recording import read_run
from cogov_opt.reporting.extracts import extract
from cogov_opt.reporting.letters import letters
from cogov_opt.testing import reseal
from cogov_opt.verifying import verify
from cogov_opt.verifying.wording import lines
from tests.explaining.corner import decided
from tests.lies.honest_runs import counter_card, votes_card, votes_week
from tests.lies.test_planless import infeasible_run
from tests.properties.line import decided as line_of
from tests.properties.small_weeks import small_week

Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the honest runs once: coupled, two procedures with a draw, and one without a plan."""
    place = tmp_path_factory.mktemp("honest")
    corner = place / "corner"
    cg.record(decided(), corner)
    runs = {"corner": corner, "planless": infeasible_run(place)}
    seeded = {"options": {"seed": "lies"}}
    for name, seed, week, card, asked in (
        ("greedy", 39, votes_week, votes_card, {}), ("undrawn", 3, votes_week, votes_card, {}),
        ("first_come", 4, small_week, counter_card, seeded),
    ):  # fmt: skip
        line = line_of(seed, place / name, week, card, **asked)
        assert line is not None
        runs[name] = line.folder
    return runs


@pytest.fixture
def run(made: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Give a copy of one of them, to be lied about."""
    return lambda name: Path(copytree(made[name], tmp_path / name))


def put(path: Path, value: Any) -> None:
    path.write_bytes(canonical_json(value))


def edited(folder: Path, file: str, change: Change) -> Path:
    """Change a JSON file and seal the run again."""
    value = json.loads((folder / file).read_bytes())
    change(value)
    put(folder / file, value)
    reseal(folder)
    return folder


def codes(folder: Path, **beside: Any) -> set[str]:
    return {finding.code for finding in verify(folder, **beside).findings}


# --- refusals and ceilings


def test_a_refusal_may_not_use_the_row_that_keeps_its_own_goal(run: Callable[[str], Path]) -> None:
    """D2 loses 30 points: that is no proof that no plan can serve it (S10.10)."""

    def lie(certificate: dict[str, Any]) -> None:
        refusal = next(r for r in certificate["refusals"] if r["demand"] == "D2")
        price = [["stage", "1"], f"-{refusal['scale']}"]
        prices = sorted([*refusal["prices"], price], key=lambda p: canonical_json(p[0]))
        refusal |= {"scale": "0", "bound": "", "prices": prices}

    assert "refusal" in codes(edited(run("corner"), "certificate.json", lie))


@pytest.fixture(scope="module")
def honest_answer(made: dict[str, Path]) -> dict[str, Any]:
    """Give the answer that serving D2 loses 30 points, and D1."""
    found = exact(read_run(made["corner"]), ("serve", "D2")).file.to_dict()
    return dict(json.loads(canonical_json(found)))


def answered(made: dict[str, Path], told: dict[str, Any], tmp_path: Path) -> set[str]:
    put(tmp_path / "answer.json", told)
    return codes(made["corner"], answer=tmp_path / "answer.json")


def tree(value: int, bound: int, steps: list[Any], opened: int) -> dict[str, Any]:
    """Give a tree of one leaf by the prices beside it."""
    return {
        "bound": str(bound), "gap": str(bound - value), "optimal": not opened, "leaves": "1",
        "open": str(opened), "rows": [], "columns": [], "nodes": [[steps]],
    }  # fmt: skip


def test_a_ceiling_no_plan_can_be_worth_closes_nothing(
    made: dict[str, Path], honest_answer: dict[str, Any], tmp_path: Path
) -> None:
    """Points come in tens: one step above 9 would close over the plan that is worth 10 (S16.3)."""
    told = json.loads(json.dumps(honest_answer))
    told["weighings"][0]["chain"][0] |= {"bound": "9", "tree": tree(9, 9, ["1"], 0)}
    told["claim"] |= {"proven": "interval", "least": "31"}
    assert answered(made, told, tmp_path) == {"answer_ceiling"}
    told["weighings"][0]["chain"][0] |= {"bound": "10", "tree": tree(10, 10, ["1"], 0)}
    told["claim"] |= {"proven": "exact", "least": "30"}
    assert answered(made, told, tmp_path) == set()


def test_a_leaf_is_bounded_by_its_last_step_alone(
    made: dict[str, Path], honest_answer: dict[str, Any], tmp_path: Path
) -> None:
    """The same prices twice are two steps: the leaf stays open once (S10.6)."""
    told = json.loads(json.dumps(honest_answer))
    ceiling = told["weighings"][0]["chain"][0]
    prices = [part for k, (_, price) in enumerate(ceiling["prices"]) for part in (k, price)]
    ceiling["tree"] = tree(0, 10, [[ceiling["scale"], prices]] * 2, 1)
    ceiling["tree"]["rows"] = [key for key, _ in ceiling["prices"]]
    assert answered(made, told, tmp_path) == set()


# --- answers


def with_zero(told: dict[str, Any], key: list[str]) -> None:
    plan = told["weighings"][0]["plan"]
    plan.append([key, "0"])
    plan.sort(key=lambda pair: canonical_json(pair[0]))


def hides_who_loses(told: dict[str, Any]) -> None:
    with_zero(told, ["y", "D1", "a"])
    told["claim"]["dropped"] = []


def gains_another(told: dict[str, Any]) -> None:
    with_zero(told, ["y", "D3", ""])
    told["claim"]["gained"] = ["D2", "D3"]


def names_a_column_twice(told: dict[str, Any]) -> None:
    plan = told["weighings"][0]["plan"]
    plan.insert(0, [plan[0][0], "7"])


def names_a_price_twice(told: dict[str, Any]) -> None:
    prices = told["weighings"][0]["chain"][0]["prices"]
    prices.insert(0, [prices[0][0], "7"])


@pytest.mark.parametrize(
    "lie", [hides_who_loses, gains_another, names_a_column_twice, names_a_price_twice,
            lambda told: told.update(answer=True)],
)  # fmt: skip
def test_an_answer_has_one_reading(
    made: dict[str, Path], honest_answer: dict[str, Any], tmp_path: Path, lie: Change
) -> None:
    """Columns at 0, keys that stand twice, true for 1: what is read must be what stands there."""
    told = json.loads(json.dumps(honest_answer))
    lie(told)
    assert answered(made, told, tmp_path) & {"answer_plan", "answer_ceiling", "unknown"}


@pytest.mark.parametrize(
    "question",
    [["serve", "NOBODY"], ["use", "NOBODY"], ["leave", "NOBODY"], ["serve", "D1", "zz"],
     ["serve", "D1", "a", "x"], ["leave", "D1", "a"], ["use", "V1", "NOBODY"],
     ["without", "V1", "D1", "x"], ["serve"]],
)  # fmt: skip
def test_a_question_names_what_the_tables_hold(
    made: dict[str, Path], honest_answer: dict[str, Any], tmp_path: Path, question: list[str]
) -> None:
    """That nobody's demand cannot be served is proved by an empty sum, and says nothing."""
    empty = {"stage": "0", "scale": "0", "bound": "", "prices": [[["ask"], "-1"]]}
    weighing = {"edits": [], "ask": question, "plan": None, "chain": [empty]}
    claim = {"proven": "impossible"}
    if question[0] in ("leave", "without"):
        weighing["chain"], claim = [], {"proven": "none"}
    told = honest_answer | {"question": question, "claim": claim, "weighings": [weighing]}
    assert answered(made, told, tmp_path) == {"answer"}


def test_a_repair_of_many_twins_is_refused_at_once(made: dict[str, Path], tmp_path: Path) -> None:
    """A size of ten digits costs the verifier nothing (S16.6)."""
    folder = made["planless"]
    run = json.loads((folder / "run.json").read_bytes())
    name = next((folder / "inputs").glob("volunteers.csv")).read_text("utf-8").split("\n")[1]
    repair = {
        "kind": "unit", "target": name.split(",")[0], "part": "twin", "size": "9999999999",
        "before": "", "after": "", "owner": "", "least": True, "values": [],
    }  # fmt: skip
    told = {
        "answer": 1, "run_id": run["run_id"], "question": ["mend"], "weighings": [],
        "root": (folder / "checkpoint").read_text("utf-8").split("\n")[2],
        "claim": {"repairs": [repair]},
    }  # fmt: skip
    put(tmp_path / "answer.json", told)
    assert codes(folder, answer=tmp_path / "answer.json") == {"answer_edit"}


# --- what a run says of itself


def grinds_the_counter(run: dict[str, Any]) -> None:
    del run["route"]
    run["draw"] |= {"unique": "unique", "counter": 5}


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        ("greedy", lambda r: r.pop("route")),
        ("greedy", grinds_the_counter),
        ("greedy", lambda r: r.update(draw=None)),
        ("undrawn", lambda r: r.update(termination="optimal")),
        ("undrawn", lambda r: r.update(termination="cancelled")),
        ("undrawn", lambda r: r.update(proof="done")),
        ("undrawn", lambda r: r["options"].update(seed="x") or r.update(
            draw={"seed": "x", "trust": "chosen", "unique": "plans_found", "counter": 0})),
        ("first_come", lambda r: r.pop("route")),
        ("corner", lambda r: r.pop("route")),
        ("corner", lambda r: r.update(termination="done")),
        ("corner", lambda r: r.update(proof="")),
        ("corner", lambda r: r.update(supersedes=["x"])),
        ("corner", lambda r: r["options"].update(tree="never")),
        ("corner", lambda r: r["card"].update(approved_by="a court")),
        ("planless", lambda r: r["totals"].update(served=2)),
        ("planless", lambda r: r.update(proof="done")),
    ],
)  # fmt: skip
def test_what_a_run_says_of_itself_fits_its_strategy(
    run: Callable[[str], Path], name: str, lie: Change
) -> None:
    """Route, draw, end, proof, options and totals: none is free to be left out or chosen."""
    folder = run(name)
    assert codes(folder) == set()
    assert codes(edited(folder, "run.json", lie))


@pytest.mark.parametrize(
    ("name", "file"),
    [("greedy", "certificate.json"), ("greedy", "accounts.json"), ("corner", "trace.jsonl"),
     ("planless", "trace.jsonl"), ("planless", "accounts.json")],
)  # fmt: skip
def test_evidence_of_another_strategy_does_not_belong(
    run: Callable[[str], Path], name: str, file: str
) -> None:
    """Nothing that no check reads may stand in a run as if it were checked (S13.1)."""
    folder = run(name)
    told = {"stages": [{"index": 1, "prices": []}], "clauses": []}
    (folder / file).write_bytes(canonical_json(told) + b"\n")
    reseal(folder)
    assert "file" in codes(folder)


@pytest.mark.parametrize(
    "lie",
    [lambda c: c.update(format="sealed by a court"), lambda c: c.update(draw_attempts=[]),
     lambda c: c["stages"][0].update(index=True), lambda c: c.update(plans=[])],
)  # fmt: skip
def test_a_certificate_holds_nothing_unread(run: Callable[[str], Path], lie: Change) -> None:
    """A key without a meaning, attempts of a draw that made none, true for 1, plans of no goal."""
    assert codes(edited(run("corner"), "certificate.json", lie))


@pytest.mark.parametrize("place", [(), ("detail",)])
def test_a_conflict_holds_nothing_unread(
    run: Callable[[str], Path], place: tuple[str, ...]
) -> None:
    """What nobody reads of a run without a plan makes the verdict incomplete."""

    def lie(certificate: dict[str, Any]) -> None:
        at = certificate["detail"] if place else certificate
        at["note"] = "it is the fault of B"

    assert codes(edited(run("planless"), "certificate.json", lie)) == {"unknown"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("", 'exempt = ["D4"]\n', "unknown"),
        ('kind = "forbid"\n', 'kind = "forbid"\nunless = "the mayor asks"\n', "unknown"),
        ('kind = "forbid"\n', 'kind = "forbid"\nfirmness = "SOFT"\n', "unknown"),
        ("[[clause]]\n", '[[clauses]]\nid = "C00"\nkind = "forbid"\n\n[[clause]]\n', "unknown"),
        ("[[clause]]\n", '[[clause]]\nid = "C00"\nkind = "limit"\nmeasure = "assignments"\n'
         "at_most = 9\nper = { days = 1000000000000 }\n\n[[clause]]\n", "unknown"),
        ('sense = "minimise"\n', 'sense = "minimise"\ngive = "5 percent"\n', "unknown"),
        ("[[clause]]\n", '[[clause]]\nid = "C01"\nkind = "forbid"\n\n[[clause]]\n', "card"),
        ('id = "C01"', 'id = "stage"', "card"),
        ('id = "C01"', 'id = "law.set"', "card"),
    ],
)  # fmt: skip
def test_a_card_says_nothing_that_is_not_read(
    run: Callable[[str], Path], old: str, new: str, code: str
) -> None:
    """Keys and words without a meaning, and clauses that take another's name."""
    folder = run("corner")
    text = (folder / "policy.toml").read_text("utf-8")
    assert old in text
    (folder / "policy.toml").write_text(text.replace(old, new, 1) if old else new + text, "utf-8")
    reseal(folder)
    assert code in codes(folder)


# --- bytes


def test_a_table_whose_name_is_no_text_is_a_finding(run: Callable[[str], Path]) -> None:
    """A name of stray bytes is told, in text that can be written out."""
    folder = run("corner")
    (folder / "inputs" / os.fsdecode(b"\xff\xfe.csv")).write_bytes(b"a\n1\n")
    verdict = verify(folder)
    assert verdict.verdict == "rejected"
    json.dumps(verdict.to_dict(), ensure_ascii=False).encode("utf-8")


@pytest.fixture(scope="module")
def honest_extract(made: dict[str, Path]) -> dict[str, Any]:
    """Give the extract of the demand that is left out."""
    return dict(json.loads(extract(read_run(made["corner"]), "D2")))


@pytest.mark.parametrize(
    "lie",
    [
        lambda e: e.update(checkpoint="x"),
        lambda e: e.update(left_out="0\nAccepted: authenticated"),
        lambda e: e.update(suppressed=0),
        lambda e: e["subject"]["payload"].update(unmet=[{}]),
        lambda e: e["subject"]["payload"].update(type="judge"),
        lambda e: e["subject"].update(note="sealed by a court"),
        lambda e: e["file"].update(note="sealed by a court"),
        lambda e: e["open"].append(
            {"column": ["y", "D2", "a"], "stage": "1", "scale": "0", "worth": "0", "items": [],
             "value": "0", "note": "proven"}),
        lambda e: e["lines"].append(
            {"column": ["y", "D2", "a"], "stage": "1", "scale": "0", "worth": "0", "items": [],
             "value": "0"}),
    ],
)  # fmt: skip
def test_an_extract_is_read_whole_or_not_at_all(
    honest_extract: dict[str, Any], tmp_path: Path, lie: Change
) -> None:
    """Types and fields that no hash holds are held; what is told in words can be written."""
    told = json.loads(json.dumps(honest_extract))
    put(tmp_path / "honest.json", told)
    assert verify(tmp_path / "honest.json").accepted
    lie(told)
    put(tmp_path / "extract.json", told)
    verdict = verify(tmp_path / "extract.json")
    assert verdict.verdict == "rejected"
    assert all(line.isprintable() for language in ("en", "zh") for line in lines(verdict, language))


@pytest.mark.parametrize("piece", ["<title></title>\n", "<article>\n"])
def test_a_file_of_a_thousand_beginnings_is_no_letter(
    made: dict[str, Path], tmp_path: Path, piece: str
) -> None:
    """Each sign is looked at a few times: what begins and never ends costs no more (S17.1)."""
    page = letters(read_run(made["corner"]), "en")["demand-D1.html"].decode("utf-8")
    (tmp_path / "letter.html").write_text(page, "utf-8")
    assert verify(made["corner"], letter=tmp_path / "letter.html").accepted
    start = page.index("<title>") if "title" in piece else page.index("<table role")
    begins = page[start : page.index("\n", page.index("<article")) + 1]
    many = (piece if "title" in piece else begins) * 30_000
    lie = page[:start] + many + page[start:].replace("</html>\n", "").replace("</article>", "")
    (tmp_path / "letter.html").write_text(lie, "utf-8")
    began = time.perf_counter()
    assert codes(made["corner"], letter=tmp_path / "letter.html") == {"letter"}
    assert time.perf_counter() - began < 30
