"""
What would let unmet demands be served: of how many a change, or that there is none, is proven.

The shipped week and those of twenty seeds. What is decided and answered is kept in a folder of the
temporary one, `cogov-changes`, answers by the state of the sources: a run that was stopped goes on
where it ended. Delete the folder to decide the weeks anew.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import ROOT, cpu, fresh

CARD, TINY, SEEDS = "needs-first", "efficient", range(2, 22)
SECONDS = 300.0
"""What one demand may take by the clock: five times what the command allows by itself."""
SHIPPED = 1


def folder() -> Path:
    """Give the folder of what is kept."""
    return Path(tempfile.gettempdir()) / "cogov-changes"


def state() -> str:
    """Give a short digest of the sources: answers of others are not taken for theirs."""
    found = hashlib.sha256()
    for path in sorted((ROOT / "cogov_opt").rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def decided(seed: int, card: str) -> Path:
    """Decide a week unless that was done; the shipped one is that of seed 1."""
    import sys

    from cogov_opt.pipeline import run

    place = folder() / "runs" / f"{seed}-{card}"
    if not place.exists():
        data = ROOT / "datasets" / "riverside"
        if seed != SHIPPED:
            sys.path.insert(0, str(data))
            from generate import generate  # type: ignore[import-not-found]

            data = folder() / "weeks" / str(seed)
            if not data.exists():
                generate(data, seed)
        place.parent.mkdir(parents=True, exist_ok=True)
        run(str(data), card, place)
    return place


def week(seed: int, card: str, most: int) -> dict[str, Any]:
    """Answer for the unmet demands of a week, `most` at most; each has its line in a file."""
    from cogov_opt.explaining.changes.making import unmet_demands
    from cogov_opt.explaining.why_not import Asked
    from cogov_opt.recording import read_run

    about = Asked.of(read_run(decided(seed, card)))
    place = folder() / f"answers-{state()}" / f"{seed}-{card}.jsonl"
    place.parent.mkdir(parents=True, exist_ok=True)
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    known = {line["demand"]: line for line in map(json.loads, lines)}
    for demand in unmet_demands(about)[:most]:
        if demand not in known:
            known[demand] = answered(about, demand)
            with place.open("a", encoding="utf-8") as file:
                file.write(json.dumps(known[demand]) + "\n")
    return {"demands": list(known.values())}


def answered(about: Any, demand: str) -> dict[str, Any]:
    """Look for one proven change, or the proof that no single one helps."""
    from cogov_opt.explaining.asking.weighing import Budget
    from cogov_opt.explaining.changes.making import menu

    began = cpu()
    found = menu(about, demand, Budget(SECONDS), enough=1, jointly=False)
    verdicts = {str(f.tried.verdict) for f in found.found}
    word = "change" if "served" in verdicts else "none" if found.hopeless else "open"
    told = [[f.change.kind, f.change.target, str(f.tried.verdict)] for f in found.found]
    return {
        "demand": demand, "proven": word, "seconds": cpu() - began, "told": told,
        "open": found.open,
    }  # fmt: skip


def measure(ask: Ask) -> list[Figure]:
    """Answer for all weeks; one demand of one week, under a quick card, where it is tiny."""
    seeds = (SHIPPED,) if ask.tiny else (SHIPPED, *SEEDS)
    card, most = (TINY, 1) if ask.tiny else (CARD, 1_000)
    found = [fresh("benchmarks.changes:week", seed, card, most)["demands"] for seed in seeds]
    return of_weeks(card, found)


def of_weeks(card: str, weeks: list[list[dict[str, Any]]]) -> list[Figure]:
    """Count what is proven, and the seconds of a demand."""
    lines = [line for found in weeks for line in found]
    count = Counter(line["proven"] for line in lines)
    settled = sum(all(line["proven"] != "open" for line in found) for found in weeks)
    seconds = [line["seconds"] for line in lines]
    name = f"changes/{card}"
    return [
        Figure(name, "unmet demands settled", count["change"] + count["none"], "demands", "",
               len(lines), at_least=True,
               note=f"{count['change']} by a change, {count['none']} none, {count['open']} open"),
        Figure(name, "weeks without an open demand", settled, "weeks", "", len(weeks),
               at_least=True),
        Figure(name, "a demand, median", median(seconds), "s", note=f"most {max(seconds):.1f}"),
    ]  # fmt: skip


CASES = (Case("changes", "unmet demands of 21 weeks: a proven change, or proof of none", measure),)
