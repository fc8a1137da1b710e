"""All exact regrets of a flow at once, against solving again for each pair."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import cpu, fresh

if TYPE_CHECKING:
    import numpy as np

    from cogov_opt.proving.regrets import FlowPlan

RIVAL = "solving again for each pair"
KERNELS = "cogov_opt.proving.compiled"
CITIES = {
    "2,000 x 2,000": (2_000, 2_000, 21), "600 x 2,000, scarce": (600, 2_000, 6),
}  # fmt: skip
TINY = {"40 x 40": (40, 40, 3)}
LEVELS = {"distances": "many values", "five": "five values"}
SAMPLED, TINY_SAMPLED = 1_000, 20


def measure_one(
    levels: str, volunteers: int, slots: int, skills: int, sample: int
) -> dict[str, Any]:
    """Time all regrets of one city, compiled and by scipy, and solve a sample of pairs again."""
    import numpy as np

    from cogov_opt.proving.regrets import FlowPlan

    flow, tied = city(levels, volunteers, slots, skills)
    f, plan = flow.formulation, _vector(flow)
    _all(FlowPlan.of(f, plan))
    began = cpu()
    found = _all(FlowPlan.of(f, plan))
    compiled = cpu() - began
    sys.modules[KERNELS] = None  # type: ignore[assignment]
    began = cpu()
    plain = _all(FlowPlan.of(f, plan))
    by_scipy = cpu() - began
    del sys.modules[KERNELS]
    pairs = sum(int((loss != -2).sum()) for loss in found)
    right, seconds = solved_again(flow, found, sample)
    nothing = (found[0] == 0) | (found[1] == 0)
    return {
        "pairs": pairs, "compiled": compiled, "scipy": by_scipy, "again": seconds,
        "right": right, "ties": int(nothing.sum()),
        "tie sets equal": int(np.array_equal(tied, nothing)),
        "ways equal": int(all(np.array_equal(a, b) for a, b in zip(found, plain, strict=True))),
    }  # fmt: skip


def _all(flow: FlowPlan | None) -> tuple[np.ndarray, np.ndarray]:
    if flow is None:
        raise AssertionError("the city is a flow")
    return flow.more.loss, flow.less.loss


def _vector(flow: FlowPlan) -> Any:
    """Give the plan of a flow whose every need is one slot: what is given, and what is served."""
    import numpy as np

    network, f = flow.network, flow.formulation
    found = np.zeros(len(f.columns), dtype=np.int64)
    carries = network.column >= 0
    found[network.column[carries]] = flow.flow[carries]
    return found


def city(levels: str, volunteers: int, slots: int, skills: int) -> tuple[FlowPlan, Any]:
    """Give a city's flow, solved, and its tie set."""
    import cogov_opt as cg
    from benchmarks.grid_city import CARD, City, write_city
    from cogov_opt.formulating import formulate
    from cogov_opt.proving.regrets import FlowPlan
    from cogov_opt.solving.backends.min_cost_flow import solve_circulation
    from cogov_opt.strategies.flow_route import is_flow, solve_flow

    text = CARD
    if levels == "five":
        head = CARD.partition("[[objective]]")[0]
        text = (
            f'{head}[[objective]]\nsense = "maximise"\nterms = [ {{ term = "served_points" }} ]\n'
        )
    card = cg.load_policy_text(text)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "city"
        write_city(folder, City(volunteers=volunteers, slots=slots, skills=skills))
        f = formulate(cg.check(cg.load(folder), card), card)
    network = is_flow(f)
    if network is None:
        raise AssertionError("the city is a flow")
    found = solve_flow(f, network, solve_circulation, None)
    flow = FlowPlan.of(f, found.vector)
    if flow is None:
        raise AssertionError("the city is a flow")
    return flow, found.tied[f.x]


def solved_again(
    flow: FlowPlan, found: tuple[np.ndarray, np.ndarray], sample: int
) -> tuple[int, float]:
    """Solve with one pair forced in or out, for a sample: how many agree, and seconds a pair."""
    import numpy as np

    from cogov_opt.solving.backends.min_cost_flow import solve_circulation

    network, cost = flow.network, flow.faces[0].cost
    best = int(np.dot(cost, flow.flow))
    choice = np.random.default_rng(1).permutation(len(flow.arc_of))[:sample]
    right, began = 0, cpu()
    for j in choice.tolist():
        arc = int(flow.arc_of[j])
        forced = 1 - int(flow.flow[arc])
        cap = network.cap.copy()
        cap[arc] = 0
        supply = np.zeros(network.nodes, dtype=np.int64)
        supply[network.tail[arc]] -= forced
        supply[network.head[arc]] += forced
        other = solve_circulation(network.tail, network.head, cap, cost, supply)
        lost = int(np.dot(cost, other)) + forced * int(cost[arc]) - best
        right += lost == int(found[0 if forced else 1][j])
    return right, (cpu() - began) / len(choice)


def measure(ask: Ask) -> list[Figure]:
    """Measure every city with many and with five values, as often as asked."""
    figures: list[Figure] = []
    sample = TINY_SAMPLED if ask.tiny else SAMPLED
    for name, size in (TINY if ask.tiny else CITIES).items():
        for levels, told in LEVELS.items():
            runs = [
                fresh("benchmarks.regrets:measure_one", levels, *size, sample if not turn else 50)
                for turn in range(ask.runs)
            ]
            figures += _figures(f"{name}, {told}", runs, sample, ask)
    return figures


def _figures(what: str, runs: list[dict[str, Any]], sample: int, ask: Ask) -> list[Figure]:
    """Give how much faster all regrets are than a solve for each pair, and whether they agree."""
    faster = {
        way: median(r["pairs"] * r["again"] / r[way] for r in runs) for way in ("compiled", "scipy")
    }
    seconds = {way: median(r[way] for r in runs) for way in (*faster, "again")}
    first, name = runs[0], "regrets-tiny" if ask.tiny else "regrets"
    return [
        Figure(name, f"{what}: all regrets", faster["compiled"], "x faster", RIVAL, 500,
               at_least=True, note=f"{first['pairs']:,} pairs in {seconds['compiled']:.3f} s,"
               f" {1000 * seconds['again']:.1f} ms a solve"),
        Figure(name, f"{what}: without compiled kernels", faster["scipy"], "x faster", RIVAL, 150,
               at_least=True, note=f"{seconds['scipy']:.2f} s"),
        Figure(name, f"{what}: equal to a solve", first["right"], "pairs", "", sample,
               at_least=True),
        Figure(name, f"{what}: tie set is regret 0", first["tie sets equal"], "", "", 1,
               at_least=True, note=f"{first['ties']:,} ties"),
        Figure(name, f"{what}: both ways equal", first["ways equal"], "", "", 1, at_least=True),
    ]  # fmt: skip


CASES = (Case("regrets", "all exact regrets of a flow, against solving again", measure),)
