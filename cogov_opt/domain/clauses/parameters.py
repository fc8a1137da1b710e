"""What the parameter contracts of all clause kinds have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Measure = Literal[
    "demands", "assignments", "units", "minutes", "slots", "money", "people", "points"
]
Base = Literal["asked", "available", "given", "standing"]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Parameters(BaseModel):
    """
    Parameters of one clause, beside `where` and the fields every clause has.

    Selectors inside parameters (`must`, `only`) arrive as tuples of policy lines; money arrives
    in minor units.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, strict=True
    )


class Bounded(Parameters):
    """Parameters of a clause that bounds a measure by group and period (S8.5)."""

    each: tuple[str, ...] = ()
    per: Literal["day", "week", "month", "year", "horizon"] | int = "horizon"
    """A calendar period, or the days of a rolling window."""
    measure: Measure
    of: Base | None = None

    @property
    @abstractmethod
    def bound(self) -> int | None:
        """Give the absolute bound, or None if it is a percentage."""

    @property
    @abstractmethod
    def percent(self) -> int | None:
        """Give the percentage, or None if the bound is absolute."""

    @model_validator(mode="after")
    def _one_bound(self) -> Any:
        """Hold the card to exactly one bound, with a base iff it is a percentage."""
        if (self.bound is None) == (self.percent is None):
            raise ValueError("one_bound")
        if (self.percent is None) != (self.of is None):
            raise ValueError("percent_needs_of")
        if self.of == "available" and self.measure in ("demands", "people", "points"):
            raise ValueError("available_of_demands")
        return self
