"""What the package and the dates of a run say has one meaning and one form (S2.3, S2.4)."""

import pytest

from cogov_opt.verifying import verify

FILE = "inputs/datapackage.json"
PACKAGES = {
    "silence that is no word": ({"no_rows_means": {"space": "whenever"}}, "unknown"),
    "silence of nothing": ({"no_rows_means": {"van": "always"}}, "unknown"),
    "a field nobody knows": ({"mood": "good"}, "unknown"),
    "the day before": ({"start_moment": "2026-09-27T00:00+08:00"}, "input"),
    "the next midnight": ({"start_moment": "2026-09-29T00:00+08:00"}, "input"),
    "noon": ({"start_moment": "2026-09-28T12:00+08:00"}, "input"),
    "another way to write it": ({"start_moment": "2026-09-28T00:00:00+08:00"}, "input"),
    "no timezone": ({"timezone": None}, "input"),
    "meta that is none": ({"meta": []}, "input"),
    "a week for a day": ({"horizon": {"start": "2026-W40-1", "end": "2026-10-05"}}, "input"),
    "no end": ({"horizon": {"start": "2026-09-28"}}, "input"),
}


@pytest.mark.parametrize("lie", PACKAGES)
def test_a_package_that_means_nothing(rivals, pack, lie):
    """Each is told at the package, whatever else follows from it."""
    change, code = PACKAGES[lie]
    pack.edit(rivals / FILE, lambda package: package.update(change))
    pack.reseal(rivals)

    assert (code, FILE) in {(f.code, f.file) for f in verify(rivals).findings}


@pytest.mark.parametrize("name", ["title", "meta", "policy", "timezone"])
def test_a_package_without_a_field(rivals, pack, name):
    """Every field of S2.4 is there."""
    pack.edit(rivals / FILE, lambda package: package.pop(name))
    pack.reseal(rivals)

    assert ("input", FILE, name) in {tuple(f) for f in verify(rivals).findings}


def test_spaces_that_nobody_sees(rivals, pack):
    """Another way to write the same package would move a derived seed unseen (S13.5)."""
    path = rivals / FILE
    path.write_bytes(path.read_bytes().replace(b":", b": ", 1))
    pack.reseal(rivals)

    assert ("format", FILE) in {(f.code, f.file) for f in verify(rivals).findings}


TIMES = [
    ("availability", "2026-09-28T08:00+08:00", "2026-09-28T08:00:00+08:00", "start"),
    ("availability", "2026-09-28T08:00+08:00", "2026-09-28T00:00+00:00", "start"),
    ("availability", "2026-09-28T12:00+08:00", "2026-09-28T14:01+10:01", "end"),
    ("options", "2026-09-28T10:00+08:00", "2026-W40-1T10:00+08:00", "end"),
    ("options", "2026-09-28T10:00+08:00", "2026-09-28 10:00+08:00", "end"),
    ("volunteers", "V-1,JD,,,,,,,,,,,,,", "V-1,JD,,,,,,,,,,,,2026-W40-1,", "consent_until"),
    ("volunteers", "V-1,JD,,,,,,,,,,,,,", "V-1,JD,,,,,,,,,,,,2026-02-30,", "consent_until"),
]


@pytest.mark.parametrize(("table", "old", "new", "column"), TIMES)
def test_a_time_in_another_form(rivals, pack, table, old, new, column):
    """Another way to write a date or moment, or another timezone, is told by row and column."""
    pack.replace(rivals / f"inputs/{table}.csv", old, new)
    pack.reseal(rivals)

    told = {(f.code, f.file): f.id for f in verify(rivals).findings}
    assert told["input", f"inputs/{table}.csv"].endswith(column)
