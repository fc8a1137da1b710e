"""Which money pays for what: payers fill purchases first to first (convention S6.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Payer:
    """One source of an award: a fund's id (blank: own money) and its amount."""

    fund: str
    amount: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """One thing bought: the need it serves or `outside`, who gives it, and its cost."""

    buys: str
    payee: str
    amount: int


def north_west(
    payers: Sequence[Payer], purchases: Sequence[Purchase]
) -> Iterator[tuple[str, str, str, int]]:
    """
    Let payers fill purchases, first to first.

    Yields
    ------
    tuple
        Fund, what it buys, payee and amount; equal neighbours are added up.
    """
    left = [p.amount for p in purchases]
    at = 0
    for payer in payers:
        money = payer.amount
        paid: dict[tuple[str, str], int] = {}
        while money and at < len(purchases):
            part = min(money, left[at])
            if part:
                key = (purchases[at].buys, purchases[at].payee)
                paid[key] = paid.get(key, 0) + part
            money -= part
            left[at] -= part
            if not left[at]:
                at += 1
        for (buys, payee), amount in paid.items():
            yield payer.fund, buys, payee, amount
