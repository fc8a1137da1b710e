"""
Generalised assignment files of the OR-Library, one instance a file (data.md 5).

Whole numbers only: agents m and jobs n, m x n costs, m x n weights, m capacities. Agent i is the
service `A<i>`, job j the untimed demand `J<j>` with one service need of quantity 1; affinities
hold the weight as `use_units` and the cost as `distance`; i, j from 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.errors import InputError, Issue, UnsupportedError, Where

NAME = "gap"
ACTOR = "provider"
SERVICE_TYPE = "work"
UNIT = "unit"
MOST = 10**9
"""The largest number a cell of the tables holds."""
_DIGITS = 20
_LONGEST = 1 << 30
_HEAD = 4096


def recognise(path: Path) -> bool:
    """Tell whether a file holds whole numbers only, as many as its first two announce."""
    if not path.is_file() or path.stat().st_size > _LONGEST:
        return False
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if re.fullmatch(rb"[\d\s]+", head) is None:
            return False
        raw = head + stream.read()
    if re.fullmatch(rb"[\d\s]+", raw) is None:
        return False
    tokens = raw.split()
    return len(tokens) > 2 and len(tokens) == _announced(int(tokens[0]), int(tokens[1]))


def read(path: Path) -> Tables:
    """
    Read one instance.

    Raises
    ------
    InputError
        Something is not a whole number, or there are too many or too few of them.
    """
    tokens = path.read_bytes().split()
    agents, jobs, numbers = _numbers(tokens, path)
    costs, weights = numbers[: agents * jobs], numbers[agents * jobs : -agents]
    found = (
        _actors(path),
        _codes(path),
        _services(path, numbers[-agents:]),
        _demands(path, jobs),
        _needs(path, jobs),
        _affinities(path, agents, jobs, weights, costs),
    )
    return Tables(
        package=_package(path),
        tables={t.name: t for t in found},
        source=str(path),
        trusted_ids=True,
    )


def write(tables: Tables, path: Path) -> None:
    """
    Write services, demands of one service unit each, and their affinities as a matrix.

    Raises
    ------
    UnsupportedError
        The tables hold anything else.
    """
    named = tables.tables
    if any(len(named[t]) for t in ("volunteers", "funds", "spaces", "options") if t in named):
        raise UnsupportedError("a gap file holds services and untimed demands only")
    if any(t not in named for t in ("services", "demands", "needs", "affinities")):
        raise UnsupportedError("a gap file holds services, demands, their needs and affinities")
    needs = named["needs"]
    asked = {*zip(needs.columns["kind"].cells(), needs.columns["quantity"].cells(), strict=True)}
    services = _ordered(named["services"].columns["service_id"].cells())
    demands = _ordered(named["demands"].columns["demand_id"].cells())
    if asked != {("service", "1")} or len(needs) != len(demands):
        raise UnsupportedError("in a gap file every demand has one need, of one unit of service")
    table = named["affinities"]
    row = _places(table.columns["resource_id"], services)
    column = _places(table.columns["demand_id"], demands)
    if len(table) != len(services) * len(demands):
        raise UnsupportedError("a gap file has an affinity of every service with every demand")
    shape = (len(services), len(demands))
    lines = [f"{shape[0]} {shape[1]}"]
    for name, default in (("distance", 0), ("use_units", 1)):
        matrix = np.full(shape, default, dtype=np.int64)
        if name in table.columns:
            matrix[row, column] = _whole(table.columns[name], default)
        lines += [" ".join(map(str, values)) for values in matrix.tolist()]
    capacity = named["services"].columns["capacity"].cells()
    ids = named["services"].columns["service_id"].cells()
    by_id = dict(zip(ids, capacity, strict=True))
    lines.append(" ".join(by_id[s] for s in services))
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def _announced(agents: int, jobs: int) -> int:
    """Give how many numbers a file of so many agents and jobs has."""
    return 2 + 2 * agents * jobs + agents


def _numbers(tokens: Sequence[bytes], path: Path) -> tuple[int, int, IntArray]:
    """Give the two sizes and all numbers after them."""
    wrong = next((t for t in tokens if not t.isdigit() or len(t) > _DIGITS or int(t) > MOST), None)
    if wrong is not None:
        told = {"read": wrong.decode("utf-8", errors="replace")[:40], "most": MOST}
        raise InputError([Issue("gap_number", Where(path.name, row=_line(path, wrong)), told)])
    agents, jobs = (int(t) for t in tokens[:2]) if len(tokens) > 1 else (0, 0)
    wanted = _announced(agents, jobs)
    if len(tokens) != wanted or not agents or not jobs:
        told = {"agents": agents, "jobs": jobs, "wanted": wanted, "found": len(tokens)}
        raise InputError([Issue("gap_count", Where(path.name, row=1), told)])
    numbers = np.fromiter(map(int, tokens[2:]), dtype=np.int64, count=len(tokens) - 2)
    weights = numbers[agents * jobs : 2 * agents * jobs]
    if (weights < 1).any():
        place = 2 + agents * jobs + int(np.argmax(weights < 1))
        told = {"number": place + 1}
        raise InputError([Issue("gap_weight", Where(path.name), told)])
    return agents, jobs, numbers


def _line(path: Path, token: bytes) -> int:
    """Give the first line a token stands on."""
    lines = path.read_bytes().splitlines()
    return next(k for k, line in enumerate(lines, start=1) if token in line.split())


def _same(count: int, cell: str) -> TextColumn:
    """Make a column that holds the same cell in every row."""
    return TextColumn(np.zeros(count, dtype=np.int32), (cell,))


def _series(prefix: str, count: int) -> TextColumn:
    """Make a column of ids numbered from 1."""
    ids = tuple(f"{prefix}{k}" for k in range(1, count + 1))
    return TextColumn(np.arange(count, dtype=np.int32), ids)


def _texts(numbers: IntArray) -> TextColumn:
    """Write integers as a column of text, each distinct one once."""
    distinct, codes = np.unique(numbers, return_inverse=True)
    return TextColumn(codes.astype(np.int32), tuple(map(str, distinct.tolist())))


def _actors(path: Path) -> Table:
    """Make the one actor, who offers and asks."""
    cells = {"actor_id": ACTOR, "name": ACTOR, "kind": "other"}
    return Table(
        "actors", {k: _same(1, v) for k, v in cells.items()}, Source(path.name, first_row=1)
    )


def _codes(path: Path) -> Table:
    """Name the one type of service and its unit."""
    found = {
        "vocabulary": TextColumn.of(("service_type", "unit")),
        "code": TextColumn.of((SERVICE_TYPE, UNIT)),
    }
    return Table("codes", found, Source(path.name, first_row=1))


def _services(path: Path, capacities: IntArray) -> Table:
    """Make a service of every agent."""
    count = len(capacities)
    found = {
        "service_id": _series("A", count),
        "actor_id": _same(count, ACTOR),
        "service_type": _same(count, SERVICE_TYPE),
        "unit": _same(count, UNIT),
        "capacity": _texts(capacities),
    }
    return Table("services", found, Source(path.name))


def _demands(path: Path, jobs: int) -> Table:
    """Make a demand of every job."""
    found = {"demand_id": _series("J", jobs), "actor_id": _same(jobs, ACTOR)}
    return Table("demands", found, Source(path.name))


def _needs(path: Path, jobs: int) -> Table:
    """Ask for one unit of service for every job."""
    found = {
        "need_id": _series("N-J", jobs),
        "demand_id": _series("J", jobs),
        "kind": _same(jobs, "service"),
        "quantity": _same(jobs, "1"),
    }
    return Table("needs", found, Source(path.name))


def _affinities(path: Path, agents: int, jobs: int, weights: IntArray, costs: IntArray) -> Table:
    """State what every agent takes for every job, and what it costs."""
    agent = np.repeat(np.arange(agents, dtype=np.int32), jobs)
    job = np.tile(np.arange(jobs, dtype=np.int32), agents)
    found = {
        "resource_id": TextColumn(agent, _series("A", agents).values),
        "demand_id": TextColumn(job, _series("J", jobs).values),
        "use_units": _texts(weights),
        "distance": _texts(costs),
    }
    return Table("affinities", found, Source(path.name))


def _package(path: Path) -> dict[str, Any]:
    """Give what stands in datapackage.json; nothing in such a file has a time or a price."""
    return {
        "name": path.stem,
        "title": path.stem,
        "cogov_format": 1,
        "currency": "XXX",
        "timezone": "UTC",
        "language": "en",
        "horizon": {"start": "2000-01-01", "end": "2001-01-01"},
        "policy": "assign-all",
        "format": NAME,
    }


def _ordered(ids: Sequence[str]) -> list[str]:
    """Sort ids by their letters, then by their number."""
    return sorted(ids, key=lambda i: (i.rstrip("0123456789"), len(i), i))


def _places(column: TextColumn, order: Sequence[str]) -> IntArray:
    """Give the place of each cell of a column in an order of ids."""
    place = {name: k for k, name in enumerate(order)}
    return np.array([place[v] for v in column.values], dtype=np.int64)[column.codes]


def _whole(column: TextColumn, default: int) -> IntArray:
    """Read a column of whole numbers, with a default for blank cells (S1.2)."""
    return np.array([int(v or default) for v in column.values], dtype=np.int64)[column.codes]
