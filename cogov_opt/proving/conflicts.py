"""
A conflict as evidence: which rows can be given up, and what was found, by meaning (S10.8).

Nothing a search brings back is believed: the sum is added up and every witness is held against
the rows here, and again by the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.conflict import Conflict, Leaf, Parts, Proof, Sparse, Split
from cogov_opt.domain.formulation import Formulation, Key
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Policy
from cogov_opt.solving import exact

COUNTING = ("limit", "guarantee", "pin")
"""Kinds whose rows can be given up one by one."""
ENTRIES = 20_000
"""Plans of more entries than this are not written down part by part."""


def parts_of(formulation: Formulation, policy: Policy) -> Parts:
    """Tell which rows belong to hard clauses; soft ones can always be kept at their penalty."""
    hard = {c.id: (i, c.kind) for i, c in enumerate(policy.clauses) if not c.soft}
    of_row = np.full(len(formulation.row_lower), -1)
    clause: list[int] = []
    row: list[int] = []
    whole: dict[int, int] = {}
    starts = formulation.rows.starts.tolist()
    for start, block in zip(starts, formulation.rows.blocks, strict=False):
        found = hard.get(block.prefix[0])
        if found is None or not block.count:
            continue
        members = np.arange(start, start + block.count)
        if found[1] in COUNTING:
            of_row[members] = len(clause) + np.arange(block.count)
            clause.extend([found[0]] * block.count)
            row.extend(members.tolist())
            continue
        if found[0] not in whole:
            whole[found[0]] = len(clause)
            clause.append(found[0])
            row.append(-1)
        of_row[members] = whole[found[0]]
    return Parts(of_row, np.array(clause, np.int64), np.array(row, np.int64))


def checked(f: Formulation, parts: Parts, found: Conflict) -> Conflict | None:
    """Keep of a conflict what the rows bear out; None if its sum proves nothing it says."""
    proof = _sound_proof(f, parts, found)
    tree = found.tree if _is_whole(f, parts, found) else ()
    if (found.proof and not proof) or (found.tree and not tree):
        return None
    without = {
        c: plan for c, plan in found.without.items()
        if c in found.clauses and _keeps(f, parts, parts.of_clauses(found.clauses - {c}), plan)
    }  # fmt: skip
    without_part = {
        p: plan for p, plan in found.without_part.items()
        if p in found.parts and _keeps(f, parts, found.parts - {p}, plan)
    }  # fmt: skip
    if sum(map(len, without_part.values())) > ENTRIES:
        without_part = {}
    return Conflict(found.clauses, found.parts, proof, tree, without, without_part, found.hall)


def _sound_proof(f: Formulation, parts: Parts, found: Conflict) -> tuple[tuple[int, int], ...]:
    """Give the proof if it is below 0 and speaks of the law and of the parts only."""
    known = all(0 <= row < len(f.row_lower) for row, _ in found.proof)
    if not found.proof or not known or not parts.used(found.proof) <= found.parts:
        return ()
    return found.proof if _sum(f, found.proof) < 0 else ()


def _is_whole(f: Formulation, parts: Parts, found: Conflict) -> bool:
    """Tell whether every leaf of a tree is proved empty within its own box, and none is missing."""
    if not found.tree or not parts.used_by(found.tree) <= found.parts:
        return False
    waiting = [(f.lower, f.upper)]
    for node in found.tree:
        if not waiting:
            return False
        low, high = waiting.pop()
        if isinstance(node, Split):
            below, above = high.copy(), low.copy()
            below[node.column], above[node.column] = node.most, node.most + 1
            waiting += [(above, high), (low, below)]
        elif _sum(replace(f, lower=low, upper=high), node.proof) >= 0:
            return False
    return not waiting


def _sum(f: Formulation, proof: Proof) -> int:
    """Give a Farkas sum."""
    prices = np.zeros(len(f.row_lower), dtype=object)
    for row, number in proof:
        prices[row] = number
    return exact.priced(f, np.zeros(len(f.lower), np.int64), prices, 1).bound


def _keeps(f: Formulation, parts: Parts, kept: frozenset[int], plan: Sparse) -> bool:
    """Tell whether a plan keeps every column's bounds, the law and some parts."""
    if not all(0 <= j < len(f.lower) for j, _ in plan):
        return False
    x = vector(f, plan)
    if ((x < f.lower) | (x > f.upper)).any():
        return False
    sums = exact.activity(f.matrix, x)
    broken = (sums < f.row_lower) | (sums > f.row_upper)
    return not bool((broken & ~parts.given_up(kept)).any())


def vector(f: Formulation, plan: Sparse) -> IntArray:
    """Give a plan as a full vector."""
    x = np.zeros(len(f.lower), np.int64)
    for j, value in plan:
        x[j] = value
    return x


def detail(f: Formulation, policy: Policy, parts: Parts, found: Conflict) -> Mapping[str, Any]:
    """Give a conflict as `certificate.json` tells it (S10.8)."""
    farkas, tree = _named(f, found.proof), [_node(f, node) for node in found.tree]
    asked, can = _asked_and_can(f, found)
    told = {
        "kind": _kind(found),
        "asked": str(asked),
        "can": str(can),
        "clauses": sorted(policy.clauses[c].id for c in found.clauses),
        "parts": sorted((_part(f, policy, parts, p) for p in found.parts), key=canonical_json),
        "minimal": found.clauses == found.without.keys(),
        "parts_minimal": found.parts == found.without_part.keys() and bool(farkas or tree),
        "witnesses": _witnesses(f, policy, parts, found),
    }
    return {"conflict": told} | ({"tree": tree} if tree else {"farkas": farkas} if farkas else {})


def _kind(found: Conflict) -> str:
    """Say what kind of proof there is."""
    if found.tree:
        return "tree"
    return "claimed" if not found.proof else "hall" if found.hall else "farkas"


def _named(f: Formulation, proof: Proof) -> list[list[Any]]:
    return [[list(f.rows.key(row)), str(number)] for row, number in proof]


def _node(f: Formulation, node: Split | Leaf) -> list[Any]:
    """Write a node: a column with its bound for a split, a sum for a leaf."""
    if isinstance(node, Split):
        return ["split", list(f.columns.key(node.column)), str(node.most)]
    return ["leaf", _named(f, node.proof)]


def _asked_and_can(f: Formulation, found: Conflict) -> tuple[int, int]:
    """Give the two sides of the sum: what is asked, and the most that can be done about it."""
    prices = np.zeros(len(f.row_lower), dtype=object)
    for row, number in found.proof:
        prices[row] = number
    nothing = np.zeros(len(f.lower), np.int64)
    priced = exact.priced(f, nothing, prices, 1)
    asked = -sum(y * int(f.row_lower[row]) for row, y in found.proof if priced.prices[row] < 0)
    return asked, asked + priced.bound


def _part(f: Formulation, policy: Policy, parts: Parts, part: int) -> list[str]:
    """Name a part: the key of its row, or its clause where it is all of that."""
    row = int(parts.row[part])
    return list(f.rows.key(row)) if row >= 0 else [policy.clauses[int(parts.clause[part])].id]


def _witnesses(
    f: Formulation, policy: Policy, parts: Parts, found: Conflict
) -> list[dict[str, Any]]:
    """Write each plan that keeps all but one: first the clauses, then the parts."""
    told: list[tuple[str, list[str], Sparse]] = [
        ("clause", [policy.clauses[c].id], plan) for c, plan in found.without.items()
    ]
    told += [("part", _part(f, policy, parts, p), plan) for p, plan in found.without_part.items()]
    told.sort(key=lambda w: (w[0], canonical_json(w[1])))
    return [
        {"of": of, "without": key, "plan": _pairs((f.columns.key(j), v) for j, v in plan)}
        for of, key, plan in told
    ]  # fmt: skip


def _pairs(items: Any) -> list[list[Any]]:
    """Give keys and numbers, sorted by the canonical JSON of the key."""
    found: list[tuple[Key, int]] = list(items)
    return [[list(k), str(v)] for k, v in sorted(found, key=lambda p: canonical_json(list(p[0])))]
