"""The horizon: local dates, moments and minutes since its start (convention S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

REACH_DAYS = 800
"""How far from the horizon a moment may lie and still be placed."""


@dataclass(frozen=True)
class Calendar:
    """The days [start, end) in one timezone."""

    start: date
    end: date
    timezone: str

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the timezone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def origin(self) -> datetime:
        """Give the first midnight, the moment minutes are counted from."""
        return datetime.combine(self.start, time(), tzinfo=self.zone)

    @property
    def days(self) -> int:
        """Give the number of days."""
        return (self.end - self.start).days

    @property
    def first_day(self) -> int:
        """Give the ordinal of the first day."""
        return self.start.toordinal()

    @cached_property
    def midnights(self) -> NDArray[np.int64]:
        """Minutes of the midnights from REACH_DAYS before the start to REACH_DAYS after the end."""
        first = self.start - timedelta(days=REACH_DAYS)
        count = self.days + 2 * REACH_DAYS + 1
        days = (first + timedelta(days=i) for i in range(count))
        found = np.array([self.minute(datetime.combine(d, time())) for d in days], dtype=np.int64)
        found.setflags(write=False)
        return found

    def minute(self, local: datetime) -> int:
        """Give the minutes from the origin to a local time (the first, if it occurs twice)."""
        gone = local.replace(tzinfo=self.zone).astimezone(UTC) - self.origin.astimezone(UTC)
        return int(gone.total_seconds()) // 60

    def exists(self, local: datetime) -> bool:
        """Tell whether the clocks ever show this local time."""
        there = local.replace(tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)
        return there.replace(tzinfo=None) == local

    def local(self, minute: int) -> datetime:
        """Give the local time of a minute, with its offset."""
        return (self.origin.astimezone(UTC) + timedelta(minutes=minute)).astimezone(self.zone)

    def text(self, minute: int) -> str:
        """Write a minute as a canonical moment: `2026-09-28T09:00+08:00`."""
        return self.local(minute).isoformat(timespec="minutes")

    def day_of(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the ordinals of the local dates of many minutes."""
        place = np.searchsorted(self.midnights, minutes, side="right") - 1
        return place + (self.first_day - REACH_DAYS)
