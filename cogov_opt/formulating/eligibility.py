"""
Which resources pass which tests, by masks over all resources of a kind (convention S4).

The same masks enumerate the candidates and count the reasons why there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IndexArray, IntArray, Ragged
from cogov_opt.domain.requirements import VOCABULARIES_OF, Atom, parse_requirement
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.formulating.agreements import FORBIDDEN, Access, access_of
from cogov_opt.formulating.facts import FUND, SERVICE, VOLUNTEER, BoolArray, Facts

Days = tuple[int, ...]
Failing = dict[str, BoolArray]


class Eligibility:
    """The tests of one kind of resource, with the masks already made."""

    def __init__(self, facts: Facts, kind: int) -> None:
        self.facts = facts
        self.kind = kind
        self.table = facts.instance.resource_table(RESOURCE_KINDS[kind])
        self.size = len(self.table)
        self._atoms: dict[tuple[Atom, Days], BoolArray] = {}
        self._access: dict[tuple[int, Days], Access] = {}
        self._within: dict[tuple[str, int], BoolArray] = {}
        self._lists: dict[str, tuple[IndexArray, IndexArray, IndexArray | None]] = {}
        """Codes of a list column, rising, with the resources that list them and the levels."""

    def failing(self, need: int, days: Days) -> Failing:
        """Give, test by test, which resources fail for a need on these days; times apart."""
        found: Failing = {}
        requires = self.facts.instance.needs.text("requires")
        for item in parse_requirement(requires[need]):
            for test, mask in self._blame(item[0], ~self._meeting(item, days)):
                found[test] = found[test] | mask if test in found else mask
        for test, mask in self._own_tests(need, days):
            found[test] = found[test] | mask if test in found else mask
        return found

    def able(self, need: int, days: Days) -> IndexArray:
        """Give the resources that fail no test for a need on these days; times apart."""
        good = np.ones(self.size, dtype=bool)
        for item in parse_requirement(self.facts.instance.needs.text("requires")[need]):
            good &= self._meeting(item, days)
        for _, failed in self._own_tests(need, days):
            good &= ~failed
        return np.flatnonzero(good).astype(np.int32)

    def access(self, need: int, days: Days) -> Access:
        """Give under which agreement each resource may serve a need (S4.9)."""
        performer = int(self.facts.performer[self.facts.need_demand[need]])
        key = (performer, days)
        if key not in self._access:
            self._access[key] = access_of(self.facts, self.kind, performer, days)
        return self._access[key]

    def depends_on(self, need: IndexArray) -> list[IntArray]:
        """Give what the tests of some needs depend on, days apart: equal rows are tested once."""
        facts = self.facts
        demand = facts.need_demand[need]
        found = [facts.instance.needs.text("requires").codes[need], facts.performer[demand]]
        if self.kind in (FUND, SERVICE):
            columns = ("area", "group", "purpose")
            found += [facts.instance.demands.ints(c)[demand] for c in columns]
        if self.kind == FUND:
            found.append(facts.instance.needs.ints("cost_type")[need])
        return found

    def key(self, need: int, days: Days) -> tuple[object, ...]:
        """Give what the tests of one need depend on."""
        parts = self.depends_on(np.array([need], dtype=np.int64))
        return (*(int(p[0]) for p in parts), days)

    def _own_tests(self, need: int, days: Days) -> Iterator[tuple[str, BoolArray]]:
        """Give the tests that no `requires` states: consent, area, group, money's own rules."""
        demand = int(self.facts.need_demand[need])
        demands, needs = self.facts.instance.demands, self.facts.instance.needs
        if self.kind == VOLUNTEER:
            yield "consent", self._withdrawn(max(days))
        if self.kind == SERVICE:
            yield "area", self._outside("serves_areas", int(demands.ints("area")[demand]))
            yield "group", self._outside("groups", int(demands.ints("group")[demand]))
        if self.kind == FUND:
            yield "purpose", self._outside("purposes", int(demands.ints("purpose")[demand]))
            yield "cost_type", self._outside("cost_types", int(needs.ints("cost_type")[need]))
            yield "group", self._outside("groups", int(demands.ints("group")[demand]))
            yield "area", self._outside("areas", int(demands.ints("area")[demand]))
            first, last = self.table.ints("spend_from"), self.table.ints("spend_until", 2**60)
            yield "period", (first > min(days)) | (last < max(days))
        else:
            yield "agreement", self.access(need, days).agreement == FORBIDDEN

    def _withdrawn(self, day: int) -> BoolArray:
        """Tell which volunteers no longer consent on a day (S4.6)."""
        key = ("consent_until", day)
        if key not in self._within:
            until = self.table.ints("consent_until")
            self._within[key] = (until != BLANK) & (until < day)
        return self._within[key]

    def _outside(self, column: str, code: int) -> BoolArray:
        """Tell which resources are restricted by a column to codes this one is not in or below."""
        key = (column, code)
        if key not in self._within:
            lists = self.table.lists(column)
            allowed = np.diff(lists.starts) == 0
            if code >= 0:
                above = np.zeros(len(self.facts.instance.codes), dtype=bool)
                above[self.facts.code_above[code]] = True
                allowed |= row_any(lists, above[lists.values])
            self._within[key] = ~allowed
        return self._within[key]

    def _meeting(self, item: tuple[Atom, ...], days: Days) -> BoolArray:
        """Tell which resources meet one item of a requirement: one of its atoms holds."""
        return reduce(np.logical_or, (self._passing(atom, days) for atom in item))

    def _passing(self, atom: Atom, days: Days) -> BoolArray:
        """Tell which resources pass one atom (S4.3)."""
        vocabulary, code = self._vocabulary(atom)
        key = (atom, days if vocabulary == "credential" else ())
        if key not in self._atoms:
            mask = self._holding(atom, vocabulary, code, days)
            self._atoms[key] = ~mask if atom.negated else mask
        return self._atoms[key]

    def _vocabulary(self, atom: Atom) -> tuple[str, int]:
        """Find the vocabulary of an atom's code among those the kind may ask for."""
        if atom.is_seats:
            return "seats", -1
        for vocabulary in VOCABULARIES_OF[RESOURCE_KINDS[self.kind]]:
            code = self.facts.code_index.get((vocabulary, atom.code), -1)
            if code >= 0:
                return vocabulary, code
        raise KeyError(atom.code)

    def _holding(self, atom: Atom, vocabulary: str, code: int, days: Days) -> BoolArray:
        """Tell which resources hold a code (negation apart)."""
        if vocabulary == "seats":
            return self.table.ints("seats", -1) >= atom.level
        if vocabulary == "credential":
            return self._valid(code, days)
        if vocabulary in ("space_kind", "service_type"):
            return np.asarray(self.table.ints(vocabulary) == code)
        column = {"skill": "skills", "language": "languages", "tag": "tags", "feature": "features"}
        return self._listing(column[vocabulary], code, atom.level if vocabulary == "skill" else 1)

    def _listing(self, column: str, code: int, level: int) -> BoolArray:
        """Tell which resources list a code, at a level if the column has levels."""
        if column not in self._lists:
            lists = self.table.lists(column)
            order = np.argsort(lists.values)
            levels = None if lists.levels is None else lists.levels[order]
            self._lists[column] = lists.values[order], lists.owners()[order], levels
        codes, owners, levels = self._lists[column]
        mine = slice(*np.searchsorted(codes, (code, code + 1)))
        found = np.zeros(self.size, dtype=bool)
        found[owners[mine] if levels is None else owners[mine][levels[mine] >= level]] = True
        return found

    def _valid(self, code: int, days: Days) -> BoolArray:
        """Tell which volunteers hold a credential on each of the days (S4.4)."""
        rows = self.facts.instance.credentials
        mask = np.ones(self.size, dtype=bool)
        if not len(rows):
            return ~mask
        first, last = rows.ints("valid_from"), rows.ints("valid_until", 2**60)
        for day in days:
            good = (rows.ints("credential") == code) & (first <= day) & (last >= day)
            today = np.zeros(self.size, dtype=bool)
            today[rows.ints("volunteer_id")[good]] = True
            mask &= today
        return mask

    def _blame(self, atom: Atom, failed: BoolArray) -> Iterator[tuple[str, BoolArray]]:
        """Say under which test a failed item is told: that of its first atom (S4.3)."""
        vocabulary, code = self._vocabulary(atom)
        if vocabulary == "skill" and not atom.negated:
            held = self._passing(Atom(atom.code), ())
            yield "skill", failed & ~held
            yield "level", failed & held
        elif vocabulary == "credential" and not atom.negated:
            rows = self.facts.instance.credentials
            known = np.zeros(self.size, dtype=bool)
            if len(rows):
                known[rows.ints("volunteer_id")[rows.ints("credential") == code]] = True
            yield "credential", failed & ~known
            yield "credential_expired", failed & known
        else:
            yield ("feature" if vocabulary == "tag" else vocabulary), failed


def row_any(lists: Ragged, held: BoolArray) -> BoolArray:
    """Tell for each row of a list column whether any of its values is marked."""
    found = np.zeros(len(lists), dtype=bool)
    found[np.searchsorted(lists.starts, np.flatnonzero(held), side="right") - 1] = True
    return found


def days_of(facts: Facts, option: int) -> Days:
    """Give the days an option is tested on: of its sessions, or the first of the horizon (S3.2)."""
    o = facts.options
    days = o.days[o.first[option] : o.first[option + 1]]
    return tuple(sorted(set(days.tolist()))) or (facts.instance.calendar.first_day,)
