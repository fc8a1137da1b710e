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

from cogov_opt.phrases import Language, issue_text


@dataclass(frozen=True, slots=True)
class Where:
    """A place in what people gave in: file, sheet, row number, column, cell."""

    file: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None

    def text(self) -> str:
        """Write the place on one line, leaving out what is not known."""
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.cell:
            parts.append(f"cell {self.cell}")
        elif self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(p for p in parts if p)


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
        shown = "\n".join(f"{i.code} {i.where.text()}\n  {i.text()}" for i in self.issues[:200])
        more = len(self.issues) - 200
        super().__init__(shown + (f"\n... and {more} more" if more > 0 else ""))

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
