"""Whether each need in turn is paid from the fewest sources that leave the rest payable (S6.8)."""

from __future__ import annotations

from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .priced import Key

MOST_SETS = 10_000


class Ways:
    """How much more may flow from one node to the next: `into[end][start]`, where above 0."""

    def __init__(self) -> None:
        self.into: dict[Key, dict[Key, int]] = {}
        self.reached: set[Key] = set()
        """The nodes from which the last search came to its end."""

    def open(self, start: Key, end: Key, amount: int) -> None:
        """Let an amount more flow; none of it where it is below 0."""
        ways = self.into.setdefault(end, {})
        self.into.setdefault(start, {})
        if amount > 0:
            ways[start] = ways.get(start, 0) + amount

    def shut(self, start: Key, end: Key) -> int:
        """Let no more flow; tell how much it could have been."""
        return self.into.get(end, {}).pop(start, 0)

    def could_rise(self, tail: Key, head: Key) -> bool:
        """Tell whether what flows from tail to head could be more; it is held from now on."""
        more = self.shut(tail, head)
        self.shut(head, tail)
        return more > 0 and bool(self.way(head, tail))

    def way(self, start: Key, end: Key) -> list[tuple[Key, Key]]:
        """Give a shortest way from start to end, its last step first, or nothing."""
        before: dict[Key, Key] = {}
        ahead = [end]
        self.reached = {end}
        for node in ahead:
            for source in self.into.get(node, ()):
                if source not in self.reached:
                    before[source] = node
                    if source == start:
                        return list(_steps(before, start, end))
                    self.reached.add(source)
                    ahead.append(source)
        return []

    def divert(self, source: Key, need: Key) -> list[tuple[Key, Key, int]]:
        """Let what flows from source to need come by other ways, as much as can; give the moves."""
        moves: list[tuple[Key, Key, int]] = []
        while need in self.into[source] and (way := self.way(source, need)):
            size = min([self.into[source][need], *(self.into[b][a] for a, b in way)])
            self.into[source][need] -= size
            if not self.into[source][need]:
                self.shut(need, source)
            for start, end in way:
                self.move(start, end, size)
                moves.append((start, end, size))
        return moves

    def move(self, start: Key, end: Key, size: int) -> None:
        """Let more flow from start to end: as much less is left, and more may flow back."""
        self.into[end][start] -= size
        if not self.into[end][start]:
            del self.into[end][start]
        self.open(end, start, size)


def _steps(before: dict[Key, Key], start: Key, end: Key) -> Iterator[tuple[Key, Key]]:
    while start != end:
        yield start, before[start]
        start = before[start]


class Pay(NamedTuple):
    """A payment that may move: its source ("" for own money), from where it comes, how much."""

    source: str
    tail: Key
    paid: int
    cap: int


def wrong(ways: Ways, needs: Iterable[tuple[Key, list[Pay]]]) -> Iterator[Key]:
    """Give the needs whose sources are not theirs; what others would pay stays shut."""
    needs = list(needs)
    left: dict[str, int] = {}
    for _, pays in needs:
        for pay in pays:
            left[pay.source] = left.get(pay.source, 0) + pay.paid
    for need, pays in needs:
        able = {p.tail: could for p in pays if (could := min(p.cap, left[p.source])) > 0}
        taken = [p for p in pays if p.paid]
        if not _Trial(ways, need, able).comes_to([p.tail for p in taken]):
            yield need
        for pay in pays:
            if not pay.paid or len(taken) == 1:
                ways.shut(pay.tail, need)
                ways.shut(need, pay.tail)
        if len(taken) == 1:
            left[taken[0].source] -= taken[0].paid


class _Trial:
    """The sets of sources of one need, tried one after the other; payments end as they began."""

    def __init__(self, ways: Ways, need: Key, able: dict[Key, int]) -> None:
        self.ways, self.need, self.able = ways, need, able
        self.now = {tail: ways.into.get(tail, {}).get(need, 0) for tail in able}
        self.least: list[tuple[set[Key], int]] = []
        """Sources that together pay at least so much, whichever of them these are."""

    def comes_to(self, told: list[Key]) -> bool:
        """Tell whether the first set that leaves the rest payable is the one told."""
        tails = list(self.able)
        for places in islice(_sets(list(self.able.values()), sum(self.now.values())), MOST_SETS):
            taken = [tails[place] for place in places]
            if taken == told:
                return True
            if self._pays(taken):
                return False
        for tail in reversed(tails):
            if self._pays(fewer := [other for other in tails if other != tail]):
                tails = fewer
        return tails == told

    def _pays(self, taken: list[Key]) -> bool:
        """Tell whether a set could pay the need, and the rest be paid."""
        if any(sum(self.able[t] for t in taken if t in some) < due for some, due in self.least):
            return False
        into = self.ways.into
        closed = [tail for tail in self.able if tail not in taken]
        shut = {tail: self.ways.shut(tail, self.need) for tail in closed}
        moves: list[tuple[Key, Key, int]] = []
        paid = True
        for tail in closed:
            moves += self.ways.divert(tail, self.need)
            if self.need in into[tail]:
                paid = False
                apart = set(self.able) - self.ways.reached
                self.least.append((apart, sum(into[t].get(self.need, 0) for t in apart)))
                break
        for start, end, size in reversed(moves):
            self.ways.move(end, start, size)
        for tail in closed:
            self.ways.shut(self.need, tail)
            self.ways.open(tail, self.need, shut[tail])
            self.ways.open(self.need, tail, self.now[tail])
        return paid


def _sets(could: list[int], amount: int) -> Iterator[tuple[int, ...]]:
    """Give the places of sets that could pay an amount: fewer first, then the first first."""
    if amount == 0:
        yield ()
    for place, most_of_one in enumerate(could):
        if most_of_one >= amount > 0:
            yield (place,)
    most = [[0, *accumulate(sorted(could[k:], reverse=True))] for k in range(len(could) + 1)]
    for size in range(2, len(could) + 1):
        ahead: list[tuple[tuple[int, ...], int, int]] = [((), 0, amount)]
        while ahead:
            taken, place, due = ahead.pop()
            more = size - len(taken)
            if not more and due <= 0:
                yield taken
            elif more and more <= len(could) - place and most[place][more] >= due:
                ahead.append((taken, place + 1, due))
                ahead.append(((*taken, place), place + 1, due - could[place]))
