"""
Enumerates the candidates by indexes of its own (convention S4).

An index only says where to look: every hit goes through the full plain test of `eligibility`.
"""

from __future__ import annotations

from typing import Any

from . import eligibility, requirements
from .facts import Facts, Need, Option, Resource
from .priced import Candidate

DAY = 1440
LONG = 8
"""A row of availability that touches more days than this is looked at every time."""

Lists = dict[str, dict[str, list[Candidate]]]
Rows = dict[str, list[tuple[int, int, Resource]]]
Question = tuple[Any, ...]


def of(facts: Facts) -> Lists:
    """Give need -> option -> candidates in order of (resource, agreement), found once."""
    found: Lists | None = facts.cache.get("candidates")
    if found is None:
        found = facts.cache["candidates"] = enumerate_all(facts)
    return found


def enumerate_all(facts: Facts) -> Lists:
    """Enumerate all candidates; those of funds last, for their caps ask what they may pay for."""
    lists: Lists = {}
    pools = Pools(facts)
    answers: dict[Question, list[Candidate]] = {}
    for need in sorted(facts.needs.values(), key=lambda n: n.kind == "fund"):
        lists[need.id] = {}
        for option in facts.demands[need.demand].options.values():
            most = most_paid(facts, lists, need, option)
            question = _question(facts, need, option, most)
            found = answers.get(question)
            if found is None:
                found = answers[question] = _candidates(facts, need, option, pools, most)
            lists[need.id][option.id] = found
    return lists


def _question(facts: Facts, need: Need, option: Option, most: int) -> Question:
    """
    Give all that test, cap and cost look at but the resource: equal questions, equal candidates.

    Volunteers and spaces ask nothing of the demand but who performs it (S4.7-S4.10).
    """
    demand = facts.demands[need.demand]
    asked = (need.kind, need.items, demand.performer, option.sessions, option.days)
    if need.kind in {"volunteer", "space"}:
        return asked
    return (*asked, demand.id, need.quantity, need.row.get("cost_type"), most)


def _candidates(
    facts: Facts, need: Need, option: Option, pools: Pools, most: int
) -> list[Candidate]:
    """Ask every hit of the index the full plain test; in order of (resource, agreement)."""
    performer = facts.demands[need.demand].performer
    found = []
    for resource in pools.hits(need, option, performer):
        if eligibility.failing_tests(facts, need, resource, option):
            continue
        size, cost = cap(facts, need, resource, most), unit_cost(resource, option)
        allowed = eligibility.agreements(facts, resource, performer, option.days)
        found += [Candidate(resource.id, agreement, size, cost) for agreement in allowed]
    found.sort()
    return found


def cap(facts: Facts, need: Need, resource: Resource, most: int) -> int:
    """Give the cap of a candidate (S4.10); `most` is M of S6.1."""
    if resource.kind in {"volunteer", "space"}:
        return 1
    if resource.kind == "service":
        use = facts.affinity(resource.id, need.demand).use_units
        return min(resource.capacity // use, need.quantity)
    limit = resource.row.get("max_per_demand")
    return max(0, min(resource.capacity, most, most if limit is None else limit))


def unit_cost(resource: Resource, option: Option) -> int:
    """Give cost(r, m, o) of one unit (S6.1)."""
    if resource.kind == "volunteer":
        return resource.price * option.slots
    if resource.kind == "space":
        return sum(-(-resource.price * (s.end - s.start) // 60) for s in option.sessions)
    return resource.price


def most_paid(facts: Facts, lists: Lists, need: Need, option: Option) -> int:
    """Give M(n, o) = quantity + quantity(m) x the dearest candidate of each m it pays (S6.1)."""
    if need.kind != "fund":
        return 0
    total = need.quantity
    for paid in need.pays_for:
        dearest = max((c.cost for c in lists[paid][option.id]), default=0)
        total += facts.needs[paid].quantity * dearest
    return total


class Pool:
    """The resources of one kind that hold one list of requirements, by owner, day and silence."""

    def __init__(self, resources: list[Resource]) -> None:
        self.all: dict[str, list[Resource]] = {}
        self.silent: dict[str, list[Resource]] = {}
        self.long: Rows = {}
        self.days: dict[int, Rows] = {}
        for resource in resources:
            self.all.setdefault(resource.actor, []).append(resource)
            if not resource.available:
                self.silent.setdefault(resource.actor, []).append(resource)
            for start, end in resource.available:
                self._index(start, end, resource)

    def _index(self, start: int, end: int, resource: Resource) -> None:
        touched = range(start // DAY, end // DAY + 1)
        entry = (start, end, resource)
        if len(touched) > LONG:
            self.long.setdefault(resource.actor, []).append(entry)
            return
        for day in touched:
            self.days.setdefault(day, {}).setdefault(resource.actor, []).append(entry)

    def hits(self, option: Option, owners: frozenset[str], *, closed: bool) -> list[Resource]:
        """
        List the resources of these owners that may be open for the first session, some twice.

        `closed` tells what silence means (S4.5).
        """
        found: list[Resource] = []
        if not option.sessions:
            for owner in owners & self.all.keys():
                found += self.all[owner]
            return found
        if not closed:
            for owner in owners & self.silent.keys():
                found += self.silent[owner]
        start, end = option.sessions[0].start, option.sessions[0].end
        for rows in (self.days.get(start // DAY, {}), self.long):
            for owner in owners & rows.keys():
                found += [r for s, e, r in rows[owner] if s <= start and end <= e]
        return found


class Pools:
    """All pools made so far, and who lets whom use what."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._pools: dict[tuple[str, requirements.Items, tuple[int, ...]], Pool] = {}
        self._owners: dict[tuple[str, str], frozenset[str]] = {}
        self._actors: dict[str, frozenset[str]] = {}
        self._holders: dict[tuple[str, str], list[Resource]] | None = None
        self._kinds: dict[str, list[Resource]] = {}
        self._takers: dict[str, set[str]] = {}
        for agreement in facts.agreements.values():
            self._takers.setdefault(agreement.giver, set()).add(agreement.taker)

    def hits(self, need: Need, option: Option, performer: str) -> list[Resource]:
        """List where a plain test may succeed, each resource once."""
        pool = self._pool(need, option.days)
        owners = self._owners_of(need.kind, performer)
        closed = self.facts.no_rows_means(need.kind) == "closed"
        return list({r.id: r for r in pool.hits(option, owners, closed=closed)}.values())

    def _pool(self, need: Need, days: tuple[int, ...]) -> Pool:
        dated = any(a.vocabulary == "credential" for item in need.items for a in item)
        key = (need.kind, need.items, days if dated else ())
        pool = self._pools.get(key)
        if pool is None:
            among = self._likely(need)
            held = [r for r in among if not requirements.failures(need.items, r, days)]
            pool = self._pools[key] = Pool(held)
        return pool

    def _likely(self, need: Need) -> list[Resource]:
        """Give the holders of the rarest code that is required without an alternative."""
        among = self._of_kind(need.kind)
        if self._holders is None:
            self._holders = _index_codes(self.facts)
        for item in need.items:
            atom = item[0]
            if len(item) == 1 and not atom.negated and atom.vocabulary != "seats":
                holders = self._holders.get((need.kind, atom.code), [])
                among = min(among, holders, key=len)
        return among

    def _of_kind(self, kind: str) -> list[Resource]:
        if kind not in self._kinds:
            self._kinds[kind] = self.facts.of_kind(kind)
        return self._kinds[kind]

    def _actors_of(self, kind: str) -> frozenset[str]:
        if kind not in self._actors:
            self._actors[kind] = frozenset(r.actor for r in self._of_kind(kind))
        return self._actors[kind]

    def _owners_of(self, kind: str, performer: str) -> frozenset[str]:
        """Give the owners of which some resource of the kind may be used by the performer."""
        owners = self._owners.get((kind, performer))
        if owners is None:
            every = self._actors_of(kind)
            owners = frozenset(o for o in every if kind == "fund" or self._lets(o, performer))
            self._owners[kind, performer] = owners
        return owners

    def _lets(self, owner: str, performer: str) -> bool:
        """Tell whether an owner's resources may pass S4.9; the plain test decides."""
        takers = self._takers.get(owner, set())
        named = not takers.isdisjoint({"*", performer, *self.facts.ancestors[performer]})
        return named or eligibility.related(self.facts, owner, performer)


def _index_codes(facts: Facts) -> dict[tuple[str, str], list[Resource]]:
    """Index resources by kind and every code they hold, of whatever vocabulary."""
    index: dict[tuple[str, str], list[Resource]] = {}
    for resource in facts.resources.values():
        held = {*resource.skills, *resource.credentials}.union(*resource.codes.values())
        for code in held:
            index.setdefault((resource.kind, code), []).append(resource)
    return index
