"""Replays first_come: demands as they came in, each served at once or not at all (S14.2, S14.3)."""

from __future__ import annotations

from itertools import product
from math import inf
from typing import TYPE_CHECKING, Any

from . import calendar_days, distance, draws, release
from .plan import Plan
from .reasons import SCARCE, column

if TYPE_CHECKING:
    from .case import Case
    from .facts import Demand, Need, Option
    from .priced import Candidate, Key, Row

Step = dict[str, Any]


class Loads:
    """The structural rows, how full each is, and what one attempt added to them."""

    def __init__(self, case: Case) -> None:
        self.rows: dict[Key, list[tuple[Row, int]]] = {}
        self.least: dict[str, tuple[Row, dict[Key, int]]] = {}
        self.full: dict[Key, int] = {}
        self.trial: dict[Key, int] = {}
        for row in case.priced.rows:
            if row.key[:2] == ("law.capacity", "least_minutes"):
                self.least[row.key[2]] = (row, dict(row.terms))
            if row.key[0] in SCARCE or row.key[:2] == ("law.set", "once"):
                for key, coefficient in row.terms:
                    if key[0] == "x" and row.key[:2] != ("law.capacity", "used"):
                        self.rows.setdefault(key, []).append((row, coefficient))

    def room(self, key: Key, most: int) -> int:
        """Give how many units of a column fit, at most `most`."""
        for row, coefficient in self.rows.get(key, ()):
            if row.upper is not None and coefficient > 0:
                most = min(most, (row.upper - self._total(row)) // coefficient)
        return most if most > 0 and self._long_enough(key, most) else 0

    def _long_enough(self, key: Key, units: int) -> bool:
        """Tell whether a volunteer who is used reaches its least minutes with these (S7.2)."""
        if key[2] not in self.least:
            return True
        row, coefficients = self.least[key[2]]
        needed = -coefficients["used", key[2]]
        return self._total(row) + coefficients.get(key, 0) * units >= needed

    def _total(self, row: Row) -> int:
        return self.full.get(row.key, 0) + self.trial.get(row.key, 0)

    def add(self, key: Key, units: int) -> None:
        """Fill the rows of a column, for this attempt."""
        for row, coefficient in self.rows.get(key, ()):
            self.trial[row.key] = self.trial.get(row.key, 0) + coefficient * units

    def end(self, *, keep: bool) -> None:
        """End an attempt, with or without what it added."""
        if keep:
            for key, amount in self.trial.items():
                self.full[key] = self.full.get(key, 0) + amount
        self.trial = {}


class Attempt:
    """One demand tried at one option."""

    def __init__(self, case: Case, loads: Loads, demand: Demand, option: Option) -> None:
        self.case, self.loads, self.demand, self.option = case, loads, demand, option
        self.given: dict[Key, int] = {}
        self.costs: dict[str, int] = {}
        self.bought: dict[str, int] = {}
        self.own: dict[str, int] = {}
        self.awards: dict[str, int] = {}
        self.asked = self.left = 0

    def gather(self) -> bool:
        """Take candidates greedily, need by need; tell whether every minimum is reached (S14.2)."""
        needs = [need for need in self.demand.needs if need.kind != "fund"]
        got = [self._take(need) for need in needs]
        return all(units >= need.minimum for units, need in zip(got, needs, strict=True))

    def _take(self, need: Need) -> int:
        got = 0
        found = self.case.priced.candidates[need.id][self.option.id]
        for candidate in sorted(found, key=self._place):
            key = column(need.id, self.option.id, candidate)
            units = self.loads.room(key, min(candidate.cap, need.quantity - got))
            if units:
                got += units
                self.given[key] = units
                self.loads.add(key, units)
                self.costs[need.id] = self.costs.get(need.id, 0) + units * candidate.cost
        return got

    def _place(self, candidate: Candidate) -> tuple[int, int, str, str]:
        resource = self.case.facts.resources[candidate.resource]
        far = distance.metres(self.case.facts, resource, self.demand)
        return candidate.cost, far, candidate.resource, candidate.agreement

    def pay(self) -> bool:
        """Pay need by need, the quantity if that can be paid, else the minimum (S14.3)."""
        for need in self.demand.needs:
            if need.kind != "fund":
                continue
            costs = sum(self.costs.get(paid, 0) for paid in need.pays_for)
            for amount, few in product(dict.fromkeys((need.quantity, need.minimum)), (True, False)):
                parts = self._parts(need, amount + costs, few=few)
                if parts is not None:
                    break
            else:
                return False
            self.bought[need.id] = amount
            for payer, part in parts.items():
                self._book(need, payer, part)
        return True

    def _parts(self, need: Need, total: int, *, few: bool) -> dict[str, int] | None:
        """Give what each payer gives, "" its own money; None if they cannot pay it all."""
        parts: dict[str, int] = {}
        open_amount = total
        waiting = list(self.case.priced.candidates[need.id][self.option.id])
        while waiting:
            turns = {c: self._turn(need, c, open_amount if few else 0) for c in waiting}
            candidate = min(waiting, key=turns.__getitem__)
            part = self._limit(need, candidate, open_amount)
            if part:
                parts[candidate.resource] = part
                open_amount -= part
            waiting.remove(candidate)
        own = min(open_amount, need.own_limit)
        if own:
            parts[""] = own
        self.asked, self.left = total, total - open_amount + own
        return parts if open_amount == own else None

    def _turn(self, need: Need, candidate: Candidate, wanted: int) -> tuple[Any, ...]:
        """Say whose turn it is: release order, then whoever can pay most of it, then id (S14.3)."""
        turn = release.turn(self.case.facts.resources[candidate.resource])
        return turn, -self._limit(need, candidate, wanted), candidate.resource

    def _limit(self, need: Need, candidate: Candidate, wanted: int) -> int:
        """Give what a fund may pay: what is left and its own limits (S6.6)."""
        row = self.case.facts.resources[candidate.resource].row
        before = self.awards.get(candidate.resource, 0)
        most = min(wanted, candidate.cap)
        if row.get("max_per_demand") is not None:
            most = min(most, row["max_per_demand"] - before)
        most = self.loads.room(column(need.id, self.option.id, candidate), max(0, most))
        most -= (before + most) % (row.get("step") or 1)
        return most if most > 0 and before + most >= (row.get("min_award") or 0) else 0

    def _book(self, need: Need, payer: str, part: int) -> None:
        if not payer:
            self.own[need.id] = part
            return
        key = ("x", need.id, payer, self.option.id, "")
        self.given[key] = part
        self.awards[payer] = self.awards.get(payer, 0) + part
        self.loads.add(key, part)

    def keep(self, plan: Plan) -> None:
        """Write the attempt into the plan."""
        plan.served[self.demand.id] = self.option.id
        for key, units in self.given.items():
            plan.given[key[1], key[2], key[3], key[4]] = units
        for mine, into in ((self.bought, plan.bought), (self.own, plan.own)):
            into.update({(need, self.option.id): money for need, money in mine.items() if money})


def replay(case: Case) -> tuple[list[Step], Plan]:
    """Give the steps and the plan of first_come."""
    loads, plan = Loads(case), Plan()
    steps: list[Step] = []
    for demand in order(case):
        step: Step = {
            "step": len(steps) + 1,
            "demand": demand.id,
            "option": "",
            "cost": 0,
            "left": 0,
        }
        step["verdict"] = _serve(case, loads, demand, plan, step)
        steps.append(step)
    _tell_ties(case, steps)
    return steps, plan


def _serve(case: Case, loads: Loads, demand: Demand, plan: Plan, step: Step) -> str:
    """Keep the first option whose every need reaches its minimum; else say what was short."""
    verdict = "nothing"
    for name in sorted(demand.options):
        attempt = Attempt(case, loads, demand, demand.options[name])
        gathered = attempt.gather()
        good = gathered and attempt.pay()
        loads.end(keep=good)
        if good:
            attempt.keep(plan)
            step.update(option=name, cost=0, left=0)
            return "taken"
        if gathered and verdict == "nothing":
            verdict = "too_dear"
            step.update(option=name, cost=attempt.asked, left=attempt.left)
    return verdict


def order(case: Case) -> list[Demand]:
    """Order demands: submitted_at with blank last, then the draw, then id (S14.2)."""

    def place(demand: Demand) -> tuple[float, int, str]:
        return came(demand), draws.rank(case.seed, case.counter, ("", demand.id, "")), demand.id

    return sorted(case.facts.demands.values(), key=place)


def came(demand: Demand) -> float:
    """Give the minute a demand came in, whatever its offset; blank is after all others."""
    text = demand.row.get("submitted_at")
    return inf if text is None else calendar_days.epoch_minute(text)


def _tell_ties(case: Case, steps: list[Step]) -> None:
    """Name at each step the demands that came at the same time and were decided differently."""
    by_time: dict[float, list[Step]] = {}
    for step in steps:
        at = came(case.facts.demands[step["demand"]])
        by_time.setdefault(at, []).append(step)
    for group in by_time.values():
        served = {step["demand"] for step in group if step["verdict"] == "taken"}
        others = {step["demand"] for step in group} - served
        for step in group:
            step["tie"] = sorted(others if step["demand"] in served else served)
