"""Answers about one thing of a run: a demand, a resource, a need, a record, an actor, a clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.closeness import closest
from cogov_opt.domain.justification import Explained
from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.errors import UnsupportedError
from cogov_opt.explaining import showing, subjects
from cogov_opt.explaining.exchanges import tie_lines
from cogov_opt.explaining.names import names_of
from cogov_opt.explaining.unit_lines import unit_lines
from cogov_opt.phrases import LANGUAGES, Language, fill
from cogov_opt.phrases.reasons import reason_text
from cogov_opt.recording import Run, record

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Answer:
    """What a run says about one thing: lines of codes and values, in order; words come last."""

    run: Run
    id: str
    kind: str
    lines: tuple[subjects.Line, ...]

    def text(self, language: Language = "en") -> str:
        """Write the answer."""
        names = names_of(self.run, language)
        return "\n".join(line_text(line, self.run, names, language) for line in self.lines)

    def __str__(self) -> str:
        """Write the answer in English."""
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as JSON-ready values, with its text in both languages."""
        return {
            "schema_version": SCHEMA_VERSION,
            "run_id": self.run.run_id,
            "root": self.run.root,
            "id": self.id,
            "kind": self.kind,
            "lines": [line.to_dict() for line in self.lines],
            "records": [line.record for line in self.lines if line.record is not None],
            "text": {language: self.text(language) for language in LANGUAGES},
        }


def line_text(line: subjects.Line, run: Run, names: Mapping[str, str], language: Language) -> str:
    """Write one line, indented by its depth."""
    indent = "  " * line.depth
    if line.record is not None:
        return indent + reason_text(line.record, names, run.package["currency"], language)
    return indent + fill(line.code, showing.shown(line, run, names, language), language)


def about(source: Explained | Run, identifier: str) -> Answer:
    """
    Say what a decision holds about one thing.

    Parameters
    ----------
    source
        A run, or a decision with its reasons (recorded in memory for the purpose).
    identifier
        The id of a demand, need, resource, actor, record or clause.

    Raises
    ------
    UnsupportedError
        Nothing is called that; the message names what comes closest.
    """
    run = source if isinstance(source, Run) else record(source)
    kind = kind_of(run, identifier)
    if kind is None:
        ids = [i for _, known in known_ids(run) for i in known]
        raise UnsupportedError(unknown_id(identifier, ids), code="unknown_id")
    told = tie_lines(run, list(subjects.TELLERS[kind](run, identifier)))
    return Answer(run, identifier, kind, (*told, *unit_lines(run, kind, identifier)))


def kind_of(run: Run, identifier: str) -> str | None:
    """Tell what an id names, or None."""
    for kind, known in known_ids(run):
        if identifier in known:
            return kind
    return None


def known_ids(run: Run) -> Iterable[tuple[str, Iterable[str]]]:
    """Give the ids of a run by what they name."""
    yield "demand", run.by_id("demands")
    for kind, table in zip(RESOURCE_KINDS, RESOURCE_TABLES, strict=True):
        yield kind, run.by_id(table)
    yield "need", run.by_id("needs")
    yield "record", run.records
    yield "actor", run.by_id("actors")
    yield "clause", subjects.clauses_of(run)


def unknown_id(identifier: str, ids: Iterable[str]) -> str:
    """Say that nothing is called so, and what comes closest."""
    near = closest(identifier, ids, count=3)
    text = fill("answer.unknown", {"id": identifier}, "en")
    if not near:
        return text
    return f"{text} {fill('answer.closest', {'list': ', '.join(near)}, 'en')}"
