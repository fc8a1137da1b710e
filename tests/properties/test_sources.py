"""Each need in turn has the fewest sources that leave the rest payable, on both sides (S6.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import pytest

from cogov_opt.solving import sources
from cogov_opt.solving.circulation import Arc, Circulation, Node
from cogov_opt.verifying import sources as verified
from tests.properties.small_weeks import Dice

CASES, FREE = 600, 10**6
HUB: Node = ("hub", -1, -1)
Payments = dict[tuple[int, int], int]
"""What source s pays need n; own money is the last source."""


@dataclass
class Small:
    """Funds that pay needs: caps, what each need is paid, bounds on funds and on awards."""

    funds: int
    caps: Payments
    paid: Payments
    of_fund: dict[int, tuple[int, int]]
    of_award: dict[tuple[int, int], tuple[int, int]]

    @property
    def needs(self) -> list[int]:
        """List the needs; two that follow each other are one demand's."""
        return sorted({n for _, n in self.caps})

    def ways(self) -> Iterator[Payments]:
        """Give every way to pay the same amounts within caps and bounds."""
        each = [list(self._of_need(n)) for n in self.needs]
        for parts in product(*each):
            found: Payments = {}
            for part in parts:
                found |= part
            sums = self.sums(found)
            bounds = {**self.of_fund, **self.of_award}
            if all(low <= sums[key] <= high for key, (low, high) in bounds.items()):
                yield found

    def _of_need(self, need: int) -> Iterator[Payments]:
        keys = [key for key in self.caps if key[1] == need]
        for values in product(*(range(self.caps[key] + 1) for key in keys)):
            if sum(values) == sum(self.paid[key] for key in keys):
                yield dict(zip(keys, values, strict=True))

    def sums(self, found: Payments) -> Counter[Any]:
        """Sum payments by fund and by award."""
        sums: Counter[Any] = Counter()
        for (s, n), amount in found.items():
            if s < self.funds:
                sums[s] += amount
                sums[s, n // 2] += amount
        return sums


def small(seed: int) -> Small:
    """Make a case from payments that are possible, with some room around them."""
    dice = Dice(90_000_000 + seed)
    funds, needs = dice.number(2, 4), dice.number(2, 3)
    caps, paid = {}, {}
    for n in range(needs):
        for s in [s for s in range(funds + 1) if dice.chance(80)] or [0]:
            caps[s, n] = dice.number(1, 3)
            paid[s, n] = dice.number(0, caps[s, n]) if dice.chance(60) else 0
    case = Small(funds, caps, paid, {}, {})
    sums = case.sums(paid)
    for s in range(funds):
        case.of_fund[s] = (max(0, sums[s] - dice.pick([0, 9])), sums[s] + dice.pick([0, 0, 1]))
        for d in range(2):
            if any((s, n) in caps for n in (2 * d, 2 * d + 1)) and dice.chance(30):
                now = sums[s, d]
                case.of_award[s, d] = (max(0, now - 1), now + dice.pick([0, 1, FREE]))
    return case


def by_words(case: Small, ways: list[Payments], most_sets: int, told: Counter[str]) -> Payments:
    """Give the payments the rule takes, out of all there are, by the convention's own words."""
    ways = least(ways, lambda x: [-case.sums(x)[s] for s in range(case.funds)])
    left = Counter({s: sum(ways[0].get((s, n), 0) for n in case.needs) for s in range(9)})
    for n in case.needs:
        amount = sum(ways[0].get((s, n), 0) for s in range(9))
        could = {s: min(case.caps.get((s, n), 0), left[s]) for s in range(9)}
        able = [s for s in could if could[s]]
        tried = [
            some for size in range(len(able) + 1) for some in combinations(able, size)
            if sum(could[s] for s in some) >= amount
        ][:most_sets]  # fmt: skip
        chosen = next((some for some in tried if payable(ways, n, some)), None)
        if chosen is None:
            told["struck"] += 1
            chosen = tuple(able)
            for s in reversed(able):
                fewer = tuple(other for other in chosen if other != s)
                chosen = fewer if payable(ways, n, fewer) else chosen
        told["more than one source"] += len(chosen) > 1
        told["not the first tried"] += [chosen] != tried[:1]
        ways = [x for x in ways if only(x, n, chosen)]
        if len(chosen) == 1:
            left[chosen[0]] -= amount
    keys = [(s, n) for s in range(case.funds) for n in case.needs if (s, n) in case.caps]
    (found,) = least(ways, lambda x: [-x[key] for key in keys])
    return found


def only(x: Payments, need: int, some: tuple[int, ...]) -> bool:
    """Tell whether none but some sources pay a need."""
    return all(not amount or n != need or s in some for (s, n), amount in x.items())


def payable(ways: list[Payments], need: int, some: tuple[int, ...]) -> bool:
    """Tell whether all can be paid, a need by some sources alone."""
    return any(only(x, need, some) for x in ways)


def least(ways: list[Payments], what: Callable[[Payments], Any]) -> list[Payments]:
    """Give those of which something is least."""
    best = min(map(what, ways))
    return [x for x in ways if what(x) == best]


def solved(case: Small, start: Payments) -> Payments:
    """Give what the deciding side makes of payments."""
    sums = case.sums(start)
    arcs = [Arc(HUB, ("fund", s, -1), sums[s], *case.of_fund[s]) for s in range(case.funds)]
    arcs += [
        Arc(("fund", s, -1), ("award", s, d), sums[s, d], *bounds)
        for (s, d), bounds in case.of_award.items()
    ]  # fmt: skip
    first = len(arcs)
    keys = sorted(case.caps)
    for s, n in keys:
        tail: Node = ("award", s, n // 2) if (s, n // 2) in case.of_award else ("fund", s, -1)
        tail = tail if s < case.funds else HUB
        arcs.append(Arc(tail, ("need", n, -1), start[s, n], 0, case.caps[s, n]))
    network = Circulation(arcs)
    for index in range(case.funds):
        network.raise_and_hold(index)
    place = {key: first + k for k, key in enumerate(keys)}
    sources.choose_sources(
        network, [[(s, place[s, m]) for s, m in keys if m == n] for n in case.needs]
    )
    for (s, _), index in place.items():
        if s < case.funds:
            network.raise_and_hold(index)
    return {key: arcs[index].flow for key, index in place.items()}


def accepted(case: Small, x: Payments) -> bool:
    """Tell whether the verifier takes payments as they are."""
    sums, ways = case.sums(x), verified.Ways()
    bounds: dict[Any, tuple[int, int]] = {**case.of_fund, **case.of_award}
    for key, (low, high) in bounds.items():
        fund = isinstance(key, int)
        tail = ("hub",) if fund else ("fund", str(key[0]))
        head = ("fund", str(key)) if fund else ("award", *map(str, key))
        ways.open(tail, head, high - sums[key])
        ways.open(head, tail, sums[key] - low)
    pays = []
    for s, n in sorted(case.caps):
        award = (s, n // 2)
        tail = ("award", *map(str, award)) if award in case.of_award else ("fund", str(s))
        tail = tail if s < case.funds else ("hub",)
        pay = verified.Pay(str(s) if s < case.funds else "", tail, x[s, n], case.caps[s, n])
        pays.append((("need", str(n)), pay))
        ways.open(tail, pays[-1][0], pay.cap - pay.paid)
        ways.open(pays[-1][0], tail, pay.paid)
    if any(ways.could_rise(("hub",), ("fund", str(s))) for s in range(case.funds)):
        return False
    by_need = [(("need", str(n)), [p for m, p in pays if m[1] == str(n)]) for n in case.needs]
    if list(verified.wrong(ways, by_need)):
        return False
    return not any(ways.could_rise(pay.tail, n) for n, pay in pays if pay.source)


@pytest.mark.parametrize("most_sets", [10_000, 2, 1, 0])
def test_sources_are_the_fewest_need_by_need(
    most_sets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against every way to pay, also where the sets to try come to an end; no other is taken."""
    monkeypatch.setattr(sources, "MOST_SETS", most_sets)
    monkeypatch.setattr(verified, "MOST_SETS", most_sets)
    told: Counter[str] = Counter()
    for seed in range(CASES if most_sets > 2 else CASES // 4):
        case = small(seed)
        ways = list(case.ways())
        best = by_words(case, ways, most_sets, told)
        assert solved(case, case.paid) == best, seed
        assert accepted(case, best), seed
        dice = Dice(seed)
        assert solved(case, dice.pick(ways)) == best, seed
        for way in (dice.pick(ways) for _ in range(20)):
            assert accepted(case, way) == (way == best), (seed, way)
            told["refused"] += way != best
    print(dict(told))
    assert told["more than one source"] > 50
    assert told["refused"] > CASES
    assert (told["struck"] > 50) == (most_sets <= 1)
