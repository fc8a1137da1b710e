"""One change that somebody could make, and the families of changes of one kind (S16.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cogov_opt.domain.policy import CHANGE_KINDS
from cogov_opt.explaining.asking.edits import Edit

KINDS = CHANGE_KINDS
"""The kinds of changes, in the order they are tried and told."""


@dataclass(frozen=True)
class Change:
    """
    One change: its kind, what it is made to, its edits, and who may grant it.

    `values` are what its sentence names; `size` counts levels, units or money where the change has
    one.
    """

    kind: str
    target: str
    edits: Sequence[Edit]
    owner: str
    values: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True)
class Ladder:
    """
    Changes of one target by size, 1 to `top`: more of it, or a higher level.

    `made(size)` gives the change of a size.
    """

    top: int
    made: Callable[[int], Change]


@dataclass(frozen=True)
class Family:
    """All changes of one kind for one demand: single ones, and ladders of sizes."""

    kind: str
    changes: Sequence[Change] = ()
    ladders: Sequence[Ladder] = ()

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing of this kind to change."""
        return not self.changes and not self.ladders

    @property
    def together(self) -> list[Edit]:
        """Give the edits of all its changes at once, ladders at their top."""
        tops = [ladder.made(ladder.top) for ladder in self.ladders]
        return [edit for change in (*self.changes, *tops) for edit in change.edits]
