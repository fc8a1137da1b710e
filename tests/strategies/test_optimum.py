import pytest

from cogov_opt import check, load, load_policy
from cogov_opt.domain.decision import Cancel, Limits, Termination
from cogov_opt.errors import UnsupportedError
from cogov_opt.strategies import allocate, find, names

pytestmark = pytest.mark.solver

CARD = "needs-first"


@pytest.fixture(scope="module")
def riverside():
    policy = load_policy(CARD)
    return check(load("datasets/riverside"), policy), policy


@pytest.fixture(scope="module")
def decision(riverside):
    return allocate(*riverside, options={"draw": False})


@pytest.mark.slow
def test_every_stage_has_a_certificate_for_the_published_plan(decision):
    """Values, bounds and shares belong to the plan that is published (S10)."""
    f, vector = decision.formulation, decision.outcome.vector
    assert decision.termination is Termination.OPTIMAL
    assert f.violated(vector) == []
    assert [p.index for p in decision.evidence.stages] == [s.index for s in f.stages]
    for stage, proof in zip(f.stages, decision.evidence.stages, strict=True):
        assert proof.published == stage.value(vector)
        assert proof.bound >= proof.value


@pytest.mark.slow
def test_auxiliary_columns_are_what_the_rows_make_of_the_plan(decision):
    """The verifier derives them itself, so the published vector is the derived one."""
    vector = decision.outcome.vector
    assert decision.formulation.completed(vector).tolist() == vector.tolist()


def test_a_cancelled_decision_is_an_outcome(riverside):
    cancel = Cancel()
    cancel.set()
    decision = allocate(*riverside, cancel=cancel)
    assert decision.termination is Termination.CANCELLED
    assert decision.allocation is None
    assert decision.evidence is None


def test_a_time_limit_leaves_a_plan_with_all_its_certificates(riverside):
    """Stages the solver did not reach are certified by what is known: worse, never missing."""
    decision = allocate(*riverside, limits=Limits(seconds=1))
    assert decision.termination is Termination.LIMIT
    assert decision.formulation.violated(decision.outcome.vector) == []
    assert len(decision.evidence.stages) == len(decision.formulation.stages)


def test_a_card_without_objectives_has_no_optimum(riverside):
    instance, _ = riverside
    with pytest.raises(UnsupportedError, match="no objectives"):
        allocate(instance, load_policy("first-come"), strategy="optimum")


def test_unknown_names_are_refused_with_the_nearest(riverside):
    with pytest.raises(UnsupportedError, match="Did you mean 'optimum'"):
        allocate(*riverside, strategy="optimun")
    with pytest.raises(UnsupportedError, match="no option 'sede'"):
        allocate(*riverside, options={"sede": "1"})
    with pytest.raises(UnsupportedError, match="isolation"):
        allocate(*riverside, isolation="thread")


def test_shipped_strategies_fit_the_protocol():
    for name in ("optimum",):
        found = find(name)
        assert (found.api, found.name) == (1, name)
    assert {"optimum", "pb_greedy", "first_come"} <= set(names())


@pytest.mark.slow
def test_a_draw_in_a_child_takes_nothing_from_a_stage():
    """What is published is worth what the last stage reached, the draw behind it included (S11)."""
    policy = load_policy("efficient")
    instance = check(load("datasets/riverside"), policy)
    decision = allocate(instance, policy, options={"tree": False})
    (stage,) = decision.evidence.stages
    before = decision.evidence.before_draw
    assert before is not None
    assert stage.published == decision.formulation.stages[0].value(before)
    assert stage.published == round(stage.claimed)
