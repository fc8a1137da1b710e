"""Folder to workbook to folder, and workbook to instance to workbook: no known cell is lost."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt import formats
from cogov_opt.cli.main import cli
from cogov_opt.domain.canonical import canonical_tables
from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.domain.tables import contracts
from tests.properties.small_weeks import small_week


def cells(tables: Tables):
    """Every cell by table, column and row, the columns nobody knows included."""
    return {
        name: {c: t.cells() for c, t in {**table.columns, **table.unknown}.items()}
        for name, table in tables.tables.items()
        if len(table)
    }


def same(before: str, after: str) -> bool:
    """The same text, or the same number: a sheet shows 840.50 and keeps 840.5."""
    if before == after:
        return True
    try:
        return Decimal(before) == Decimal(after)
    except InvalidOperation:
        return False


def lost(before: Tables, after: Tables):
    """List the cells that did not come back."""
    one, two = cells(before), cells(after)
    assert {n: list(c) for n, c in one.items()} == {n: list(c) for n, c in two.items()}
    return [
        (name, column, row, was, now)
        for name, columns in one.items()
        for column, texts in columns.items()
        for row, (was, now) in enumerate(zip(texts, two[name][column], strict=True))
        if not same(was, now)
    ]


def facts(tables: Tables):
    """The facts of a package, without what a format says of itself."""
    left_out = ("format", "resources", "units", "cogov_format")
    return {k: v for k, v in tables.package.items() if k not in left_out and k[:1] != "_"}


def test_riverside_by_the_command_line(tmp_path: Path):
    """convert folder, workbook, folder: every cell, every fact, and the same instance."""
    for source, target in (("riverside", "r.xlsx"), ("r.xlsx", "again")):
        given = source if source == "riverside" else str(tmp_path / source)
        told = CliRunner().invoke(cli, ["convert", given, str(tmp_path / target)])
        assert told.exit_code == 0, told.output
    before, book, after = (
        cg.load(p) for p in ("riverside", tmp_path / "r.xlsx", tmp_path / "again")
    )

    assert lost(before, book) == []
    assert lost(book, after) == []
    assert facts(after) == facts(before)
    assert canonical_tables(cg.check(after)) == canonical_tables(cg.check(before))


@pytest.mark.parametrize("first", range(0, 12, 4))
def test_random_weeks(tmp_path: Path, first: int):
    """Weeks over every feature, good or not: the cells, and where there is one the instance."""
    for seed in range(first, first + 4):
        before = small_week(seed)
        formats.write(before, tmp_path / f"{seed}.xlsx")
        book = cg.load(tmp_path / f"{seed}.xlsx")
        formats.write(book, tmp_path / str(seed))
        after = cg.load(tmp_path / str(seed))

        assert lost(before, book) == []
        assert lost(book, after) == []
        assert before.units == book.units == after.units
        assert _checked(after) == _checked(before)


def _checked(tables: Tables):
    try:
        found = canonical_tables(cg.check(tables))
    except cg.InputError as error:
        return sorted({i.code for i in error.issues if i.severity == "error"})
    package = json.loads(found.pop("datapackage.json"))
    return found, {k: v for k, v in package.items() if k != "format"}


PIECES = [
    *"=+-@07éｅ元￥'\",;<&>\n\t \u200b\u00a0𠮷😀",
    "e\u0301", "１２", "1e5", "007", "1.50", "2026-09-28", "午餐",
    "2026-09-28 09:00", "3/1/26", "  ", "_x0041_", "_x005F_", "#N/A", "TRUE", "http://a.b", "-0",
    "mailto:a@b", "9" * 16, ".5", "5.", "00:30", "1/2", "示例",
]  # fmt: skip


def _odd_week(seed: int) -> Tables:
    """Tables of every contract, each cell a few pieces of odd text put together."""
    rng = np.random.default_rng(seed)

    def text(column: int) -> str:
        made = "".join(PIECES[k] for k in rng.integers(0, len(PIECES), rng.integers(0, 4)))
        return made.strip() and f"{made}" if column else f"K{seed}-{rng.integers(10**6)}"

    found = {}
    for name, contract in contracts().items():
        columns = {}
        for number, column in enumerate([*contract.fields, "自定列"]):
            columns[column] = TextColumn.of([text(number) for _ in range(5)])
        known = {c: t for c, t in columns.items() if c in contract.fields}
        found[name] = Table(name, known, Source(name), {"自定列": columns["自定列"]})
    package = {
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "note": text(1).strip(),
        "n": 5,
        "b": True,
    }
    package["horizon"] = {"start": "2026-09-28", "end": "2026-10-05"}
    return Tables(package, found, "odd")


@pytest.mark.parametrize("seed", range(6))
def test_odd_cells_come_back_as_they_were(tmp_path: Path, seed: int):
    """What looks like a formula, a number, a date, a link or an escape is the text it was."""
    before = _odd_week(seed)
    formats.write(before, tmp_path / "o.xlsx")
    book = cg.load(tmp_path / "o.xlsx")
    formats.write(book, tmp_path / "o")
    after = cg.load(tmp_path / "o")

    assert lost(before, book) == []
    assert lost(book, after) == []
    assert facts(after) == facts(before)
