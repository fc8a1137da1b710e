"""Answers about runs in which a hard clause was made soft: both sides read the card so (S16.1)."""

from __future__ import annotations

from pathlib import Path

import pytest

import cogov_opt as cg
from cogov_opt.domain.policy import Policy
from cogov_opt.explaining.asking import edits
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.explaining.asking.lifting import lift
from cogov_opt.explaining.changes.answering import changes
from cogov_opt.explaining.changes.making import unmet_demands
from cogov_opt.explaining.repairs.answering import mending
from cogov_opt.explaining.why_not import Asked
from cogov_opt.recording import Run, read_run
from tests.strategies.test_softening import decided

pytestmark = pytest.mark.solver


@pytest.fixture(scope="module")
def softened(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run whose card could not be kept, decided with one clause soft."""
    folder = tmp_path_factory.mktemp("soft") / "run"
    cg.record(cg.explain(decided("clauses", 0, soften={"K3": 0})), folder)
    return read_run(folder)


def codes(run: Run, file: Path) -> list[str]:
    """Give what the verifier finds in an answer."""
    return [f.code for f in cg.verify(str(run.path), answer=file).findings]


def test_answers_about_it_are_accepted(softened: Run, tmp_path: Path) -> None:
    """To force a demand out, to lift the soft clause, a hard one, and to change something."""
    served = softened.allocation[0]["demand"]
    files = [
        exact(softened, ("leave", served), isolated=False).file,
        lift(softened, "K3", isolated=False).file,
        lift(softened, "K1", isolated=False).file,
    ]
    unmet = unmet_demands(Asked.of(softened))
    files += [changes(softened, d, isolated=False).file for d in unmet[:1]]
    for number, file in enumerate(files):
        assert codes(softened, file.write(tmp_path / f"{number}.json")) == []


def test_an_answer_under_the_card_as_it_stands_is_not_one_about_the_run(
    softened: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worked out with K3 hard again, what lifting K1 gains is another thing: it is found."""

    def hard(run: Run) -> Policy:
        return cg.load_policy_text(run.files["policy.toml"].decode("utf-8"))

    monkeypatch.setattr(edits, "policy_of", hard)
    file = lift(softened, "K1", isolated=False).file
    assert any(code.startswith("answer") for code in codes(softened, file.write(tmp_path / "a")))


def test_repairs_of_a_run_that_softening_did_not_save_are_accepted(tmp_path: Path) -> None:
    """With a clause soft that is not of the conflict the rest still collides; both sides agree."""
    found = decided("clauses", 0, soften={"Z2": 5})
    run = cg.record(cg.explain(found), tmp_path / "run")
    assert run.header["termination"] == "infeasible"
    told = mending(run, isolated=False)
    assert told.claim["repairs"]
    assert codes(run, told.file.write(tmp_path / "mend.json")) == []
