"""Generalised assignment of the shared set: the known optimum, never better, and how proven."""

from __future__ import annotations

import csv
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import NO_DATA, cpu, data_folder, fresh

SET = "chu1997"
FILES = (
    "a05100", "a10100", "a20100", "a05200", "a10200", "a20200",
    "b05100", "b10100", "b20100", "b05200", "b10200", "b20200", "c05100", "c10100",
)  # fmt: skip
SECONDS = 300
"""The limit of one file; a file that needs it is lost."""


def solve(path: str) -> dict[str, Any]:
    """Solve one file through load, check and allocate; the child's CPU counts."""
    import cogov_opt as cg
    from cogov_opt.domain.certificate import Certificate

    card = cg.load_policy("assign-all")
    began = cpu()
    instance = cg.check(cg.load(path), card)
    decision = cg.allocate(instance, card, limits=cg.Limits(seconds=SECONDS))
    seconds = cpu() - began
    if not isinstance(decision.evidence, Certificate):
        return {"seconds": seconds, "value": None, "ended": decision.termination.value}
    proof = decision.evidence.stages[0]
    return {
        "seconds": seconds, "value": -proof.value, "ended": decision.termination.value,
        "certified": proof.gap, "claimed": None if proof.claimed is None else
        round(proof.claimed - proof.value, 6) + 0.0,
    }  # fmt: skip


def known_values() -> dict[str, int]:
    """Give the known optimum of every instance of the set."""
    folder = data_folder("gap")
    if folder is None:
        return {}
    with (folder / "known_values.csv").open(encoding="utf-8", newline="") as file:
        return {r["instance"]: int(r["known_value"]) for r in csv.DictReader(file)}


def measure(ask: Ask) -> list[Figure]:
    """Solve every file once, and the longest again as often as asked."""
    folder, known = data_folder("gap"), known_values()
    if folder is None:
        return [Figure("gap", "known optima reached", None, "files", note=NO_DATA)]
    files = FILES[:1] if ask.tiny else FILES
    found: dict[str, dict[str, Any]] = {}
    for name in files:
        path = str(folder / "data" / SET / name)
        runs = [fresh("benchmarks.assignment:solve", path) for _ in range(ask.runs)]
        found[name] = runs[0] | {"seconds": median(r["seconds"] for r in runs)}
    values = {n: (f["value"], known[f"{SET}/{n}"]) for n, f in found.items()}
    equal = sum(value == best for value, best in values.values())
    beaten = sum(value is not None and value < best for value, best in values.values())
    return [
        Figure("gap", "known optima reached", equal, "files", "", len(files), at_least=True),
        Figure("gap", "better than a known optimum", beaten, "files", "", 0),
        *(Figure("gap", name, f["seconds"], "s", note=_told(f)) for name, f in found.items()),
    ]  # fmt: skip


def _told(found: dict[str, Any]) -> str:
    """Say what was found and how far it is proven."""
    if found["value"] is None:
        return f"{found['ended']}, no plan"
    claimed, certified = found["claimed"], found["certified"]
    share = f" ({100 * certified / found['value']:.2f} %)" if certified else ""
    gap = f"gap claimed {claimed:g}, certified {certified}{share}"
    return f"{found['value']}, {found['ended']}, {gap}"


CASES = (Case("gap", "generalised assignment: a*, b*, c05100, c10100", measure),)
