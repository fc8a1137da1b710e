"""
What each clause of the card does to a decided plan (convention S12.8).

Everything follows from the published prices: with the rows of a clause left out of a stage's sum,
what remains is a sound bound on the plans that need not keep it, so that lifting the clause can
gain the difference at most. Whom it favours and burdens is the same arithmetic, column by column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cogov_opt.domain.certificate import Certificate, Forest, StageCertificate
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import FREE, Formulation, Key, all_keys
from cogov_opt.domain.instance import IntArray
from cogov_opt.domain.policy import Clause
from cogov_opt.proving.parts import AtStage, at_stages
from cogov_opt.proving.trees.evaluating import resting
from cogov_opt.solving import exact

BARRING = ("forbid", "require", "earmark")
OF_NEEDS = ("x", "use", "bought", "own", "major")


def accounts_of(decision: Decision) -> tuple[Mapping[str, Any], ...]:
    """Give the account of each clause, in the order of the card; none without certificates."""
    evidence = decision.evidence
    if decision.outcome.vector is None or not isinstance(evidence, Certificate):
        return ()
    if not evidence.stages:
        return ()
    book = _Book(decision, evidence, decision.outcome.vector)
    return tuple(book.account(clause) for clause in decision.policy.clauses)


@dataclass
class _Effect:
    """What the rows of a clause do at one stage: its share of the sum, and e = Y A by column."""

    stage: StageCertificate
    sides: int = 0
    on: dict[int, int] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)


class _Book:
    """The formulation, its prices and the plan, with the rows of each clause at hand."""

    def __init__(self, decision: Decision, evidence: Certificate, plan: IntArray) -> None:
        self.decision, self.stages, self.plan = decision, evidence.stages, plan
        self.f: Formulation = decision.formulation
        self.resting = [_resting(at) for at in at_stages(self.f, evidence)]
        self.sums = exact.activity(self.f.matrix, plan)
        self.rows: dict[str, list[IntArray]] = {}
        for start, block in zip(self.f.rows.starts.tolist(), self.f.rows.blocks, strict=False):
            if block.count:
                members = np.arange(start, start + block.count)
                self.rows.setdefault(block.prefix[0], []).append(members)

    def account(self, clause: Clause) -> dict[str, Any]:
        """Give the account of one clause."""
        blocks = self.rows.get(clause.id, [])
        rows = np.concatenate(blocks) if blocks else np.zeros(0, np.int64)
        effects = [self._effect(stage, rows) for stage in self.stages]
        first = next((e for e in effects if e.rows), None)
        actors, groups = self._sides(first)
        found = {
            "clause": clause.id,
            "rows": len(rows),
            "tight": self._tight(rows),
            "priced": len(set().union(*(e.rows for e in effects))),
            "barred": self._barred(clause, rows, effects),
            "gains": self._gains(rows, effects),
            "stage": first.stage.index if first else 0,
            "scale": str(first.stage.scale if first else 1),
            "actors": actors,
            "groups": groups,
        }
        return found | {"finding": _finding(clause.owner, actors)}

    def _effect(self, stage: StageCertificate, rows: IntArray) -> _Effect:
        """Add up the priced rows of a clause at a stage."""
        effect = _Effect(stage)
        prices = stage.prices[rows]
        for row, price in zip(rows[prices != 0].tolist(), prices[prices != 0], strict=True):
            y = int(price)
            side = int(self.f.row_upper[row] if y > 0 else self.f.row_lower[row])
            effect.sides += y * side
            effect.rows.add(row)
            for j, a in self._terms(row):
                effect.on[j] = effect.on.get(j, 0) + y * a
        return effect

    def _terms(self, row: int) -> Iterator[tuple[int, int]]:
        m = self.f.matrix
        part = slice(int(m.starts[row]), int(m.starts[row + 1]))
        return zip(m.columns[part].tolist(), m.values[part].tolist(), strict=True)

    def _gains(self, rows: IntArray, effects: list[_Effect]) -> list[str]:
        """Give the most that each stage can gain where the clause need not be kept."""
        found, priced, rested = [], False, False
        names = {self.f.rows.key(row) for row in rows.tolist()}
        for effect, resting_on in zip(effects, self.resting, strict=True):
            gain, stage = self._gain(effect), effect.stage
            priced = priced or bool(effect.rows)
            rests = bool(names & resting_on)
            rested = rested or rests
            # What falls apart does so by the proofs of the stages before.
            told = rested if isinstance(stage.tree, Forest) else rests
            if not priced and not told:
                # What proves the bound does not rest on the clause: it holds without it.
                gain = min(gain, max(0, stage.certified_gap))
            found.append(str(gain))
        return found

    def _gain(self, effect: _Effect) -> int:
        """Give what the sum without the clause's rows leaves above the value."""
        stage = effect.stage
        bound = int(stage.bound_scaled) - effect.sides
        for j, e in effect.on.items():
            v, low, high = int(stage.reduced[j]), int(self.f.lower[j]), int(self.f.upper[j])
            bound += max((v + e) * low, (v + e) * high) - max(v * low, v * high)
        line = next(s for s in self.f.stages if s.index == stage.index)
        value = stage.value - line.constant
        return max(0, stage.step * (bound // (stage.scale * stage.step)) - value)

    def _tight(self, rows: IntArray) -> int:
        """Count the rows that the plan uses up to a bound."""
        low, high = self.f.row_lower[rows], self.f.row_upper[rows]
        sums = self.sums[rows]
        at = ((low > -FREE) & (sums == low)) | ((high < FREE) & (sums == high))
        return int(np.count_nonzero(at))

    def _barred(self, clause: Clause, rows: IntArray, effects: list[_Effect]) -> int:
        """Count the columns that would be used at the prices if the clause did not bar them."""
        if clause.kind not in BARRING or clause.soft:
            return 0
        count = 0
        for row in rows.tolist():
            for j, _ in self._terms(row):
                worth = (int(e.stage.reduced[j]) + e.on.get(j, 0) for e in effects)
                count += next((w for w in worth if w), 0) > 0
        return count

    def _sides(self, effect: _Effect | None) -> tuple[list[list[str]], list[list[str]]]:
        """Give by actor and by group what a clause favours and burdens at its first stage."""
        actors: dict[str, list[int]] = {}
        groups: dict[str, list[int]] = {}
        for j, e in effect.on.items() if effect else ():
            demand = self._demand(self.f.columns.key(j))
            if effect is None or demand < 0:
                continue
            used, left = int(self.plan[j]), int(self.f.upper[j]) - int(self.plan[j])
            worth = int(effect.stage.reduced[j]) + e
            favours = max(0, -e) * used
            burdens = max(0, e) * used + (min(e, worth) * left if e > 0 and worth > 0 else 0)
            actor, group = self._whose(demand)
            for book, name in ((actors, actor), (groups, group)):
                sides = book.setdefault(name, [0, 0])
                sides[0] += favours
                sides[1] += burdens
        return _written(actors), _written(groups)

    def _demand(self, key: Key) -> int:
        """Give the demand a column is about, -1 where it is about none."""
        tables = self.decision.instance.tables
        if key[0] in ("y", "people"):
            return tables["demands"].index[key[1]]
        if key[0] in OF_NEEDS:
            need = tables["needs"].index[key[1]]
            return int(tables["needs"].ints("demand_id")[need])
        return tables["demands"].index[key[2]] if key[0] == "award" else -1

    def _whose(self, demand: int) -> tuple[str, str]:
        """Name who asks for a demand, and for which group."""
        table = self.decision.instance.tables["demands"]
        actor = self.decision.instance.actors.ids[int(table.ints("actor_id")[demand])]
        group = int(table.ints("group")[demand])
        return actor, table.labels["group"][group] if group >= 0 else ""


def _resting(at: AtStage) -> set[Key]:
    """Give the rows that a stage's branch trees rest on."""
    tree = at.proof.tree
    if isinstance(tree, Forest):
        trees = [(at.parts.question(part), proof.tree) for part, proof in tree.trees]
    else:
        trees = [] if tree is None else [(at.question, tree)]
    found: set[Key] = set()
    for question, grown in trees:
        keys = all_keys(question.system.rows)
        found |= {keys[i] for i in resting(question, grown.root)}
    return found


def _written(book: Mapping[str, list[int]]) -> list[list[str]]:
    """Write the sides that are not 0, by name."""
    return [[n, str(a), str(b)] for n, (a, b) in sorted(book.items()) if a or b]


def _finding(owner: str | None, actors: list[list[str]]) -> str:
    """Tell whether more than half of what a clause favours goes to the actor that set it."""
    favoured = {name: int(amount) for name, amount, _ in actors}
    own = favoured.get(owner or "", 0)
    return "owner_gains" if own * 2 > sum(favoured.values()) else ""
