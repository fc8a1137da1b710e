"""Which cost type of an activity pays for which of its needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cogov_opt.loading.requests_items import ItemError, Money

Need = tuple[str, str]
"""The id and the kind of a need."""


def place_money(
    found: Sequence[Money], needs: Sequence[Need], costly: Collection[str]
) -> list[tuple[Money, list[str]]]:
    """
    Give each item the needs it pays for: those of kinds that cost something.

    Raises
    ------
    ItemError
        Two items could pay for the same need, or one pays for nothing it names.
    """
    asked = {kind for _, kind in needs}
    left = [(need, kind) for need, kind in needs if kind in costly]
    placed: list[list[str]] = []
    for item in found:
        pays = [need for need, kind in left if kind in item.kinds]
        free = {kind for _, kind in left} | (asked - set(costly))
        missing = [k for k in item.kinds if k not in free]
        if missing:
            raise ItemError("request_money_kind", read=item.typed, kind=", ".join(missing))
        left = [(need, kind) for need, kind in left if need not in pays]
        placed.append(pays)
    open_ones = [k for k, item in enumerate(found) if not item.amount and not item.kinds]
    if not open_ones and len(found) == 1 and not found[0].kinds:
        open_ones = [0]
    if left and len(open_ones) > 1:
        read = ", ".join(found[k].typed for k in open_ones)
        raise ItemError("request_money_unclear", read=read)
    if open_ones:
        placed[open_ones[0]] += [need for need, _ in left]
    return list(zip(found, placed, strict=True))
