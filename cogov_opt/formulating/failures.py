"""Why pairs are no candidates: their failing tests, named or counted (convention S4.11, S12)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.justification import FAILING_TESTS
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.availability import closed_counts, closed_mask, expand_rows, rows_of
from cogov_opt.formulating.eligibility import Eligibility, Failing, days_of
from cogov_opt.formulating.facts import BoolArray, Facts


class Failures:
    """The failing tests of pairs of one instance, asked one need or one resource at a time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._tests = [Eligibility(facts, kind) for kind in range(4)]
        self._rows = [rows_of(facts, kind) for kind in range(4)]
        self._known: dict[tuple[object, ...], Failing] = {}

    def tests(self, need: int, resource: int, option: int) -> list[str]:
        """Name every test a pair fails, in the order they are told; none for a candidate."""
        here = resource - self.facts.span(int(self.facts.need_kind[need])).start
        return [test for test, mask in self.masks(need, option).items() if mask[here]]

    def of_need(self, need: int) -> dict[str, int]:
        """Count the failing tests over all pairs (resource of the kind, option) of a need."""
        found: Counter[str] = Counter()
        demand = self.facts.need_demand[need]
        of_demand = self.facts.options.of_demand
        for option in range(of_demand[demand], of_demand[demand + 1]):
            for test, mask in self.masks(need, option).items():
                found[test] += int(mask.sum())
        return _told(found)

    def of_resources(self, resources: list[int]) -> list[dict[str, int]]:
        """Count for each resource the failing tests over all pairs (need of its kind, option)."""
        kinds = self.facts.instance.resources.kind[np.array(resources, dtype=np.int64)].tolist()
        found: list[Counter[str]] = [Counter() for _ in resources]
        for kind in sorted(set(kinds)):
            mine = [i for i, k in enumerate(kinds) if k == kind]
            here = np.array([resources[i] for i in mine]) - self.facts.span(kind).start
            for test, counts in self._totals(kind, here).items():
                for i, n in zip(mine, counts.tolist(), strict=True):
                    found[i][test] += n
        return [_told(c) for c in found]

    def _totals(self, kind: int, here: IntArray) -> dict[str, IntArray]:
        """Add up the failing tests of all pairs of a kind for some resources."""
        need, option = self._pairs(kind)
        alike: dict[tuple[object, ...], list[int]] = {}
        for i, (n, o) in enumerate(zip(need.tolist(), option.tolist(), strict=True)):
            key = self._tests[kind].key(n, days_of(self.facts, o))
            alike.setdefault(key, []).append(i)
        total: dict[str, IntArray] = {}
        for same in alike.values():
            for test, mask in self._failing(int(need[same[0]]), int(option[same[0]])).items():
                total[test] = total.get(test, 0) + len(same) * mask[here].astype(np.int64)
        shut = closed_counts(self.facts, kind, self._rows[kind], here, option)
        unanswered = self._unanswered(kind)[here]
        total["no_answer"] = np.where(unanswered, shut, 0)
        total["availability"] = np.where(unanswered, 0, shut)
        return total

    def _pairs(self, kind: int) -> tuple[IntArray, IntArray]:
        """List the needs of a kind with each option of their demands."""
        need = np.flatnonzero(self.facts.need_kind == kind)
        at, option = expand_rows(self.facts.options.of_demand, self.facts.need_demand[need])
        return need[at], option

    def masks(self, need: int, option: int) -> Failing:
        """Give, test by test, which resources of the need's kind fail at an option."""
        kind = int(self.facts.need_kind[need])
        failing = dict(self._failing(need, option))
        shut, unanswered = self._shut(kind, option), self._unanswered(kind)
        failing["no_answer"] = shut & unanswered
        failing["availability"] = shut & ~unanswered
        return {t: failing[t] for t in FAILING_TESTS if t in failing}

    def _failing(self, need: int, option: int) -> Failing:
        """Give which resources fail which tests on the days of an option; times apart."""
        kind, days = int(self.facts.need_kind[need]), days_of(self.facts, option)
        key = (kind, *self._tests[kind].key(need, days))
        if key not in self._known:
            self._known[key] = self._tests[kind].failing(need, days)
        return self._known[key]

    def _unanswered(self, kind: int) -> BoolArray:
        """Tell which resources of a kind count as closed for want of an answer."""
        closed = self.facts.instance.package.silence(RESOURCE_KINDS[kind]) == "closed"
        return self._rows[kind].silent & closed

    def _shut(self, kind: int, option: int) -> BoolArray:
        """Tell which resources of a kind are not open at an option."""
        key = ("shut", kind, option)
        if key not in self._known:
            mask = closed_mask(self.facts, kind, self._rows[kind], option)
            self._known[key] = {"shut": mask}
        return self._known[key]["shut"]


def _told(counts: Counter[str]) -> dict[str, int]:
    """Keep the tests that occur, in the order they are told."""
    return {t: counts[t] for t in FAILING_TESTS if counts[t]}
