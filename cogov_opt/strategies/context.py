"""What every strategy is given, and what it must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cogov_opt.domain.decision import Cancel, Decision, Limits
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.solving.events import Event

Isolation = Literal["child", "none"]
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Context:
    """
    How a strategy is to work; nothing here is hidden state.

    `options` are those of the card with the caller's put over them: they stand in the run, so a
    strategy refuses (UnsupportedError) any it does not know.
    """

    strategy: str
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    isolation: Isolation = "child"
    on_event: OnEvent | None = None
    cancel: Cancel | None = None
    lots: Mapping[str, Any] | None = None
    """A finished draw of lots, checked; its digest stands in the options."""

    def tell(self, kind: str, **values: int | str) -> None:
        """Tell the caller what happens, if anybody listens."""
        if self.on_event is not None:
            self.on_event(Event(kind, values))

    @property
    def cancelled(self) -> bool:
        """Tell whether the caller has asked to stop."""
        return self.cancel is not None and self.cancel.is_set()


class Strategy(Protocol):
    """A strategy: a module, or the object an entry point of `cogov_opt.strategies` gives."""

    @property
    def api(self) -> int:
        """Give the version of this protocol it was written for: 1."""

    @property
    def name(self) -> str:
        """Give the name a card calls it by."""

    @property
    def version(self) -> str:
        """Give its own version; it stands in the run."""

    def allocate(self, instance: Instance, policy: Policy, context: Context) -> Decision:
        """Decide who gets what."""
