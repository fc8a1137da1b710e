"""
Several districts in one workbook: weeks of riverside's kind side by side that share nothing.

What falls apart should cost what its parts cost together: trees add up where one tree over all of
it would multiply, and so does the search.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import fresh
from benchmarks.trees import prove

CARD, LEAVES = "efficient", 300
SEEDS = (2, 3, 4)

WEEK = Path(__file__).resolve().parent.parent / "datasets" / "riverside"
if str(WEEK) not in sys.path:
    sys.path.append(str(WEEK))

from generate import make, package  # type: ignore[import-not-found] # noqa: E402
from riverside_week.scarcity import Scarcity  # type: ignore[import-not-found] # noqa: E402
from riverside_week.week import COLUMNS, Row  # type: ignore[import-not-found] # noqa: E402

ALL = "ALL"
"""Everybody in a district stands below this actor, which has and asks nothing."""
ROOT = "riverside"
"""The area around all others of a week."""
NAMED = frozenset(
    ["actor_id", "parent_id", "resource_id", "demand_id", "need_id", "agreement_id", "giver_id",
     "taker_id", "volunteer_id", "performer_id", "fund_id", "service_id", "space_id", "part_of",
     "pays_for"]
)  # fmt: skip
AREAS = frozenset(["area", "areas", "serves_areas"])
"""Columns of the district's own names: of what has an id, and of areas."""


def district(name: str, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Give the tables of a week with names of their own, so that nobody outside may be asked."""
    found = {
        table: [_own(name, row) for row in rows]
        for table, rows in tables.items() if table not in ("provenance", "codes")
    }  # fmt: skip
    head = {"actor_id": f"{name}-{ALL}", "name": name, "kind": "subdistrict_office"}
    blank = dict.fromkeys(COLUMNS["actors"].split(), "")
    for row in found["actors"]:
        row["parent_id"] = row["parent_id"] or head["actor_id"]
    found["actors"].insert(0, blank | head | {"area": f"{name}_{ROOT}"})
    for row in found["agreements"]:
        row["taker_id"] = head["actor_id"] if row["taker_id"] == "*" else row["taker_id"]
    for row in found["funds"]:
        row["areas"] = row["areas"] or f"{name}_{ROOT}"
    found["codes"] = [
        _own_code(name, row) if row["vocabulary"] == "area" else row for row in tables["codes"]
    ]
    return found


def _own(name: str, row: Row) -> Row:
    """Give a row with the district's own names."""
    row = dict(row)
    for column, value in row.items():
        if value in ("", "*", "none") or column not in NAMED | AREAS:
            continue
        mark = f"{name}_" if column in AREAS else f"{name}-"
        row[column] = ";".join(mark + one for one in value.split(";"))
    return row


def _own_code(name: str, row: Row) -> Row:
    """Give the code of an area, below another of the district's if it is."""
    parent = row["parent"] and f"{name}_{row['parent']}"
    return row | {"code": f"{name}_{row['code']}", "parent": parent}


def write(folder: Path, seeds: tuple[int, ...], scarcity: Scarcity | None = None) -> None:
    """Write the weeks of some seeds as the districts of one dataset."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [district(f"D{at}", make(seed, scarcity)) for at, seed in enumerate(seeds)]
    head = package()
    head["resources"] = [r for r in head["resources"] if r["name"] != "provenance"]
    text = json.dumps(head, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    for table in parts[0]:
        rows = [row for part in parts for row in part[table]]
        if table == "codes":
            rows = list({(row["vocabulary"], row["code"]): row for row in rows}.values())
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table].split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def districts(seeds: tuple[int, ...], card: str) -> dict[str, Any]:
    """Decide and prove the weeks of some seeds side by side."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), seeds)
        return prove(name, card, LEAVES, refuse=True)


def measure(ask: Ask) -> list[Figure]:
    """Decide weeks alone and side by side: what they cost together, and what is left open."""
    count = 2 if ask.tiny else len(SEEDS)
    apart = [fresh("benchmarks.districts:districts", (seed,), CARD) for seed in SEEDS[:count]]
    figures = []
    for many in range(2, count + 1):
        found = fresh("benchmarks.districts:districts", SEEDS[:many], CARD)
        for name in ("solve", "trees", "refusals"):
            alone = sum(one[name] for one in apart[:many])
            figures.append(
                Figure(f"districts/{many}", name, found[name] / alone, "x", "the weeks alone", 1.5,
                       note=f"{found[name]:.1f} s against {alone:.1f} s")
            )  # fmt: skip
        left = sum(s["left"] for s in found["stages"])
        figures.append(Figure(f"districts/{many}", "left open", left, "", "", 0))
        alone = sum(one["refused"] for one in apart[:many])
        figures.append(
            Figure(f"districts/{many}", "refused", found["refused"], "", "the weeks alone", alone,
                   at_least=True)
        )  # fmt: skip
    return figures


CASES = (Case("districts", "weeks that share nothing side by side, against each alone", measure),)
