"""Cards are read strictly, and every fault is told at once (policy.md)."""

import pytest

import cogov_opt as cg
from cogov_opt import catalogue
from cogov_opt.domain.policy import Line

HEAD = 'id = "a"\nversion = "1"\nstatus = "draft"\n'
STAGE = '[[objective]]\nsense = "maximise"\nterms = [{ term = "served_points" }]\n'


def clause(text):
    """Give a card with one clause."""
    return HEAD + STAGE + '[[clause]]\nid = "C"\n' + text


def codes(text):
    """Give the issues of a card as pairs of code and key."""
    with pytest.raises(cg.PolicyError) as raised:
        cg.load_policy_text(text)
    assert all(i.text("en") and i.text("zh") for i in raised.value.issues)
    return {(i.code, i.where.column) for i in raised.value.issues}


BAD = [
    (HEAD, "no_objective", "objective"),
    (HEAD + STAGE + "[[[", "bad_toml", ""),
    (STAGE, "missing_key", "id"),
    (HEAD.replace("draft", "drafted") + STAGE, "bad_value", "status"),
    (HEAD + "verison = 1\n" + STAGE, "unknown_key", "verison"),
    (HEAD + STAGE + "give = 0.5\n", "float_in_card", "objective[1].give"),
    (HEAD + STAGE + "give = inf\n", "float_in_card", "objective[1].give"),
    (HEAD + STAGE + "give = 101\n", "bad_value", "objective[1].give"),
    (HEAD + STAGE + 'give = "many"\n', "bad_value", "objective[1].give"),
    (HEAD + '[[objective]]\nsense = "maximize"\nterms = []\n', "bad_value", "objective[1].sense"),
    (HEAD + '[[objective]]\nsense = "maximise"\nterms = [{ term = "cost" }]\n', "only_minimised",
     "objective[1].terms[1].term"),
    (HEAD + '[[objective]]\nsense = "maximise"\nterms = [{ term = "welfare" }]\n', "bad_value",
     "objective[1].terms[1].term"),
    (HEAD + '[[objective]]\nsense = "maximise"\nterms = [{ term = "max_min_share" }]\n',
     "missing_key", "objective[1].terms[1].each"),
    (HEAD + '[[objective]]\nsense = "maximise"\n'
     'terms = [{ term = "served_points", where = { fund.id = "F" } }]\n', "wrong_entity",
     "objective[1].terms[1].where"),
    (HEAD + STAGE + "[points]\npriority = { 7 = 1 }\n", "bad_value", "points.priority.7"),
    (HEAD + STAGE + "[points]\nper_head = { 1 = 1 }\n", "unknown_key", "points.per_head"),
    (clause('kind = "limits"\n'), "bad_value", "clause[C].kind"),
    (clause('kind = "limit"\nmeasure = "units"\n'), "one_bound", "clause[C]"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = 1\nat_most_percent = 5\nof = "asked"\n'),
     "one_bound", "clause[C]"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most_percent = 5\n'), "percent_needs_of",
     "clause[C]"),
    (clause('kind = "limit"\nat_most = 1\n'), "missing_key", "clause[C].measure"),
    (clause('kind = "limit"\nmeasure = "units"\nat_least = 1\n'), "unknown_key",
     "clause[C].at_least"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = "many"\n'), "bad_value",
     "clause[C].at_most"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = true\n'), "bad_value",
     "clause[C].at_most"),
    (clause('kind = "limit"\nmeasure = "money"\nat_most = "1.234"\n'), "bad_value",
     "clause[C].at_most"),
    (clause('kind = "limit"\nmeasure = "money"\nat_most = 1.5\n'), "float_in_card",
     "clause[C].at_most"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = 1\nper = "fortnight"\n'), "bad_value",
     "clause[C].per"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = 1\nper = { days = 0 }\n'), "bad_value",
     "clause[C].per"),
    (clause('kind = "limit"\nmeasure = "units"\nat_most = 1\neach = ["demand.aera"]\n'),
     "unknown_field", "clause[C].each"),
    (clause('kind = "limit"\nmeasure = "people"\nat_most = 1\neach = ["fund.id"]\n'),
     "wrong_entity", "clause[C].each"),
    (clause('kind = "forbid"\nwhere = { demand.proirity = 1 }\n'), "unknown_field",
     "clause[C].where"),
    (clause('kind = "forbid"\nwhere = { demands.priority = 1 }\n'), "unknown_field",
     "clause[C].where"),
    (clause('kind = "forbid"\nwhere = { standing.status = "pinned" }\n'), "wrong_entity",
     "clause[C].where"),
    (clause('kind = "forbid"\nwhere = { demand.priority = "one" }\n'), "bad_value",
     "clause[C].where.demand.priority"),
    (clause('kind = "forbid"\nwhere = { demand.tags = { any = ["x"] } }\n'), "bad_value",
     "clause[C].where.demand.tags"),
    (clause('kind = "forbid"\nwhere = { demand.tags = { at_least = "x" } }\n'), "bad_value",
     "clause[C].where.demand.tags"),
    (clause('kind = "forbid"\nwhere = { option.weekday = "monday" }\n'), "bad_value",
     "clause[C].where.option.weekday"),
    (clause('kind = "forbid"\nwhere = { option.start = "9am" }\n'), "bad_value",
     "clause[C].where.option.start"),
    (clause('kind = "forbid"\nwhere = { need.kind = "money" }\n'), "bad_value",
     "clause[C].where.need.kind"),
    (clause('kind = "require"\nwhere = {}\n'), "missing_key", "clause[C].must"),
    (clause('kind = "award"\n'), "no_bound", "clause[C]"),
    (clause('kind = "award"\nmin = 5\nfirmness = "soft"\npenalty = 3\n'), "never_soft",
     "clause[C].firmness"),
    (clause('kind = "forbid"\nfirmness = "soft"\n'), "soft_without_penalty", "clause[C].penalty"),
    (clause('kind = "forbid"\nfirmness = "soft"\npenalty = 3\nstage = 2\n'), "no_such_stage",
     "clause[C].stage"),
    (clause('kind = "forbid"\n[[clause]]\nid = "law.set"\nkind = "forbid"\n'), "bad_value",
     "clause[law.set].id"),
    (clause('kind = "forbid"\n[[clause]]\nid = "C"\nkind = "forbid"\n'), "duplicate_clause",
     "clause[C].id"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "key"), BAD)
def test_a_fault_is_told_at_its_key(text, code, key):
    """Each faulty card names its fault and where it stands."""
    assert (code, key) in codes(text)


def test_every_fault_is_told_at_once():
    """Faults in head, stage and clause come in one error."""
    text = (
        HEAD.replace("draft", "x") + STAGE + "give = 0.1\n[[clause]]\nkind = 'limit'\nat_mots = 1\n"
    )

    assert {"bad_value", "float_in_card", "missing_key", "unknown_key"} <= {
        c for c, _ in codes(text)
    }


@pytest.mark.parametrize("name", catalogue.policies())
def test_shipped_cards_are_good(name):
    """Every shipped card loads by name, under the id of its file, in both languages."""
    policy = cg.load_policy(name)

    assert policy.id == name
    assert set(policy.title) == {"en", "zh"}
    assert policy.text == catalogue.policy_path(name).read_bytes()


def test_an_unknown_card_names_the_closest():
    """A misspelt name is answered with the closest and all known ones."""
    with pytest.raises(cg.PolicyError) as raised:
        cg.load_policy("needs-frist")

    assert raised.value.issues[0].values["closest"] == "needs-first"


def test_money_of_clauses_is_in_minor_units():
    """Amounts are major units in the card, whole or as text, minor units inside (S8.6)."""
    policy = cg.load_policy_text(
        clause('kind = "award"\nmin = 100\nmax = "1500.50"\nstep = 5\n')
        + '[[clause]]\nid = "M"\nkind = "limit"\nmeasure = "money"\nat_most = 18\n'
        + '[[clause]]\nid = "U"\nkind = "limit"\nmeasure = "units"\nat_most = 18\n'
    )
    award = policy.clause("C").parameters

    assert (award.min, award.max, award.step) == (10_000, 150_050, 500)
    assert policy.clause("M").parameters.bound == 1800
    assert policy.clause("U").parameters.bound == 18


def test_selectors_become_lines():
    """Values, lists, all, not and bounds each become a line (S8.2)."""
    where = (
        'where = { demand.priority = { at_most = 3 }, demand.tags = { all = ["a", "b"] }, '
        'need.kind = ["fund", "space"], "volunteer.tags" = { not = "x" }, '
        "option.start = { at_least = 20:00:00 }, option.date = 2026-10-01 }\n"
    )
    policy = cg.load_policy_text(clause('kind = "forbid"\n' + where))

    assert policy.clause("C").where == (
        Line("demand", "priority", "range", (None, 3)),
        Line("demand", "tags", "all", ("a", "b")),
        Line("need", "kind", "any", ("fund", "space")),
        Line("volunteer", "tags", "not", ("x",)),
        Line("option", "start", "range", ("20:00", None)),
        Line("option", "date", "any", ("2026-10-01",)),
    )


def test_give_is_percent_or_points():
    """`give` is a percentage, or points as text."""
    policy = cg.load_policy_text(HEAD + STAGE + "give = 5\n" + STAGE + 'give = "50 points"\n')

    assert [(o.give_percent, o.give_points) for o in policy.objectives] == [(5, None), (0, 50)]


def test_rolling_windows_are_days():
    """`per = { days = 7 }` is a window of seven days."""
    text = 'kind = "limit"\nmeasure = "slots"\nat_most = 2\neach = ["volunteer.id"]\n'
    card = cg.load_policy_text(clause(text + "per = { days = 7 }\n"))
    parameters = card.clause("C").parameters

    assert (parameters.per, parameters.each) == (7, ("volunteer.id",))
