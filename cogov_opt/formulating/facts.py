"""The facts of an instance as builders need them: defaults filled, trees closed (S1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import IndexArray, Instance, IntArray, Options, Ragged
from cogov_opt.domain.tables import RESOURCE_KINDS, VOCABULARIES

VOLUNTEER, FUND, SPACE, SERVICE = range(4)
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Facts:
    """Views of one instance, each computed once."""

    instance: Instance

    @property
    def options(self) -> Options:
        """Give the options."""
        return self.instance.options

    @cached_property
    def need_kind(self) -> IndexArray:
        """Give the kind of each need, as an index of RESOURCE_KINDS."""
        return self.instance.needs.ints("kind").astype(np.int32)

    @cached_property
    def need_demand(self) -> IndexArray:
        """Give the demand of each need."""
        return self.instance.needs.ints("demand_id").astype(np.int32)

    @cached_property
    def quantity(self) -> IntArray:
        """Give what each need asks for."""
        return self.instance.needs.ints("quantity")

    @cached_property
    def minimum(self) -> IntArray:
        """Give the least each need accepts; its quantity where blank."""
        given = self.instance.needs.ints("minimum")
        return np.where(given == BLANK, self.quantity, given)

    @cached_property
    def own_limit(self) -> IntArray:
        """Give what the performer pays itself at most."""
        return self.instance.needs.ints("own_limit", 0)

    @cached_property
    def performer(self) -> IndexArray:
        """Give who carries each demand out; the asking actor where blank."""
        given = self.instance.demands.ints("performer_id")
        return np.where(given < 0, self.instance.demands.ints("actor_id"), given).astype(np.int32)

    @cached_property
    def pays_for(self) -> Ragged:
        """Give the needs each fund need pays for."""
        raw = self.instance.needs.lists("pays_for")
        keep = raw.values >= 0
        counts = np.bincount(raw.owners()[keep], minlength=len(raw))
        return Ragged(np.concatenate(([0], np.cumsum(counts))), raw.values[keep])

    @cached_property
    def earns_points(self) -> BoolArray:
        """Tell which demands earn points when served: those with a minimum above 0 (S8.1)."""
        return self.demand_any(self.minimum > 0)

    def demand_any(self, of_need: BoolArray) -> BoolArray:
        """Tell for each demand whether something holds of any of its needs."""
        count = len(self.instance.demands)
        return np.bincount(self.need_demand[of_need], minlength=count) > 0

    @cached_property
    def code_index(self) -> dict[tuple[str, str], int]:
        """Give the row of each code by vocabulary and word."""
        table = self.instance.codes
        words = table.text("code").cells() if len(table) else []
        kinds = table.ints("vocabulary").tolist() if len(table) else []
        return {(VOCABULARIES[v], c): i for i, (v, c) in enumerate(zip(kinds, words, strict=True))}

    @cached_property
    def code_above(self) -> tuple[IndexArray, ...]:
        """Give for each code itself and all above it in its vocabulary."""
        table = self.instance.codes
        if not len(table):
            return ()
        parents = table.text("parent").cells()
        kinds = table.ints("vocabulary").tolist()
        parent = [
            self.code_index.get((VOCABULARIES[v], p), -1)
            for v, p in zip(kinds, parents, strict=True)
        ]
        return _chains(parent)

    @cached_property
    def slot_shift(self) -> IntArray:
        """Give what is added to an option's number to number the (need, option) pairs of a need."""
        of_demand = self.options.of_demand
        count = np.diff(of_demand)[self.need_demand]
        return np.cumsum(count) - count - of_demand[self.need_demand]

    @cached_property
    def session_starts(self) -> tuple[IntArray, IntArray]:
        """Give the minutes at which any session starts, rising, and which is that of each."""
        starts, which = np.unique(self.options.starts, return_inverse=True)
        return starts, which

    @cached_property
    def actor_above(self) -> tuple[IndexArray, ...]:
        """Give for each actor itself and all above it."""
        return _chains(self.instance.actors.ints("parent_id").tolist())

    @cached_property
    def space_above(self) -> tuple[IndexArray, ...]:
        """Give for each space itself and what it is part of."""
        table = self.instance.spaces
        return _chains(table.ints("part_of").tolist()) if len(table) else ()

    @cached_property
    def related(self) -> BoolArray:
        """Tell which pairs of actors are the same or one above the other."""
        count = len(self.instance.actors)
        found = np.zeros((count, count), dtype=bool)
        for actor, above in enumerate(self.actor_above):
            found[actor, above] = True
        return found | found.T

    @cached_property
    def resource_first(self) -> tuple[int, ...]:
        """Give the first resource index of each kind, and the total."""
        return self.instance.resources.offsets

    @cached_property
    def unit_cost(self) -> IntArray:
        """Give each resource's stated cost: per slot, hour or unit; 0 for funds (S6.1)."""
        cost = np.zeros(len(self.instance.resources), dtype=np.int64)
        for kind, column in (
            (VOLUNTEER, "cost_per_slot"),
            (SPACE, "cost_per_hour"),
            (SERVICE, "cost_per_unit"),
        ):
            table = self.instance.resource_table(RESOURCE_KINDS[kind])
            if len(table):
                cost[self.span(kind)] = table.ints(column, 0)
        return cost

    @cached_property
    def capacity(self) -> IntArray:
        """Give units of services and free money of funds; 1 for volunteers and spaces."""
        found = np.ones(len(self.instance.resources), dtype=np.int64)
        funds, services = self.instance.funds, self.instance.services
        if len(funds):
            found[self.span(FUND)] = np.maximum(
                funds.ints("amount") - funds.ints("committed", 0), 0
            )
        if len(services):
            found[self.span(SERVICE)] = services.ints("capacity")
        return found

    def span(self, kind: int) -> slice:
        """Give the resource indices of one kind."""
        return slice(self.resource_first[kind], self.resource_first[kind + 1])

    def use_cost(self, resource: IndexArray, option: IndexArray) -> IntArray:
        """Give the cost of one unit of each (resource, option) pair (S6.1)."""
        if not self.unit_cost.any():
            return np.broadcast_to(np.int64(0), (len(resource),))
        kind = self.instance.resources.kind[resource]
        cost = self.unit_cost[resource].copy()
        volunteers, spaces = kind == VOLUNTEER, kind == SPACE
        cost[volunteers] *= self.options.slots[option[volunteers]]
        priced = np.flatnonzero(spaces & (cost > 0))
        cost[priced] = self._space_cost(cost[priced], option[priced])
        return cost

    def _space_cost(self, per_hour: IntArray, option: IndexArray) -> IntArray:
        """Round each session up to one minor unit, then add them."""
        o = self.options
        total = np.zeros(len(option), dtype=np.int64)
        for k in range(int(o.sessions.max(initial=0))):
            has = np.flatnonzero(o.sessions[option] > k)
            session = o.first[option[has]] + k
            minutes = o.ends[session] - o.starts[session]
            total[has] += -(-per_hour[has] * minutes // 60)
        return total


def _chains(parent: list[int]) -> tuple[IndexArray, ...]:
    """Close a parent list upwards; the check has refused cycles."""
    found = []
    for start in range(len(parent)):
        chain, at = [], start
        while at >= 0:
            chain.append(at)
            at = parent[at]
        found.append(np.array(chain, dtype=np.int32))
    return tuple(found)
