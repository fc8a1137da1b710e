"""Branch certificates in certificate.json: by meaning, each key written once (S10.6, S10.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cogov_opt.domain.branching import CUT, ROWS, Node, Plain, Split, Step, Tree, from_plain
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Forest, StageCertificate
from cogov_opt.domain.formulation import Formulation, Key, Stage, all_keys


def tree_entry(formulation: Formulation, line: Stage, stage: StageCertificate) -> dict[str, Any]:
    """Give the `tree` of a stage, by part where it falls apart; empty where there is none."""
    if stage.tree is None:
        return {}
    if isinstance(stage.tree, Forest):
        return {"tree": _written_forest(stage.tree, line)}
    return {"tree": written_tree(stage.tree, stage.row_keys, formulation, line)}


def _written_forest(forest: Forest, line: Stage) -> dict[str, Any]:
    """Write the trees of the parts of a stage, each under the first key of its columns (S10.13)."""
    parts: list[dict[str, Any]] = []
    for _, part in forest.trees:
        alone = replace(line, constant=0)
        written = written_tree(part.tree, all_keys(part.system.rows), part.system, alone)
        parts.append({"part": list(name_of(part.system)), **written})
    parts.sort(key=lambda part: canonical_json(part["part"]))
    return _proved(forest, line) | {"parts": parts}


def name_of(part: Formulation) -> Key:
    """Give the name of a part: its first column key in the order of their canonical JSON."""
    return min(all_keys(part.columns), key=lambda key: canonical_json(list(key)))


def _proved(tree: Tree | Forest, line: Stage) -> dict[str, Any]:
    """Write what is proved."""
    return {
        "bound": str(line.stated(tree.bound + line.constant)),
        "gap": str(tree.bound - tree.value),
        "optimal": tree.complete,
        "leaves": str(tree.leaves),
        "open": str(tree.open_leaves),
    }


def written_tree(
    tree: Tree, row_keys: Sequence[Key], formulation: Formulation, line: Stage
) -> dict[str, Any]:
    """Write a tree of a goal, its rows by the keys of the system it was grown on."""
    nodes = list(tree.root.walk())
    splits = [n.split for n in nodes if n.split is not None]
    rows = tree.root.rows
    columns = {s.index for s in splits if not s.of_row}
    columns |= {j for s in tree.root.steps for j in s.columns}
    row_names = _Names([(i, row_keys[i]) for i in rows if i < len(row_keys)])
    row_names.number(range(len(row_keys), len(row_keys) + len(tree.root.cuts)))
    column_names = _Names([(j, formulation.columns.key(j)) for j in columns])
    names = row_names, column_names
    return _proved(tree, line) | {
        "rows": row_names.keys,
        "columns": column_names.keys,
        "nodes": [[[_step(s, *names) for s in n.steps], *_split(n.split, *names)] for n in nodes],
    }


class _Names:
    """Keys sorted by their canonical JSON, and the place of each index among them."""

    def __init__(self, named: Sequence[tuple[int, Key]]) -> None:
        order = sorted(named, key=lambda pair: canonical_json(list(pair[1])))
        self.keys = [list(key) for _, key in order]
        self.place = {index: place for place, (index, _) in enumerate(order)}

    def number(self, indexes: Iterable[int]) -> None:
        """Give places behind the keys to what has none: the rows of cuts, in their order."""
        self.place |= {index: place for place, index in enumerate(indexes, len(self.keys))}

    def flat(self, indexes: Sequence[int], numbers: Sequence[int]) -> list[Any]:
        """Give the place and the number of each, by rising place."""
        named = sorted(zip((self.place[i] for i in indexes), numbers, strict=True))
        return [part for place, number in named for part in (place, str(number))]


def _step(step: Step, rows: _Names, columns: _Names) -> Any:
    """Write a step: the number of a stage, or a scale and the prices by the place of their row."""
    if step.stage == ROWS:
        return "rows"
    if step.rows is None or step.prices is None:
        return str(step.stage)
    found = [str(step.scale), rows.flat(step.rows, step.prices)]
    if step.stage == CUT:
        return ["cut", *found, columns.flat(step.columns, step.weights)]
    return found


def _split(split: Split | None, rows: _Names, columns: _Names) -> list[Any]:
    """Write a split: what is split, its place among the keys, and the most of the lower half."""
    if split is None:
        return []
    names = rows if split.of_row else columns
    return [["row" if split.of_row else "column", names.place[split.index], str(split.most)]]


def tree_of_entry(
    entry: Mapping[str, Any],
    rows: Mapping[Key, int],
    columns: Mapping[Key, int],
    stage: Stage,
    value: int,
) -> Tree:
    """
    Read the `tree` of a stage back, by the index of each key; what it claims is not proved here.

    `value` is the stage's own without its constant. KeyError or ValueError for what is no tree.
    """
    row_at = [rows[tuple(key)] for key in entry["rows"]]
    column_at = [columns[tuple(key)] for key in entry["columns"]]
    cuts = sum(step[0] == "cut" for step in entry["nodes"][0][0])
    row_at += range(len(rows), len(rows) + cuts)
    plain: Plain = []
    for steps, *split in entry["nodes"]:
        plain.append([[_step_of(step, row_at, column_at) for step in steps]])
        for kind, place, most in split:
            places = row_at if kind == "row" else column_at
            plain[-1].append([int(kind == "row"), places[place], int(most)])
    root: Node = from_plain(plain, stage.index)
    bound = stage.stated(int(entry["bound"])) - stage.constant
    return Tree(root, value, bound, int(entry["leaves"]), int(entry["open"]))


def _step_of(step: Any, row_at: Sequence[int], column_at: Sequence[int]) -> int | list[Any]:
    """Read a step; rows stand in the order of their index."""
    if isinstance(step, str):
        return ROWS if step == "rows" else int(step)
    if step[0] == "cut":
        _, divisor, prices, weights = step
        return [int(divisor), _flat_of(prices, row_at), _flat_of(weights, column_at)]
    scale, flat = step
    return [int(scale), _flat_of(flat, row_at)]


def _flat_of(flat: Sequence[Any], at: Sequence[int]) -> list[int]:
    """Read pairs of place and number, by rising index."""
    pairs = sorted((at[p], int(y)) for p, y in zip(flat[::2], flat[1::2], strict=True))
    return [number for pair in pairs for number in pair]
