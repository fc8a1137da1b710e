"""Columns y and x, and the rows that hold sets of needs together (convention S5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .draft import BINARY, Draft

if TYPE_CHECKING:
    from .facts import Need, Option
    from .priced import Key, Terms


def add(draft: Draft) -> None:
    """Add the columns of options and candidates, and the rows of S5."""
    for demand in draft.facts.demands.values():
        keys = [draft.column(("y", demand.id, o), 0, 1) for o in demand.options]
        if len(keys) > 1:
            draft.row(("law.set", "one_option", demand.id), None, 1, [(key, 1) for key in keys])
    for need in draft.facts.needs.values():
        for option in draft.facts.demands[need.demand].options.values():
            terms = _add_columns(draft, need, option)
            if need.kind != "fund":
                _add_rows(draft, need, option, terms)


def _add_columns(draft: Draft, need: Need, option: Option) -> Terms:
    n, o, found = need.id, option.id, draft.priced.candidates[need.id][option.id]
    keys: list[Key] = [("x", n, resource, o, agreement) for resource, agreement, _, _ in found]
    bounds = [BINARY if candidate.cap == 1 else (0, candidate.cap) for candidate in found]
    draft.columns.update(zip(keys, bounds, strict=True))
    terms = draft.shares[n, o] = [(key, 1) for key in keys]
    for term, (resource, agreement, _, _) in zip(terms, found, strict=True):
        draft.uses[resource].append(term)
        draft.times[resource].append(option)
        if agreement:
            draft.under.setdefault(agreement, []).append(term)
        if need.kind == "fund":
            draft.awards.setdefault((resource, need.demand), []).append(term)
    return terms


def _add_rows(draft: Draft, need: Need, option: Option, terms: Terms) -> None:
    served: Key = ("y", need.demand, option.id)
    if need.minimum == need.quantity:
        whole = [*terms, (served, -need.quantity)]
        draft.row(("law.set", "need", need.id, option.id), 0, 0, whole)
    else:
        if need.minimum > 0:
            least = [*terms, (served, -need.minimum)]
            draft.row(("law.set", "least", need.id, option.id), 0, None, least)
        most = [*terms, (served, -need.quantity)]
        draft.row(("law.set", "most", need.id, option.id), None, 0, most)
    if need.quantity >= 2:
        links = {cap: (served, -cap) for cap in {draft.columns[key][1] for key, _ in terms}}
        for term in terms:
            link = links[draft.columns[term[0]][1]]
            draft.row(("law.set", "link", *term[0][1:]), None, 0, [term, link])
    if need.kind != "service":
        _add_once(draft, need, option, terms)


def _add_once(draft: Draft, need: Need, option: Option, terms: Terms) -> None:
    """S5.5: a person or a room comes once, under whatever agreement."""
    if len({key[2] for key, _ in terms}) == len(terms):
        return
    by_resource: dict[str, Terms] = {}
    for term in terms:
        by_resource.setdefault(term[0][2], []).append(term)
    for resource, same in by_resource.items():
        if len(same) > 1:
            draft.row(("law.set", "once", need.id, resource, option.id), None, 1, same)
