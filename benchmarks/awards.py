"""Budget votes of real cities: the official award by the plain greedy rule, and its speed."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import NO_DATA, Laps, data_folder, fresh

PACKED = ("pabulib_dev.tar.bz2", "pabulib_dev_large.tar.bz2")
ALL = 655
"""So many of the shared files are marked with a rule of ours."""


def unpack(folder: str, target: str, packed: bool) -> dict[str, Any]:
    """Lay out every shared file whose official outcome a plain rule gives."""
    from tests.strategies.official import VARIANTS, index_of

    source, place = Path(folder), Path(target)
    for name in PACKED if packed else ():
        with tarfile.open(source / name) as archive:
            archive.extractall(place, filter="data")
    files = sorted([*(source / "starter").glob("*.pb"), *place.rglob("*.pb")])
    index = index_of(source)
    mine = [p for p in files if p.name in index]
    return {
        "files": [[str(p), VARIANTS[index[p.name]["official_outcome_equals"]]] for p in mine],
        "largest": str(max(mine, key=lambda p: p.stat().st_size)),
    }


def award(files: list[list[str]]) -> dict[str, Any]:
    """Award every file by its rule with ties in file order, and compare with the city."""
    from cogov_opt.formats import pabulib
    from tests.strategies.official import official, ours

    laps, missed, counted = Laps(), [], 0
    for path, variant in files:
        with laps.lap("read"):
            tables = pabulib.read(Path(path))
        with laps.lap("award"):
            found = ours(tables, variant)
        counted += 1
        if found != official(tables):
            missed.append(Path(path).name)
    return laps.seconds | {"counted": counted, "missed": missed}


def whole_line(path: str, variant: str, warm: str) -> dict[str, Any]:
    """Time one file from load to record, under the card pb-greedy."""
    from cogov_opt import load_policy
    from cogov_opt.pipeline import Options, run

    options = Options(settings={"variant": variant, "tie_break": ["position"]})
    run(warm, "pb-greedy", None, options)
    load_policy("pb-greedy")
    laps = Laps()
    with laps.lap("line"):
        made = run(path, "pb-greedy", None, options)
    return laps.seconds | {"size": Path(path).stat().st_size, "ended": made.header["termination"]}


def measure(ask: Ask) -> list[Figure]:
    """Award all files once; run the largest through the whole line as often as asked."""
    folder = data_folder("pabulib")
    if folder is None:
        return [Figure("awards", "equal to the official award", None, "files", note=NO_DATA)]
    with tempfile.TemporaryDirectory() as place:
        made = fresh("benchmarks.awards:unpack", str(folder), place, not ask.tiny)
        files = made["files"][:5] if ask.tiny else made["files"]
        found = fresh("benchmarks.awards:award", files)
        path, variant = next(f for f in made["files"] if f[0] == made["largest"])
        if ask.tiny:
            path, variant = files[0]
        runs = [
            fresh("benchmarks.awards:whole_line", path, variant, files[0][0])
            for _ in range(ask.runs)
        ]
    return _figures(found, runs, Path(path).name, len(files) if ask.tiny else ALL)


def _figures(
    found: dict[str, Any], runs: list[dict[str, Any]], name: str, wanted: int
) -> list[Figure]:
    equal = found["counted"] - len(found["missed"])
    each = f"read {found['read']:.3g} s, award {found['award']:.3g} s"
    return [
        Figure("awards", "equal to the official award", equal, "files", "the cities", wanted,
               at_least=True, note=" ".join(found["missed"][:3])),
        Figure("awards", "all files, read and awarded", found["read"] + found["award"], "s",
               note=each),
        Figure("awards", "the largest, load to record", median(r["line"] for r in runs), "s",
               note=f"{name}, {runs[0]['size'] / 1e6:.3g} MB"),
    ]  # fmt: skip


CASES = (Case("awards", "655 official awards of cities, by the plain greedy rule", measure),)
