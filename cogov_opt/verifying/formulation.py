"""The priced formulation from facts and card, and what prices say of it (convention S5-S10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import capacity, clauses, collecting, money, overlap, sets, terms
from .draft import Draft
from .policy import Card, CardError
from .priced import Key, Priced, Row, Stage

if TYPE_CHECKING:
    from .facts import Facts


RESERVED = frozenset({"stage", "ask"})
"""What the rows that are no clause's begin with, besides those of the law and of terms."""


def build(facts: Facts, card: Card) -> Priced:
    """Build every column, row and stage; the rows of S9.4 are added by `stage_row`."""
    with collecting.paused():
        draft = Draft(facts, card)
        for module in (sets, money, capacity, overlap):
            module.add(draft)
        _add_stages(draft, card)
        for stage in draft.priced.stages:
            if not all(stage.costs.values()):
                stage.costs = {key: cost for key, cost in stage.costs.items() if cost}
        _check_keys(draft.priced, card)
        return draft.priced


def _check_keys(priced: Priced, card: Card) -> None:
    """Refuse two rows of one key, and clauses that take the name of the law or of each other."""
    ids = [clause.id for clause in card.clauses]
    taken = [name for name in ids if name in RESERVED or name.startswith(("law.", "term."))]
    if taken or len(set(ids)) < len(ids):
        raise CardError(f"a clause id that is not its own: {(taken or sorted(ids))[0]}")
    if len({row.key for row in priced.rows}) < len(priced.rows):
        raise CardError("two rows of one key")


def _add_stages(draft: Draft, card: Card) -> None:
    """Add the stages with their terms, then the clauses, for soft ones cost in a stage."""
    terms.add_stages(draft, card.objectives)
    terms.add_majors(draft, card.objectives)
    for stage, objective in zip(draft.priced.stages, card.objectives, strict=True):
        terms.add_costs(draft, stage, objective)
    for clause in card.clauses:
        if clause.soft and not 1 <= clause.stage <= len(card.objectives):
            raise CardError(f"clause {clause.id} names stage {clause.stage}")
        clauses.rows(draft, clause)


def stage_row(priced: Priced, k: int, floor: int) -> Row:
    """Give `["stage", k]`, k from 1: maximised costs of stage k, without constant, >= floor."""
    return Row(("stage", str(k)), floor, None, list(priced.stages[k - 1].costs.items()))


def price_out(priced: Priced, stage: Stage, prices: dict[Key, int], scale: int) -> dict[Key, int]:
    """
    Give v = S c - Y A of every column (S10.1).

    Rows are those of `priced.rows`; append the stage rows first. A price of a side that is infinite
    counts as 0; prices of rows that do not exist are left aside: the caller refuses them.
    """
    values = dict.fromkeys(priced.columns, 0)
    for key, cost in stage.costs.items():
        values[key] = scale * cost
    for row in priced.rows:
        price = _price(row, prices)
        if price:
            for key, coefficient in row.terms:
                values[key] -= price * coefficient
    return values


def bound(
    priced: Priced, stage: Stage, prices: dict[Key, int], scale: int,
    values: dict[Key, int] | None = None,
) -> int:  # fmt: skip
    """Give B of S10.1; `values` are those of `price_out` where they are known already."""
    if values is None:
        values = price_out(priced, stage, prices, scale)
    total = 0
    for row in priced.rows:
        price = _price(row, prices)
        if price > 0 and row.upper is not None:
            total += price * row.upper
        elif price < 0 and row.lower is not None:
            total += price * row.lower
    for key, (lower, upper) in priced.columns.items():
        value = values[key]
        total += value * (upper if value > 0 else lower)
    return total


def _price(row: Row, prices: dict[Key, int]) -> int:
    """Give a row's price, 0 where its side is infinite."""
    price = prices.get(row.key, 0)
    return 0 if (row.upper if price > 0 else row.lower) is None else price
