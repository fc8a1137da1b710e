"""Lies about branch trees: leaves, splits, prices in them, and what is said of them (S10.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lies.copies import Copy
from tests.lies.telling import CERTIFICATE, RECORDS, RUN, encoded, lie, optimised, other

Tree = dict[str, Any]
OF_TREE = "tree record"
"""A tree may stand with other prices in a leaf; what its leaves say of losses is then another."""
NO_TREE = "bound tree stage_order"


def in_tree(c: Copy, change: Callable[[Tree], bool]) -> bool:
    """Change the tree of a stage, if any stage has one."""
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    there = [stage["tree"] for stage in value["stages"] if "tree" in stage]
    trees = [tree for whole in there for tree in whole.get("parts", [whole])]
    if not trees or not change(c.dice.pick(trees)):
        return False
    c.put(CERTIFICATE, value)
    return True


def own_steps(tree: Tree) -> list[list[Any]]:
    """Give the steps that hold prices of their own."""
    found = [s for node in tree["nodes"] for s in node[0] if isinstance(s, list)]
    return [s for s in found if s[0] != "cut" and s[1]]


def cuts(tree: Tree) -> list[list[Any]]:
    """Give the steps that add a row."""
    return [s for s in tree["nodes"][0][0] if s[0] == "cut"]


@lie("tree", "tree")
def leaf_left_out(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        leaves = [i for i, node in enumerate(tree["nodes"]) if len(node) == 1]
        del tree["nodes"][c.dice.pick(leaves)]
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def leaf_told_twice(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        at = c.dice.number(0, len(tree["nodes"]) - 1)
        tree["nodes"].insert(at, tree["nodes"][at])
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def leaves_exchanged(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        nodes = tree["nodes"]
        leaves = [i for i, node in enumerate(nodes) if len(node) == 1]
        one, two = c.dice.pick(leaves), c.dice.pick(leaves)
        nodes[one], nodes[two] = nodes[two], nodes[one]
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def split_moved(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        splits = [node[1] for node in tree["nodes"] if len(node) == 2]
        if not splits:
            return False
        split = c.dice.pick(splits)
        split[2] = str(int(split[2]) + c.dice.pick([-1, 1, 2]))
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def split_on_another(c: Copy) -> bool:
    """The split is on a key that the tree uses elsewhere, or on one that it has to add."""

    def change(tree: Tree) -> bool:
        splits = [node[1] for node in tree["nodes"] if len(node) == 2 and node[1][0] == "column"]
        if not splits:
            return False
        split = c.dice.pick(splits)
        split[1] = c.dice.number(0, len(tree["columns"]) - 1)
        return True

    return in_tree(c, change)


@lie("tree", OF_TREE)
def leaf_price_moved(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        steps = own_steps(tree)
        if not steps:
            return False
        flat = c.dice.pick(steps)[1]
        at = 2 * c.dice.number(0, len(flat) // 2 - 1) + 1
        flat[at] = other(c, flat[at])
        return True

    return in_tree(c, change)


@lie("tree", OF_TREE)
def leaf_price_left_out(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        steps = own_steps(tree)
        if not steps:
            return False
        flat = c.dice.pick(steps)[1]
        at = 2 * c.dice.number(0, len(flat) // 2 - 1)
        del flat[at : at + 2]
        return True

    return in_tree(c, change)


@lie("tree", "tree record unit")  # a tree may hold without them: then records and units differ
def no_prices_in_any_leaf(c: Copy) -> bool:
    """Y := 0 in every leaf; the keys go with the prices, as an honest packer would have it."""

    def change(tree: Tree) -> bool:
        if cuts(tree):
            return False
        for step in own_steps(tree):
            step[1] = []
        kept = [node[1] for node in tree["nodes"] if len(node) == 2 and node[1][0] == "row"]
        used = sorted({split[1] for split in kept})
        tree["rows"] = [tree["rows"][place] for place in used]
        for split in kept:
            split[1] = used.index(split[1])
        return True

    return in_tree(c, change)


@lie("tree", OF_TREE)
def leaf_scale_changed(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        steps = own_steps(tree)
        if not steps:
            return False
        step = c.dice.pick(steps)
        step[0] = c.dice.pick([step[0] + "0", "0", "7", "1"])
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def fixing_nobody_published(c: Copy) -> bool:
    """A narrowing by prices of a stage that does not come before."""

    def change(tree: Tree) -> bool:
        c.dice.pick(tree["nodes"])[0].insert(0, c.dice.pick(["9", "0", "-1"]))
        return True

    return in_tree(c, change)


@lie("tree", "tree")
def fixing_that_settles_everything(c: Copy) -> bool:
    """Prices at the root so high that hardly a plan is left: they close nothing."""

    def change(tree: Tree) -> bool:
        if not tree["rows"]:
            return False
        step = ["1", [0, str(c.dice.pick([10**6, -(10**6)]))]]
        tree["nodes"][0][0].insert(0, step)
        del tree["nodes"][1:]
        del tree["nodes"][0][1:]
        return True

    return in_tree(c, change)


def in_cut(c: Copy, change: Callable[[Tree, list[Any]], bool]) -> bool:
    """Change one cut of a tree, if any tree has one."""

    def in_one(tree: Tree) -> bool:
        there = cuts(tree)
        return bool(there) and change(tree, c.dice.pick(there))

    return in_tree(c, in_one)


@lie("cut", OF_TREE)
def divisor_changed(c: Copy) -> bool:
    """A larger divisor rounds more away; one of 0 or less is none."""

    def change(_: Tree, cut: list[Any]) -> bool:
        cut[1] = c.dice.pick(["0", "-1", str(int(cut[1]) + 1), str(2 * int(cut[1])), cut[1] + "0"])
        return True

    return in_cut(c, change)


def in_pairs(c: Copy, cut: list[Any], part: int, change: Callable[[int], int]) -> bool:
    """Change one number of the multipliers (2) or the weights (3) of a cut."""
    flat = cut[part]
    if not flat:
        return False
    at = 2 * c.dice.number(0, len(flat) // 2 - 1) + 1
    flat[at] = str(change(int(flat[at])))
    return True


@lie("cut", OF_TREE)
def multiplier_of_the_wrong_sign(c: Copy) -> bool:
    return in_cut(c, lambda _, cut: in_pairs(c, cut, 2, lambda y: -y))


@lie("cut", OF_TREE)
def multiplier_changed(c: Copy) -> bool:
    by = c.dice.pick([-2, -1, 1, 3])
    return in_cut(c, lambda _, cut: in_pairs(c, cut, 2, lambda y: y + by))


@lie("cut", OF_TREE)
def weight_of_a_column_changed(c: Copy) -> bool:
    """Also of money, which looks continuous and no cut may tighten without paying for it."""
    by = c.dice.pick([-1, 1, 2])
    return in_cut(c, lambda _, cut: in_pairs(c, cut, 3, lambda w: w + by))


@lie("cut", OF_TREE)
def money_in_a_cut(c: Copy) -> bool:
    """A column of money is given a weight, as if a fen more were a whole unit more."""

    def change(tree: Tree, cut: list[Any]) -> bool:
        money = [k for k, key in enumerate(tree["columns"]) if key[0] in ("own", "bought")]
        free = [k for k in money if k not in cut[3][::2]]
        if not free:
            return False
        pairs = sorted([*zip(cut[3][::2], cut[3][1::2], strict=True), (c.dice.pick(free), "1")])
        cut[3] = [part for pair in pairs for part in pair]
        return True

    return in_cut(c, change)


@lie("cut", OF_TREE)
def cut_told_as_tighter(c: Copy) -> bool:
    """A side of its own, one less than what follows."""

    def change(_: Tree, cut: list[Any]) -> bool:
        cut.append("-1")
        return True

    return in_cut(c, change)


@lie("cut", OF_TREE)
def cut_left_out(c: Copy) -> bool:
    def change(tree: Tree, cut: list[Any]) -> bool:
        tree["nodes"][0][0].remove(cut)
        return True

    return in_cut(c, change)


@lie("cut", OF_TREE)
def cut_below_the_root(c: Copy) -> bool:
    def change(tree: Tree, cut: list[Any]) -> bool:
        if len(tree["nodes"]) < 2:
            return False
        c.dice.pick(tree["nodes"][1:])[0].insert(0, cut)
        return True

    return in_cut(c, change)


@lie("tree", "tree record unit")
def root_without_its_steps(c: Copy) -> bool:
    """What the root's prices settled is taken as settled all the same."""

    def change(tree: Tree) -> bool:
        had, tree["nodes"][0][0] = tree["nodes"][0][0], []
        return bool(had)

    return in_tree(c, change)


@lie("tree", "tree")
def key_of_the_tree_changed(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        name = c.dice.pick(["rows", "columns"])
        keys = c.honest.row_keys if name == "rows" else c.honest.column_keys
        free = [list(k) for k in keys if list(k) not in tree[name]]
        if not tree[name] or not free:
            return False
        tree[name][c.dice.number(0, len(tree[name]) - 1)] = c.dice.pick(free)
        if c.dice.chance(50):
            tree[name].sort(key=encoded)
        return True

    return in_tree(c, change)


def told(name: str) -> Callable[[Copy], bool]:
    """Make a lie about one number that a tree is said to have."""

    def tell(c: Copy) -> bool:
        def change(tree: Tree) -> bool:
            tree[name] = other(c, tree[name])
            return True

        return in_tree(c, change)

    tell.__name__ = f"{name}_of_a_tree"
    return tell


for _name in ("bound", "gap", "leaves", "open"):
    lie("tree", "tree")(told(_name))


@lie("tree", "tree")
def complete_or_not(c: Copy) -> bool:
    def change(tree: Tree) -> bool:
        tree["optimal"] = not tree["optimal"]
        return True

    return in_tree(c, change)


@lie("tree", NO_TREE)
def tree_taken_away(c: Copy) -> bool:
    """What the tree proved is still claimed."""
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    there = [stage for stage in value["stages"] if "tree" in stage]
    if not there:
        return False
    del c.dice.pick(there)["tree"]
    c.put(CERTIFICATE, value)
    return True


@lie("tree", "bound")
def bound_of_the_prices_told(c: Copy) -> bool:
    """run.json tells the bound of the prices where the tree proves a better one."""
    if not optimised(c):
        return False
    one, two = c.json(CERTIFICATE), c.json(RUN)
    for proof, stage in zip(one["stages"], two["stages"], strict=True):
        if "tree" in proof:
            stage["bound"], stage["gap"] = proof["bound"], proof["gap"]
            c.put(RUN, two)
            return True
    return False


def with_low(c: Copy, change: Callable[[dict[str, Any]], None]) -> bool:
    """Change a record that claims a least loss."""
    records = c.lines(RECORDS)
    there = [r for r in records if "low" in r["values"]]
    if not there:
        return False
    change(c.dice.pick(there))
    c.put_lines(RECORDS, records)
    return True


@lie("least loss", "record")
def loss_changed(c: Copy) -> bool:
    def change(record: dict[str, Any]) -> None:
        record["values"]["low"] = int(record["values"]["low"]) + c.dice.pick([-1, 1, 5])

    return with_low(c, change)


@lie("least loss", "record")
def loss_claimed_as_proven(c: Copy) -> bool:
    """A reason at prices is told as a proof, with a loss that nobody proved."""

    def change(record: dict[str, Any]) -> None:
        if record["proven"] == "bound":
            record["proven"] = "prices"
        else:
            record["values"]["low"], record["proven"] = 1, c.dice.pick(["bound", "exact"])

    return with_low(c, change)


@lie("least loss", "record")
def loss_left_out(c: Copy) -> bool:
    return with_low(c, lambda record: record["values"].pop("low"))
