"""Which of many changes a plan needs: the fewest under which it still stands (S16.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.explaining.asking.edits import Edit
from cogov_opt.explaining.changes.change import Change, Ladder
from cogov_opt.explaining.changes.trial import Better, Trial

Item = Ladder | Change
FEW = 4
"""Where a plan seems to need more changes, one is sought that needs fewer."""


def topmost(item: Item) -> Change:
    """Give a change, a ladder at its top."""
    return item.made(item.top) if isinstance(item, Ladder) else item


def edits_of(items: Sequence[Item]) -> list[Edit]:
    """Give the edits of some changes at once, ladders at their top."""
    return [edit for item in items for edit in topmost(item).edits]


def needed(trial: Trial, items: Sequence[Item], better: Better) -> tuple[list[Item], Better]:
    """
    Find changes without any of which a better plan does not stand any more.

    Parameters
    ----------
    items
        The changes under which it stands.
    better
        The plan, of what was built with all of them.

    Returns
    -------
    The changes, and the plan that needs them: another one where the first needed many.
    """
    near = list(_touched(trial, items, better))
    if len(near) > FEW:
        better = trial.sparing(better)
        near = list(_touched(trial, items, better))

    def holds(kept: Sequence[Item]) -> bool:
        return trial.stands(edits_of(kept), better.formulation, better.plan)

    if len(near) < len(items) and holds(near):
        items = near
    return _fewest(holds, [], list(items), fresh=True), better


def _fewest(
    holds: Callable[[Sequence[Item]], bool], kept: list[Item], items: list[Item], *, fresh: bool
) -> list[Item]:
    """Give what of some items is needed beside those kept (Junker's QuickXplain)."""
    if not items or (fresh and holds(kept)):
        return []
    if len(items) == 1:
        return items
    half = len(items) // 2
    first, second = items[:half], items[half:]
    right = _fewest(holds, [*kept, *first], second, fresh=True)
    left = _fewest(holds, [*kept, *right], first, fresh=bool(right))
    return [*left, *right]


def smallest(trial: Trial, parts: Sequence[Item], better: Better) -> list[Change]:
    """Give each part at the least size at which a plan still stands, the others as they are."""
    found: list[Change] = []
    for place, part in enumerate(parts):
        if not isinstance(part, Ladder):
            found.append(part)
            continue
        others = edits_of(parts[place + 1 :]) + [e for c in found for e in c.edits]
        low, high = 0, part.top
        while high - low > 1:
            size = (low + high) // 2
            fits = trial.stands([*part.made(size).edits, *others], better.formulation, better.plan)
            low, high = (low, size) if fits else (size, high)
        found.append(part.made(high))
    return found


def _touched(trial: Trial, items: Sequence[Item], better: Better) -> Iterator[Item]:
    """Give the changes that name something the plan does and the decided data do not allow."""
    names = set(_beyond(trial.about.decision.formulation, better.formulation, better.plan))
    for item in items:
        if any(names & set(_named(edit)) for edit in topmost(item).edits):
            yield item


def _named(edit: Edit) -> Iterator[str]:
    """Give the texts by which an edit may be known in the key of a column or a row."""
    if edit[0] == "lift":
        yield str(edit[1])
    elif edit[0] == "add":
        yield from map(str, edit[2].values())
    else:
        yield from map(str, edit[2])


def _beyond(old: Formulation, new: Formulation, plan: IntArray) -> Iterator[str]:
    """Give the texts in the keys of columns that are new, and of rows that the plan breaks."""
    known = old.columns.index
    carried = np.zeros(len(old.columns), np.int64)
    for j in np.flatnonzero(plan[: len(new.columns)]).tolist():
        key = new.columns.key(j)
        place = known.get(key)
        if place is None:
            yield from key
        else:
            carried[place] = plan[j]
    for row in old.violated(carried):
        yield from row
