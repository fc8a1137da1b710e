"""Rows of sets of overlapping uses, against the conflicts of every pair (convention S7.3, S7.4)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov_opt.checking import check
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from tests.clauses.week import HEAD
from tests.properties.small_weeks import Rows, tables_of

CARD = load_policy_text(HEAD.split("[[clause]]")[0])
DAYS = ("2026-09-28", "2026-09-29")
SESSION = st.tuples(st.sampled_from(DAYS), st.integers(16, 22), st.integers(1, 3))
DEMANDS = st.lists(st.lists(SESSION, min_size=1, max_size=2, unique=True), min_size=1, max_size=5)


def clock(half_hours: int) -> str:
    """Write half hours since midnight."""
    return f"{half_hours // 2:02d}:{30 * (half_hours % 2):02d}"


def options_of(demands: list[list[tuple[str, int, int]]]) -> list[dict[str, Any]]:
    """Give one option for each demand, of all its sessions."""
    return [
        {"demand_id": f"D{i}", "option_id": "o", "start": f"{day} {clock(start)}",
         "end": f"{day} {clock(start + size)}"}
        for i, sessions in enumerate(demands)
        for day, start, size in sessions
    ]  # fmt: skip


def week_of(demands: list[list[tuple[str, int, int]]], kind: str, rows: Rows) -> Rows:
    """Give a dataset in which every demand asks for one resource of a kind at its own time."""
    named = [f"D{i}" for i in range(len(demands))]
    return rows | {
        "actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}],
        "demands": [{"demand_id": d, "actor_id": "A", "priority": 1} for d in named],
        "options": options_of(demands),
        "needs": [{"need_id": f"N{d}", "demand_id": d, "kind": kind, "quantity": 1} for d in named],
    }


def built(rows: Rows) -> Formulation:
    """Check and build."""
    tables = tables_of(rows)
    tables.package["no_rows_means"] = {"volunteer": "always", "space": "always"}
    return formulate(check(tables, CARD), CARD)


def sets_of(f: Formulation, head: str) -> list[tuple[Key, frozenset[int]]]:
    """Give the rows of a family as sets of columns."""
    m = f.matrix
    return [
        (f.rows.key(i), frozenset(m.columns[m.starts[i] : m.starts[i + 1]].tolist()))
        for i in range(len(f.row_lower))
        if f.rows.key(i)[0] == head
    ]


def spans(f: Formulation, column: int, buffer: int) -> list[tuple[int, int]]:
    """Give the occupied times of an x column."""
    o, option = f.options, int(f.candidates.option[column - f.x.start])
    own = range(int(o.first[option]), int(o.first[option + 1]))
    return [(int(o.starts[s]), int(o.ends[s]) + buffer) for s in own]


def meet(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> bool:
    """Tell whether any two intervals meet."""
    return any(a < d and c < b for a, b in one for c, d in two)


@settings(max_examples=60)
@given(demands=DEMANDS, buffer=st.sampled_from([0, 30, 45, 60]))
def test_a_volunteer_is_kept_from_just_the_pairs_that_overlap(
    demands: list[list[tuple[str, int, int]]], buffer: int
) -> None:
    """Two uses share a row iff they meet, buffer after the end, and no row is within another."""
    volunteer = {"volunteer_id": "V", "actor_id": "A", "buffer_minutes": buffer}
    f = built(week_of(demands, "volunteer", {"volunteers": [volunteer]}))
    rows = sets_of(f, "law.no_overlap")
    columns = range(f.x.start, f.x.stop)
    together = {pair for _, row in rows for pair in combinations(sorted(row), 2)}
    assert together == {
        (i, j)
        for i, j in combinations(columns, 2)
        if meet(spans(f, i, buffer), spans(f, j, buffer))
    }
    assert all(meet(spans(f, i, buffer), [(int(k[2]), int(k[2]) + 1)]) for k, r in rows for i in r)


@settings(max_examples=30)
@given(
    demands=DEMANDS.filter(lambda found: len(found) < 5),
    buffers=st.tuples(*[st.sampled_from([0, 30, 60])] * 3),
)
def test_parts_and_wholes_keep_the_larger_buffer(
    demands: list[list[tuple[str, int, int]]], buffers: tuple[int, int, int]
) -> None:
    """A hall and its part never meet within the larger of their buffers; two parts may (S7.4)."""
    spaces = [
        {"space_id": f"S{i}", "actor_id": "A", "part_of": "S0" if i else "", "buffer_minutes": b}
        for i, b in enumerate(buffers)
    ]
    f = built(week_of(demands, "space", {"spaces": spaces}))
    rows = sets_of(f, "law.no_overlap")
    together = {pair for _, row in rows for pair in combinations(sorted(row), 2)}
    resource = {i: int(f.candidates.resource[i - f.x.start]) for i in range(f.x.start, f.x.stop)}
    expected = set()
    for i, j in combinations(resource, 2):
        apart = {resource[i], resource[j]} == {1, 2}
        larger = max(buffers[resource[i]], buffers[resource[j]])
        if not apart and meet(spans(f, i, larger), spans(f, j, larger)):
            expected.add((i, j))
    assert together == expected
    for key, row in rows:
        if key[1] == "pair":
            i, j = sorted(row)
            own = (spans(f, c, buffers[resource[c]]) for c in (i, j))
            assert buffers[resource[i]] != buffers[resource[j]]
            assert not meet(*own)


def test_a_chain_of_uses_has_one_row_for_each_maximal_set() -> None:
    """9-11, 10-12, 11-13: two rows of two, at 10 and at 11; 9 and 11 do not meet (S7.3)."""
    demands = [[(DAYS[0], start, 4)] for start in (18, 20, 22)]
    volunteer = {"volunteer_id": "V", "actor_id": "A"}
    f = built(week_of(demands, "volunteer", {"volunteers": [volunteer]}))
    first = f.x.start
    assert sets_of(f, "law.no_overlap") == [
        (("law.no_overlap", "V", "600"), frozenset({first, first + 1})),
        (("law.no_overlap", "V", "660"), frozenset({first + 1, first + 2})),
    ]
    assert np.all(f.upper[f.x] == 1)
