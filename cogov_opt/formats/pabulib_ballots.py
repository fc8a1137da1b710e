"""The ballots of a Pabulib file: one row for each voter and project, as columns (data.md 1, 5)."""

from __future__ import annotations

from collections.abc import Mapping
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.closeness import closest
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.loaded import Source, Table, TextColumn
from cogov_opt.domain.tables import LATER_COLUMNS, contracts
from cogov_opt.formats.pabulib_sections import Findings, Section

VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
WITH_POINTS = ("cumulative", "scoring")
_LONGEST = 18
"""Digits of the largest number of points that is read."""
Blank = dict[str, dict[str, str]]
"""Voters who named no project: the number of each, and what its other columns hold."""

__all__ = ["VOTE_TYPES", "WITH_POINTS", "Blank", "kept_name", "read_ballots"]


def kept_name(table: str, column: str) -> str:
    """Give the name an unused column is kept under, never that of a column with a meaning."""
    taken = column in contracts()[table].fields or column in LATER_COLUMNS.get(table, ())
    return f"pb_{column}" if taken or column.startswith("pb_") else column


def read_ballots(
    votes: Section, ids: Mapping[str, int], vote_type: str, findings: Findings
) -> tuple[Table, Blank]:
    """
    Read the section VOTES; `ids` numbers the projects.

    Ordinal ballots hold the position from 1; cumulative and scoring ones the points; the others 1.
    Voters become running numbers from 1, in file order.
    """
    named = list(votes.columns["vote"])
    counts, projects = _projects(named, votes, ids, findings)
    findings.stop()
    voters = np.repeat(np.arange(len(votes), dtype=np.int32), counts)
    position = np.arange(len(voters)) - np.repeat(np.cumsum(counts) - counts, counts)
    given = _given(votes, counts, vote_type, findings)
    findings.stop()
    if (repeated := _repeated(voters, projects, len(ids))) is not None:
        _tell_repeats(repeated, voters, named, votes, vote_type, findings)
        voters, projects, position = voters[~repeated], projects[~repeated], position[~repeated]
        given = TextColumn(given.codes[~repeated], given.values) if given else None
    columns = {
        "voter_id": TextColumn(voters, tuple(map(str, range(1, len(votes) + 1)))),
        "demand_id": TextColumn(projects, tuple(ids)),
        "points": _points(vote_type, position, given),
    }
    extra = [c for c in votes.columns if c not in ("voter_id", "vote", "points")]
    kept = {}
    for column in extra:
        whole = TextColumn.of(votes.columns[column])
        kept[kept_name("ballots", column)] = TextColumn(whole.codes[voters], whole.values)
    if given is not None and vote_type not in WITH_POINTS:
        kept[kept_name("ballots", "points")] = given
    source = Source(findings.file, rows=votes.lines[voters])
    none = np.flatnonzero(counts == 0).tolist()
    blank = {str(v + 1): {c: votes.columns[c][v] for c in extra} for v in none}
    return Table("ballots", columns, source, kept), blank


def _projects(
    named: list[str], votes: Section, ids: Mapping[str, int], findings: Findings
) -> tuple[IntArray, NDArray[np.int32]]:
    """Give how many projects each voter names, and all of them; unknown ones are issues."""
    counts, items = _items(named)
    try:
        return counts, np.fromiter(map(ids.__getitem__, items), dtype=np.int32, count=len(items))
    except KeyError:
        named[:] = [",".join(i for i in map(str.strip, v.split(",")) if i) for v in named]
    counts, items = _items(named)
    unknown: dict[str, int] = {}
    for item, line in zip(items, np.repeat(votes.lines, counts).tolist(), strict=True):
        if item not in ids:
            unknown.setdefault(item, line)
    for item, line in unknown.items():
        close = closest(item, ids) if len(unknown) < 100 else []
        told = close[0] if close else "-"
        findings.wrong("pb_unknown_project", line, "vote", read=item, closest=told)
    codes = (ids.get(i, 0) for i in items)
    return counts, np.fromiter(codes, dtype=np.int32, count=len(items))


def _items(lists: list[str]) -> tuple[IntArray, list[str]]:
    """Split lists divided by commas: how many items each has, and all items."""
    counts = np.fromiter(map(methodcaller("count", ","), lists), dtype=np.int64, count=len(lists))
    filled = np.fromiter(map(bool, lists), dtype=np.int64, count=len(lists))
    joined = ",".join(filter(None, lists))
    return counts + filled, joined.split(",") if joined else []


def _given(
    votes: Section, counts: IntArray, vote_type: str, findings: Findings
) -> TextColumn | None:
    """Give the column `points` as one whole number for each project named."""
    if "points" not in votes.columns:
        return None
    lists = list(votes.columns["points"])
    if vote_type not in WITH_POINTS and not any(lists):
        return None
    found, items = _items(lists)
    if not (found == counts).all():
        lists = [",".join(i for i in v.replace(" ", "").split(",") if i) for v in lists]
        found, items = _items(lists)
    for voter in np.flatnonzero(found != counts).tolist():
        told = {"named": int(counts[voter]), "found": int(found[voter])}
        findings.wrong("pb_points_count", int(votes.lines[voter]), "points", **told)
    column = TextColumn.of(items)
    whole = {v: v.strip().split(".")[0] if _is_whole(v.strip()) else None for v in column.values}
    for value in (v for v, used in whole.items() if used is None):
        row = items.index(value)
        line = int(np.repeat(votes.lines, found)[row])
        findings.wrong("pb_points", line, "points", read=value)
    if all(used == value for value, used in whole.items()):
        return column
    return TextColumn.of(whole[i] or "0" for i in items)


def _is_whole(text: str) -> bool:
    """Tell whether a text is a whole number of points; `3.0` is 3."""
    head, _, tail = text.partition(".")
    digits = head.isascii() and head.isdigit() and len(head) <= _LONGEST
    return digits and not tail.strip("0") and str(int(head)) == head


def _points(vote_type: str, position: IntArray, given: TextColumn | None) -> TextColumn:
    """Give the points of each ballot row, as the ballot type means them."""
    if vote_type in WITH_POINTS and given is not None:
        return given
    if vote_type != "ordinal":
        position = np.zeros(len(position), dtype=np.int64)
    last = int(position.max(initial=-1))
    return TextColumn(position.astype(np.int32), tuple(map(str, range(1, last + 2))))


def _repeated(
    voters: NDArray[np.int32], projects: NDArray[np.int32], width: int
) -> NDArray[np.bool_] | None:
    """Mark projects a voter has named before; None where there are none."""
    key = voters.astype(np.int64) * width + projects
    distinct, first = np.unique(key, return_index=True)
    if len(distinct) == len(key):
        return None
    found = np.ones(len(key), dtype=bool)
    found[first] = False
    return found


def _tell_repeats(
    repeated: NDArray[np.bool_], voters: NDArray[np.int32], named: list[str], votes: Section,
    vote_type: str, findings: Findings,
) -> None:  # fmt: skip
    """Note each voter who names a project twice: once is kept, unless points were given to both."""
    for voter in np.unique(voters[repeated]).tolist():
        line, read = int(votes.lines[voter]), named[voter]
        if vote_type in WITH_POINTS:
            findings.wrong("pb_repeated", line, "vote", read=read)
        else:
            used = ",".join(dict.fromkeys(read.split(",")))
            findings.repaired("read_as", line, "vote", read=read, used=used)
    findings.stop()
