"""
The child process that grows trees: `python -m cogov_opt.proving.trees.child FOLDER`.

It writes every tree as soon as it is grown; all are evaluated again by the parent.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cogov_opt.proving.trees.growing_all import grow_all
from cogov_opt.proving.trees.parcel import Grown, read_wanted, write_grown
from cogov_opt.solving import child


def main(folder: str) -> int:
    """Grow the trees wanted in a folder and leave them there."""
    child.die_with_parent()
    place = Path(folder)
    try:
        wanted, allowance, memory_mb = read_wanted(place)
        child.limit_memory(memory_mb)

        def save(grown: list[Grown]) -> None:
            write_grown(place / "grown.json", grown)

        grow_all(wanted, allowance, save)
    except MemoryError:
        return child.MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
