"""
`unpaid_cost`: a resource with a cost that nothing would pay for, were it chosen (data.md 3).

A need that nobody pays for is an error only if some resource with a cost could be chosen for it:
one of its kind that meets what it requires, serves its area and group, and may be used by its
performer. Times are left out: they change with every option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.checking.quantities import FUND
from cogov_opt.checking.words import ANYONE
from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import Ragged
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.requirements import Atom, parse_requirement
from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.checking.columns import Context
    from cogov_opt.checking.drafts import Draft
    from cogov_opt.checking.references import Drafts

_COSTS = {"volunteer": "cost_per_slot", "space": "cost_per_hour", "service": "cost_per_unit"}
_LISTS = {
    "volunteer": {"skill": "skills", "language": "languages", "tag": "tags"},
    "space": {"feature": "features"},
    "service": {"language": "languages"},
}
_SINGLE = {"space_kind": "space_kind", "service_type": "service_type"}


def check_costs(drafts: Drafts, context: Context) -> None:
    """Note needs that a resource with a cost could serve and that nothing pays for."""
    needs = drafts["needs"]
    unpaid = _unpaid(needs)
    for kind, column in _COSTS.items():
        found = drafts[RESOURCE_TABLES[RESOURCE_KINDS.index(kind)]]
        costly = np.flatnonzero(found.ints(column) > 0)
        rows = np.flatnonzero(unpaid & (needs.ints("kind") == RESOURCE_KINDS.index(kind)))
        if kind == "space":  # S6.1: a space costs nothing without sessions
            rows = rows[_timed(drafts)[needs.ints("demand_id")[rows]]]
        if len(costly) and len(rows):
            _Kind(kind, found, costly, drafts, context).check(needs, rows)


def _unpaid(needs: Draft) -> NDArray[np.bool_]:
    """Tell which needs no fund need pays for and which do not say `none`."""
    lists = needs.columns["pays_for"]
    if not isinstance(lists, Ragged):
        raise TypeError("pays_for")
    paid = np.zeros(len(needs), dtype=bool)
    paid[lists.values[lists.values >= 0]] = True
    paid[lists.owners()[lists.values == ANYONE]] = True
    unpaid: NDArray[np.bool_] = (
        ~paid & (needs.ints("kind") != FUND) & (needs.ints("demand_id") >= 0)
    )
    return unpaid


def _timed(drafts: Drafts) -> NDArray[np.bool_]:
    """Tell which demands have an option with sessions."""
    options = drafts["options"]
    timed = np.zeros(len(drafts["demands"]), dtype=bool)
    owner = options.ints("demand_id")
    timed[owner[(options.ints("start") != BLANK) & (owner >= 0)]] = True
    return timed


class _Kind:
    """The resources of one kind that have a cost, and whom each could serve."""

    def __init__(
        self, kind: str, found: Draft, costly: NDArray[Any], drafts: Drafts, context: Context
    ) -> None:
        self.kind, self.found, self.costly = kind, found, costly
        self.drafts, self.context = drafts, context
        self.ids = found.columns[found.contract.key[0]]
        self._up = {c: _ancestors(drafts[c]) for c in ("actors", "codes")}
        self._requires: dict[str, NDArray[np.bool_]] = {}
        self._performers: dict[int, NDArray[np.bool_]] = {}

    def check(self, needs: Draft, rows: NDArray[Any]) -> None:
        """Note the needs that a costly resource could serve, one test for equal needs."""
        demands = self.drafts["demands"]
        requires = needs.columns["requires"]
        if not isinstance(requires, TextColumn):
            raise TypeError("requires")
        owner = needs.ints("demand_id")[rows]
        performer = demands.ints("performer_id")[owner]
        performer = np.where(performer < 0, demands.ints("actor_id")[owner], performer)
        place = [demands.ints(c)[owner] for c in ("area", "group")]
        combined = np.stack([requires.codes[rows], performer, *place], axis=1)
        distinct, groups = np.unique(combined, axis=0, return_inverse=True)
        for g, (text, actor, area, group) in enumerate(distinct.tolist()):
            could = self._meet(requires.values[text]) & self._may_use(actor)
            could &= self._serves("serves_areas", area) & self._serves("groups", group)
            if could.any():
                first = self.costly[np.flatnonzero(could)[0]]
                name = self.ids[int(first)] if isinstance(self.ids, TextColumn) else ""
                column, cost = _COSTS[self.kind], self.found.ints(_COSTS[self.kind])[first]
                told = {
                    "resource": name,
                    "field": column,
                    "cost": f"{cost // 100}.{cost % 100:02d}",
                }
                needs.wrong(rows[groups.ravel() == g], "pays_for", "unpaid_cost", **told)

    def _meet(self, text: str) -> NDArray[np.bool_]:
        """Tell which costly resources have what is required."""
        if text not in self._requires:
            meet = np.ones(len(self.costly), dtype=bool)
            try:
                items = parse_requirement(text)
            except ValueError:
                items = ()  # told already, where requirements are read
            for item in items:
                meet &= np.logical_or.reduce([self._has(atom) for atom in item])
            self._requires[text] = meet
        return self._requires[text]

    def _has(self, atom: Atom) -> NDArray[np.bool_]:
        """Tell which costly resources an atom holds for, dates left aside."""
        if atom.is_seats:
            return np.asarray(self.found.ints("seats")[self.costly] >= atom.level)
        held = np.zeros(len(self.found), dtype=bool)
        for vocabulary, codes in self.context.codes.items():
            code = codes.get(atom.code)
            if code is not None:
                held |= self._holds(vocabulary, code, atom.level)
        return np.asarray((held != atom.negated)[self.costly])

    def _holds(self, vocabulary: str, code: int, level: int) -> NDArray[np.bool_]:
        """Tell which resources of the kind hold a code of a vocabulary."""
        held = np.zeros(len(self.found), dtype=bool)
        column = _LISTS[self.kind].get(vocabulary)
        if column is not None:
            lists = self.found.columns[column]
            if isinstance(lists, Ragged):
                hit = lists.values == code
                hit = hit if lists.levels is None else hit & (lists.levels >= level)
                held[lists.owners()[hit]] = True
        elif _SINGLE.get(vocabulary) in self.found.columns:
            held = self.found.ints(_SINGLE[vocabulary]) == code
        elif vocabulary == "credential" and self.kind == "volunteer":
            table = self.drafts["credentials"]
            owner = table.ints("volunteer_id")
            held[owner[(table.ints("credential") == code) & (owner >= 0)]] = True
        return held

    def _may_use(self, performer: int) -> NDArray[np.bool_]:
        """Tell which costly resources a performer may use: its line's, or under an agreement."""
        if performer not in self._performers:
            up = self._up["actors"]
            owners = self.found.ints("actor_id")[self.costly]
            line = up.get(performer, set())
            distinct, which = np.unique(owners, return_inverse=True)
            allowed = np.array(
                [o in line or performer in up.get(o, set()) for o in distinct.tolist()], dtype=bool
            )[which]
            self._performers[performer] = allowed | self._agreed(line, owners)
        return self._performers[performer]

    def _agreed(self, line: set[int], owners: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell which costly resources some agreement opens to an actor of a line (S4.9)."""
        table = self.drafts["agreements"]
        taker = table.ints("taker_id")
        rows = np.flatnonzero((taker == ANYONE) | np.isin(taker, list(line)))
        offset = 0
        for name in RESOURCE_TABLES[: RESOURCE_KINDS.index(self.kind)]:
            offset += len(self.drafts[name])
        agreed = np.zeros(len(owners), dtype=bool)
        words = ("volunteer", "space", "service")
        for row in rows.tolist():
            kind, resource = int(table.ints("kind")[row]), int(table.ints("resource_id")[row])
            if kind >= 0 and words[kind] != self.kind:
                continue
            hit = owners == table.ints("giver_id")[row]
            agreed |= hit if resource < 0 else hit & (self.costly + offset == resource)
        return agreed

    def _serves(self, column: str, place: int) -> NDArray[np.bool_]:
        """Tell which costly services are open to an area or group (S4.7)."""
        if self.kind != "service":
            return np.ones(len(self.costly), dtype=bool)
        lists = self.found.columns[column]
        if not isinstance(lists, Ragged):
            raise TypeError(column)
        free = np.diff(lists.starts) == 0
        hit = np.isin(lists.values, list(self._up["codes"].get(place, ())))
        free[lists.owners()[hit]] = True
        return np.asarray(free[self.costly])


def _ancestors(found: Draft) -> dict[int, set[int]]:
    """Give each row of a tree with itself and everything above it."""
    if found.name == "actors":
        up = found.ints("parent_id").tolist()
    else:
        parents = found.columns["parent"]
        words = found.ints("vocabulary").tolist()
        texts = parents.cells() if isinstance(parents, TextColumn) else []
        vocabularies = found.contract.fields["vocabulary"].words  # type: ignore[attr-defined]
        known = found.index
        up = [
            known.get(f"{vocabularies[w]}:{t}", -1) if t and w >= 0 else -1
            for w, t in zip(words, texts, strict=True)
        ]
    above: dict[int, set[int]] = {}
    for row in range(len(up)):
        line, at = {row}, up[row]
        while at >= 0 and at not in line:
            line.add(at)
            at = up[at]
        above[row] = line
    return above
