"""Progress on stderr, and Ctrl-C that keeps the best plan found so far."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import click

from cogov_opt.domain.decision import Cancel
from cogov_opt.domain.labels import tables
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.phrases.columns import cut
from cogov_opt.solving.events import Event

KNOWN = (
    "check",
    "formulated",
    "greedy",
    "search",
    "stage",
    "proving",
    "certified",
    "explain",
    "record",
)
"""The events that have a sentence of their own; others are shown as they come."""
ERASE = "\r\x1b[2K"
"""Back to the start of the line, and wipe it."""


class Progress:
    """
    A line for each phase, and on a terminal one line that moves while a search goes on.

    Silent when stderr is no terminal, unless told otherwise; the moving line never leaves one.
    """

    def __init__(self, language: Language, *, verbose: bool, quiet: bool) -> None:
        self.language = language
        terminal = sys.stderr.isatty()
        self.shown = (terminal or verbose) and not quiet
        self.moving = self.shown and terminal and os.environ.get("TERM") != "dumb"
        self.began = time.monotonic()
        self.open = False

    def __call__(self, event: Event) -> None:
        """Write one event. Which card was taken unasked is always said."""
        if event.kind == "search":
            if self.moving:
                self._move(self.text(event))
        elif self.shown or event.kind == "policy":
            self.close()
            click.echo(self.text(event), err=True)

    def close(self) -> None:
        """Wipe the moving line, if there is one."""
        if self.open:
            click.echo(ERASE, err=True, nl=False)
            self.open = False

    def _move(self, text: str) -> None:
        """Write the moving line anew, cut to the width of the terminal."""
        seconds = self._say("seconds", count=str(int(time.monotonic() - self.began)))
        places = shutil.get_terminal_size().columns - 1
        click.echo(ERASE + cut(f"{text}  {seconds}", places), err=True, nl=False)
        self.open = True

    def text(self, event: Event) -> str:
        """Put an event into words."""
        values = {k: f"{v:,}" if isinstance(v, int) else v for k, v in event.values.items()}
        if event.kind == "load":
            rows = {n: v for n, v in event.values.items() if isinstance(v, int)}
            told = {"source": str(values["source"]), "counts": counted(rows, self.language)}
            return self._say("load", **told)
        if event.kind == "policy":
            why = self._say(f"policy_{values['why']}", card=values["card"])
            return self._say("policy", why=why)
        if event.kind == "greedy" and event.values.get("found") == 0:
            return self._say("greedy_none")
        if event.kind in KNOWN:
            return self._say(event.kind, **values)
        detail = ", ".join(f"{k} {v}" for k, v in values.items())
        return self._say("phase", phase=event.kind, detail=detail)

    def _say(self, name: str, **values: str) -> str:
        return fill(f"progress.{name}", values, self.language)


def counted(rows: Mapping[str, int], language: Language) -> str:
    """Name each table that has rows, and how many."""
    known = tables() if language == "zh" else {}
    names = {n: known[n].zh if n in known else n for n in rows}
    filled = (f"{names[n]} {count:,}" for n, count in rows.items() if count)
    return phrase("label.list", language).join(filled)


@contextmanager
def interruptible(language: Language) -> Iterator[Cancel]:
    """
    Turn the first Ctrl-C into a wish to stop, the second into an end.

    Only in the main thread, and only while the block runs; then the handler is put back.
    """
    cancel = Cancel()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()
        click.echo(fill("progress.interrupted", {}, language), err=True)

    if threading.current_thread() is not threading.main_thread():
        yield cancel
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
