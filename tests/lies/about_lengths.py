"""Lies that prove as much as before and only make a verifier work for nothing (S10.6)."""

from __future__ import annotations

from typing import Any

from tests.lies.about_trees import Tree, cuts, in_tree
from tests.lies.copies import Copy
from tests.lies.telling import CERTIFICATE, RUN, lie, optimised


def longer(root: bool, *steps: Any, times: int) -> Any:
    """Put steps in front of those of the root, or of some other node."""

    def change(tree: Tree) -> bool:
        nodes = tree["nodes"][:1] if root else tree["nodes"][1:]
        if not nodes:
            return False
        nodes[-1][0][0:0] = list(steps) * times
        return True

    return change


@lie("length", "tree")
def rows_again_and_again(c: Copy) -> bool:
    return in_tree(c, longer(True, "rows", times=51))


@lie("length", "tree")
def rows_again_below_the_root(c: Copy) -> bool:
    return in_tree(c, longer(False, "rows", times=5))


@lie("length", "tree")
def stage_named_twice(c: Copy) -> bool:
    return in_tree(c, longer(True, "1", times=2))


@lie("length", "tree")
def stage_named_below_the_root(c: Copy) -> bool:
    return in_tree(c, longer(False, "1", times=1))


@lie("length", "tree")
def cuts_without_end(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        priced = [step for step in cuts(tree) if step[2]]
        return bool(priced) and longer(True, priced[0], times=401)(tree)

    return in_tree(c, change)


@lie("length", "tree")
def more_leaves_than_the_run_allows(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        leaves.append(int(tree["leaves"]))
        return leaves[0] > 1

    leaves: list[int] = []
    if not in_tree(c, change):
        return False
    run = c.json(RUN)
    run["options"]["leaves"] = leaves[0] - 1
    c.put(RUN, run)
    return True


@lie("length", "format")
def number_without_end(c: Copy) -> bool:
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    stage = c.dice.pick(value["stages"])
    stage["scale"] += "0" * 300
    c.put(CERTIFICATE, value)
    return True
