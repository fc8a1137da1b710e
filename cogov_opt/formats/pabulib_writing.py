"""Writing tables as a Pabulib file that reads back as the same tables (data.md 5)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np

from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.errors import UnsupportedError
from cogov_opt.formats.pabulib_ballots import WITH_POINTS

Cells = dict[str, Sequence[str]]


def write(tables: Tables, path: Path) -> None:
    """
    Write one fund and demands that each ask for money once; META, its order kept, from the package.

    Raises
    ------
    UnsupportedError
        The tables hold what a Pabulib file cannot.
    """
    projects = _projects(tables)
    votes = _votes(tables)
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    out.write("META\n")
    writer.writerow(("key", "value"))
    writer.writerows(_meta(tables, len(projects["project_id"]), len(votes["voter_id"])).items())
    for name, cells in (("PROJECTS", projects), ("VOTES", votes)):
        out.write(f"{name}\n")
        writer.writerow(cells)
        writer.writerows(zip(*cells.values(), strict=True))
    path.write_text(out.getvalue(), encoding="utf-8", newline="\n")


def _meta(tables: Tables, projects: int, votes: int) -> dict[str, str]:
    """Give META as read, or made where the tables come from elsewhere, with the fund's budget."""
    package = tables.package
    kept = package.get("meta") or {}
    told = {k: v for k, v in kept.items() if isinstance(v, str) and not k.startswith("_")}
    if "vote_type" not in told:
        made = {
            "description": str(package.get("title", "")),
            "num_projects": str(projects),
            "num_votes": str(votes),
            "budget": "",
            "vote_type": "approval" if _all_ones(tables) else "cumulative",
            "currency": str(package.get("currency", "")),
        }
        told = made | told
    funds = tables.tables.get("funds")
    if funds is None or len(funds) != 1:
        raise UnsupportedError("a .pb file holds exactly one fund")
    amount = _major(funds.columns["amount"][0], tables.units)
    if _cents(told["budget"]) != _cents(amount):
        told["budget"] = amount
    return told


def _all_ones(tables: Tables) -> bool:
    """Tell whether every ballot gives one point."""
    ballots = tables.tables.get("ballots")
    return ballots is None or set(ballots.columns["points"].values) <= {"1"}


def _projects(tables: Tables) -> Cells:
    """Give the columns of PROJECTS, in the order of `position` where it is known."""
    table = tables.tables["demands"]
    ids = table.columns["demand_id"].cells()
    order = list(range(len(ids)))
    if "position" in table.columns:
        places = table.columns["position"].cells()
        order.sort(key=lambda row: int(places[row] or 0))
    cost = _costs(tables)
    if set(cost) != set(ids):
        raise UnsupportedError("in a .pb file every demand has exactly one need, of money")
    cells: Cells = {"project_id": ids, "cost": [cost[i] for i in ids]}
    points = table.columns["points"].cells() if "points" in table.columns else ["0"] * len(ids)
    if "votes" in table.unknown or "score" not in table.unknown:
        votes = table.unknown["votes"].cells() if "votes" in table.unknown else points
        cells["votes"] = votes
    if "score" in table.unknown:
        cells["score"] = points
    if "title" in table.columns:
        cells["name"] = table.columns["title"].cells()
    others = {k: c for k, c in table.unknown.items() if k not in ("votes", "score")}
    cells |= {_column(k): c.cells() for k, c in others.items()}
    return {name: [column[row] for row in order] for name, column in cells.items()}


def _costs(tables: Tables) -> dict[str, str]:
    """Give what each demand asks for, in major units."""
    needs = tables.tables["needs"]
    demands = needs.columns["demand_id"].cells()
    kinds, amounts = needs.columns["kind"].cells(), needs.columns["quantity"].cells()
    if len(set(demands)) < len(demands) or set(kinds) - {"fund"}:
        raise UnsupportedError("in a .pb file every demand has exactly one need, of money")
    return {d: _major(a, tables.units) for d, a in zip(demands, amounts, strict=True)}


def _votes(tables: Tables) -> Cells:
    """Give the columns of VOTES: one row a voter, in the order of their numbers."""
    table = tables.tables.get("ballots")
    blank: Mapping[str, Mapping[str, str]] = tables.package.get("_blank_ballots") or {}
    names = [] if table is None else list(table.unknown)
    points = "pb_points" in names
    names = [n for n in names if n != "pb_points"]
    names = names or list(next(iter(blank.values()), {}))
    rows: dict[str, list[str]] = {v: ["", "", *(_of(c, names))] for v, c in blank.items()}
    vote_type = str((tables.package.get("meta") or {}).get("vote_type", "")).lower()
    with_points = points or vote_type in WITH_POINTS or not (vote_type or _all_ones(tables))
    if table is not None and len(table):
        rows |= _voter_rows(table, names, ordinal=vote_type == "ordinal", points=points)
    voters = sorted(rows, key=lambda v: (0, int(v), "") if v.isdecimal() else (1, 0, v))
    header = ["vote", "points", *map(_column, names)]
    found: Cells = {"voter_id": voters}
    for place, name in enumerate(header):
        if name != "points" or place > 1 or with_points:
            found[name] = [rows[v][place] for v in voters]
    return found


def _of(cells: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Give the cells of a blank ballot in the order of the columns."""
    return [cells.get(_column(n), "") for n in names]


def _voter_rows(
    table: Table, names: Sequence[str], *, ordinal: bool, points: bool
) -> dict[str, list[str]]:
    """Give for each voter its list of projects, its list of points, and its other columns."""
    voter = table.columns["voter_id"]
    given = table.columns["points"]
    place = np.arange(len(table))
    if ordinal:
        place = np.array([int(v) for v in given.values], dtype=np.int64)[given.codes]
    order = np.lexsort((place, voter.codes))
    codes = voter.codes[order]
    first = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    last = [*first[1:].tolist(), len(codes)]
    projects = _taken(table.columns["demand_id"], order)
    worth = _taken(table.unknown["pb_points"] if points else given, order)
    spans = list(zip(first.tolist(), last, strict=True))
    cells = [
        [",".join(projects[a:b]) for a, b in spans],
        [",".join(worth[a:b]) for a, b in spans],
        *(_taken(table.unknown[n], order[first]) for n in names),
    ]
    voters = _taken(voter, order[first])
    return {v: list(row) for v, row in zip(voters, zip(*cells, strict=True), strict=True)}


def _taken(column: TextColumn, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    """Give the text of some rows."""
    return TextColumn(column.codes[rows], column.values).cells()


def _column(kept: str) -> str:
    """Give the name a kept column has in the file."""
    return kept.removeprefix("pb_")


def _major(text: str, units: str) -> str:
    """Give an amount in major units, without loss."""
    if units != "minor":
        return text
    whole, rest = divmod(int(text), 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _cents(text: str) -> str:
    """Give an amount as digits of minor units, for comparing two ways of writing it."""
    whole, _, rest = text.replace(",", ".").replace(" ", "").partition(".")
    return (whole + f"{rest.rstrip('0'):0<2}").lstrip("0")
