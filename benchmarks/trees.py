"""
Branch trees: weeks of riverside's kind by seed, and generalised assignment, how far proven.

A single-stage card must be proven best on 97 of 100 weeks with at most 300 leaves, made in five
times the solver's own time or ten seconds and checked in ten; cards of several stages, or with a
max-min share, with at most 2,000 leaves on 80 of 100. What stays open is told with its gap.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import NO_DATA, Laps, cpu, data_folder, fresh

if TYPE_CHECKING:
    from cogov_opt.domain.certificate import Certificate
    from cogov_opt.solving.outcome import Begun, Solved

SINGLE, SEVERAL = "efficient", ("fair-share", "needs-first")
SEEDS, LEAVES = 100, 2_000
MOST, RATIO, SECONDS = 300, 5.0, 10.0


def week(seed: int, card: str, leaves: int) -> dict[str, Any]:
    """Decide and prove the week of a seed, then have it verified."""
    import sys

    sys.path.insert(0, "datasets/riverside")
    from generate import generate  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "week"
        generate(folder, seed)
        return prove(str(folder), card, leaves)


def prove(data: str, card: str | None, leaves: int, *, refuse: bool = False) -> dict[str, Any]:
    """Decide and prove any dataset; CPU seconds of solving, of the trees, and of refusals."""
    import cogov_opt as cg
    from cogov_opt.domain.decision import Limits
    from cogov_opt.formulating import formulate
    from cogov_opt.proving.stages import certify_all
    from cogov_opt.solving import coupled
    from cogov_opt.strategies.refusals import with_refusals
    from cogov_opt.strategies.rounds import solve_in_rounds
    from cogov_opt.strategies.trees import TreeWork, with_trees

    laps = Laps()
    tables = cg.load(data)
    policy = cg.load_policy(card or str(tables.package.get("policy")))
    instance = cg.check(tables, policy)
    f, work = formulate(instance, policy), TreeWork(leaves=leaves, isolated=False)

    def search(nodes: int | None, start: Begun | None) -> Solved:
        with laps.lap("solve"):
            return coupled.solve(f, Limits(nodes=nodes), isolated=False, start=start)

    def proved(found: Solved) -> Certificate | None:
        if found.vector is None:
            return None
        with laps.lap("trees"):
            evidence = certify_all(f, found, f.completed(found.vector))
            return with_trees(f, evidence, work)

    # In rounds, as the strategy does it: some searches would not end without.
    solved, evidence = solve_in_rounds(f, search, proved, Limits())
    evidence = evidence or proved(solved)
    if evidence is None or solved.vector is None:
        return {"stages": [], "ended": str(solved.termination)}
    if refuse:
        with laps.lap("refusals"):
            plan = f.completed(solved.vector)
            evidence = with_refusals(f, instance.demands.ids, evidence, plan, work)
    stages = [
        {
            "gap": s.gap, "left": s.certified_gap, "best": s.certified_optimal, "value": s.value,
            "leaves": s.tree.leaves if s.tree else 1, "step": s.step,
        }
        for s in evidence.stages
    ]  # fmt: skip
    told = {"ended": str(solved.termination), "refused": len(evidence.refusals)}
    return {"stages": stages, **told, **laps.seconds}


def checked(seed: int, card: str, leaves: int) -> dict[str, Any]:
    """Run the whole line of a seed and have the folder verified."""
    import sys

    sys.path.insert(0, "datasets/riverside")
    from generate import generate

    from cogov_opt.pipeline import Options, run
    from cogov_opt.verifying import verify

    with tempfile.TemporaryDirectory() as name:
        generate(Path(name) / "week", seed)
        options = Options(settings={"leaves": leaves})
        made = run(str(Path(name) / "week"), card, Path(name) / "run", options)
        began = cpu()
        verdict = verify(Path(name) / "run")
        size = (Path(name) / "run" / "certificate.json").stat().st_size
        return {
            "seconds": cpu() - began, "accepted": verdict.accepted, "bytes": size,
            "certified": made.header["all_certified"],
        }  # fmt: skip


def measure(ask: Ask) -> list[Figure]:
    """Prove the weeks: about five minutes a card of one stage, an hour for all."""
    seeds = range(1, 2 if ask.tiny else SEEDS + 1)
    cards = (SINGLE,) if ask.tiny else (SINGLE, *SEVERAL)
    figures = []
    for card in cards:
        most = MOST if card == SINGLE else LEAVES
        runs = [fresh("benchmarks.trees:week", seed, card, most) for seed in seeds]
        figures += of_weeks(card, runs)
        check = fresh("benchmarks.trees:checked", 1, card, most)
        figures.append(
            Figure(f"trees/{card}", "verified", check["seconds"], "s", "", SECONDS,
                   note=f"{check['bytes']:,} bytes of certificate")
        )  # fmt: skip
    return figures + ([] if ask.tiny else of_files())


def of_weeks(card: str, runs: Sequence[dict[str, Any]]) -> list[Figure]:
    """Say how many weeks are proven best within the leaves they may have, and what that took."""
    name, single = f"trees/{card}", card == SINGLE
    most = MOST if single else LEAVES
    planned = [r for r in runs if r["stages"]]
    done = [r for r in planned if all(s["best"] and s["leaves"] <= most for s in r["stages"])]
    target = (0.97 if single else 0.8) * len(runs)
    leaves = [max(s["leaves"] for s in r["stages"]) for r in planned]
    spent = [r["trees"] for r in planned]
    slow = [r for r in planned if r["trees"] > max(RATIO * r["solve"], SECONDS)]
    left = sorted(
        f"{s['left']} of {s['gap']}" for r in planned for s in r["stages"] if not s["best"]
    )
    note = f"of {len(runs)}, {len(planned)} with a plan; open: {', '.join(left[:12])}"
    return [
        Figure(name, f"proven best, <= {most} leaves", len(done), "weeks", "", target,
               at_least=True, note=note),
        Figure(name, "leaves, median", median(leaves), "", "", 60 if single else None,
               note=f"most {max(leaves)}"),
        Figure(name, "trees, median", median(spent), "s",
               note=f"most {max(spent):.1f}; the solver {median(r['solve'] for r in planned):.1f}"),
        Figure(name, "slower than 5x the solver and 10 s", len(slow), "weeks", "",
               0 if single else None),
    ]  # fmt: skip


def of_files() -> list[Figure]:
    """Prove the shared generalised assignments of up to 200 jobs under their card."""
    folder = data_folder("gap")
    if folder is None:
        return [Figure("trees/gap", "files", None, "files", note=NO_DATA)]
    files = sorted(p for p in (folder / "data").iterdir() if p.is_file())
    runs = {}
    for path in files:
        if path.stat().st_size < 60_000:
            runs[path.name] = fresh("benchmarks.trees:prove", str(path), "assign-all", 500)
    planned = {name: r for name, r in runs.items() if r["stages"]}
    best = [name for name, r in planned.items() if all(s["best"] for s in r["stages"])]
    return [
        Figure("trees/gap", "proven best", len(best), "files", note=f"of {len(planned)} solved")
    ]


CASES = (Case("trees", "how far branch trees prove seeded weeks and assignments", measure),)
