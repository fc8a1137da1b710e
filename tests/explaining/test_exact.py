"""Exact answers: what forcing a decision costs, proved, and every lie about it found (S16)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.asking.asks import asked
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.recording import Run
from cogov_opt.verifying import verify
from tests.explaining.corner import CARD, decided
from tests.properties.brute_force import every_plan, plan_count
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

MOST_PLANS = 3000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Record the corner once."""
    return cg.record(decided(), tmp_path_factory.mktemp("corner") / "run")


@pytest.mark.parametrize(
    ("ask", "claim"),
    [
        (("serve", "D2"), {"proven": "exact", "goal": "1", "least": "30", "most": "30",
                           "dropped": ["D1"], "gained": ["D2"]}),
        (("use", "V1", "D2"), {"proven": "exact", "goal": "1", "least": "30", "most": "30",
                               "dropped": ["D1"], "gained": ["D2"]}),
        (("without", "V1"), {"proven": "exact", "goal": "1", "least": "40", "most": "40",
                             "dropped": ["D1"], "gained": []}),
        (("leave", "D1"), {"proven": "exact", "goal": "1", "least": "30", "most": "30",
                           "dropped": ["D1"], "gained": ["D2"]}),
        (("serve", "D4"), {"proven": "impossible"}),
        (("serve", "D3"), {"proven": "impossible"}),
    ],
)  # fmt: skip
def test_the_cost_of_forcing_is_exact_and_accepted(
    run: Run, tmp_path: Path, ask: tuple[str, ...], claim: dict[str, Any]
) -> None:
    """What the corner loses can be counted on paper; the verifier re-checks the file."""
    found = exact(run, ask)
    path = found.file.write(tmp_path / "answer.json")

    assert dict(found.file.claim) == claim
    assert verify(str(run.path), answer=path).findings == ()


def test_what_nothing_could_do_is_refused(run: Run) -> None:
    """V2 fails a test for D2: there is nothing to force."""
    with pytest.raises(UnsupportedError):
        exact(run, ("use", "V2", "D2"))


def _lies(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Make answers that say something else, one thing changed in each."""
    found = []

    def lie(*path: Any, to: Any) -> None:
        copy = json.loads(json.dumps(told))
        at = copy
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to
        found.append(copy)

    first = told["weighings"][0]
    lie("root", to="0" * 64)
    lie("run_id", to="0" * 16)
    lie("question", to=["serve", "D1"])
    lie("question", to=["leave", "D2"])
    lie("claim", "most", to="29")
    lie("claim", "least", to="31")
    lie("claim", "proven", to="nothing")
    lie("claim", "goal", to="2")
    lie("claim", "dropped", to=[])
    lie("weighings", to=[])
    lie("weighings", 0, "ask", to=["serve", "D1"])
    lie("weighings", 0, "ask", to=[])
    lie("weighings", 0, "edits", to=[["set", "demands", ["D2"], "priority", "1"]])
    lie("weighings", 0, "edits", to=[["lift", "C01"]])
    lie("weighings", 0, "chain", to=[])
    lie("weighings", 0, "plan", to=[])
    lie("weighings", 0, "plan", to=None)
    lie("weighings", 0, "chain", 0, "bound", to="9")
    lie("weighings", 0, "chain", 0, "scale", to="0")
    for i in range(len(first["plan"])):
        lie("weighings", 0, "plan", i, 1, to="2")
        lie("weighings", 0, "plan", to=first["plan"][:i] + first["plan"][i + 1 :])
    for i, (key, price) in enumerate(first["chain"][0]["prices"]):
        lie("weighings", 0, "chain", 0, "prices", i, 1, to=str(-int(price)))
        lie("weighings", 0, "chain", 0, "prices", i, 0, to=[*key, "x"])
    return found


def test_every_lie_in_an_answer_is_found(run: Run, tmp_path: Path) -> None:
    """
    Values, plan, certificate, question, run root: one changed at a time, written canonically.

    Other prices may be another valid certificate: then the verdict may stand only if the bound
    they prove is the one claimed.
    """
    honest = json.loads(canonical_json(exact(run, ("serve", "D2")).file.to_dict()))
    lies, valid = _lies(honest), 0
    for number, lie in enumerate(lies):
        path = tmp_path / f"{number}.json"
        path.write_bytes(canonical_json(lie))
        verdict = verify(str(run.path), answer=path)

        if verdict.accepted:  # another certificate that proves the very same bound
            assert lie["claim"] == honest["claim"]
            assert lie["weighings"][0]["plan"] == honest["weighings"][0]["plan"]
            valid += 1
        assert all(f.code.startswith("answer") for f in verdict.findings)
    assert len(lies) > 25
    assert valid <= 2


def test_an_answer_about_an_edited_run_is_not_accepted(run: Run, tmp_path: Path) -> None:
    """The answer names the root of its run; another run, however honest, is not that."""
    other = cg.record(decided(card=CARD.replace("2 = 40", "2 = 41")), tmp_path / "other")
    path = exact(run, ("serve", "D2")).file.write(tmp_path / "answer.json")

    assert [f.code for f in verify(str(other.path), answer=path).findings] == ["answer"]


@pytest.mark.parametrize("seed", range(24))
def test_claims_hold_against_every_plan_of_small_weeks(seed: int) -> None:
    """Brute force: the best plan that does it, in the order of the goals, loses what is claimed."""
    try:
        policy = cg.load_policy_text(small_card(seed))
        instance = cg.check(small_week(seed), policy)
        explained = cg.explain(cg.allocate(instance, policy, isolation="none"))
    except cg.CogovError:
        return
    decision = explained.decision
    if decision.outcome.vector is None or plan_count(decision.formulation) > MOST_PLANS:
        return
    f = decision.formulation
    if any(s.objective and (s.objective.give_percent or s.objective.give_points) for s in f.stages):
        return
    published = [s.value(decision.outcome.vector) for s in f.stages]
    plans = [x for x in every_plan(f) if not f.violated(x)]
    for demand in instance.demands.ids:
        word = "serve" if demand in unserved(decision) else "leave"
        system = asked(f, instance, (word, demand))
        values = [[s.value(x) for s in f.stages] for x in plans if not system.violated(x)]
        claim = exact(explained, (word, demand), isolated=False).file.claim
        hold(dict(claim), max(values, default=None), published)


def hold(claim: dict[str, Any], best: list[int] | None, published: list[int]) -> None:
    """Hold a claim against the truth."""
    if best is None or claim["proven"] == "impossible":
        assert (best is None) == (claim["proven"] == "impossible")
        return
    lost = [p - b for p, b in zip(published, best, strict=True)]
    first = next((i for i, x in enumerate(lost) if x), None)
    if claim["proven"] == "nothing":
        assert first is None
    elif claim["proven"] != "none":
        goal = int(claim["goal"]) - 1
        assert all(x == 0 for x in lost[:goal])
        assert int(claim["least"]) <= lost[goal] <= int(claim["most"])


def unserved(decision: Any) -> set[str]:
    """Name the demands a decision leaves out."""
    ids = decision.instance.demands.ids
    return {ids[i] for i in np.flatnonzero(decision.allocation.option < 0)}


def test_the_command_writes_an_answer_that_it_checks(run: Run, tmp_path: Path) -> None:
    """`--exact -o FILE`, then `cogov verify RUN --answer FILE`; an existing file stays."""
    path = str(tmp_path / "answer.json")
    command = ["explain", str(run.path), "--about", "D2", "--exact", "-o", path]

    assert "30 points" in CliRunner().invoke(cli, command).output
    assert CliRunner().invoke(cli, ["verify", str(run.path), "--answer", path]).exit_code == 0
    assert CliRunner().invoke(cli, command).exit_code == 2
    assert "30分" in CliRunner().invoke(cli, [*command[:5], "--lang", "zh"]).output
