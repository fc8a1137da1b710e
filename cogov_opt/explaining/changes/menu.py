"""The menu of an unmet demand: which changes would serve it, at what cost to whom (S16.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cogov_opt.explaining.changes.change import Change
from cogov_opt.explaining.changes.trial import Tried, Verdict

LISTED = 5
"""Changes that an answer lists."""
HELPS = (Verdict.SERVED, Verdict.POSSIBLE)


@dataclass(frozen=True)
class Found:
    """One change with what is known of it; `under` is the same of one size less, if it has one."""

    change: Change
    tried: Tried
    under: Tried | None = None
    cost: int = 1
    loss: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[bool, int, int, str, str]:
        """Give the order in which changes are told: proved, cheapest, least loss to others."""
        proved = self.tried.verdict is Verdict.SERVED
        return (not proved, self.cost, self.loss, self.change.kind, self.change.target)


@dataclass(frozen=True)
class Joint:
    """Several changes that serve the demand together, or all there are, with what is proved."""

    parts: tuple[Change, ...]
    """None where it is proved that not even all changes at once serve it."""
    tried: Tried
    cost: int = 0
    loss: int = 0
    dropped: tuple[str, ...] = ()


@dataclass
class Menu:
    """
    What was found for one demand.

    `none` holds for each kind proofs that its changes do not serve the demand, several at once or
    each by itself; `open` the kinds of which that is not proved, with how many changes are not
    settled; `absent` the kinds that have nothing to change; `joint` what several kinds do together,
    where no single change is found to help.
    """

    demand: str
    found: list[Found] = field(default_factory=list)
    none: dict[str, list[Tried]] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    joint: Joint | None = None

    @property
    def best(self) -> list[Found]:
        """Give the changes that help and that no other beats in cost and loss, five at most."""
        helping = [f for f in self.found if f.tried.verdict in HELPS]
        proved = [f for f in helping if f.tried.verdict is Verdict.SERVED] or helping
        return sorted(_unbeaten(proved), key=lambda f: f.rank)[:LISTED]

    @property
    def told(self) -> list[Found]:
        """Give what an answer tells: the best, and those that come level."""
        return [*self.best, *(f for f in self.found if f.tried.verdict is Verdict.MATCHED)]

    @property
    def hopeless(self) -> bool:
        """Tell whether it is proved that no change of any kind helps by itself."""
        return not self.open and not self.found


def _unbeaten(found: Sequence[Found]) -> Iterator[Found]:
    """Give those that no other beats: cheaper and no worse for others, or the other way round."""
    for one in found:
        beaten = any(
            other.cost <= one.cost
            and other.loss <= one.loss
            and (other.cost, other.loss) != (one.cost, one.loss)
            for other in found
        )
        if not beaten:
            yield one
