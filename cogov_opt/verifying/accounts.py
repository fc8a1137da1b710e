"""What each clause does to the plan, by the published prices (convention S12.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, feasibility

if TYPE_CHECKING:
    from .case import Case, StageProof
    from .policy import Clause
    from .priced import Key, Row

FILE = "accounts.json"
BARRING = ("forbid", "require", "earmark")
OF_NEEDS = ("x", "use", "bought", "own", "major")


def check(case: Case) -> None:
    """Compare every account with the one that prices and plan give."""
    told = case.opened.accounts
    if not case.proofs or not case.card.clauses:
        if told is not None:
            case.findings.add("account", FILE)
        return
    if told is None:
        case.findings.add("file", FILE)
        return
    rows: dict[str, list[Row]] = {clause.id: [] for clause in case.card.clauses}
    for row in case.priced.rows:
        if row.key[0] in rows:
            rows[row.key[0]].append(row)
    right = [_account(case, clause, rows[clause.id]) for clause in case.card.clauses]
    if set(told) != {"clauses"} or len(told["clauses"]) != len(right):
        case.findings.add("account", FILE, "clauses")
    for line, expected in zip(told["clauses"], right, strict=False):
        if canonical.encode(line) != canonical.encode(expected):
            told_line = line if isinstance(line, dict) else {}
            names = [n for n in expected if told_line.get(n) != expected[n]]
            case.findings.add("account", FILE, f"{expected['clause']} {' '.join(names)}")


def _account(case: Case, clause: Clause, rows: list[Row]) -> dict[str, Any]:
    effects = [_effect(proof, rows) for proof in case.proofs]
    first = next((k for k, (_, _, priced) in enumerate(effects) if priced), None)
    actors: dict[str, list[int]] = {}
    groups: dict[str, list[int]] = {}
    if first is not None:
        _add_sides(case, case.proofs[first], effects[first][1], actors, groups)
    owner = str(clause.values.get("owner") or "")
    favoured = sum(sides[0] for sides in actors.values())
    own = actors.get(owner, [0, 0])[0]
    return {
        "clause": clause.id,
        "rows": len(rows),
        "tight": sum(1 for row in rows if _tight(case, row)),
        "priced": len({key for _, _, priced in effects for key in priced}),
        "barred": _barred(case, clause, rows, effects),
        "gains": _gains(case, clause, effects),
        "stage": 0 if first is None else case.proofs[first].index,
        "scale": str(1 if first is None else case.proofs[first].scale),
        "actors": _written(actors),
        "groups": _written(groups),
        "finding": "owner_gains" if own * 2 > favoured else "",
    }


Effect = tuple[int, "dict[Key, int]", "list[Key]"]


def _effect(proof: StageProof, rows: list[Row]) -> Effect:
    """Give the clause's part of sum Y b, its e = Y A by column, and its rows with a price."""
    sides = 0
    on: dict[Key, int] = {}
    priced: list[Key] = []
    for row in rows:
        price = proof.prices.get(row.key, 0)
        bound = row.upper if price > 0 else row.lower
        if price and bound is not None:
            sides += price * bound
            priced.append(row.key)
            for key, coefficient in row.terms:
                on[key] = on.get(key, 0) + price * coefficient
    return sides, on, priced


def _gains(case: Case, clause: Clause, effects: list[Effect]) -> list[str]:
    """
    Give the most each stage gains without the clause.

    Where neither the prices up to here nor the tree rest on the clause, its bound holds without.
    """
    entries = (case.opened.certificate or {})["stages"]
    found, used, rested = [], False, False
    for proof, effect, entry in zip(case.proofs, effects, entries, strict=False):
        gain = _gain(case, proof, effect)
        used = used or bool(effect[2])
        rests = any(key[0] == clause.id for key in proof.tree_rows)
        rested = rested or rests
        # What falls apart does so by the proofs of the stages before.
        if not used and not (rested if "parts" in entry.get("tree", {}) else rests):
            gain = min(gain, max(0, proof.certified_bound - proof.value))
        found.append(str(gain))
    return found


def _gain(case: Case, proof: StageProof, effect: Effect) -> int:
    """Give the most the stage gains without the clause: the sum without its rows is a bound."""
    sides, on, _ = effect
    total = proof.bound_scaled - sides
    for key, e in on.items():
        lower, upper = case.priced.columns[key]
        v = proof.reduced.get(key, 0)
        total += max((v + e) * lower, (v + e) * upper) - max(v * lower, v * upper)
    bound = proof.step * (total // (proof.scale * proof.step))
    return max(0, bound - proof.value)


def _tight(case: Case, row: Row) -> bool:
    return feasibility.activity(row, case.values) in (row.lower, row.upper)


def _barred(case: Case, clause: Clause, rows: list[Row], effects: list[Effect]) -> int:
    """Count the columns switched off whose first worth without the clause is above 0."""
    if clause.kind not in BARRING or clause.soft:
        return 0
    count = 0
    for row in rows:
        for key, _ in row.terms:
            for proof, (_, on, _) in zip(case.proofs, effects, strict=True):
                worth = proof.reduced.get(key, 0) + on.get(key, 0)
                if worth:
                    count += worth > 0
                    break
    return count


def _add_sides(
    case: Case,
    proof: StageProof,
    on: dict[Key, int],
    actors: dict[str, list[int]],
    groups: dict[str, list[int]],
) -> None:
    """Add up by actor and group what the clause favours, and what it burdens."""
    for key, e in on.items():
        name = _demand(case, key)
        if name is None:
            continue
        demand = case.facts.demands[name]
        used = case.values.get(key, 0)
        left = case.priced.columns[key][1] - used
        worth = proof.reduced.get(key, 0) + e
        favours = -e * used if e < 0 else 0
        burdens = e * used if e > 0 else 0
        if e > 0 and worth > 0:
            burdens += min(e, worth) * left
        for book, at in ((actors, demand.row["actor_id"]), (groups, demand.row["group"] or "")):
            sides = book.setdefault(at, [0, 0])
            sides[0] += favours
            sides[1] += burdens


def _demand(case: Case, key: Key) -> str | None:
    """Name the demand a column is about."""
    if key[0] in ("y", "people"):
        return key[1]
    if key[0] in OF_NEEDS:
        return case.facts.needs[key[1]].demand
    return key[2] if key[0] == "award" else None


def _written(book: dict[str, list[int]]) -> list[list[str]]:
    return [[name, str(a), str(b)] for name, (a, b) in sorted(book.items()) if a or b]
