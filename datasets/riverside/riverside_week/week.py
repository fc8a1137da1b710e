"""A week in the making: the dice, what never changes, and the rows so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 -- a sample is drawn from its seed

    from riverside_week.scarcity import Scarcity

MONDAY = date(2026, 9, 28)
DAYS = 7
COLUMNS = {
    "actors": "actor_id name kind area parent_id",
    "codes": "vocabulary code parent en zh sensitive",
    "volunteers": "volunteer_id actor_id area lat lon skills tags languages max_minutes "
    "min_minutes max_slots buffer_minutes cost_per_slot consent_until submitted_at",
    "credentials": "volunteer_id credential valid_from valid_until reference checked_by",
    "funds": "fund_id actor_id amount as_of committed purposes cost_types groups areas spend_from "
    "spend_until min_award max_per_demand step unspent reference",
    "spaces": "space_id actor_id space_kind part_of area lat lon seats features buffer_minutes "
    "cost_per_hour reference",
    "services": "service_id actor_id service_type unit capacity area serves_areas groups languages "
    "cost_per_unit reference",
    "availability": "resource_id start end",
    "demands": "demand_id actor_id performer_id title area lat lon group people priority points "
    "tags purpose submitted_at",
    "options": "demand_id option_id start end",
    "needs": "need_id demand_id kind quantity minimum requires cost_type pays_for own_limit "
    "points_per_unit",
    "affinities": "resource_id demand_id points use_units distance",
    "agreements": "agreement_id giver_id taker_id kind resource_id share_percent quantity per "
    "valid_from valid_until reference",
    "standing": "demand_id option_id need_id resource_id quantity status",
    "provenance": "table id field source entered_by as_of evidence",
}  # fmt: skip

Row = dict[str, Any]
Range = list[int] | tuple[int, int, int]
"""Low, high, step."""


@dataclass
class Week:
    """A week in the making: the dice, what never changes, and the rows so far."""

    dice: Random
    scarcity: Scarcity
    structure: Row
    kinds: list[Row]
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    drawn: list[tuple[Row, Row]] = field(default_factory=list)
    """Each demand's row with its kind of activity."""

    def add(self, table: str, /, **cells: Any) -> Row:
        """Append a row; columns left out stay blank."""
        row = dict.fromkeys(COLUMNS[table].split(), "") | cells
        self.tables[table].append(row)
        return row

    def within(self, bounds: Range) -> int:
        """Draw from a range [low, high, step], both ends included."""
        low, high, step = bounds
        return low + step * self.dice.randint(0, (high - low) // step)

    def chance(self, percent: int) -> bool:
        """Say yes in so many cases of a hundred."""
        return self.dice.randrange(100) < percent

    def weighted(self, weights: tuple[int, ...]) -> int:
        """Draw 1, 2, 3 ... by weight."""
        return self.dice.choices(range(1, len(weights) + 1), weights)[0]

    def maybe(self, percent: int, bounds: Range) -> int | str:
        """Draw from a range in so many cases of a hundred, else leave the cell blank."""
        return self.within(bounds) if self.chance(percent) else ""

    def near(self, area: str, decimals: int = 6) -> Row:
        """Draw a place in an area, in degrees; homes are written with three decimals only."""
        lat, lon = self.structure["places"][area]
        cells = {
            "lat": lat + self.within((-3000, 3000, 10)),
            "lon": lon + self.within((-3000, 3000, 10)),
        }
        return {key: degrees(value, decimals) for key, value in cells.items()}


def degrees(micro: int, decimals: int) -> str:
    """Write microdegrees (positive) as degrees, rounded to so many decimals."""
    rounded = (micro * 10**decimals + 500_000) // 10**6
    return f"{rounded // 10**decimals}.{rounded % 10**decimals:0{decimals}d}"


def day(index: int) -> str:
    """Write a day of the week (0 is Monday; others lie before or after)."""
    return (MONDAY + timedelta(days=index)).isoformat()


def moment(index: int, clock: str, minutes: int = 0) -> str:
    """Write a local time so many minutes after a time of day."""
    hours, past = clock.split(":")
    total = int(hours) * 60 + int(past) + minutes
    return f"{day(index)} {total // 60:02d}:{total % 60:02d}"


def money(fen: int) -> str:
    """Write an amount as people do: yuan, decimals only where there are any."""
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


def listed(items: list[str]) -> str:
    """Join the items of a list cell."""
    return ";".join(items)
