"""Answering in a child process: whatever ends it leaves the question open, never the caller."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cogov_opt.domain.decision import Limits
from cogov_opt.errors import UnsupportedError
from cogov_opt.recording import Run
from cogov_opt.recording.writing import write_folder
from cogov_opt.solving import child, isolation

COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "cogov_opt.explaining.asking.child")
Told = dict[str, Any]
"""An answer as JSON-ready values: at least `claim` and `weighings`."""


def answered(
    run: Run,
    question: Sequence[str],
    seconds: float | None,
    *,
    memory_mb: int | None = None,
    command: Sequence[str] = COMMAND,
) -> Told | None:
    """
    Answer a question about a run in a child; give what it told last, None if it told nothing.

    Raises
    ------
    UnsupportedError
        The child refused the question.
    """
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_folder(folder / "run", dict(run.files))
        asked = {"question": list(question), "seconds": seconds, "memory_mb": memory_mb}
        (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        isolation.ended([*command, name], folder, Limits(seconds, memory_mb))
        try:
            told: Told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
    if "refused" in told:
        raise UnsupportedError(told["refused"], code=told["code"])
    return told


def answer_in(folder: Path, answer: Callable[[Run, Sequence[str], float | None, Any], Told]) -> int:
    """Answer the question of a folder from within a child; give its exit status."""
    from cogov_opt.recording import read_run

    child.die_with_parent()
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    try:
        child.limit_memory(asked["memory_mb"])

        def save(told: Told) -> None:
            part = folder / "told.part"
            part.write_text(json.dumps(told), encoding="utf-8")
            part.replace(folder / "told.json")

        try:
            save(answer(read_run(folder / "run"), asked["question"], asked["seconds"], save))
        except UnsupportedError as refused:
            save({"refused": str(refused), "code": refused.code})
    except MemoryError:
        return child.MEMORY
    return 0
