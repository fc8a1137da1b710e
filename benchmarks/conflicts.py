"""
Conflicts: too few people for what is guaranteed, found by a count, against two ways of HiGHS.

The same formulation goes to all: ours (network, greatest flow, alternating search, deletion,
proof), `Highs.getIis` on the linear programme, and HiGHS' dual ray with a deletion filter over
the rows of its support. CPU seconds, from ready arrays to an irreducible set.
"""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import cpu, fresh
from benchmarks.planted import HEAD, KINDS, PACKAGE, planted

if TYPE_CHECKING:
    from cogov_opt.domain.formulation import Formulation

NAME = "conflicts"
SEEDS, PLANTED = 10, 1000
CITY = (3_320, 3_360)
TINY = (190, 200)
EACH = 8
CARD = (
    HEAD
    + """
[[clause]]
id = "K1"
kind = "guarantee"
where = { demand.tags = "must" }
each = ["demand.id"]
measure = "demands"
at_least = 1
owner = "A"
"""
)


def city(demands: int, people: int, seed: int) -> dict[str, dict[str, list[Any]]]:
    """
    Write a city in which everything is guaranteed and a few demands cannot all be served.

    Each demand asks for a skill of its own, which some eight people all over the city have; a few
    share one, and three people too few have that.
    """
    g = np.random.default_rng([20, seed])
    few = int(g.integers(8, 20))
    rest, others = demands - few, people - few + 3
    own = g.integers(0, rest, (others, EACH))
    own[: min(rest, others), 0] = np.arange(min(rest, others))
    has = [";".join(f"s{k:05}" for k in sorted(set(line))) for line in own.tolist()]
    has += ["short"] * (few - 3)
    needs = [f"s{k:05}" for k in range(rest)] + ["short"] * few
    ids = [f"D{i:05}" for i in g.permutation(demands).tolist()]
    skills = sorted(set(needs))
    return {
        "actors": {"actor_id": ["A"], "name": ["A"], "kind": ["ngo"]},
        "codes": {
            "vocabulary": ["tag"] + ["skill"] * len(skills), "code": ["must", *skills],
        },
        "volunteers": {
            "volunteer_id": [f"V{k:05}" for k in range(people)], "actor_id": ["A"] * people,
            "skills": has, "max_slots": ["1"] * people,
        },
        "demands": {"demand_id": ids, "actor_id": ["A"] * demands, "tags": ["must"] * demands},
        "needs": {
            "need_id": [f"N{i[1:]}" for i in ids], "demand_id": ids,
            "kind": ["volunteer"] * demands, "quantity": ["1"] * demands, "requires": needs,
        },
    }  # fmt: skip


def race(demands: int, people: int, seed: int, slow: bool) -> dict[str, float]:
    """Time the three ways on one city."""
    import cogov_opt as cg
    from cogov_opt.formulating import formulate
    from cogov_opt.proving.conflicts import checked, parts_of
    from cogov_opt.solving import halls
    from cogov_opt.solving.backends.max_flow import greatest

    card = cg.load_policy_text(CARD)
    for frames in (city(*TINY, seed), city(demands, people, seed)):
        formulation = formulate(cg.check(cg.from_frames(frames, PACKAGE), card), card)
        began = cpu()
        parts = parts_of(formulation, card)
        found = halls.find(formulation, parts, greatest)
        ours = cpu() - began
        if found is None or checked(formulation, parts, found) is None:
            raise AssertionError("the planted conflict is not found")
    began = cpu()
    by_ray = ray_and_filter(formulation)
    ray = cpu() - began
    sound = {
        "ours": ours, "ray": ray, "rows": len(formulation.row_lower),
        "columns": len(formulation.lower), "places": len(found.parts), "ray rows": by_ray,
        "irreducible": int(found.parts == found.without_part.keys()),
    }  # fmt: skip
    if slow:
        began = cpu()
        sound["iis rows"] = iis(formulation)
        sound["iis"] = cpu() - began
    return sound


def _loaded(formulation: Formulation, rows: Any = None) -> Any:
    """Give a solver with the linear programme, or with some rows of it."""
    import highspy

    from cogov_opt.solving.scaling import prepare

    problem, _ = prepare(formulation).with_costs(np.zeros(len(formulation.lower), np.int64))
    solver: Any = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(problem.costs), len(problem.row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = (
        problem.costs, problem.lower, problem.upper,
    )  # fmt: skip
    model.row_lower_, model.row_upper_ = problem.row_lower.copy(), problem.row_upper.copy()
    if rows is not None:
        gone = np.setdiff1d(np.arange(len(problem.row_lower)), rows)
        low, high = problem.row_lower.copy(), problem.row_upper.copy()
        low[gone], high[gone] = -np.inf, np.inf
        model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = problem.starts, problem.columns
    model.a_matrix_.value_ = problem.values
    solver.setOptionValue("presolve", "off")
    solver.passModel(model)
    return solver


def ray_and_filter(formulation: Formulation) -> int:
    """Give the size of the set left of a dual ray's support by deleting row after row."""
    import highspy

    solver = _loaded(formulation)
    solver.run()
    _, there, ray = solver.getDualRay()
    if not there:
        raise AssertionError("no dual ray")
    kept = np.flatnonzero(np.abs(np.asarray(ray)) > 1e-9).tolist()
    part = _loaded(formulation, np.array(kept))
    low, high = formulation.row_lower, formulation.row_upper
    for row in list(kept):
        part.changeRowBounds(row, -highspy.kHighsInf, highspy.kHighsInf)
        part.run()
        if part.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            kept.remove(row)
        else:
            sides = [float(v) if abs(int(v)) < 2**62 else float(np.sign(v)) * highspy.kHighsInf
                     for v in (low[row], high[row])]  # fmt: skip
            part.changeRowBounds(row, *sides)
    return len(kept)


def iis(formulation: Formulation) -> int:
    """Give the size of HiGHS' own irreducible set of the linear programme."""
    solver = _loaded(formulation)
    solver.setOptionValue("iis_strategy", 6)
    _, found = solver.getIis()
    return len(found.row_index_)


def plant(count: int, first: int) -> dict[str, int]:
    """Decide planted conflicts of every kind; count those re-proved and irreducible."""
    import tempfile

    import cogov_opt as cg

    told = {"planted": 0, "proved": 0, "irreducible": 0, "as planted": 0, "accepted": 0}
    for number in range(first, first + count):
        kind = KINDS[number % len(KINDS)]
        case = planted(kind, number, size=12)
        card = cg.load_policy_text(case.card)
        instance = cg.check(cg.from_frames(case.frames, PACKAGE), card)
        decision = cg.allocate(instance, card, isolation="none")
        conflict = decision.outcome.detail.get("conflict", {})
        with tempfile.TemporaryDirectory() as place:
            run = cg.record(cg.explain(decision), f"{place}/run")
            accepted = cg.verify(f"{place}/run").accepted
        del run
        told["planted"] += 1
        told["proved"] += decision.termination == "infeasible"
        told["irreducible"] += bool(conflict.get("minimal") and conflict.get("parts_minimal"))
        told["as planted"] += set(conflict.get("clauses", ())) == case.clauses
        told["accepted"] += accepted
    return told


def measure(ask: Ask) -> list[Figure]:
    """Race on cities, then count over planted conflicts."""
    seeds, size, count = (2, TINY, 8) if ask.tiny else (SEEDS, CITY, PLANTED)
    runs = [fresh("benchmarks.conflicts:race", *size, s, s < 3 or ask.tiny) for s in range(seeds)]
    found = fresh("benchmarks.conflicts:plant", count, 0)
    slow = [r for r in runs if "iis" in r]
    about = f"{runs[0]['rows']:,.0f} rows, {runs[0]['columns']:,.0f} columns"
    return [
        *_against("dual ray and deletion filter", runs, "ray", 5, about),
        *_against("Highs.getIis", slow, "iis", 50, about),
        Figure(NAME, "from formulation to irreducible set", median(r["ours"] for r in runs), "s",
               note=f"{median(r['places'] for r in runs):.0f} places"),
        Figure(NAME, "irreducible", sum(r["irreducible"] for r in runs), "cities", "",
               len(runs), at_least=True),
        *(Figure(NAME, name, found[name], "conflicts", "", found["planted"], at_least=True)
          for name in ("proved", "irreducible", "as planted", "accepted")),
    ]  # fmt: skip


def _against(
    rival: str, runs: list[dict[str, Any]], name: str, target: float, about: str
) -> list[Figure]:
    """Give the median and the tenth percentile of a ratio taken within each run."""
    ratios = sorted(r[name] / r["ours"] for r in runs)
    low = quantiles(ratios, n=10)[0] if len(ratios) > 1 else ratios[0]
    lost = sum(r < target for r in ratios)
    note = f"p10 {low:.1f} x, {lost} of {len(ratios)} below the target; {about}"
    return [Figure(NAME, "Hall-type conflict", median(ratios), "x faster", rival, target,
                   at_least=True, note=note)]  # fmt: skip


CASES = (Case(NAME, "hard clauses that cannot hold together: found and proved", measure),)
