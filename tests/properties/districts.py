"""Weeks side by side in one dataset: districts that share nothing, so that all falls apart."""

from __future__ import annotations

from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from tests.lies.large_money import CARD, money_week

OWN = ("_id", "pays_for", "purpose", "purposes")
FIRST = "[[objective]]"
URGENT = f"""[[objective]]
sense = "maximise"
terms = [{{ term = "served_points", weight = 1, where = {{ demand.priority = [1, 2, 3] }} }}]
{FIRST}"""
"""A goal before the other: its row joins what it counts, unless it is settled."""
SHARED = f"""[[objective]]
sense = "maximise"
terms = [{{ term = "max_min_share", weight = 1, measure = "demands", each = ["demand.purpose"] }}]
{FIRST}"""
"""A share before the other: its level joins everything, until it is settled."""
FIRSTS = (FIRST, URGENT, SHARED, FIRST)


def districts_week(seed: int, count: int = 2) -> Tables:
    """Make some weeks of sets that share neither people nor money."""
    weeks = [money_week(4 * seed + k, 100, 4 + (seed + k) % 3, rich=True) for k in range(count)]
    tables = {
        name: Table(name, _side_by_side([w.tables[name] for w in weeks]), Source(f"{name}.csv"))
        for name in weeks[0].tables
    }
    return Tables(weeks[0].package, tables, "districts", units="minor")


def districts_card(seed: int) -> str:
    """Write a card of one goal or of two, every other time with a draw."""
    card = CARD.replace(FIRST, FIRSTS[seed // 2 % 4])
    return card if seed % 2 else card.replace("draw = false\n", "")


def _side_by_side(tables: list[Table]) -> dict[str, TextColumn]:
    names = list(dict.fromkeys(name for t in tables for name in t.columns))
    found: dict[str, list[str]] = {name: [] for name in names}
    for district, table in zip("ABC", tables, strict=False):
        cells = zip(*table.columns.values(), strict=True)
        rows = [dict(zip(table.columns, row, strict=True)) for row in cells]
        for row in rows:
            own = table.name == "codes" and row["vocabulary"] == "purpose"
            if table.name == "codes" and district != "A" and not own:
                continue
            for name in names:
                value = row.get(name, "")
                if value not in ("", "none") and (name.endswith(OWN) or (own and name == "code")):
                    value = ";".join(f"{district}{one}" for one in value.split(";"))
                found[name].append(value)
    return {name: TextColumn.of(values) for name, values in found.items()}
