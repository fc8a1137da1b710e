"""Official awards of the benchmark elections, and ours by the same rule."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from cogov_opt.domain.loaded import Tables
from cogov_opt.strategies.pb_greedy import award

VARIANTS = {
    "greedy_skip": "skip",
    "greedy_stop": "stop",
    "greedy_skip_threshold": "threshold",
}
"""The plain rule that gives the official outcome, by its name in INDEX.csv."""


def index_of(folder: Path) -> dict[str, dict[str, str]]:
    """Give the rows of INDEX.csv whose file is there and whose rule is one of ours."""
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    there = [r for r in rows if not r["where"].startswith("not included")]
    return {r["file"]: r for r in there if r["official_outcome_equals"] in VARIANTS}


def official(tables: Tables) -> set[str]:
    """Name the projects the city funded from this budget: column selected = 1."""
    demands = tables.tables["demands"]
    told = zip(
        demands.columns["demand_id"].cells(), demands.unknown["selected"].cells(), strict=True
    )
    return {project for project, selected in told if selected == "1"}


def ours(tables: Tables, variant: str) -> set[str]:
    """Name the projects the plain rule takes: points falling, ties in file order."""
    demands = tables.tables["demands"].columns
    ids = demands["demand_id"].cells()
    points = np.array(list(map(int, demands["points"].cells())))
    costs = [cents(c) for c in tables.tables["needs"].columns["quantity"].cells()]
    budget = cents(tables.tables["funds"].columns["amount"][0])
    least = int(tables.package["meta"].get("min_project_score_threshold", 0))
    order = np.argsort(-points, kind="stable").tolist()
    found = award(points.tolist(), costs, budget, order, variant=variant, threshold=least)
    return {ids[a.project] for a in found if a.verdict == "taken"}


def cents(text: str) -> int:
    """Give an amount in minor units."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(f"{rest:0<2}")
