"""Options that several commands share, and what a JSON answer looks like."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

SCHEMA_VERSION = 1


def language(command: Command) -> Command:
    """Add `--lang`."""
    return click.option(
        "--lang",
        type=click.Choice(["en", "zh"]),
        default="en",
        envvar="COGOV_LANG",
        show_default=True,
        help="Language of the answer; a run stores codes, not text.",
    )(command)


def as_json(command: Command) -> Command:
    """Add `--json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Write one JSON object instead of text."
    )(command)


def verbosity(command: Command) -> Command:
    """Add `-v` and `-q`."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
    loud = click.option("-v", "--verbose", is_flag=True, help="Progress even without a terminal.")
    return quiet(loud(command))


def write_json(value: dict[str, Any]) -> None:
    """Write a JSON answer to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def unknown(what: str, read: str, known: Sequence[str]) -> click.UsageError:
    """Give the error for a name nobody knows, with the closest that is known."""
    from cogov_opt.domain.closeness import closest

    close = closest(read, known)
    guess = f" Did you mean '{close[0]}'?" if close else f" Known: {', '.join(known)}."
    return click.BadParameter(f"no {what} is called '{read}'.{guess}")


def settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """
    Read `KEY=VALUE` pairs: whole numbers and lists (`a,b`) as such, everything else as text.

    Raises
    ------
    click.BadParameter
        A pair has no `=`.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"'{pair}' is not KEY=VALUE", param_hint="'--set'")
        found[key] = _value(value)
    return found


def softening(asked: tuple[str, ...]) -> dict[str, Any]:
    """
    Read `ID` or `ID=PENALTY`; no penalty is 0, for one that outweighs everything else.

    Raises
    ------
    click.BadParameter
        A penalty is not a whole number.
    """
    found: dict[str, int] = {}
    for text in asked:
        name, equals, penalty = text.partition("=")
        if not name or (equals and not penalty.isdecimal()):
            raise click.BadParameter(f"'{text}' is not ID or ID=PENALTY", param_hint="'--soften'")
        found[name] = int(penalty) if equals else 0
    return {"soften": found} if found else {}


def lots_given(name: str | None) -> dict[str, Any]:
    """Read the draw of lots a decision is to use, if one is named."""
    if name is None:
        return {}
    from cogov_opt.cli.draw import lots_of

    return {"lots": lots_of(name)}


def _value(text: str) -> Any:
    if text.removeprefix("-").isdecimal():
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    return [_value(part) for part in text.split(",")] if "," in text else text


def colours() -> bool:
    """Tell whether headings may be bold: stdout is a terminal and NO_COLOR is not set."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
