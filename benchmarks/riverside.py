"""The shipped week under each of its cards: seconds, how far proven, how much is refused."""

from __future__ import annotations

from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import cpu, fresh

CARDS = ("needs-first", "efficient", "fair-share", "first-come", "pb-greedy")


def decide(card: str) -> dict[str, Any]:
    """Run the sample under a card, in memory; a refusal is an answer too."""
    import cogov_opt as cg
    from cogov_opt.pipeline import run

    began = cpu()
    try:
        made = run("riverside", card, None)
    except cg.CogovError as error:
        return {"seconds": cpu() - began, "refused": str(error).splitlines()[0]}
    seconds = cpu() - began
    header = made.header
    totals = header["totals"]
    codes = sorted({record["code"] for record in made.records.values()})
    return {
        "seconds": seconds, "ended": header["termination"], "stages": header["stages"],
        "claimed": made.provenance.get("claimed_bounds", {}), "demands": totals["demands"],
        "unmet": totals["demands"] - totals["served"], "codes": codes,
    }  # fmt: skip


def measure(ask: Ask) -> list[Figure]:
    """Run every card once: up to half a minute each, and no time here has a target."""
    cards = ("first-come",) if ask.tiny else CARDS
    found = {card: fresh("benchmarks.riverside:decide", card) for card in cards}
    return [figure for card, run in found.items() for figure in _figures(card, run)]


def _figures(card: str, run: dict[str, Any]) -> list[Figure]:
    name, seconds = f"riverside/{card}", run["seconds"]
    if "refused" in run:
        return [Figure(name, "refused", None, "s", note=run["refused"][:90])]
    share = 100 * run["unmet"] / run["demands"]
    return [
        Figure(name, "load to record", seconds, "s", note=f"{run['ended']}; {_proven(run)}"),
        Figure(name, "demands not served", share, "%",
               note=f"{run['unmet']} of {run['demands']}"),
        Figure(name, "reason codes that occur", len(run["codes"]), "codes", "", 8, at_least=True,
               note=" ".join(run["codes"])),
    ]  # fmt: skip


def _proven(run: dict[str, Any]) -> str:
    """Say how far each stage is proven: its value, and the gaps claimed and certified."""
    parts = []
    for stage in run["stages"]:
        number, value = str(stage["index"]), int(stage["value"])
        claimed = run["claimed"].get(number)
        word = "-" if claimed is None else f"{round(abs(float(claimed) - value), 6):g}"
        parts.append(f"stage {number}: {value}, claimed {word}, certified {stage['gap']}")
    return "; ".join(parts) or "a procedure, no gap"


CASES = (Case("riverside", "the shipped week under each of its cards", measure),)
