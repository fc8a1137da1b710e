"""The parts of a report agree with the run they are read from, and with each other."""

import pytest

from cogov_opt.phrases import LANGUAGES
from cogov_opt.recording import read_sealed
from cogov_opt.reporting.overview import overview
from tests.reporting.weeks import KEPT, kept, sample

RUNS = {"optimum": kept, "procedure": sample}


@pytest.fixture(scope="module", params=RUNS)
def found(request):
    """The overview of a run of each kind."""
    return overview(RUNS[request.param]())


def test_totals_are_those_of_the_run(found):
    """Demands, people and attendances add up to what run.json states (S8.3)."""
    totals = found.view.run.header["totals"]
    demands = found.demands.values()

    assert len(demands) == totals["demands"]
    assert len(found.served) == totals["served"]
    assert sum(d.reached for d in demands) == totals["people"]
    assert sum(d.attendances for d in demands) == totals["attendances"]


@pytest.mark.parametrize("part", ["groups", "areas", "applicants"])
def test_every_demand_is_in_one_row_of_each_table(found, part):
    """Rows by group, area and applicant split the demands; their sums are the whole."""
    rows = getattr(found, part)
    members = [d.demand.id for row in rows for d in row.members]

    assert sorted(members) == sorted(found.demands)
    assert sum(r.demands.given for r in rows) == len(found.served)
    assert sum(r.people.given for r in rows) == found.view.run.header["totals"]["people"]
    assert sum(r.money for r in rows) == sum(d.money for d in found.served)


def test_money_is_told_once(found):
    """What funds and performers pay is what the served demands are paid (S4)."""
    rows = [r for r in found.view.run.allocation if r["kind"] == "fund"]
    paid = sum(int(r["quantity"]) for r in rows)

    assert sum(f.given for f in found.funds) == paid == sum(d.money for d in found.served)
    assert all(f.left >= 0 for f in found.funds if f.fund.id)


def test_every_demand_not_served_has_its_reason(found):
    """Each stands in one group of refusals, with sentences and who can change it."""
    told = [d.demand.id for group in found.refusals for d, _ in group.demands]
    left = [i for i, d in found.demands.items() if not d.served]

    assert sorted(told) == sorted(left)
    assert all(group.who for group in found.refusals)
    assert all(len(d.reason.sentences) >= 3 for d in found.demands.values() if not d.served)


def test_every_assignment_has_its_reason(found):
    """Each thing given but a performer's own money is justified, and each need left short."""
    for demand in found.served:
        for need in demand.needs:
            assert all(use.reason for use in need.uses if use.resource.id)
            assert bool(need.reason) == (need.short > 0)


def test_bookings_are_the_sessions_of_the_plan(found):
    """Each use of a volunteer, space or service stands once for each of its sessions."""
    rows = [r for r in found.view.run.allocation if r["kind"] not in ("", "fund")]
    wanted = sum(max(len(found.demands[r["demand"]].sessions), 1) for r in rows)

    assert sum(len(t.bookings) for t in found.timetables) == wanted


def test_what_is_not_used_is_told(found):
    """Resources in use, funds that gave and resources not used are all resources there are."""
    run = found.view.run
    known = {i for n in ("volunteers", "funds", "spaces", "services") for i in run.by_id(n)}
    used = {t.resource.id for t in found.timetables} | {f.fund.id for f in found.funds if f.given}

    assert {u.resource.id for u in found.unused} == known - used


def test_claimed_and_certified_stay_apart():
    """A goal holds what is reached and what is proven; the solver's word is another text."""
    for goal in overview(kept()).goals:
        reached, bound = goal.amounts
        assert goal.optimal == (reached == bound)
        assert goal.reached in goal.sentence
        assert goal.bound in goal.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_clauses_name_no_volunteer(language):
    """What a clause bound is told without naming a person: that may tell what the person lacks."""
    found = overview(kept(), language)

    told = " ".join(text for c in found.clauses for _, _, text in c.priced)
    assert not [v for v in found.view.run.by_id("volunteers") if v in told]


def test_a_run_that_was_edited_is_not_read(tmp_path):
    """The root is computed again before anything is told (S13.4)."""
    import shutil

    from cogov_opt.errors import RecordError

    shutil.copytree(KEPT, tmp_path / "run")
    table = tmp_path / "run" / "allocation.csv"
    table.write_bytes(table.read_bytes().replace(b",1,", b",2,", 1))

    with pytest.raises(RecordError, match="edited"):
        read_sealed(tmp_path / "run")
