"""What prices and trees prove of one unit more or less in a coupled plan (convention S10.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import feasibility
from .bounds import ground
from .leaving import most_left

if TYPE_CHECKING:
    from . import trees
    from .bounds import Ground
    from .case import Case, StageProof
    from .parts import Parts
    from .priced import Key, Row

MORE, LESS = "more", "less"
MEASURES = frozenset(["units", "minutes", "slots"])
LINKS = frozenset([("law.set", "link"), ("law.set", "once"), ("law.money", "link")])
OF_NEEDS = frozenset(
    [*(("law.set", name) for name in ("need", "least", "most", "major", "people")),
     ("law.money", "balance")]
)  # fmt: skip
FUND_UNIT, HOUR = 100, 60


class Worth(NamedTuple):
    """A row of units.csv: what is gained or lost at a stage, at least and at most."""

    resource: str
    change: str
    stage: int
    least: int
    most: int | None
    proven: str


class Limit(NamedTuple):
    """A row, or a column that stands in none, with the most it may come to with a unit less."""

    row: Row | None
    column: Key
    most: int


def values(case: Case) -> list[Worth]:
    """Give every value that is not exactly 0, in no order."""
    own: dict[str, list[Row]] = {}
    beyond: set[str] = set()
    for row in case.priced.rows:
        owner = _owner(row)
        if owner is not None and row.key[0] != "stage":
            if _is_limit(row.key):
                own.setdefault(owner, []).append(row)
            elif not _left_out(row.key) and not _is_plain(row):
                beyond.add(owner)
    return [*_all_more(case, beyond), *_all_less(case, own)]


def _owner(row: Row) -> str | None:
    """Name the resource whose x columns alone stand in a row."""
    found = None
    for key, _ in row.terms:
        if key[0] == "x":
            if found not in (None, key[2]):
                return None
            found = key[2]
    return found


def _is_limit(key: Key) -> bool:
    return key[0] == "law.no_overlap" or (key[0] == "law.capacity" and key[1] in MEASURES)


def _left_out(key: Key) -> bool:
    return key[0] in ("law.capacity", "law.no_overlap") or key[:2] in LINKS


def _is_plain(row: Row) -> bool:
    """Tell whether a row is a need's, or sets one column to 0: a copy keeps it as it should."""
    of_need = row.key[:2] in OF_NEEDS or row.key[0].startswith("term.")
    return of_need or (len(row.terms) == 1 and row.upper == 0)


def _all_more(case: Case, beyond: set[str]) -> list[Worth]:
    """Give the most that a copy's unit gains, at the first stage where it may gain."""
    gains = [_gains(case, proof) for proof in case.proofs]
    found = []
    for resource in case.priced.uses:
        for proof, gained in zip(case.proofs, gains, strict=True):
            if gained[resource] > 0:
                proven = "prices" if resource in beyond else "bound"
                found.append(Worth(resource, MORE, proof.index, 0, gained[resource], proven))
                break
    return found


def _gains(case: Case, proof: StageProof) -> dict[str, int]:
    """Give for each resource the most that one unit more gains at a stage."""
    freed: dict[Key, int] = {}
    for key, price in proof.prices.items():
        if _left_out(key):
            for column, a in case.rows[key].terms:
                freed[column] = freed.get(column, 0) + price * a
    found = {}
    for resource, uses in case.priced.uses.items():
        worth = max(0, *(proof.reduced.get(k, 0) + freed.get(k, 0) for k, _ in uses))
        many = FUND_UNIT if case.facts.resources[resource].kind == "fund" else 1
        total = proof.bound_scaled + many * worth
        found[resource] = proof.step * (total // (proof.scale * proof.step)) - proof.value
    return found


def _all_less(case: Case, own: dict[str, list[Row]]) -> list[Worth]:
    """Give what one unit less loses, at the first stage where it is proven to lose."""
    full = {name: _full(case, _limits(case, name, own.get(name, []))) for name in case.priced.uses}
    losses = [
        _losses(case, ground(case.priced.columns, case.rows_of(proof.index)), k, full)
        for k, proof in enumerate(case.proofs)
    ]
    found = (_told(case, name, [lost[name] for lost in losses]) for name in full)
    return [worth for worth in found if worth is not None]


def _told(case: Case, resource: str, losses: list[int | None]) -> Worth | None:
    """Give the row of one resource; a loss is None where no limit is used up."""
    first = None
    for proof, lost in zip(case.proofs, losses, strict=True):
        if lost is not None and lost > 0:
            return Worth(resource, LESS, proof.index, lost, None, "bound")
        back = max(0, proof.value - proof.published)
        if first is None and lost is not None:
            first = Worth(resource, LESS, proof.index, 0, None, "prices")
        elif first is None and back:
            first = Worth(resource, LESS, proof.index, 0, back, "bound")
    return first


def _limits(case: Case, resource: str, rows: list[Row]) -> list[Limit]:
    """Give the limits of a resource: rows of its own, and caps of what stands in none of them."""
    fund = case.facts.resources[resource].kind == "fund"
    found: list[Limit] = []
    held: set[Key] = set()
    for row in rows:
        unit = FUND_UNIT if fund else HOUR if row.key[1] == "minutes" else 1
        found.append(Limit(row, (), max(0, (row.upper or 0) - unit)))
        held.update(key for key, _ in row.terms)
    for key, _ in case.priced.uses[resource]:
        if key not in held and case.priced.columns[key][1] > 0:
            found.append(Limit(None, key, 0))
    return found


def _full(case: Case, limits: list[Limit]) -> list[Limit]:
    """Keep the limits that neither the plan nor the one before the draw leaves a unit of."""
    plans = [case.values]
    if case.before:
        plans.append({**case.values, **case.before})
    return [
        limit for limit in limits
        if all(
            (plan.get(limit.column, 0) if limit.row is None
             else feasibility.activity(limit.row, plan)) > limit.most
            for plan in plans
        )
    ]  # fmt: skip


def _losses(
    case: Case, at: Ground, number: int, full: dict[str, list[Limit]]
) -> dict[str, int | None]:
    """Give for each resource the largest loss over its limits that a stage proves."""
    proof = case.proofs[number]
    limits = [limit for mine in full.values() for limit in mine]
    most = most_left(case, at, number, limits, _most, _in_parts)
    under = proof.value - proof.step
    lost = iter([max(0, proof.value - (under if worth is None else worth)) for worth in most])
    return {name: max([next(lost) for _ in mine]) if mine else None for name, mine in full.items()}


def _in_parts(parts: Parts, limit: Limit) -> dict[int, Any]:
    """Give a limit in the one part it is of."""
    key = limit.column if limit.row is None else limit.row.terms[0][0]
    return {parts.label[key]: lambda _, __: limit}


def _most(at: Ground, found: trees.Priced, limit: Limit, step: int) -> int | None:
    """Give the most a plan here is worth that has one unit less; None if nothing can be."""
    cost = _cost(at, found, limit)
    return None if cost is None else step * ((found.bound - cost) // (found.scale * step))


def _cost(at: Ground, found: trees.Priced, limit: Limit) -> int | None:
    """Give what one unit less costs within the bounds that hold here; None if nothing can be."""
    if limit.row is None:
        place = at.column_at[limit.column]
        low, high = at.columns.low[place], at.columns.high[place]
        v = found.reduced.get(place, 0)
        return None if low > 0 else max(v * low, v * high)
    place = at.row_at[limit.row.key]
    low, high = at.rows.low[place], at.rows.high[place]
    if low is not None and low > limit.most:
        return None
    cost: int = max(0, found.price(place)) * max(0, high - limit.most)
    return cost
