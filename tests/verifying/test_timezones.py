"""Weeks in which clocks change: the first minute may be 01:00, offsets may part (S2.4)."""

import re
from datetime import date, timedelta

import pytest

import cogov_opt as cg
from cogov_opt.verifying import verify
from tests.checking import samples

DAY = re.compile(r"2026-09-(28|29|30)")
ZONES = [
    ("Africa/Cairo", "2026-04-24", "T01:00+03:00"),
    ("America/Havana", "2026-03-08", "T01:00-04:00"),
    ("Pacific/Chatham", "2026-04-04", "T00:00+13:45"), ("UTC", "2026-09-28", "T00:00+00:00"),
    ("Antarctica/Troll", "2026-03-29", "T00:00+00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "first", "starts"), ZONES)
def test_a_week_of_changing_clocks_is_accepted(tmp_path, zone, first, starts):
    """The good week, moved to where clocks change within it, gives a run that holds."""
    start = date.fromisoformat(first)
    rows = {name: dict(enumerate(lines, 1)) for name, lines in samples.GOOD.items()}

    def moved(found):
        return (start + timedelta(days=int(found[1]) - 28)).isoformat()

    changes = {name: {n: DAY.sub(moved, line) for n, line in rows[name].items()} for name in rows}
    changes["demands"][2] = "D-1,JW,重阳午餐,north,elderly,20,1,quiet,meals,"
    horizon = {"start": first, "end": (start + timedelta(days=7)).isoformat()}
    package = {"timezone": zone, "horizon": horizon}
    policy = cg.load_policy("needs-first")
    week = cg.check(cg.load(samples.write(tmp_path / "week", changes, package)), policy)
    run = cg.record(cg.explain(cg.allocate(week, policy, isolation="none")), tmp_path / "run")

    assert run.package["start_moment"] == first + starts
    assert verify(run.path).findings == ()
