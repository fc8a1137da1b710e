"""What reasons are taken from: prices, counts of failing tests, barred columns (S12)."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

from . import eligibility
from .case import Case, StageProof
from .set_values import set_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .facts import Demand, Need, Resource
    from .priced import Candidate, Key

SCARCE = frozenset({"law.capacity", "law.no_overlap", "law.agreement"})
BARRING = frozenset({"require", "forbid", "earmark"})
MOST_BY = 5
NO_STAGE = {"stage": 0, "scale": 1}
EARMARKS = frozenset(["purpose", "cost_type", "group", "area"])

Reason = tuple[str, dict[str, Any], str]
"""Code, values, and how far it is proven."""
Decisive = tuple[StageProof, int] | None
"""The first stage at whose prices something is worth more or less than nothing, and how much."""
T = TypeVar("T")


def column(need: str, option: str, candidate: Candidate) -> Key:
    """Give the x column of a candidate."""
    return ("x", need, candidate.resource, option, candidate.agreement)


class Evidence:
    """Answers about one run that several reasons ask, each found once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.served = case.plan.served
        self.given: dict[str, int] = {}
        self.used: set[str] = set()
        for (need, resource, _, _), units in case.plan.given.items():
            self.given[need] = self.given.get(need, 0) + units
            self.used.add(resource)
        self.bought: dict[str, int] = {}
        for (need, _), money in case.plan.bought.items():
            self.bought[need] = self.bought.get(need, 0) + money
        self.met = {
            need.id
            for need in case.facts.needs.values()
            if need.demand in self.served and self.got(need) >= need.quantity
        }
        self.pinned = self._hard({"pin"})
        self.barred = self._hard(BARRING)
        self._taken: dict[int, dict[Key, int]] = {}
        self._kinds: dict[str, list[Resource]] = {}
        self._alone: dict[str, Reason | None] = {}

    def _hard(self, kinds: Iterable[str]) -> dict[Key, str]:
        """Give the columns in hard rows of some kinds of clause, with the smallest clause id."""
        ids = {c.id for c in self.case.card.clauses if not c.soft and c.kind in kinds}
        found: dict[Key, str] = {}
        for row in self.case.priced.rows if ids else ():
            if row.key[0] in ids:
                for key, _ in row.terms:
                    found[key] = min(found.get(key, row.key[0]), row.key[0])
        return found

    def got(self, need: Need) -> int:
        """Give what counts as given: units, for a fund need the money bought (S12.1)."""
        return (self.bought if need.kind == "fund" else self.given).get(need.id, 0)

    def decisive(self, key: Key) -> Decisive:
        """Give the first stage whose reduced value of a column is not 0, and that value (S12.2)."""
        for proof in self.case.proofs:
            value = proof.reduced.get(key, 0)
            if value:
                return proof, value
        return None

    def closest(self, keys: list[Key]) -> tuple[Key, Decisive]:
        """Give the column of latest decisive stage, then largest value, then first (S12.4)."""
        for proof in self.case.proofs:
            values = [proof.reduced.get(key, 0) for key in keys]
            if 0 not in values:
                most = max(values)
                return keys[values.index(most)], (proof, most)
            keys = [key for key, value in zip(keys, values, strict=True) if not value]
        return keys[0], None

    def worth(self, demand: Demand, option: str) -> Decisive:
        """Give the first stage whose set value of an option is not 0, and that value (S12.4, 6)."""
        for proof in self.case.proofs:
            value = set_value(self.case, proof, demand, option)
            if value:
                return proof, value
        return None

    def drawn(self, keys: Iterable[Key]) -> Reason | None:
        """Give tie_draw if the plan before the draw had one of these columns otherwise (S11.2)."""
        case = self.case
        if not case.opened.run.get("draw"):
            return None
        if (case.tied if case.exact else case.before.keys()).isdisjoint(keys):
            return None
        return "tie_draw", {"seed": case.seed}, self.sure

    @property
    def sure(self) -> str:
        """Say how far a reason from prices is proven where a reduced value decides it (S12)."""
        return "exact" if self.case.exact else "prices"

    def last(self) -> dict[str, Any]:
        """Give the last stage and its scale."""
        proofs = self.case.proofs
        return {"stage": proofs[-1].index, "scale": proofs[-1].scale} if proofs else NO_STAGE

    def at_prices(
        self, found: Decisive, values: dict[str, str], by: tuple[Need, ...] | None
    ) -> Reason:
        """Give outpriced, gap or at_prices for what was left out; `by` are the needs to look at."""
        if found is None:
            return "at_prices", {**values, **self.last(), "margin": 0}, "prices"
        proof, value = found
        told: dict[str, Any] = {**values, "stage": proof.index, "scale": proof.scale}
        if value > 0:
            return "gap", {**told, "share": value}, "prices"
        others = [] if by is None else self.by(proof, by, values["option"])
        return "outpriced", {**told, "margin": -value, "by": others}, self.sure

    def share(self, proof: StageProof, key: Key) -> int:
        """Give a column's share of the gap (S10.2)."""
        value = proof.reduced.get(key, 0)
        bounds = self.case.priced.columns[key]
        return value * bounds[value > 0] - value * self.case.values.get(key, 0)

    def by(self, proof: StageProof, needs: tuple[Need, ...], option: str) -> list[list[Any]]:
        """Give the scarce resources that outprice, dearest first, at most five (S12.4)."""
        taken = self._taken_at(proof)
        found: list[tuple[int, str, str]] = []
        for need in needs:
            keys = [
                column(need.id, option, c) for c in self.case.priced.candidates[need.id][option]
            ]
            if keys:
                key = max(keys, key=lambda k: proof.reduced.get(k, 0))
                if taken.get(key, 0) > 0:
                    found.append((-taken[key], need.id, key[2]))
        return [[need, resource, -amount] for amount, need, resource in sorted(found)[:MOST_BY]]

    def _taken_at(self, proof: StageProof) -> dict[Key, int]:
        """Give what each column takes of scarce resources, at the prices of a stage."""
        if proof.index not in self._taken:
            taken: dict[Key, int] = {}
            for name, price in proof.prices.items():
                if name[0] in SCARCE:
                    for key, coefficient in self.case.rows[name].terms:
                        taken[key] = taken.get(key, 0) + price * coefficient
            self._taken[proof.index] = taken
        return self._taken[proof.index]

    def of_kind(self, kind: str) -> list[Resource]:
        """Give the resources of a kind in order of id."""
        if kind not in self._kinds:
            self._kinds[kind] = self.case.facts.of_kind(kind)
        return self._kinds[kind]

    def failures(self, need: Need) -> list[list[str]]:
        """Give the failing tests of every pair of a resource of the kind and an option."""
        facts = self.case.facts
        return [
            eligibility.failing_tests(facts, need, resource, option)
            for option in facts.demands[need.demand].options.values()
            for resource in self.of_kind(need.kind)
        ]

    def failures_of(self, resource: Resource) -> list[list[str]]:
        """Give the failing tests of a resource with every need of its kind, at every option."""
        facts = self.case.facts
        return [
            eligibility.failing_tests(facts, need, resource, option)
            for need in facts.needs.values()
            if need.kind == resource.kind
            for option in facts.demands[need.demand].options.values()
        ]

    def alone(self, need: Need) -> Reason | None:
        """Give the reason that lies in the need alone: cases 1 and 2 of S12.4, or None."""
        if need.id not in self._alone:
            self._alone[need.id] = self._without_candidates(need) or self._too_few(need)
        return self._alone[need.id]

    def _without_candidates(self, need: Need) -> Reason | None:
        if any(self.case.priced.candidates[need.id].values()):
            return None
        pairs = self.failures(need)
        code = "no_eligible_candidate"
        if need.kind == "fund" and pairs:
            if all(not EARMARKS.isdisjoint(failing) for failing in pairs):
                code = "earmark"
            elif all(not (EARMARKS | {"period"}).isdisjoint(failing) for failing in pairs):
                code = "period" if ["period"] in pairs else code
        return code, {"counts": counts(pairs)}, "exact"

    def _too_few(self, need: Need) -> Reason | None:
        lists = self.case.priced.candidates[need.id].values()
        own = need.own_limit if need.kind == "fund" else 0
        most = max(sum(c.cap for c in found) for found in lists) + own
        if most >= need.minimum:
            return None
        return "below_minimum", {"most": most, "minimum": need.minimum}, "exact"


def best(choices: Iterable[tuple[T, Decisive]]) -> tuple[T, Decisive]:
    """Give the choice of latest decisive stage, then largest value, then first (S12.4, 6)."""

    def place(choice: tuple[T, Decisive]) -> tuple[float, int]:
        found = choice[1]
        return (found[0].index, found[1]) if found else (inf, 0)

    return max(choices, key=place)


def counts(pairs: Iterable[Iterable[str]]) -> dict[str, int]:
    """Count the pairs that fail each test; a pair may fail several."""
    found: dict[str, int] = {}
    for failing in pairs:
        for test in failing:
            found[test] = found.get(test, 0) + 1
    return found
