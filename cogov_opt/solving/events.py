"""What a solve tells while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its kind and plain values, ids only and no personal data."""

    kind: str
    values: Mapping[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write the event on one line, for `on_event=print`."""
        return " ".join([self.kind, *(f"{k}={v}" for k, v in self.values.items())])
