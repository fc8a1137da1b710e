"""Single changes that mend a conflict: least, ranked, proved, and every lie found (S16.6)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import cogov_opt as cg
from benchmarks.planted import KINDS, PACKAGE, planted
from cogov_opt.cli.main import cli
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.asking.edits import changed
from cogov_opt.explaining.repairs import telling
from cogov_opt.explaining.repairs.answering import Mended, mending
from cogov_opt.explaining.repairs.finding import Mending
from cogov_opt.explaining.repairs.telling import Repairs
from cogov_opt.formats.folder import write
from cogov_opt.recording import Run, read_run
from cogov_opt.verifying import verify
from tests.explaining.corner import decided

pytestmark = pytest.mark.solver
Told = dict[str, Any]


def recorded(kind: str, seed: int, folder: Path) -> Run:
    """Record a run with a conflict planted in it."""
    case = planted(kind, seed, size=5, around=3)
    policy = cg.load_policy_text(case.card)
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    decision = cg.allocate(instance, policy, isolation="none")
    cg.record(cg.explain(decision), folder)
    return read_run(folder)


def looked(run: Run) -> Mending:
    """Look for what mends a conflict, in this process."""
    found = Mending(run)
    found.look()
    return found


def as_told(found: Mending) -> Mended:
    """Give what was found as it is told."""
    return Mended(found.run, **found.told())


@pytest.fixture(scope="module", params=[(k, s) for k in KINDS for s in (1, 4)], ids=str)
def mended(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Mending, Path]:
    """Look for what mends a planted conflict, and write the answer down."""
    kind, seed = request.param
    folder = tmp_path_factory.mktemp("mend")
    run = recorded(kind, seed, folder / "run")
    found = looked(run)
    as_told(found).file.write(folder / "answer.json")
    return kind, found, folder


def test_what_mends_is_found_and_the_verifier_agrees(mended: tuple[str, Mending, Path]) -> None:
    """Every kind of conflict has a repair, each proved least, each with its owner."""
    kind, found, folder = mended

    assert found.found
    assert verify(folder / "run", answer=folder / "answer.json").accepted
    assert all(r.least for r in found.found)
    assert all(r.owner in ("A", "B") for r in found.found)
    kinds = {r.change.kind for r in found.found}
    assert "clause" in kinds
    assert {"hall": {"clause"}, "budget": {"amount"}, "time": {"unit"},
            "clauses": {"clause"}}[kind] <= kinds  # fmt: skip


def test_a_repair_mends_and_a_smaller_one_does_not(mended: tuple[str, Mending, Path]) -> None:
    """Decided anew with the change there is a plan; with one less of it there is none."""
    _, found, _ = mended
    for repair in found.found:
        for size, there in ((repair.size, True), (repair.size - 1, False)):
            edits = repair.change.edits(found.run, size)
            instance, policy = changed(found.run, edits)
            decision = cg.allocate(instance, policy, isolation="none")
            assert (decision.allocation is not None) == there, (repair.change, size)


def test_a_budget_lacks_exactly_what_is_missing(tmp_path: Path) -> None:
    """The least sum is the planted shortfall, to the last fen."""
    run = recorded("budget", 2, tmp_path / "run")
    case = planted("budget", 2, size=5, around=3)
    asked = sum(int(q) for q, k in zip(case.frames["needs"]["quantity"],
                                       case.frames["needs"]["kind"], strict=True)
                if k == "fund")  # fmt: skip
    held = int(case.frames["funds"]["amount_fen"][0])
    found = looked(run)
    money = next(r for r in found.found if r.change.kind == "amount")

    assert money.size == asked - held
    assert money.least


def test_repairs_are_told_in_both_languages(mended: tuple[str, Mending, Path]) -> None:
    """Who, what, how sure."""
    answer = Repairs(as_told(mended[1]))

    assert "Less is not enough: proven." in answer.text("en") or "Proven." in answer.text("en")
    assert "已证明" in answer.text("zh")
    assert answer.to_dict()["repairs"]


def test_a_run_without_a_conflict_has_nothing_to_mend(tmp_path: Path) -> None:
    """A decided run is no case for repairs."""
    case = planted("hall", 1, size=5)
    policy = cg.load_policy_text(case.card.replace("at_least = 1", "at_least = 0"))
    instance = cg.check(cg.from_frames(case.frames, PACKAGE), policy)
    cg.record(cg.explain(cg.allocate(instance, policy, isolation="none")), tmp_path / "run")
    if read_run(tmp_path / "run").has_plan:
        with pytest.raises(UnsupportedError, match="nothing to mend"):
            mending(read_run(tmp_path / "run"), isolated=False)


def smaller(told: Told) -> None:
    told["claim"]["repairs"][0]["size"] = "0"


def larger(told: Told) -> None:
    line = told["claim"]["repairs"][0]
    line["size"] = str(int(line["size"]) + 1)


def another_owner(told: Told) -> None:
    line = told["claim"]["repairs"][0]
    line["owner"] = "A" if line["owner"] == "B" else "B"


def worth_more(told: Told) -> None:
    told["claim"]["repairs"][0]["values"][0] = "99999"


def proof_left_out(told: Told) -> None:
    kept = [w for w in told["weighings"] if w["plan"] is not None]
    if len(kept) == len(told["weighings"]):
        told["claim"]["repairs"][0]["least"] = False
    told["weighings"] = kept


def plan_left_out(told: Told) -> None:
    told["weighings"][0]["plan"] = []


def order_turned(told: Told) -> None:
    told["claim"]["repairs"].append(dict(told["claim"]["repairs"][0]))


def another_after(told: Told) -> None:
    line = told["claim"]["repairs"][0]
    line["after"] = line["after"] + "0"


def an_edit_more(told: Told) -> None:
    told["weighings"][0]["edits"].append(["lift", "K1"])


LIES = [
    smaller, larger, another_owner, worth_more, proof_left_out, plan_left_out, order_turned,
    another_after, an_edit_more,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_about_repairs_is_found(
    mended: tuple[str, Mending, Path], tell: Callable[[Told], None], tmp_path: Path
) -> None:
    """Whatever is changed of sizes, owners, values, plans, proofs or order."""
    _, _, folder = mended
    told = json.loads((folder / "answer.json").read_bytes())
    before = canonical_json(told)
    tell(told)
    (tmp_path / "lie.json").write_bytes(canonical_json(told))

    verdict = verify(folder / "run", answer=tmp_path / "lie.json")
    assert canonical_json(told) != before
    assert not verdict.accepted


def test_the_command_finds_writes_and_checks_repairs(tmp_path: Path) -> None:
    """`cogov explain RUN --exact -o FILE`, then `cogov verify RUN --answer FILE`."""
    recorded("clauses", 1, tmp_path / "run")
    answer = tmp_path / "answer.json"
    result = CliRunner().invoke(
        cli, ["explain", str(tmp_path / "run"), "--exact", "-o", str(answer)]
    )
    assert result.exit_code == 0, result.output
    assert "lets every hard clause be kept" in result.stdout
    result = CliRunner().invoke(cli, ["verify", str(tmp_path / "run"), "--answer", str(answer)])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "lets every hard clause be kept"), ("zh", "单独就能使全部刚性条款得到满足")],
)
def test_they_are_told_with_the_run_and_with_its_reasons(
    tmp_path: Path, language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cogov solve` and `cogov explain` of a conflict name repairs and owners unasked."""
    monkeypatch.setattr(telling, "SOON", 600.0)
    case = planted("clauses", 1, size=5, around=3)
    data, card = tmp_path / "data", tmp_path / "card.toml"
    card.write_text(case.card, encoding="utf-8")
    write(cg.from_frames(case.frames, PACKAGE), data)
    run, lang = str(tmp_path / "run"), ["--lang", language]
    solved = CliRunner().invoke(cli, ["solve", str(data), "-p", str(card), "-o", run, *lang])
    assert solved.exit_code == 4, solved.output
    told = CliRunner().invoke(cli, ["explain", run, *lang])
    for shown in (solved.stdout, told.stdout):
        assert words in shown
        assert re.search(r"^1\. [ABC]", shown, re.MULTILINE)


def test_json_tells_them_with_owner_cost_and_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--json` of solve and explain holds what the text says; `--exact --json` the same repairs."""
    monkeypatch.setattr(telling, "SOON", 600.0)
    case = planted("clauses", 1, size=5, around=3)
    data, card = tmp_path / "data", tmp_path / "card.toml"
    card.write_text(f"{case.card}\n[change_costs]\nclause = 7\n", encoding="utf-8")
    write(cg.from_frames(case.frames, PACKAGE), data)
    run = str(tmp_path / "run")
    command = ["solve", str(data), "-p", str(card), "-o", run, "--json"]
    solved = answered("solve", CliRunner().invoke(cli, command).stdout)["repairs"]
    explained = CliRunner().invoke(cli, ["explain", run, "--json"]).stdout
    told = answered("explain", explained)["repairs"]
    shown = CliRunner().invoke(cli, ["explain", run, "--lang", "zh"]).stdout
    exact = CliRunner().invoke(cli, ["explain", run, "--exact", "--json"]).stdout
    proofs = looked(read_run(tmp_path / "run")).found

    assert solved == told
    assert solved["tried"] == solved["of"] > 0
    assert answered("explain", exact)["repairs"] == solved["repairs"]
    for line, repair in zip(solved["repairs"], proofs, strict=True):
        assert line["owner"]
        assert line["cost"] == (7 if line["kind"] == "clause" else 1)
        assert line["least"] is repair.least
        assert line["proven"] == (["enough", "least"] if repair.least else ["enough"])
        assert line["text"]["zh"] in shown


def test_json_of_a_run_with_a_plan_has_no_repairs(tmp_path: Path) -> None:
    """Null where there is nothing to mend; and a repair without its owner is against the schema."""
    run = cg.record(decided(), tmp_path / "run")
    told = answered("explain", CliRunner().invoke(cli, ["explain", str(run.path), "--json"]).stdout)
    assert told["repairs"] is None
    spoiled = {"repairs": [{"kind": "clause"}], "tried": 1, "of": 1}
    schema = json.loads(schema_text("solve"))["properties"]["repairs"]
    validator = Draft202012Validator(schema)

    assert list(validator.iter_errors(spoiled))


def schema_text(name: str) -> str:
    """Read the published schema of an answer."""
    place = resources.files("cogov_opt.cli").joinpath(f"schemas/{name}.json")
    return place.read_text(encoding="utf-8")


def answered(name: str, text: str) -> dict[str, Any]:
    """Read a JSON answer and hold it to its published schema."""
    found: dict[str, Any] = json.loads(text)
    Draft202012Validator(json.loads(schema_text(name))).validate(found)
    return found


def test_what_time_does_not_allow_is_not_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the time ends first, it is said how many changes were tried, and no more."""
    run = recorded("clauses", 1, tmp_path / "run")
    monkeypatch.setattr(telling, "SOON", 0.0)
    found = telling.at_once(run)
    assert found is not None
    text, told = found.text("en"), found.listed()
    assert (told["tried"], told["repairs"]) == (0, [])
    assert told["of"] > 0
    assert "time allowed to try" in text
    assert "more than one must change" not in text
