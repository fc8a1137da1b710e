"""The grid city through the whole line: a million candidates, one min-cost flow."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import Laps, cpu, fresh, medians, middle_ratio, peak, resident

if TYPE_CHECKING:
    from cogov_opt.domain.decision import Decision
    from cogov_opt.domain.formulation import Formulation
    from cogov_opt.solving.events import Event

FULL, TINY = (50_000, 10_000), (200, 60)
NAME = {False: "grid-1m", True: "grid-tiny"}
FROZEN = "eced8864"
"""The head of the digest of the full city's tables: another one is another case."""
RIVAL = "min-cost flow"
BEFORE = ("load", "check", "formulate")
AFTER = ("explain", "record")


def write(folder: str, volunteers: int, slots: int) -> dict[str, str]:
    """Write a city and give the digest of its tables."""
    from benchmarks.grid_city import City, write_city

    write_city(Path(folder), City(volunteers=volunteers, slots=slots))
    digest = sha256()
    for path in sorted(Path(folder).glob("*.csv")):
        digest.update(path.read_bytes())
    return {"digest": digest.hexdigest()[:8]}


def line(folder: str, run: str, warm: str) -> dict[str, float]:
    """Time load to record on a city, and the bare flow solve of its network."""
    import cogov_opt as cg
    from benchmarks.grid_city import CARD

    card = cg.load_policy_text(CARD)
    decided = cg.allocate(cg.check(cg.load(warm), card), card)
    cg.record(cg.explain(decided))
    base = resident()
    laps = Laps()
    with laps.lap("load"):
        tables = cg.load(folder)
    with laps.lap("check"):
        instance = cg.check(tables, card)
    seen: dict[str, float] = {}
    began = cpu()

    def listen(event: Event) -> None:
        seen[event.kind] = cpu() - began

    with laps.lap("allocate"):
        decision = cg.allocate(instance, card, on_event=listen)
    laps.seconds["formulate"] = seen["formulated"]
    if decision.outcome.route != "flow" or decision.formulation is None:
        raise AssertionError("the grid is a flow")
    with laps.lap("explain"):
        explained = cg.explain(decision)
    with laps.lap("record"):
        cg.record(explained, run)
    most, candidates = peak(), len(decision.formulation.candidates)
    refused, lines = one_line_proofs(decision)
    laps.seconds[RIVAL] = bare_flow(decision.formulation)
    return laps.seconds | {
        "candidates": candidates, "bytes": (most - base) / candidates, "records":
        len(explained.records), "base": base, "peak": most, "refused": refused,
        "lines": lines,
    }  # fmt: skip


def one_line_proofs(decision: Decision) -> tuple[int, int]:
    """Count the refusals that are no ties, and those of them that one reduced value proves."""
    import numpy as np

    from cogov_opt.domain.certificate import Certificate

    f, plan, evidence = decision.formulation, decision.outcome.vector, decision.evidence
    if plan is None or not isinstance(evidence, Certificate) or evidence.tied is None:
        raise AssertionError("the grid is a flow, and all its ties are known")
    refused = (plan[f.x] == 0) & (f.upper[f.x] > 0) & ~evidence.tied[f.x]
    first = np.zeros(len(f.candidates), dtype=np.int64)
    for stage in reversed(evidence.stages):
        reduced = stage.reduced[f.x]
        first = np.where(reduced != 0, np.sign(reduced), first)
    return int(refused.sum()), int((refused & (first < 0)).sum())


def bare_flow(formulation: Formulation) -> float:
    """Give the CPU seconds OR-tools takes for the one stage, from ready arrays to flows."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    from cogov_opt.solving.network import network_of

    network = network_of(formulation)
    if network is None:
        raise AssertionError("the grid is a flow")
    cost = network.costs(formulation.stages[0].costs)
    began = cpu()
    solver: Any = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        network.tail, network.head, network.cap, cost
    )
    nodes = np.arange(network.nodes, dtype=np.int32)
    solver.set_nodes_supplies(nodes, np.zeros(network.nodes, dtype=np.int64))
    if solver.solve() != solver.OPTIMAL:
        raise AssertionError("the rival found no optimum")
    solver.flows(arcs)
    return cpu() - began


def verify(run: str) -> dict[str, float]:
    """Time the verifier on a run, import included: it has nothing to warm."""
    began = cpu()
    from cogov_opt.verifying import verify as check_run

    verdict = check_run(run)
    seconds = cpu() - began
    codes = {finding.code for finding in verdict.findings}
    return {
        "verify": seconds, "accepted": int(verdict.accepted), "peak": peak(),
        "sentences only": int(codes <= {"sentence", "unknown"}),
    }  # fmt: skip


def measure(ask: Ask) -> list[Figure]:
    """Run the line and the verifier as often as asked, each time in fresh processes."""
    with tempfile.TemporaryDirectory() as place:
        city, warm = f"{place}/city", f"{place}/warm"
        made = fresh("benchmarks.grid:write", city, *(TINY if ask.tiny else FULL))
        fresh("benchmarks.grid:write", warm, *TINY)
        lines, verdicts = [], []
        for turn in range(ask.runs):
            run = f"{place}/run{turn}"
            lines.append(fresh("benchmarks.grid:line", city, run, warm))
            verdicts.append(fresh("benchmarks.grid:verify", run))
    note = "" if ask.tiny or made["digest"] == FROZEN else f"data changed: {made['digest']}"
    return [*_ratios(lines, ask, note), *_parts(lines, ask), *_verified(verdicts, ask)]


def _ratios(runs: list[dict[str, Any]], ask: Ask, note: str) -> list[Figure]:
    """Give the figures that have targets."""
    name, m = NAME[ask.tiny], medians(runs)
    memory = f"peak {m['peak'] / 1e6:.0f} MB, imports {m['base'] / 1e6:.0f} MB"
    return [
        Figure(name, "load + check + formulate", middle_ratio(runs, BEFORE, RIVAL), "x",
               RIVAL, 2.0, note=note),
        Figure(name, "explain + record", middle_ratio(runs, AFTER, RIVAL), "x", RIVAL, 1.5),
        Figure(name, "memory above the imports", median(r["bytes"] for r in runs),
               "bytes a candidate", "", 400, note=memory),
        Figure(name, "strict prices, ties and all else of the route",
               median((r["allocate"] - r["formulate"]) / r[RIVAL] for r in runs), "x", RIVAL, 3.0,
               note="the solve itself included"),
        Figure(name, "refusals with regret proven in one line",
               100 * min(r["lines"] / r["refused"] for r in runs), "%", "", 100, at_least=True,
               note=f"{runs[0]['lines']:,} of {runs[0]['refused']:,}"),
    ]  # fmt: skip


def _parts(runs: list[dict[str, Any]], ask: Ask) -> list[Figure]:
    """Tell the phases one by one, the rest of the flow route among them."""
    name, m = NAME[ask.tiny], medians(runs)
    m["route"] = median(r["allocate"] - r["formulate"] - r[RIVAL] for r in runs)
    about = {
        "formulate": f"{m['candidates']:,.0f} candidates",
        RIVAL: "one stage, ready arrays to flows",
        "route": "network, potentials, draw, certificate",
        "explain": f"{m['records']:,.0f} records",
    }
    order = (*BEFORE, RIVAL, "route", *AFTER)
    return [Figure(name, p, m[p], "s", note=about.get(p, "")) for p in order]


def _verified(runs: list[dict[str, Any]], ask: Ask) -> list[Figure]:
    """Give the figures of the verifier; a run it does not accept is no figure at all."""
    name, m = NAME[ask.tiny], medians(runs)
    sound = all(r["accepted"] or r["sentences only"] for r in runs)
    accepted = all(r["accepted"] for r in runs)
    note = f"peak {m['peak'] / 1e6:.0f} MB" + ("" if accepted else "; not accepted")
    seconds = m["verify"] if sound else None
    return [
        Figure(name, "verify", seconds, "s", "", 20, note=note),
        Figure(name, "runs accepted", sum(r["accepted"] for r in runs), "runs", "",
               len(runs), at_least=True),
    ]  # fmt: skip


CASES = (Case("grid", "the line on a city of a million candidates, a flow", measure),)
