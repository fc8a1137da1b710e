"""Cells of requests that are bad or odd: told at the cell that was typed, or read as stated."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

import cogov_opt as cg
from tests.badinput import cells
from tests.badinput.sentences import assert_said
from tests.loading import test_requests as good

USUAL = {
    "title": "午餐会", "actor": "JW", "date": "2026-10-01", "start": "10:00", "end": "23:00",
    "volunteers": "2*tutoring",
}  # fmt: skip
COLUMNS = (*USUAL, "service", "space", "money", "minimum", "alternatives", "people")
TOPIC = cells.topic("requests")


def lines(kind):
    """Give all cells of a kind: column, typed, expected."""
    found = [(column, *line) for column, groups in TOPIC.items() for line in groups[kind]]
    return [x for x in found if kind != "refused" or x[2] != "read"]


def checked(folder: Path, found):
    """Check all cases at once, a row each; give tables, instance and issues by row."""
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(good.PACKAGE), "utf-8")
    for name, text in good.TABLES.items():
        if name in ("spaces", "services"):  # without costs, so that money pays for nothing
            text = "\n".join(",".join(line.split(",")[:-1]) for line in text.splitlines()) + "\n"
        (folder / f"{name}.csv").write_text(text, "utf-8")
    with (folder / "requests.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for column, typed, _ in found:
            row = {**USUAL, column: typed}
            writer.writerow([row.get(c, "") for c in COLUMNS])
    tables = cg.load(folder)
    try:
        week = cg.check(tables)
        issues = [*week.warnings, *week.repairs]
    except cg.InputError as error:
        week, issues = None, list(error.issues)
    told = defaultdict(list)
    for issue in issues:
        told[issue.where.row].append(issue)
    return tables, week, told


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("requests") / "bad", lines("refused"))


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("requests") / "odd", lines("read"))


def test_each_refused_cell_is_told_where_it_was_typed(refused):
    """The code expected at the typed column and row of requests, in both languages."""
    _, _, told = refused
    wrong = []
    for row, (column, typed, code) in enumerate(lines("refused"), 2):
        places = {(i.code, i.where.column) for i in told[row] if i.severity == "error"}
        at = "end" if code == "end_before_start" else column
        if places != {(code, column)} and places != {(code, at)}:
            wrong.append((column, typed, code, places))
        for issue in told[row]:
            assert Path(issue.where.file).name == "requests.csv"
            assert_said(issue)
    assert wrong == []


def test_each_odd_cell_comes_to_what_is_stated(read):
    """Days, times, numbers, requirements and amounts are those of the table; nothing is refused."""
    tables, week, told = read
    assert week is not None, [(i.code, i.where, i.values) for t in told.values() for i in t][:5]
    seen = _seen(tables)
    wrong = []
    for row, (column, typed, expected) in enumerate(lines("read"), 2):
        found = seen[column](f"R-{row:03d}")
        if found != expected:
            wrong.append((column, typed, expected, found))
        for issue in told[row]:
            assert_said(issue)
    assert wrong == []


def _seen(tables):
    """Give, for each column, what its cell came to, by demand."""
    rows = {}
    for name in ("demands", "options", "needs"):
        columns = {n: c.cells() for n, c in tables.tables[name].columns.items()}
        rows[name] = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]  # fmt: skip # noqa: E501

    def of(name, demand, **where):
        return [
            r for r in rows[name]
            if r["demand_id"] == demand and all(r[k] == v for k, v in where.items())
        ]  # fmt: skip

    def needs(kind):
        return lambda d: "|".join(f"{r['quantity']} {r['requires']}" for r in of("needs", d, kind=kind))  # fmt: skip # noqa: E501

    return {
        "date": lambda d: ";".join(r["start"][:10] for r in of("options", d)),
        "start": lambda d: of("options", d)[0]["start"][11:],
        "volunteers": needs("volunteer"),
        "service": needs("service"),
        "space": needs("space"),
        "money": lambda d: "|".join(
            f"{r['quantity']} {r['cost_type']}" for r in of("needs", d, kind="fund")
        ),
        "minimum": lambda d: of("needs", d, kind="volunteer")[0]["minimum"],
        "actor": lambda d: of("demands", d)[0]["actor_id"].strip().translate(_NARROW),
        "alternatives": lambda d: "|".join(
            f"{r['option_id']} {r['start']}" for r in of("options", d) if r["option_id"] != "a"
        ),
        "people": lambda d: of("demands", d)[0]["people"],
    }


_NARROW = str.maketrans("ＪＷ", "JW")
