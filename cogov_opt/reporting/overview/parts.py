"""
The parts of a report: frozen rows of ids, whole numbers and sentences.

Built once from a run and written by every form: page, workbook, letters, calendars. Amounts are
whole numbers in the unit of their resource, money in minor units; texts are in one language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cogov_opt.measuring import Share


@dataclass(frozen=True, slots=True)
class Named:
    """An id and what it is called."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A recorded reason in words: what and why, who can change it, how sure that is."""

    record: str
    code: str
    short: str
    """The same in a few words, for needs that are not met; blank for others."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One interval: canonical moments, local with their offset."""

    start: str
    end: str

    @property
    def day(self) -> str:
        """Give the day it begins on (2026-09-28)."""
        return self.start[:10]

    @property
    def minutes(self) -> int:
        """Give how long it takes."""
        length = datetime.fromisoformat(self.end) - datetime.fromisoformat(self.start)
        return int(length.total_seconds()) // 60

    @property
    def clock(self) -> str:
        """Write its times of day; the day of the end too, where it is another."""
        start, end = self.start[11:16], self.end[11:16]
        if self.end[:10] == self.day:
            return f"{start}–{end}"
        return f"{start}–24:00" if self.minutes <= 1440 and end == "00:00" else (
            f"{start}–{self.end[5:10]} {end}"
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One row of the allocation: what is given, in words, and why."""

    resource: Named
    giver: Named
    kind: str
    quantity: int
    text: str
    reason: Reason | None
    buys: str = ""
    """What money pays for, in words."""


@dataclass(frozen=True, slots=True)
class NeedAccount:
    """What one need asks and gets; `reason` says why it gets less than it asks."""

    need: Named
    kind: str
    asked: int
    given: int
    uses: tuple[Use, ...]
    reason: Reason | None

    @property
    def short(self) -> int:
        """Give how much is missing."""
        return self.asked - self.given

    @property
    def paid(self) -> int:
        """Give the money of all sources together; 0 for other needs."""
        return sum(use.quantity for use in self.uses) if self.kind == "fund" else 0


@dataclass(frozen=True, slots=True)
class DemandAccount:
    """One demand: who asks, when it takes place if it does, and what each need gets."""

    demand: Named
    title: str
    actor: Named
    performer: Named
    group: Named
    area: Named
    priority: int
    points: int
    people: int
    reached: int
    served: bool
    sessions: tuple[Session, ...]
    """When it takes place; empty if it does not, or at no fixed time."""
    times: tuple[str, ...]
    """The times it asked for, in words."""
    gets: tuple[str, ...]
    needs: tuple[NeedAccount, ...]
    reason: Reason | None
    """The main reason why it is not served."""

    @property
    def attendances(self) -> int:
        """Give the visits: people reached, once for each session."""
        return self.reached * max(len(self.sessions), 1)

    @property
    def money(self) -> int:
        """Give the money of all sources."""
        return sum(need.paid for need in self.needs)

    @property
    def partly(self) -> bool:
        """Tell whether it is served with less than it asks."""
        return self.served and any(need.reason for need in self.needs)

    @property
    def reasons(self) -> tuple[tuple[Reason, tuple[str, ...]], ...]:
        """Give the reasons of what is missing, each said once, with the records that say it."""
        found: dict[tuple[str, ...], list[Reason]] = {}
        for need in self.needs:
            if need.reason:
                found.setdefault(need.reason.sentences, []).append(need.reason)
        return tuple((same[0], tuple(r.record for r in same)) for same in found.values())


@dataclass(frozen=True, slots=True)
class Refusals:
    """Demands not served for one reason, what they have in common, and who can change it."""

    code: str
    head: str
    demands: tuple[tuple[DemandAccount, str], ...]
    """Each demand with what tells its reason apart."""
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one group, area or actor asked for and got."""

    of: Named
    demands: Share
    people: Share
    points: Share
    attendances: int
    money: int
    members: tuple[DemandAccount, ...]


@dataclass(frozen=True, slots=True)
class ActorAccount:
    """What one actor asked, got and gave; `gave` and `got` hold units by kind of resource."""

    actor: Named
    kind: str
    asked: int
    served: int
    gave: dict[str, int]
    got: dict[str, int]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """Money from one source for one thing."""

    demand: Named
    buys: str
    cost_type: str
    payee: Named
    amount: int
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class FundAccount:
    """What a fund had to give, gave, and has left; own money has no fund and no limit."""

    fund: Named
    giver: Named
    free: int
    purchases: tuple[Purchase, ...]
    ties: tuple[tuple[str, str], ...]
    """What its giver allows, as names and values."""
    unspent: str
    """What becomes of the rest: return, carry, repurpose, or not stated."""
    unused: Reason | None

    @property
    def given(self) -> int:
        """Give what was given."""
        return sum(p.amount for p in self.purchases)

    @property
    def left(self) -> int:
        """Give what is left."""
        return self.free - self.given


@dataclass(frozen=True, slots=True)
class Booking:
    """One use of a volunteer, space or service, at a time or at no fixed time."""

    demand: DemandAccount
    need: Named
    session: Session | None
    quantity: int
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The bookings of one resource in order of time."""

    resource: Named
    kind: str
    giver: Named
    note: str
    capacity: int
    """Units of a service; 0 for others."""
    bookings: tuple[Booking, ...]

    @property
    def units(self) -> int:
        """Give the units of all bookings."""
        return sum(b.quantity for b in self.bookings)

    @property
    def minutes(self) -> int:
        """Give the minutes of all sessions."""
        return sum(b.session.minutes for b in self.bookings if b.session)


@dataclass(frozen=True, slots=True)
class Unused:
    """A resource nobody uses, and why."""

    resource: Named
    kind: str
    giver: Named
    reason: Reason


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: what is wanted, what the plan reaches, what is proven and what merely claimed."""

    number: int
    wanted: str
    sense: str
    reached: str
    bound: str
    gap: str
    claim: str
    sentence: str
    optimal: bool
    conditional: bool
    amounts: tuple[int, int]
    """What is reached and the bound, as whole numbers."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a goal could gain at most without a clause, and what of it is not proven anyway."""

    goal: str
    gained: str
    """In words; blank where it would gain nothing."""
    open: str
    amounts: tuple[int, int]

    @property
    def beyond(self) -> bool:
        """Tell whether the clause itself may cost something at this goal."""
        return self.amounts[0] > self.amounts[1]


@dataclass(frozen=True, slots=True)
class Side:
    """What a clause does for and against one actor or group, in words and as scaled numbers."""

    name: str
    favours: str
    burdens: str
    amounts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClauseEffects:
    """What lifting a clause could gain, whom it favours and burdens, and what is to be noted."""

    gains: tuple[Gain, ...]
    goal: str
    """The goal at which the sides are counted: the first at which the clause has a price."""
    actors: tuple[Side, ...]
    groups: tuple[Side, ...]
    finding: str

    @property
    def dearest(self) -> Gain | None:
        """Give the first goal at which the clause may cost something."""
        return next((gain for gain in self.gains if gain.beyond), None)


@dataclass(frozen=True, slots=True)
class ClauseAccount:
    """One clause of the card: what it says, who set it, and what it bound."""

    id: str
    kind: str
    firmness: str
    owner: str
    sentence: str
    because: str
    source: str
    priced: tuple[tuple[str, int, str], ...]
    """For each goal: its name, how many limits carry a price, and what they are about."""
    cited: tuple[str, ...]
    """The records it is the reason of."""
    broken: bool
    sentences: tuple[str, ...]
    """Where it comes from, and which decisions it is the reason of."""
    effects: ClauseEffects | None

    @property
    def counted(self) -> bool:
        """Tell whether it changed the outcome, as far as prices and reasons tell."""
        return bool(self.priced or self.cited or self.broken)
