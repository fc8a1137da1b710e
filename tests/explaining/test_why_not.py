"""Why a resource does not serve a demand, from the run alone and in process."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining.asking.exact import exact
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.explaining.why_not import why_not
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.failures import Failures
from cogov_opt.recording import Run
from tests.explaining.corner import decided
from tests.properties.flow_weeks import flow_card, flow_week
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Record the corner once."""
    return cg.record(decided(), tmp_path_factory.mktemp("corner") / "run")


def codes(run: Run, resource: str, demand: str) -> list[str]:
    """Give the codes of an answer."""
    return [line.code for line in why_not(run, resource, demand).lines]


def test_a_pair_that_was_never_eligible_is_answered_by_every_failing_test(run: Run) -> None:
    """V2 lacks the skill, V3 has no agreement: both are said in words, and who can change it."""
    text = why_not(run, "V2", "D2").text("en")

    assert "lacks the skill" in text
    assert "no sharing agreement" in why_not(run, "V3", "D2").text("en")
    assert "可改变者" in why_not(run, "V3", "D2").text("zh")


def test_a_used_pair_is_told_as_used(run: Run) -> None:
    """V1 serves D1."""
    assert codes(run, "V1", "D1") == ["why.used", "record"]


def test_an_eligible_pair_is_weighed_at_the_prices(run: Run) -> None:
    """V1 could serve D2: at the prices that brings what it takes, and more is not claimed."""
    answer = why_not(run, "V1", "D2")

    assert [x.code for x in answer.lines][:2] == ["why.eligible_unserved", "why.level"]


def test_a_pair_that_the_card_rules_out_names_the_clause_and_its_owner(run: Run) -> None:
    """D4 is forbidden by C01 of B."""
    line = next(x for x in why_not(run, "V1", "D4").lines if x.code == "why.barred")

    assert (line.values["clause"], line.values["owner"]) == ("C01", "B")


def test_another_kind_of_resource_is_said_to_be_one(run: Run) -> None:
    """D1 asks for no money."""
    assert codes(run, "F1", "D1") == ["why.other_kind"]


def test_the_ids_may_come_in_either_order_and_unknown_ones_suggest_the_closest(run: Run) -> None:
    """`--why-not D2 V1` is the same question; V11 suggests V1."""
    assert codes(run, "D2", "V1") == codes(run, "V1", "D2")
    with pytest.raises(UnsupportedError, match="V1"):
        why_not(run, "V11", "D2")


def test_in_process_and_from_the_run_the_answers_are_the_same(run: Run) -> None:
    """The run folder alone says what the decision in memory says."""
    explained = decided()
    for pair in (("V1", "D2"), ("V2", "D2"), ("F1", "D3")):
        assert explained.why_not(*pair).text("zh") == why_not(run, *pair).text("zh")


@pytest.mark.parametrize("seed", range(12))
def test_a_decision_rebuilt_from_its_run_is_the_one_recorded(seed: int) -> None:
    """Same formulation, same plan, same reduced values, whatever the features of data and card."""
    try:
        policy = cg.load_policy_text(small_card(seed))
        instance = cg.check(small_week(seed), policy)
        decision = cg.allocate(instance, policy, isolation="none")
    except cg.CogovError:
        return
    built = decision_of(cg.record(cg.explain(decision)))
    one, two = decision.formulation, built.formulation

    assert [one.rows.key(i) for i in range(len(one.rows))] == [
        two.rows.key(i) for i in range(len(two.rows))
    ]
    assert np.array_equal(one.matrix.values, two.matrix.values)
    for mine, theirs in zip(one.stages, two.stages, strict=True):
        assert np.array_equal(mine.costs, theirs.costs)
    assert (decision.outcome.vector is None) == (built.outcome.vector is None)
    if decision.outcome.vector is not None and decision.evidence is not None:
        assert np.array_equal(decision.outcome.vector, built.outcome.vector)
        for old, new in zip(decision.evidence.stages, built.evidence.stages, strict=True):
            assert np.array_equal(old.reduced, new.reduced)


@pytest.mark.parametrize("seed", range(8))
def test_every_pair_of_a_small_week_is_answered_by_its_failing_tests(seed: int) -> None:
    """A pair without a candidate names exactly the tests it fails; no other pair names any."""
    try:
        policy = cg.load_policy_text(small_card(seed))
        instance = cg.check(small_week(seed), policy)
        run = cg.record(cg.explain(cg.allocate(instance, policy, isolation="none")))
    except cg.CogovError:
        return
    if not run.has_plan:
        return
    failures = Failures(Facts(instance))
    for place, resource in enumerate(instance.resources.ids):
        for demand in instance.demands.ids:
            told = [x for x in why_not(run, resource, demand).lines if x.code == "why.fails"]
            for line in told:
                need = instance.needs.index[str(line.values["need"])]
                option = instance.options.ids.index(
                    line.values["times"][0], int(instance.options.of_demand[
                        instance.demands.index[demand]])
                )  # fmt: skip
                assert line.values["tests"] == failures.tests(need, place, option)
                assert line.values["tests"]


@pytest.mark.parametrize("seed", range(3))
def test_on_flows_the_loss_of_a_pair_is_what_solving_again_finds(seed: int) -> None:
    """Exact at once, and by a forced re-solve: the same goal, the same loss, the same ties."""
    try:
        policy = cg.load_policy_text(flow_card(seed))
        explained = cg.explain(
            cg.allocate(cg.check(flow_week(seed), policy), policy, isolation="none")
        )
    except cg.CogovError:
        return
    run = cg.record(explained)
    pairs = [(r, d) for d in run.by_id("demands") for r in run.by_id("volunteers")][:12]
    for resource, demand in pairs:
        told = why_not(run, resource, demand).lines
        line = next((x for x in told if x.code in ("why.exact_loss", "why.tied")), None)
        if line is None:
            continue
        claim = exact(explained, ("use", resource, demand), isolated=False).file.claim
        if line.code == "why.tied":
            assert claim["proven"] == "nothing"
        else:
            assert (claim["proven"], claim["goal"], claim["most"]) == (
                "exact", str(line.values["stage"]), str(line.values["lost"])
            )  # fmt: skip


def test_an_edited_run_is_refused_with_status_7(run: Run, tmp_path: Path) -> None:
    """One changed digit of the plan, and nothing in the run is explained."""
    for path, content in run.files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    plan = tmp_path / "unmet.csv"
    plan.write_bytes(plan.read_bytes().replace(b"D2", b"D1"))
    found = CliRunner().invoke(cli, ["explain", str(tmp_path), "--about", "D1"])

    assert found.exit_code == 7
    assert "edited" in found.output


def test_the_command_answers_in_both_languages_and_as_json(run: Run) -> None:
    """`cogov explain RUN --why-not V2 D2`, `--lang zh`, `--json`, `--verify`."""
    command = ["explain", str(run.path), "--why-not", "V2", "D2", "--verify"]

    assert "skill" in CliRunner().invoke(cli, command).output
    assert "技能" in CliRunner().invoke(cli, [*command, "--lang", "zh"]).output
    answer = json.loads(CliRunner().invoke(cli, [*command, "--json"]).output)
    assert answer["kind"] == "pair"
