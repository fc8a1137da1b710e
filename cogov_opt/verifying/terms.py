"""The terms of a stage as costs of columns (convention S9)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import TYPE_CHECKING

from . import measures, sums
from .distance import Ways
from .facts import KINDS
from .policy import CardError, Objective, Term
from .priced import Candidate, Definition, Key, Stage, Terms
from .selectors import Item, Selector

if TYPE_CHECKING:
    from .draft import Draft
    from .facts import Need

Parts = Iterator[tuple[Key, int]]
ALL_KINDS = frozenset(KINDS)
ONLY_OF_DEMANDS = frozenset({"demand", "option", "actor", "performer"})


def add_stages(draft: Draft, objectives: tuple[Objective, ...]) -> None:
    """Make the stages, still without costs, so that soft clauses can write into them."""
    for index, objective in enumerate(objectives, 1):
        names = tuple(term.name for term in objective.terms)
        stage = Stage(index, objective.sense, names, objective.give_percent, objective.give_points)
        draft.priced.stages.append(stage)


def add_majors(draft: Draft, objectives: tuple[Objective, ...]) -> None:
    """Add the columns of whole major units of funds, if a stage counts them (S9.1)."""
    if not any(term.name == "units_points" for o in objectives for term in o.terms):
        return
    for need in draft.facts.needs.values():
        if need.kind != "fund" or need.points_per_unit <= 0:
            continue
        for option in draft.facts.demands[need.demand].options.values():
            terms = draft.given(need, option)
            key = ("major", need.id, option.id)
            draft.column(key, 0, draft.most(terms) // 100, Definition("floor", terms, 1, 100))
            draft.row(("law.set", "major", need.id, option.id), 0, None, [*terms, (key, -100)])


def add_costs(draft: Draft, stage: Stage, objective: Objective) -> None:
    """Add the terms of a stage to its costs, in the maximised form (S9.3)."""
    sign = 1 if objective.sense == "maximise" else -1
    for term in objective.terms:
        costs, weight = stage.costs, sign * term.weight
        for key, amount in _TERMS[term.name](draft, stage, term):
            if amount:
                costs[key] = costs.get(key, 0) + weight * amount
        if term.name == "unmet_points":
            stage.constant += sign * term.weight * _all_points(draft, term)


def _y_items(draft: Draft, term: Term, entities: frozenset[str]) -> Iterator[Item]:
    selector = Selector(draft.facts, term.where)
    if selector.entities - entities:
        raise CardError(f"term {term.name} takes lines on {', '.join(sorted(entities))} only")
    return measures.demand_items(draft.facts, selector)


def _served_points(draft: Draft, stage: Stage, term: Term) -> Parts:
    for item in _y_items(draft, term, ONLY_OF_DEMANDS):
        if any(need.minimum > 0 for need in item.demand.needs):
            amount = measures.points(draft.card.points, item.demand)
            yield ("y", item.demand.id, item.option.id), amount


def _unmet_points(draft: Draft, stage: Stage, term: Term) -> Parts:
    for item in _y_items(draft, term, frozenset({"demand"})):
        amount = measures.points(draft.card.points, item.demand)
        yield ("y", item.demand.id, item.option.id), -amount


def _all_points(draft: Draft, term: Term) -> int:
    chosen = {item.demand.id: item.demand for item in _y_items(draft, term, frozenset({"demand"}))}
    return sum(measures.points(draft.card.points, demand) for demand in chosen.values())


def _candidates(draft: Draft, term: Term) -> Iterator[tuple[Item, Need, list[Candidate], Terms]]:
    """List the selected candidates of each need at each option, and beside them their x terms."""
    selector = Selector(draft.facts, term.where)
    every = not selector.asks_resources
    for item in measures.need_items(draft.facts, selector, ALL_KINDS):
        if item.need is None:
            continue
        found = draft.priced.candidates[item.need.id][item.option.id]
        terms = draft.given(item.need, item.option)
        if not every:
            items = [measures.with_resource(draft.facts, item, candidate) for candidate in found]
            chosen = [selector.resource(one) for one in items]
            found, terms = list(compress(found, chosen)), list(compress(terms, chosen))
        yield item, item.need, found, terms


def _units_points(draft: Draft, stage: Stage, term: Term) -> Parts:
    majors = {}
    for item, need, _, terms in _candidates(draft, term):
        for key, _ in terms:
            if need.kind != "fund":
                yield key, need.points_per_unit
            elif need.points_per_unit > 0:
                majors["major", need.id, item.option.id] = need.points_per_unit
    yield from majors.items()


def _preference(draft: Draft, stage: Stage, term: Term) -> Parts:
    awards = {}
    for item, need, found, terms in _candidates(draft, term):
        for candidate, (key, _) in zip(found, terms, strict=True):
            points = draft.facts.affinity(candidate.resource, item.demand.id).points
            if need.kind != "fund":
                yield key, points
            elif points:
                awards[candidate.resource, item.demand.id] = points
    for pair, points in awards.items():
        yield draft.award(*pair), points


def _cost(draft: Draft, stage: Stage, term: Term) -> Parts:
    for _, _, found, terms in _candidates(draft, term):
        for candidate, (key, _) in zip(found, terms, strict=True):
            yield key, candidate.cost
    selector = Selector(draft.facts, term.where)
    for item in measures.need_items(draft.facts, selector, frozenset({"fund"})):
        if item.need and item.need.quantity > 0 and selector.matches(item):
            yield ("bought", item.need.id, item.option.id), 1


def _distance(draft: Draft, stage: Stage, term: Term) -> Parts:
    ways = Ways(draft.facts)
    for item, _, found, terms in _candidates(draft, term):
        slots, metres = item.option.slots, ways.metres(found, item.demand)
        for candidate, (key, _), away in zip(found, terms, metres, strict=True):
            if away:
                yield key if candidate.cap <= 1 else draft.indicator(key), away * slots


def _max_min_share(draft: Draft, stage: Stage, term: Term) -> Parts:
    """Raise the level of the group that is served worst, in basis points."""
    k = str(stage.index)
    level = ("level", k)
    asked = measures.asked(draft.facts, draft.card.points, term.where, term.each, term.measure)
    got = sums.of(draft, term.where, term.each, "horizon", term.measure)
    found = [
        (group, need, list(got.get((group, "horizon"), {}).items()))
        for group, need in sorted(asked.items())
        if need > 0
    ]
    groups = tuple((need, terms) for _, need, terms in found)
    draft.column(level, 0, 10000, Definition("level", [], groups=groups))
    for group, need, terms in found:
        row = [(level, need), *((key, -10000 * c) for key, c in terms)]
        draft.row(("term.level", k, *group), None, 0, row)
    yield level, 1


_TERMS = {
    "served_points": _served_points,
    "unmet_points": _unmet_points,
    "units_points": _units_points,
    "preference": _preference,
    "cost": _cost,
    "distance": _distance,
    "max_min_share": _max_min_share,
}
