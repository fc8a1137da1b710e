"""Tells lies about honest runs and judges what a verifier makes of each, raw and re-sealed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cogov_opt.errors import IssuesError, RecordError, UnsupportedError
from cogov_opt.testing import reseal
from cogov_opt.verifying import reading, verdict
from cogov_opt.verifying.findings import Findings
from tests.lies.copies import Copy
from tests.lies.honest import UntrueError, differences
from tests.lies.honest_runs import honest_runs
from tests.lies.registry import LIES, Lie
from tests.properties.line import found
from tests.properties.small_weeks import Dice

LIES_A_RUN = 12
SEALS = {"root", "digest", "run_id"}

Verifier = Callable[[Path], set[str]]


@dataclass
class Count:
    """What became of the lies."""

    told: int = 0
    raw: int = 0
    resealed: int = 0
    valid: int = 0
    refused: int = 0
    unpacked: int = 0
    missed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Write the counts on one line."""
        return (
            f"{self.told} lies in {len(self.kinds)} classes: {self.raw} found raw, {self.resealed}"
            f" found re-sealed, {self.valid} truly valid other runs, {self.refused} of no effect on"
            f" inputs that a check refuses, {self.unpacked} that no packer takes,"
            f" {len(self.missed)} missed"
        )


def codes(folder: Path) -> set[str]:
    """Give the codes the verifier finds."""
    return {finding.code for finding in found(folder)}


def seals(folder: Path) -> set[str]:
    """Verify no more than `sha256sum -c` would: root, run id and digests."""
    findings = Findings()
    opened = reading.open_run(folder, findings)
    verdict._seals(opened, findings, None, None)
    return {finding.code for finding in findings.all()}


def tellings(folder: Path, first: int = 0, a_run: int = LIES_A_RUN) -> Iterator[tuple[Lie, Copy]]:
    """Give lies without end, so many of each run, of the classes told least so far first."""
    turn = 0
    classes: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for honest in honest_runs(folder / "honest", first):
        told = 0
        for lie in sorted(LIES, key=lambda x: (classes[x.kind], names[x.name])):
            turn += 1
            copy = Copy(honest, Dice(50_000_000 + 1_000_003 * first + turn))
            if lie.tell(copy) and copy.changed:
                told += 1
                classes[lie.kind] += 1
                names[lie.name] += 1
                yield lie, copy
            if told == a_run:
                break
        shutil.rmtree(honest.folder, ignore_errors=True)


def judge(lie: Lie, copy: Copy, place: Path, verifier: Verifier, count: Count) -> None:
    """Tell one lie raw and re-sealed, and note what the verifier makes of it."""
    name = f"{lie.kind}: {lie.name} about {copy.honest.name}"
    count.told += 1
    count.kinds[lie.kind] += 1
    folder = copy.write(place / "run")
    if "root" in seals(folder):  # the verifier's first step, whose findings reject a run alone
        count.raw += 1
    else:
        count.missed.append(f"{name}: raw")
    if not _packed(folder):
        count.unpacked += 1
        return
    seen = verifier(folder)
    if seen & SEALS and "format" not in seen:  # a header that cannot be read seals nothing
        count.missed.append(f"{name}: re-sealed, yet {sorted(seen & SEALS)}")
    elif seen & lie.owners:
        count.resealed += 1
    elif seen:
        count.missed.append(f"{name}: found as {sorted(seen)}, not as {sorted(lie.owners)}")
    else:
        _accepted(folder, name, count)


def _packed(folder: Path) -> bool:
    """Pack a run honestly again; False where it is so misshapen that no packer takes it."""
    try:
        reseal(folder)
    except (KeyError, ValueError, TypeError, AttributeError, RecordError):
        pass
    else:
        return True
    extracts = folder / "extracts.json"
    if not extracts.exists():
        return False
    extracts.unlink()  # single records cannot be listed: the rest is packed without them
    return _packed(folder)


def _accepted(folder: Path, name: str, count: Count) -> None:
    """An accepted run is what an honest packer writes from its own choices, or it was missed."""
    try:
        other = differences(folder)
    except IssuesError:
        # The plan follows from these inputs, but whoever decides would not have taken them.
        count.refused += 1
        count.unread.append(name)
    except (UntrueError, UnsupportedError, LookupError, OSError, OverflowError) as why:
        count.missed.append(f"{name}: re-sealed, accepted: {why}")
    else:
        if other:
            count.missed.append(f"{name}: re-sealed, accepted, yet {other}")
        else:
            count.valid += 1


def tell_many(
    many: int,
    folder: Path,
    verifier: Verifier = codes,
    first: int = 0,
    a_run: int = LIES_A_RUN,
) -> Count:
    """Tell so many lies and count."""
    count = Count()
    for lie, copy in tellings(folder, first, a_run):
        judge(lie, copy, folder, verifier, count)
        if count.told == many:
            break
    return count
