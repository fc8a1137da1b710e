"""
Exact regrets of a flow: what every other decision about a candidate would lose (S10.9).

To give a candidate one unit more (or less) closes a cycle in the residual graph: its own arc and
the shortest way back. The cost of that cycle is the loss, at the first stage where it is not 0;
what loses nothing there goes on to the next stage, within the face the stage leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cogov_opt.domain.certificate import Losses
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.proving.faces import Face, faces_of
from cogov_opt.proving.paths import NO_WAY, Roads, pairwise, roads_of, search
from cogov_opt.solving.network import Network, network_of

NOT_ASKED = -2
"""The loss where a unit more (or less) is beyond the candidate's bounds."""


@dataclass(frozen=True)
class FlowPlan:
    """A flow-shaped decision with its faces: the source of every exact statement about it."""

    formulation: Formulation
    network: Network
    flow: IntArray
    faces: tuple[Face, ...]

    @classmethod
    def of(cls, formulation: Formulation, plan: IntArray) -> FlowPlan | None:
        """
        Give the faces of a plan; None where the formulation is not a flow or has no stage.

        Raises
        ------
        ValueError
            The plan is not the best at every stage.
        """
        network = network_of(formulation)
        if network is None or not formulation.stages:
            return None
        flow = network.flow_of(formulation, plan)
        gains = [stage.costs for stage in formulation.stages]
        return cls(formulation, network, flow, tuple(faces_of(network, gains, flow)))

    @classmethod
    def of_decision(cls, decision: Decision) -> FlowPlan | None:
        """Give the faces of a decision of the flow route; None for any other."""
        vector = decision.outcome.vector
        if decision.outcome.route != "flow" or vector is None:
            return None
        return cls.of(decision.formulation, vector)

    @cached_property
    def arc_of(self) -> IntArray:
        """Give the arc of every candidate."""
        columns = np.flatnonzero(self.network.column >= self.formulation.x.start)
        found = np.zeros(len(self.formulation.candidates), dtype=np.int64)
        found[self.network.column[columns] - self.formulation.x.start] = columns
        return found

    @cached_property
    def more(self) -> Losses:
        """Give what one unit more of each candidate loses."""
        return self.losses_of(self.arc_of, forward=True)

    @cached_property
    def less(self) -> Losses:
        """Give what one unit less of each candidate loses."""
        return self.losses_of(self.arc_of, forward=False)

    def roads(self, place: int) -> Roads:
        """Give the residual graph of a stage, laid out for searches."""
        group = (
            self.faces[place - 1].strict.component
            if place
            else np.zeros(self.network.nodes, dtype=np.int64)
        )
        return roads_of(self.faces[place].residual, group)

    def losses_of(self, arcs: IndexArray, *, forward: bool) -> Losses:
        """Give what a unit more (or less) on some arcs loses: on, stage by stage, while nothing."""
        flow, cap = self.flow[arcs], self.network.cap[arcs]
        open_ = np.flatnonzero(flow < cap if forward else flow > 0)
        place = np.full(len(arcs), len(self.faces) - 1, dtype=np.int16)
        loss = np.full(len(arcs), NOT_ASKED, dtype=np.int64)
        loss[open_] = 0
        for k in range(len(self.faces)):
            lost = self._at(k, arcs[open_], forward=forward)
            place[open_[lost != 0]] = k
            loss[open_] = lost
            open_ = open_[lost == 0]
        return Losses(place, loss)

    def _at(self, place: int, arcs: IndexArray, *, forward: bool) -> IntArray:
        """
        Give the losses of moving some arcs by a unit at one stage.

        What the stage leaves free moves without loss, unless it is between its bounds and has
        only itself to go back along.
        """
        face, roads = self.faces[place], self.roads(place)
        tail, head = self.network.tail[arcs], self.network.head[arcs]
        away, back = (head, tail) if forward else (tail, head)
        own = face.cost[arcs] + roads.potential[tail] - roads.potential[head]
        asked = np.flatnonzero(face.after[arcs])
        found = np.zeros(len(arcs), dtype=np.int64)
        way = pairwise(roads, away[asked], back[asked])
        found[asked] = np.where(way == NO_WAY, NO_WAY, np.abs(own[asked]) + way)
        between = (self.flow[arcs] > 0) & (self.flow[arcs] < self.network.cap[arcs])
        for i in np.flatnonzero(between).tolist():
            found[i] = self._around(roads, face, int(arcs[i]), int(away[i]), int(back[i]))
        return found

    def _around(self, roads: Roads, face: Face, arc: int, start: int, end: int) -> int:
        """Give the loss of moving an arc between its bounds: the way back is not the arc itself."""
        mine = np.flatnonzero(face.residual.arc[roads.place] == arc)
        own = mine[roads.head[mine] == end]
        distance, _ = search(roads, start, {end}, skipped=int(own[0]))
        cost = int(face.cost[arc])
        cost = cost if start == int(self.network.head[arc]) else -cost
        way = distance.get(end, NO_WAY)
        shift = int(roads.potential[end] - roads.potential[start])
        return NO_WAY if way == NO_WAY else cost + way + shift
