"""What every optimised run owes: the best values by brute force, and prices that prove them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from pathlib import Path

from cogov_opt.domain.certificate import Certificate
from cogov_opt.domain.decision import Termination
from cogov_opt.domain.formulation import Formulation
from cogov_opt.solving.backends import highs
from cogov_opt.solving.problem import Work
from cogov_opt.solving.scaling import prepare
from cogov_opt.verifying import formulation
from cogov_opt.verifying.priced import Key, Priced
from tests.properties.both_sides import verifier_side
from tests.properties.brute_force import best_values, deciding, plan_count
from tests.properties.line import Line, found

MOST_DECISIONS = 12
NO_PLAN = {Termination.INFEASIBLE, Termination.INFEASIBLE_CLAIMED}


@dataclass
class Tally:
    """What was counted over many seeds."""

    counts: Counter[str] = field(default_factory=Counter)

    def told(self, name: str) -> str:
        """Write the counts on one line."""
        return f"{name}: " + ", ".join(f"{k} {v}" for k, v in sorted(self.counts.items()))


def small_enough(f: Formulation, most_plans: int) -> bool:
    """Tell whether every plan of a formulation can be looked at."""
    return len(deciding(f)) <= MOST_DECISIONS and plan_count(f) <= most_plans


def hold(line: Line, beside: Path, tally: Tally, *, flow: bool = False) -> None:
    """Hold one decision to brute force by the meaning, and its certificate to the law (S10)."""
    f = line.decision.formulation
    facts, text, priced = verifier_side(line.instance, line.card, beside)
    best = best_values(f, facts, text)
    tally.counts["instances"] += 1
    if best is None:
        _infeasible(line, priced, tally)
        return
    evidence = line.decision.evidence
    assert line.decision.termination is Termination.OPTIMAL, line.seed
    assert isinstance(evidence, Certificate)
    values = [s.value for s in evidence.stages]
    assert values == best, (line.seed, values, best)
    assert not found(line.folder), (line.seed, found(line.folder)[:3])
    tally.counts["accepted"] += 1
    _certified(line, priced, best, tally, flow=flow)


def _infeasible(line: Line, priced: Priced, tally: Tally) -> None:
    """Where no plan means well, none is given; a Farkas proof is one of the verifier's rows."""
    assert line.decision.termination in NO_PLAN, (line.seed, line.decision.termination)
    assert line.decision.allocation is None
    tally.counts[f"without a plan, {line.decision.termination}"] += 1
    if line.decision.termination is Termination.INFEASIBLE:
        named = line.decision.outcome.detail["farkas"]
        assert farkas_bound(priced, {tuple(k): int(y) for k, y in named}) < 0, line.seed


def farkas_bound(priced: Priced, prices: dict[Key, int]) -> int:
    """Give sum Y b + sum max(-(Y A) l, -(Y A) h): below 0 it leaves no plan (proof.md 3)."""
    assert prices.keys() <= {row.key for row in priced.rows}
    total, activity = 0, dict.fromkeys(priced.columns, 0)
    for row in priced.rows:
        price = prices.get(row.key, 0)
        side = row.upper if price > 0 else row.lower
        if price:
            assert side is not None, row.key
            total += price * side
            for key, coefficient in row.terms:
                activity[key] += price * coefficient
    return total + sum(
        max(-activity[key] * low, -activity[key] * high)
        for key, (low, high) in priced.columns.items()
    )


def _certified(line: Line, priced: Priced, best: list[int], tally: Tally, *, flow: bool) -> None:
    """Bounds hold, shares add up, prices are tight, and prices of 0 are not (S10)."""
    f, vector = line.decision.formulation, line.decision.outcome.vector
    assert vector is not None
    keys = [f.columns.key(j) for j in range(len(f.columns))]
    plan = dict(zip(keys, vector.tolist(), strict=True))
    system = f
    for k, (stage, proof) in enumerate(zip(f.stages, line.decision.evidence.stages, strict=True)):  # type: ignore[union-attr]
        lined = priced.stages[k]
        prices = {
            key: int(y) for key, y in zip(proof.row_keys, proof.prices.tolist(), strict=True) if y
        }
        scaled = formulation.bound(priced, lined, prices, proof.scale)
        assert scaled == proof.bound_scaled, (line.seed, k)
        reached = sum(c * plan[key] for key, c in lined.costs.items())
        assert proof.excess == scaled - proof.scale * reached, (line.seed, k)
        assert sum(s for _, s in proof.shares) + proof.rounding == proof.excess, (line.seed, k)
        assert proof.excess >= 0
        assert proof.bound >= best[k], (line.seed, k)
        if flow:
            assert (proof.gap, proof.optimal, proof.bound) == (0, True, best[k]), (line.seed, k)
        tally.counts["stages"] += 1
        assert proof.certified_bound >= best[k], (line.seed, k)
        assert not proof.certified_optimal or proof.certified_bound == best[k], (line.seed, k)
        tally.counts["stages certified optimal"] += proof.certified_optimal
        tally.counts["stages with a tree"] += proof.tree is not None
        _zero_prices(line, priced, k, system, scaled, tally)
        value = best[k] - stage.constant
        floor = value if stage.objective is None else stage.objective.floor(value)
        system = system.with_stage_row(stage, floor)
        priced.rows.append(formulation.stage_row(priced, k + 1, floor))


def tight(scaled: int, scale: int, claimed: float, step: int) -> bool:
    """Tell whether B/S exceeds a linear bound by at most max(g/2, 0.01 %) (proof.md 3)."""
    room = max(step / 2, abs(claimed) * 1e-4)
    return float(Fraction(scaled, scale)) <= claimed + room + 1e-6 * max(1.0, abs(claimed))


def _zero_prices(
    line: Line, priced: Priced, k: int, system: Formulation, scaled: int, tally: Tally
) -> None:
    """Prices of 0 give the box; where the linear bound is lower, they are not tight."""
    stage, proof = system.stages[k], line.decision.evidence.stages[k]  # type: ignore[union-attr]
    problem, factor = prepare(system).with_costs(stage.costs)
    answer = highs.solve(problem, Work())
    assert answer.bound is not None
    claimed = answer.bound / factor
    step = gcd(*[int(c) for c in stage.costs]) or 1
    assert proof.optimal or tight(scaled, proof.scale, claimed, step), (
        f"seed {line.seed} stage {k + 1}: B/S {scaled}/{proof.scale}, linear {claimed}, g {step}"
    )
    box = formulation.bound(priced, priced.stages[k], {}, 1)
    if claimed + max(step / 2, abs(claimed) * 1e-4) < box - 1e-6 * max(1, abs(box)):
        assert not tight(box, 1, claimed, step), (line.seed, k)
        tally.counts["Y = 0 not tight"] += 1
    else:
        tally.counts["box as good as the linear bound"] += 1
