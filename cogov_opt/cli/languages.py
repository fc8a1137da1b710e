"""The help of the commands in the reader's language; English stands in the commands themselves."""

from __future__ import annotations

import copy
import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import click

from cogov_opt.phrases.columns import pad, width, wrap

CHINESE = "zh"


def language_of(arguments: Sequence[str]) -> str:
    """Give the language a command line asks for, before any command reads it."""
    for at, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang":
            return "".join(arguments[at + 1 : at + 2])
    return os.environ.get("COGOV_LANG", "en")


@cache
def texts() -> Mapping[str, Any]:
    """Give the Chinese help by command."""
    file = resources.files("cogov_opt.cli").joinpath("help_zh.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


class ChineseFormatter(click.HelpFormatter):
    """Writes the headings of a help in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        super().write_usage(prog, args, prefix or texts()["words"]["usage"])

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(texts()["words"].get(heading, heading))

    def write_text(self, text: str) -> None:
        """Write paragraphs; Chinese may be broken anywhere, and a character takes two places."""
        indent, told = " " * self.current_indent, []
        for paragraph in text.split("\n\n"):
            as_it_stands = paragraph.startswith("\b\n")
            lines = paragraph.removeprefix("\b\n").splitlines() if as_it_stands else []
            told.append([indent + line for line in lines] or wrap(paragraph, self.width, indent))
        self.write("\n\n".join("\n".join(lines) for lines in told) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names and what they mean in two columns."""
        del col_max
        rows = list(rows)
        indent = " " * self.current_indent
        first = max((width(name) for name, _ in rows), default=0) + col_spacing
        for name, meaning in rows:
            said = texts()["words"].get(meaning, meaning)
            head, hang = indent + pad(name, first), " " * (len(indent) + first)
            self.write("\n".join(wrap(said, self.width, head, hang)) + "\n")


class ChineseContext(click.Context):
    """A context whose help is written in Chinese."""

    formatter_class = ChineseFormatter


def in_chinese(command: click.Command, name: str) -> click.Command:
    """Give a command with its help and the help of its options in Chinese."""
    told = texts().get(name)
    if told is None:
        return command
    found = copy.copy(command)
    found.context_class = ChineseContext
    found.help = told["help"].strip()
    found.epilog = _epilog(command.epilog or "", told.get("epilog", ""))
    found.params = [_option(p, told) for p in command.params]
    return found


def _epilog(english: str, chinese: str) -> str:
    """Keep the examples, which are commands, and put what follows them in Chinese."""
    examples = english.partition("\n\n")[0] if english.startswith("\b\nExample:") else ""
    examples = re.sub(r"(?<=\S) {3,}.*", "", examples).replace("Example:", "示例：")
    return "\n\n".join(part for part in (examples.strip("\n"), chinese.strip()) if part)


def _option(parameter: click.Parameter, told: Mapping[str, str]) -> click.Parameter:
    """Give an option with its help in Chinese; arguments have none."""
    if not isinstance(parameter, click.Option):
        return parameter
    found = copy.copy(parameter)
    found.help = told_of(parameter, told) or parameter.help
    return found


def told_of(option: click.Option, told: Mapping[str, str]) -> str:
    """Give the Chinese help of an option: the command's own line, else the shared one, else ""."""
    name = next((o.lstrip("-") for o in option.opts if o.startswith("--")), "")
    return told[name] if name in told else str(texts()["options"].get(name, ""))
