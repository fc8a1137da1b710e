"""Lies about parts: their trees exchanged, left out, told twice, refusals moved (S10.13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lies.copies import Copy
from tests.lies.telling import CERTIFICATE, lie, optimised, other

Tree = dict[str, Any]


def in_parts(c: Copy, change: Callable[[Tree, list[Tree]], bool], least: int = 1) -> bool:
    """Change what is told of the parts a stage falls into, where so many have a tree."""
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    trees = [stage["tree"] for stage in value["stages"] if "tree" in stage]
    apart = [tree for tree in trees if "parts" in tree and len(tree["parts"]) >= least]
    if not apart:
        return False
    whole = c.dice.pick(apart)
    if not change(whole, whole["parts"]):
        return False
    c.put(CERTIFICATE, value)
    return True


@lie("parts", "tree")
def trees_of_parts_exchanged(c: Copy) -> bool:
    """Each tree under the name of the other part."""

    def change(_: Tree, parts: list[Tree]) -> bool:
        parts[0]["part"], parts[1]["part"] = parts[1]["part"], parts[0]["part"]
        if c.dice.chance(50):
            parts[:2] = parts[1::-1]
        return True

    return in_parts(c, change, least=2)


@lie("parts", "tree")
def part_left_out(c: Copy) -> bool:
    """What its tree proved is still counted."""

    def change(_: Tree, parts: list[Tree]) -> bool:
        del parts[c.dice.number(0, len(parts) - 1)]
        return True

    return in_parts(c, change)


@lie("parts", "tree")
def part_told_twice(c: Copy) -> bool:
    def change(_: Tree, parts: list[Tree]) -> bool:
        at = c.dice.number(0, len(parts) - 1)
        parts.insert(at, parts[at])
        return True

    return in_parts(c, change)


@lie("parts", "tree")
def bound_moved_to_another_part(c: Copy) -> bool:
    """The sum stays: one part is told as a point better, another as a point worse."""

    def change(_: Tree, parts: list[Tree]) -> bool:
        for tree, by in zip(parts, (-1, 1), strict=False):
            for name in ("bound", "gap"):
                tree[name] = str(int(tree[name]) + by)
        return True

    return in_parts(c, change, least=2)


@lie("parts", "tree")
def part_under_another_name(c: Copy) -> bool:
    """A column of the same part that is not its first, or one of elsewhere."""

    def change(_: Tree, parts: list[Tree]) -> bool:
        tree = c.dice.pick(parts)
        keys = [list(key) for key in c.honest.column_keys if list(key) != tree["part"]]
        tree["part"] = c.dice.pick(keys)
        return True

    return in_parts(c, change)


@lie("parts", "tree")
def sum_of_the_parts(c: Copy) -> bool:
    """A bound of the stage that is not the sum of what is proved of its parts."""

    def change(whole: Tree, _: list[Tree]) -> bool:
        name = c.dice.pick(["bound", "gap", "leaves", "open"])
        whole[name] = other(c, whole[name])
        return True

    return in_parts(c, change, least=0)


@lie("parts", "tree record unit")
def tree_of_a_part_told_of_the_whole(c: Copy) -> bool:
    """
    One part's tree stands as the proof of everything.

    It may be one, where prices settle the rest; what its leaves say of losses is then another.
    """
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    apart = [s for s in value["stages"] if s.get("tree", {}).get("parts")]
    if not apart:
        return False
    stage = c.dice.pick(apart)
    tree = dict(c.dice.pick(stage["tree"]["parts"]))
    del tree["part"]
    stage["tree"] = tree | {n: stage["tree"][n] for n in ("bound", "gap")}
    c.put(CERTIFICATE, value)
    return True


def in_refusal(c: Copy, change: Callable[[Tree, list[Tree]], bool], *needed: str) -> bool:
    """Change a refusal that is proved in a part, one that tells what is needed."""
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    refusals = value.get("refusals", [])
    apart = [e for e in refusals if "part" in e and all(e[name] for name in needed)]
    if not apart or not change(c.dice.pick(apart), refusals):
        return False
    c.put(CERTIFICATE, value)
    return True


@lie("parts", "refusal")
def refused_in_another_part(c: Copy) -> bool:
    """The part of another refusal, or a column that is not the first of its own."""

    def change(entry: Tree, refusals: list[Tree]) -> bool:
        names = [e["part"] for e in refusals if e.get("part", entry["part"]) != entry["part"]]
        keys = [list(key) for key in c.honest.column_keys if list(key) != entry["part"]]
        entry["part"] = c.dice.pick(names or keys)
        return True

    return in_refusal(c, change)


@lie("parts", "refusal record")
def refused_below_what_others_may_reach(c: Copy) -> bool:
    """A bound of the whole as if another part could reach less; a tree may prove it yet."""

    def change(entry: Tree, _: list[Tree]) -> bool:
        by = c.dice.number(1, 9)
        for at in filter(None, (entry, entry.get("tree"))):
            at["bound"] = str(int(at["bound"]) - by)
        return True

    return in_refusal(c, change, "bound")


@lie("parts", "refusal record")
def refused_of_the_whole(c: Copy) -> bool:
    """What is proved in a part told of everything; it may be true, where prices are none."""

    def change(entry: Tree, _: list[Tree]) -> bool:
        del entry["part"]
        return True

    return in_refusal(c, change)
