"""What a report says: the parts of a run, each built once and written by every form of report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cogov_opt.explaining.conflicts import conflict_lines
from cogov_opt.explaining.repairs.wording import RepairText, free_text, repair_texts
from cogov_opt.phrases import Language
from cogov_opt.recording import Run
from cogov_opt.reporting.overview import (
    clauses,
    demands,
    funds,
    goals,
    refusals,
    shares,
    timetables,
    unused,
)  # fmt: skip
from cogov_opt.reporting.overview.parts import (
    ActorAccount,
    ClauseAccount,
    DemandAccount,
    FundAccount,
    Goal,
    Refusals,
    ShareRow,
    Timetable,
    Unused,
)  # fmt: skip
from cogov_opt.reporting.overview.reasons import Reasons
from cogov_opt.reporting.view import View


@dataclass(frozen=True)
class Overview:
    """A run told in one language, part by part; each part is built when first asked for."""

    view: View
    mending: Mapping[str, Any] = field(default_factory=dict)
    """What an answer file claims would mend the conflict, best first."""

    @cached_property
    def reasons(self) -> Reasons:
        """Give the recorded reasons in words."""
        return Reasons(self.view)

    @cached_property
    def demands(self) -> dict[str, DemandAccount]:
        """Give every demand by id: what it asked, whether and when it is served, what it gets."""
        return demands.accounts(self.view, self.reasons)

    @cached_property
    def served(self) -> tuple[DemandAccount, ...]:
        """Give the served demands in order of time; those without a fixed time come last."""
        found = (d for d in self.demands.values() if d.served)
        return tuple(sorted(found, key=demands.by_time))

    @cached_property
    def refusals(self) -> tuple[Refusals, ...]:
        """Give the demands not served, by reason, the most frequent first."""
        return refusals.by_reason_told(self.view, self.demands)

    @cached_property
    def groups(self) -> tuple[ShareRow, ...]:
        """Give what each group of beneficiaries asked for and got."""
        return shares.rows(self.demands.values(), lambda d: d.group)

    @cached_property
    def areas(self) -> tuple[ShareRow, ...]:
        """Give what each area asked for and got."""
        return shares.rows(self.demands.values(), lambda d: d.area)

    @cached_property
    def applicants(self) -> tuple[ShareRow, ...]:
        """Give what each actor asked for, and how much of that is served."""
        return shares.rows(self.demands.values(), lambda d: d.actor)

    @cached_property
    def actors(self) -> tuple[ActorAccount, ...]:
        """Give what each actor asked, got and gave."""
        return shares.actor_accounts(self.view)

    @cached_property
    def funds(self) -> tuple[FundAccount, ...]:
        """Give what each fund paid for; the performers' own money comes last."""
        return funds.accounts(self.view, self.demands, self.reasons)

    @cached_property
    def timetables(self) -> tuple[Timetable, ...]:
        """Give the bookings of each volunteer, space and service in use, in order of id."""
        return timetables.timetables(self.view, self.demands, self.reasons)

    @cached_property
    def unused(self) -> tuple[Unused, ...]:
        """Give the resources nobody uses."""
        return unused.unused(self.view, self.reasons)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Give each goal with what is reached, proven and claimed; none of a procedure."""
        return goals.goals(self.view)

    @cached_property
    def clauses(self) -> tuple[ClauseAccount, ...]:
        """Give every clause of the card, and what it bound."""
        return clauses.accounts(self.view)

    @cached_property
    def conflict(self) -> tuple[tuple[int, str], ...]:
        """Say why there is no plan, as lines with their depth; none where there is a plan."""
        view = self.view
        return tuple(conflict_lines(view.run, view.names, view.language))

    @cached_property
    def repairs(self) -> tuple[RepairText, ...]:
        """Give the single changes that would mend the conflict, best first; none if not given."""
        return tuple(repair_texts(self.view.run, self.mending, self.view.language))

    @cached_property
    def free(self) -> str:
        """Say what the repairs are held against; blank where against nothing."""
        return free_text(self.view.run, self.mending, self.view.language)


def overview(
    run: Run, language: Language = "en", mending: Mapping[str, Any] | None = None
) -> Overview:
    """
    Read a run as the parts of a report, in one language.

    Only the run is read, and the repairs of its conflict where they are given: no solver, no other
    data, no clock.
    """
    return Overview(View(run, language), mending or {})


__all__ = ["Overview", "overview"]
