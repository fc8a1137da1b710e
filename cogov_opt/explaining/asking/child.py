"""The child that answers a question: `python -m cogov_opt.explaining.asking.child FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cogov_opt.explaining.asking.apart import Told, answer_in
from cogov_opt.recording import Run


def answer(
    run: Run, question: Sequence[str], seconds: float | None, save: Callable[[Told], None]
) -> Told:
    """Answer in this process; what is known on the way is saved."""
    if question[0] == "change":
        from cogov_opt.explaining.changes.answering import told_here

        return told_here(run, question[1], seconds, save)
    if question[0] == "mend":
        from cogov_opt.explaining.repairs import answering

        return answering.told_here(run, seconds, save)
    if question[0] == "lift":
        from cogov_opt.explaining.asking.lifting import lift

        return lift(run, question[1], seconds=seconds, isolated=False).file.to_dict()
    from cogov_opt.explaining.asking.exact import exact

    return exact(run, tuple(question), seconds=seconds, isolated=False).file.to_dict()


if __name__ == "__main__":
    sys.exit(answer_in(Path(sys.argv[1]), answer))
