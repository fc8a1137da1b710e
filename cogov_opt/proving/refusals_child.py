"""
The child process that proves refusals: `python -m cogov_opt.proving.refusals_child FOLDER`.

It writes what it has after each refusal, so that whatever ends it leaves those before.
"""

from __future__ import annotations

import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from cogov_opt.domain.certificate import Certificate, Refusal
from cogov_opt.domain.formulation import Formulation
from cogov_opt.domain.instance import IntArray
from cogov_opt.proving.refusals import refuse
from cogov_opt.solving import child

ASKED, FOUND = "asked.pickle", "found.pickle"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the child; names go along, since a refusal is told by its keys."""

    formulation: Formulation
    demands: list[str]
    evidence: Certificate
    vector: IntArray
    seconds: float | None
    memory_mb: int | None


def write_asked(folder: Path, asked: Asked) -> None:
    """Leave a question for the child, in a folder that parent and child alone can reach."""
    (folder / ASKED).write_bytes(pickle.dumps(asked))


def read_found(folder: Path) -> tuple[Refusal, ...]:
    """Read the refusals a child left; none if it left nothing that can be read."""
    try:
        found = pickle.loads((folder / FOUND).read_bytes())  # noqa: S301 - written by our own child, or parent, in a folder of theirs
    except (OSError, EOFError, pickle.UnpicklingError):
        return ()
    return tuple(found)


def main(folder: str) -> int:
    """Prove the refusals asked for in a folder and leave them there."""
    child.die_with_parent()
    place = Path(folder)
    asked: Asked = pickle.loads((place / ASKED).read_bytes())  # noqa: S301 - written by our own child, or parent, in a folder of theirs
    began = time.monotonic()

    def over() -> bool:
        return asked.seconds is not None and time.monotonic() - began > asked.seconds

    found: list[Refusal] = []
    try:
        child.limit_memory(asked.memory_mb)
        for refusal in refuse(
            asked.formulation, asked.demands, asked.evidence, asked.vector, stopped=over
        ):
            found.append(refusal)
            _save(place, found)
    except MemoryError:
        return child.MEMORY
    return 0


def _save(place: Path, found: list[Refusal]) -> None:
    """Write what was found so far; the file appears whole or not at all."""
    part = place / (FOUND + ".part")
    part.write_bytes(pickle.dumps(found))
    part.replace(place / FOUND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
