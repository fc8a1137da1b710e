"""The repairs of a conflict as an answer: looked for in a child process, told as far as known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cogov_opt.explaining.asking.apart import Told, answered
from cogov_opt.explaining.asking.files import AnswerFile
from cogov_opt.explaining.asking.weighing import Budget
from cogov_opt.explaining.repairs.finding import Mending, changes_of
from cogov_opt.recording import Run

QUESTION = "mend"


@dataclass(frozen=True)
class Mended:
    """What is known of the repairs of a run; `tried` of the `of` changes were looked at."""

    run: Run
    claim: Mapping[str, Any]
    weighings: Sequence[Mapping[str, Any]]
    tried: int
    of: int
    untold: int = 0
    """Of how many repairs time ended before it was known whom they cost what."""

    @property
    def file(self) -> AnswerFile:
        """Give the answer file: for each repair its plan, and the proof that less does not do."""
        return AnswerFile(self.run, (QUESTION,), self.claim, self.weighings)


def mending(run: Run, seconds: float | None = None, *, isolated: bool = True) -> Mended:
    """
    Look for the single changes that mend the conflict of a run.

    Parameters
    ----------
    seconds
        The time it may take; what it does not reach is told as not looked at.
    isolated
        Whether it is solved in a child process; of one that is ended from outside, what it told
        last stands.

    Raises
    ------
    UnsupportedError
        The run has no conflict.
    """
    if not isolated:
        return Mended(run, **told_here(run, seconds))
    of = len(changes_of(run))
    nothing = {"claim": {"repairs": []}, "weighings": [], "tried": 0, "of": of}
    return Mended(run, **(answered(run, (QUESTION,), seconds) or nothing))


def told_here(run: Run, seconds: float | None, save: Callable[[Told], None] | None = None) -> Told:
    """Look in this process; what is known after each repair, and at the end, is saved."""
    found = Mending(run, Budget(seconds))
    found.look(None if save is None else lambda: save(found.told()))
    return found.told()
