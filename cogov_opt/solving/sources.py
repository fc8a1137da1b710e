"""
The fewest sources of each need in turn that leave the rest payable (convention S6.8).

Sets are tried in the order of the rule. What one that fails shows, that some sources pay at
least so much whatever happens, spares most of the others a search for a way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from cogov_opt.solving.circulation import Circulation

MOST_SETS = 10_000
"""How many sets of sources are tried for a need before one is found by striking sources out."""

Source = int
"""A fund by its resource index, or own money."""

OWN: Source = -1


def choose_sources(payments: Circulation, needs: Sequence[Sequence[tuple[Source, int]]]) -> None:
    """
    Close every payment that is not from the sources a need is to have, need by need.

    Parameters
    ----------
    payments
        What the funds pay together is held in it already.
    needs
        Each need's sources in release order, with the arcs they pay it by.
    """
    arcs = payments.arcs
    left: Counter[Source] = Counter()
    for sources in needs:
        left.update({source: arcs[index].flow for source, index in sources})
    for sources in needs:
        able = {}
        for source, index in sources:
            if could := min(arcs[index].high, left[source]):
                able[index] = could
            else:
                payments.hold(index)
        chosen = _Search(payments, able).chosen()
        if len(chosen) == 1:
            payments.hold(chosen[0])
            left.subtract({s: arcs[index].flow for s, index in sources if index == chosen[0]})


class _Search:
    """The search for the sources of one need; the payments stay possible all along."""

    def __init__(self, payments: Circulation, able: dict[int, int]) -> None:
        self.payments, self.able = payments, able
        self.amount = sum(payments.arcs[index].flow for index in able)
        self.highs = {index: payments.arcs[index].high for index in able}
        self.least: list[tuple[set[int], int]] = []
        """Arcs that together pay at least so much, whatever is closed."""

    def chosen(self) -> list[int]:
        """Give the arcs of the sources to be, all others closed."""
        sets = first_sets(list(self.able.values()), self.amount)
        places = list(self.able)
        for found in islice(sets, MOST_SETS):
            taken = [places[k] for k in found]
            if self._may_do(taken) and self._close_but(taken):
                return taken
        for index in reversed(places):
            taken = [k for k in places if self._open(k) and k != index]
            if self._may_do(taken):
                self._close_but(taken)
        return [k for k in places if self._open(k)]

    def _open(self, index: int) -> bool:
        return self.payments.arcs[index].high > 0

    def _may_do(self, taken: list[int]) -> bool:
        """Tell whether no set before has shown that this one cannot pay."""
        return all(sum(self.able[k] for k in taken if k in some) >= a for some, a in self.least)

    def _close_but(self, taken: list[int]) -> bool:
        """Close all other sources that are open, or leave them as they were."""
        closed = [k for k in self.able if k not in taken and self._open(k)]
        for index in closed:
            self.payments.bound(index, 0, 0)
        if all(self.payments.lower(index) for index in closed):
            return True
        arcs, reached = self.payments.arcs, self.payments.reached
        apart = {k for k in self.able if arcs[k].tail not in reached}
        self.least.append((apart, sum(arcs[k].flow for k in apart)))
        for index in closed:
            self.payments.bound(index, 0, self.highs[index])
        return False


def first_sets(could: Sequence[int], amount: int) -> Iterator[list[int]]:
    """Give the places of sets that could pay an amount: the smallest first, then in order."""
    if amount == 0:
        yield []
    yield from ([place] for place, most in enumerate(could) if most >= amount > 0)
    best = [list(accumulate(sorted(could[k:], reverse=True), initial=0)) for k in range(len(could))]
    for size in range(2, len(could) + 1):
        yield from _sets(could, best, amount, size)


def _sets(
    could: Sequence[int], best: list[list[int]], amount: int, size: int
) -> Iterator[list[int]]:
    """Give the sets of one size, `best` being the most that so many from a place on could pay."""
    taken: list[int] = []
    place = 0
    while True:
        more = size - len(taken)
        if more == 0 and amount <= 0:
            yield taken.copy()
        if 0 < more <= len(could) - place and best[place][more] >= amount:
            taken.append(place)
            amount -= could[place]
        elif taken:
            place = taken.pop()
            amount += could[place]
        else:
            return
        place += 1
