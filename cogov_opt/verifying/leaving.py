"""The most a plan may be worth that does something else, by prices and trees (S12.7, S10.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from . import trees

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .bounds import Ground
    from .case import Case
    from .parts import Part, Parts

    Item = TypeVar("Item")
    Most = Callable[[Ground, trees.Priced, Item, int], "int | None"]
    """Within some bounds, by what prices say there, for g: None where nothing does it."""
    InParts = Callable[[Parts, Item], "dict[int, Callable[[Part, Ground], Item]]"]
    """By the number of a part, what the item is there."""


def most_left(
    case: Case, at: Ground, number: int, items: Sequence[Item], most: Most[Item],
    in_parts: InParts[Item],
) -> list[int | None]:  # fmt: skip
    """Give for each item the most that prices and trees leave; None where nothing does it."""
    proof = case.proofs[number]
    reduced = {at.column_at[key]: v for key, v in proof.reduced.items() if v}
    prices = [(at.row_at[key], y) for key, y in proof.prices.items()]
    whole = trees.Priced(proof.scale, proof.bound_scaled, reduced, prices, own=True)
    found = [most(at, whole, item, proof.step) for item in items]
    if proof.tree is None:
        return found
    if "parts" in proof.tree:
        other = _by_parts(case, number, items, most, in_parts)
    else:
        goals = [trees.goal_of(at, p, p.floor) for p in case.proofs[:number]]
        goals.append(trees.goal_of(at, proof, proof.value))
        walk = trees.Walk(at, goals, proof.value, proof.step)
        other = _by_leaves(walk, proof.tree, items, most)
    return [None if a is None else min(a, b) for a, b in zip(found, other, strict=True)]


def _by_leaves(
    walk: trees.Walk, tree: dict[str, object], items: Sequence[Item], most: Most[Item]
) -> list[int]:
    """Give what the leaves of a tree leave; what was cut off is worth a step less."""
    under = walk.value - walk.step
    found = [under] * len(items)

    def look(leaf: trees.Priced) -> None:
        if not leaf.own:
            return
        here = walk.step * (leaf.bound // (leaf.scale * walk.step))
        for i, item in enumerate(items):
            if found[i] < here:
                worth = most(walk.at, leaf, item, walk.step)
                found[i] = max(found[i], under if worth is None else worth)

    walk.look = look
    walk.through(tree)
    return found


def _by_parts(
    case: Case, number: int, items: Sequence[Item], most: Most[Item], in_parts: InParts[Item]
) -> list[int]:
    """Give what is left where an item is one of a part: the bounds of the others stand."""
    proof = case.proofs[number]
    parts = proof.parts
    if parts is None:
        raise ValueError("no parts")
    asked: dict[int, list[tuple[int, Callable[[Part, Ground], Item]]]] = {}
    for i, item in enumerate(items):
        for place, make in in_parts(parts, item).items():
            asked.setdefault(place, []).append((i, make))
    reached: dict[int, int] = {}
    for place, pairs in asked.items():
        part = parts.found[place]
        beside = parts.bound - part.bound
        left = _in_part(case, number, part, [make for _, make in pairs], most)
        for (i, _), worth in zip(pairs, left, strict=True):
            reached[i] = max(reached.get(i, beside + worth), beside + worth)
    under = proof.value - proof.step
    return [reached.get(i, under) for i in range(len(items))]


def _in_part(
    case: Case, number: int, part: Part, makes: list[Callable[[Part, Ground], Item]],
    most: Most[Item],
) -> list[int]:  # fmt: skip
    """Give what is left of a part."""
    walk = part.walk(case.proofs[: number + 1])
    own, step, under = walk.own, part.step, part.value - part.step
    items = [make(part, walk.at) for make in makes]
    by_prices = walk.priced(own.costs, own.scale, own.prices, own=True)
    found = [most(walk.at, by_prices, item, step) for item in items]
    if part.tree is not None:
        other = _by_leaves(walk, part.tree, items, most)
        found = [None if a is None else min(a, b) for a, b in zip(found, other, strict=True)]
    return [under if worth is None else worth for worth in found]
