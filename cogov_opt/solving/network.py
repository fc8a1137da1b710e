"""
Flow structure: is a formulation a min-cost circulation, and if so, which one (proof.md 2, 3).

Nodes: 0 is the hub; one for every capacity row (rows of units that nest in each other); one for
every (need, option). Arcs run hub -> capacity rows -> needs -> hub. A circulation of least cost is
an optimal plan, and node distances from the hub are row prices that prove it without a gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import IndexArray, IntArray


@dataclass(frozen=True, slots=True)
class Network:
    """
    A circulation that stands for a formulation.

    `column` is the column an arc carries, -1 for arcs without one. `group_row` and `need_rows`
    say which rows the nodes stand for: `need_rows[k]` = (exact, least, most), -1 where absent.
    """

    nodes: int
    tail: IndexArray
    head: IndexArray
    cap: IntArray
    column: IndexArray
    group_row: IndexArray
    group_arc: IndexArray
    need_rows: IndexArray
    need_choice: IndexArray
    """The y column of each need node."""

    @property
    def first_need(self) -> int:
        """Give the first need node."""
        return 1 + len(self.group_row)

    def costs(self, gains: IntArray) -> IntArray:
        """Give the cost of every arc: minus what its column gains."""
        return np.where(self.column >= 0, -gains[self.column], 0)

    def flow_of(self, f: Formulation, plan: IntArray) -> IntArray:
        """Give the circulation a plan stands for: what it carries on every arc."""
        found = np.where(self.column >= 0, plan[self.column], 0)
        found[self.group_arc] = f.matrix.times(plan)[self.group_row]
        out = np.flatnonzero((self.head == 0) & (self.tail >= self.first_need))
        given = np.zeros(self.nodes, dtype=np.int64)
        into = self.head >= self.first_need
        np.add.at(given, self.head[into], found[into])
        found[out] = np.minimum(given[self.tail[out]], self.cap[out])
        rest = out[self.column[out] < 0]
        strict = np.zeros(self.nodes, dtype=np.int64)
        strict[self.tail[out[self.column[out] >= 0]]] = 1
        found[rest] = np.maximum(given[self.tail[rest]] - strict[self.tail[rest]], 0)
        return found


def network_of(f: Formulation) -> Network | None:
    """Give the network of a formulation, or None if it is not flow-shaped."""
    o, x = f.options, f.x
    if len(f.columns) != x.stop or not x.stop or (np.diff(o.of_demand) != 1).any():
        return None
    kinds = _row_kinds(f)
    if kinds is None:
        return None
    needs, groups = kinds
    at = _need_of_column(f, needs)
    if at is None:
        return None
    node_of, parent = _laminar(f, groups)
    if node_of is None or parent is None:
        return None
    return _build(f, needs, groups, at, node_of, parent)


def _row_kinds(f: Formulation) -> tuple[IndexArray, IndexArray] | None:
    """
    Tell need rows from capacity rows: ((need, 3) rows by node, capacity rows), or None.

    Links are implied on a flow and carry no price.
    """
    shape = {"need": 0, "least": 1, "most": 2}
    row_nodes: dict[tuple[str, ...], int] = {}
    needs: list[list[int]] = []
    groups: list[IntArray] = []
    for first, block in zip(f.rows.starts.tolist(), f.rows.blocks, strict=False):
        family = block.prefix[1] if block.prefix[:1] == ("law.set",) else ""
        members = np.arange(first, first + block.count)
        if family == "link" or not block.count:
            continue
        if family in shape:
            for i in range(block.count):
                node = row_nodes.setdefault(block.key(i)[2:], len(needs))
                if node == len(needs):
                    needs.append([-1, -1, -1])
                needs[node][shape[family]] = first + i
        elif family:
            return None
        else:
            groups.append(members)
    rows = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
    return np.array(needs, dtype=np.int64).reshape(-1, 3), rows


def _entries(f: Formulation, rows: IndexArray) -> tuple[IntArray, IntArray, IntArray]:
    """Give (place among rows, column, coefficient) of the entries of some rows."""
    place = np.full(len(f.row_lower), -1)
    place[rows] = np.arange(len(rows))
    at = place[f.matrix.row_of]
    keep = at >= 0
    return at[keep], f.matrix.columns[keep], f.matrix.values[keep]


def _need_of_column(f: Formulation, needs: IndexArray) -> IntArray | None:
    """Give the need node of every column; None unless each demand has one need of at most one."""
    found = np.full(len(f.columns), -1)
    for side in range(3):
        rows = needs[:, side]
        has = np.flatnonzero(rows >= 0)
        at, column, value = _entries(f, rows[has])
        choice = column < len(f.options)
        if (value[~choice] != 1).any():
            return None
        wanted = {0: value == -1, 1: value == -1, 2: value < 0}[side]
        if not wanted[choice].all():
            return None
        node = has[at]
        if ((found[column] >= 0) & (found[column] != node)).any():
            return None
        found[column] = node
    one_need = np.bincount(found[: len(f.options)] + 1, minlength=len(needs) + 1)[1:]
    return None if (found < 0).any() or (one_need != 1).any() else found


def _laminar(f: Formulation, groups: IndexArray) -> tuple[IntArray | None, IntArray | None]:
    """Nest the capacity rows: the innermost row of every column, and the row around each row."""
    at, column, value = _entries(f, groups)
    plain = (f.row_lower[groups] == -FREE) & (f.row_upper[groups] >= 0)
    if (value != 1).any() or (column < len(f.options)).any() or not plain.all():
        return None, None
    size = np.bincount(at, minlength=len(groups))
    rank = np.empty(len(groups), dtype=np.int64)
    rank[np.argsort(size, kind="stable")] = np.arange(len(groups))
    order = np.argsort(column * np.int64(len(groups)) + rank[at])
    at, column = at[order], column[order]
    inner = np.full(len(f.columns), -1)
    first = (
        np.concatenate(([True], column[1:] != column[:-1])) if len(column) else np.zeros(0, bool)
    )
    inner[column[first]] = at[first]
    around = np.append(np.where(~first[1:], at[1:], -1), -1) if len(at) else np.zeros(0, dtype=int)
    parent = np.full(len(groups), -2)
    parent[at] = around
    if (parent[at] != around).any():
        return None, None
    return inner, parent


def _build(
    f: Formulation,
    needs: IndexArray,
    groups: IndexArray,
    at: IntArray,
    inner: IntArray,
    parent: IntArray,
) -> Network | None:
    """Lay out nodes and arcs."""
    count, hub_groups = len(f.options), 1 + len(groups)
    x = np.arange(f.x.start, f.x.stop)
    tails = [parent + 1, inner[x] + 1]
    heads = [1 + np.arange(len(groups)), hub_groups + at[x]]
    caps = [f.row_upper[groups], f.upper[x]]
    columns = [np.full(len(groups), -1), x]
    choice = np.full(len(needs), -1)
    choice[at[:count]] = np.arange(count)
    most = _quantities(f, needs)
    strict = (needs[:, 0] >= 0) | (needs[:, 1] >= 0)
    if ((needs[:, 0] >= 0) & (most != 1)).any():
        return None
    for some, cap, column in (
        (np.flatnonzero(strict), np.ones(len(needs), dtype=np.int64), choice),
        (np.flatnonzero(most > strict), most - strict, np.full(len(needs), -1)),
    ):
        tails.append(hub_groups + some)
        heads.append(np.zeros(len(some), dtype=np.int64))
        caps.append(cap[some])
        columns.append(column[some])
    tail, head, cap, carried = (np.concatenate(p) for p in (tails, heads, caps, columns))
    return Network(
        hub_groups + len(needs), tail.astype(np.int32), head.astype(np.int32), cap,
        carried.astype(np.int32), groups, np.arange(len(groups)), needs, choice,
    )  # fmt: skip


def _quantities(f: Formulation, needs: IndexArray) -> IntArray:
    """Give the most each need takes: minus the coefficient of y in its upper row."""
    found = np.ones(len(needs), dtype=np.int64)
    for side in (0, 2):
        has = np.flatnonzero(needs[:, side] >= 0)
        at, column, value = _entries(f, needs[has, side])
        choice = column < len(f.options)
        found[has[at[choice]]] = -value[choice]
    return found
