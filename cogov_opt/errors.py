"""
Errors and issues: where, what and the fix, in both languages.

    CogovError
      InputError         issues in the data
      PolicyError        issues in the card
      UnsupportedError   asked for something this version does not do
      NotAllowedError    asked for something the caller may not do
      SolverError        a solver failed in a way that is no outcome
      RecordError        a run folder that cannot be written or read
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cogov_opt.phrases import Language, fill, issue_text, phrase

SHOWN = 200
"""Most issues that a text lists; as JSON there are all."""


@dataclass(frozen=True, slots=True)
class Where:
    """
    A place in what people gave in: file, sheet, row number, column, cell.

    Where the table it was read into is known, `table` names it, `entry` is its row there (as
    loaded; in an instance, as sorted), and `canonical` its column, whatever its author calls it.
    """

    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    table: str = field(default="", compare=False)
    entry: int | None = field(default=None, compare=False)
    canonical: str | None = field(default=None, compare=False)

    def text(self, language: Language = "en") -> str:
        """Write the place on one line, leaving out what is not known."""
        row = None if self.cell else self.row
        known = {"sheet": self.sheet, "cell": self.cell, "row": row, "column": self.column}
        parts = [fill(f"place.{n}", {n: v}, language) for n, v in known.items() if v is not None]
        return phrase("place.join", language).join(part for part in (self.file, *parts) if part)


@dataclass(frozen=True, slots=True)
class Issue:
    """
    One thing found in the input: a stable code, a place, and the values its sentence needs.

    `severity` is `error` (no instance is made) or `warning` or `repair` (read otherwise than
    written; `values` then holds `read` and `used`).
    """

    code: str
    where: Where
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"

    def text(self, language: Language = "en") -> str:
        """Write what is wrong and how to mend it."""
        return issue_text(self.code, self.values, language)

    def to_dict(self) -> dict[str, Any]:
        """Give the issue as JSON-ready values, with its sentence in both languages."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.where.file,
            "sheet": self.where.sheet,
            "row": self.where.row,
            "column": self.where.column,
            "cell": self.where.cell,
            "values": {k: str(v) for k, v in self.values.items()},
            "en": self.text("en"),
            "zh": self.text("zh"),
        }


class CogovError(Exception):
    """The root of every error this library raises on purpose."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code

    def to_dict(self) -> dict[str, Any]:
        """Give the error as JSON-ready values."""
        return {"error": type(self).__name__, "code": self.code, "message": str(self)}


class IssuesError(CogovError):
    """An error made of issues, all told at once."""

    code = "issues"

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__(self.text())

    def text(self, language: Language = "en") -> str:
        """Write the issues, as many as anybody reads, one below the other."""
        lines = [
            f"{i.where.text(language)} ({i.code})\n  {i.text(language)}"
            for i in self.issues[:SHOWN]
        ]
        if len(self.issues) > SHOWN:
            lines.append(fill("place.more", {"count": len(self.issues) - SHOWN}, language))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Give the error with every issue."""
        return super().to_dict() | {"issues": [i.to_dict() for i in self.issues]}


class InputError(IssuesError):
    """The data was rejected; `issues` holds every reason."""

    code = "input"


class PolicyError(IssuesError):
    """The card was rejected; `issues` holds every reason."""

    code = "policy"


class UnsupportedError(CogovError):
    """Something this version does not do was asked for."""

    code = "unsupported"


class NotAllowedError(CogovError):
    """Something the caller may not do was asked for."""

    code = "not_allowed"


class SolverError(CogovError):
    """A solver failed in a way that is no outcome; `retryable` says whether to try again."""

    code = "solver"

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class RecordError(CogovError):
    """A run folder that cannot be written or read."""

    code = "record"
