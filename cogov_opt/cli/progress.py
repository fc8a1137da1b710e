"""Progress on stderr, and Ctrl-C that keeps the best plan found so far."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from cogov_opt.domain.decision import Cancel
from cogov_opt.phrases import Language, fill
from cogov_opt.solving.events import Event


class Progress:
    """A plain line for each phase; silent when stderr is no terminal, unless told otherwise."""

    def __init__(self, language: Language, *, verbose: bool, quiet: bool) -> None:
        self.language = language
        terminal = sys.stderr.isatty()
        self.shown = (terminal or verbose) and not quiet

    def __call__(self, event: Event) -> None:
        """Write one event. Which card was taken unasked is always said."""
        if self.shown or event.kind == "policy":
            click.echo(self.text(event), err=True)

    def text(self, event: Event) -> str:
        """Put an event into words."""
        values = {k: f"{v:,}" if isinstance(v, int) else v for k, v in event.values.items()}
        if event.kind == "load":
            counts = ", ".join(f"{n} {v}" for n, v in values.items() if n != "source")
            return self._say("load", source=values["source"], counts=counts)
        if event.kind == "policy":
            why = self._say(f"policy_{values['why']}", card=values["card"])
            return self._say("policy", why=why)
        if event.kind in ("check", "explain", "record"):
            return self._say(event.kind, **values)
        if {"stage", "value", "bound"} <= set(values):
            return self._say("stage", **values)
        detail = ", ".join(f"{k} {v}" for k, v in values.items())
        return self._say("phase", phase=event.kind, detail=detail)

    def _say(self, name: str, **values: str) -> str:
        return fill(f"progress.{name}", values, self.language)


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
