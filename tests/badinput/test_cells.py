"""Cells that are bad or odd: each a located issue or a stated repair, from CSV and from sheets."""

from collections import defaultdict
from pathlib import Path

import pytest

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.tables import contracts
from tests.badinput import cells
from tests.badinput.sentences import assert_said

REFUSED, READ = cells.cases("refused"), cells.cases("read")
NOT_IN_SHEETS = ("\x00", "\r")
"""Characters that no sheet can hold, or that a sheet changes by itself."""


@pytest.fixture(scope="module", params=["folder", "book"])
def medium(request):
    return request.param


def examined(tmp_path_factory, medium, found):
    """Check all cases at once; give the instance and the issues by case."""
    if medium == "book":
        found = [c for c in found if not any(x in c.typed for x in NOT_IN_SHEETS)]
    tables, places = cells.tables_of(found)
    folder = tmp_path_factory.mktemp("cells")
    write = cells.write_folder if medium == "folder" else cells.write_book
    path = write(folder / ("data" if medium == "folder" else "data.xlsx"), tables)
    instance, issues = cells.issues_of(path)
    told = defaultdict(list)
    for issue in issues:
        table = issue.where.sheet or Path(issue.where.file).stem
        case = places.get((table, issue.where.row))
        told[case].append(issue)
    return instance, told, found


@pytest.fixture(scope="module")
def refused(tmp_path_factory, medium):
    return examined(tmp_path_factory, medium, [c for c in REFUSED if c.expected != ("read",)])


@pytest.fixture(scope="module")
def read(tmp_path_factory, medium):
    return examined(tmp_path_factory, medium, READ)


def test_each_refused_cell_is_told_at_its_place(refused):
    """The code expected, in the column of the cell, in both languages; and nothing else."""
    _, told, found = refused
    wrong = []
    for case in found:
        issues = told[case]
        places = {(i.code, i.where.column) for i in issues if i.severity == "error"}
        if places != {(case.expected[0], case.column)}:
            wrong.append((case.name, case.expected[0], places))
        for issue in issues:
            assert_said(issue)
    assert wrong == []


def test_nothing_else_is_told_of_the_refused(refused):
    """Rows that are not of a case have no issue."""
    _, told, _ = refused

    assert told[None] == []


def test_each_odd_cell_is_read_as_stated(read):
    """
    Told as a repair with what was read and what was used, or plainly read; never refused.

    Of a private column the place is told alone (S2.5).
    """
    instance, told, found = read
    assert instance is not None, [(i.code, i.where) for t in told.values() for i in t][:5]
    wrong = []
    for case in found:
        used = case.expected[0]
        repairs = [i for i in told[case] if i.severity == "repair"]
        said = [(i.where.column, i.values.get("read"), i.values.get("used")) for i in repairs]
        private = contracts()[case.table].fields[case.column].visibility == "private"
        pair = (None, None) if private else (case.typed, used)
        expected = [] if used == "=" else [(case.column, *pair)]
        if said != expected:
            wrong.append((case.name, used, said))
        for issue in told[case]:
            assert_said(issue)
    assert wrong == []


def test_each_odd_cell_is_stored_as_stated(read):
    """The integer in the instance is the one the table gives."""
    instance, _, found = read
    wrong = []
    for case in found:
        if not isinstance(case.expected[1], int) and case.expected[1] != "blank":
            continue
        table = instance.tables[case.table]
        mark = cells.row_of(case)[cells.MARKS[case.table]]
        column = table.columns[cells.MARKS[case.table]]
        marks = column.cells() if hasattr(column, "cells") else [str(v) for v in column.tolist()]
        if case.table == "credentials":
            from datetime import date

            mark = str(date.fromisoformat(mark).toordinal())
        stored = int(table.ints(case.column)[marks.index(mark)])
        wanted = BLANK if case.expected[1] == "blank" else case.expected[1]
        if stored != wanted:
            wrong.append((case.name, wanted, stored))
    assert wrong == []
