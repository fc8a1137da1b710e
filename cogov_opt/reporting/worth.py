"""What demands and funds are worth, read from a run's inputs and card (convention S8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogov_opt.recording import Run

UNSTATED_PRIORITY = "3"


def points(run: Run, card: Mapping[str, Any]) -> dict[str, int]:
    """Give the points of each demand: its own, else by the card's table."""
    table = card.get("points", {})
    return {row["demand_id"]: _of_row(row, table) for row in run.table("demands")}


def _of_row(row: Mapping[str, str], table: Mapping[str, Any]) -> int:
    """Add up the lines of one demand."""
    if row["points"]:
        return int(row["points"])
    level = row["priority"] or UNSTATED_PRIORITY
    found = int(table.get("priority", {}).get(level, 0))
    found += int(table.get("per_person", {}).get(level, 0)) * int(row["people"] or 0)
    tags = table.get("tags", {})
    return found + sum(int(tags.get(tag, 0)) for tag in row["tags"].split(";"))


def fund_free(row: Mapping[str, str]) -> int:
    """Give what a fund has to give, in minor units: its amount less what is committed."""
    return max(int(row["amount"]) - int(row["committed"] or 0), 0)
