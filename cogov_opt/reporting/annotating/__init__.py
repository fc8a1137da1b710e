"""
The planner's own workbook back: bad cells coloured, with comments, and a sheet of all issues.

An `.xlsx` or `.xlsm` is mended part by part: sheets nobody knows, widths, formulas and their
values, number formats, conditional formats, validations, charts, pictures, macros and every other
cell stay byte for byte. Other datasets come back as a plain workbook of their cells, marked alike.
The book that was given is only read; the new one appears whole or not at all.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cogov_opt.errors import Issue, UnsupportedError, Where
from cogov_opt.formats.folder import PACKAGE
from cogov_opt.formats.preflight import RefusedError
from cogov_opt.phrases import Language
from cogov_opt.recording.writing import refuse_existing, write_file
from cogov_opt.reporting.annotating.book_parts import open_parts
from cogov_opt.reporting.annotating.marking import mark
from cogov_opt.reporting.annotating.plain_books import book_of_book, book_of_folder
from cogov_opt.reporting.annotating.xml_places import DamagedXmlError

WHOLE = (".xlsx", ".xlsm")
VALUES = (".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was written: cells marked, issues listed, and what could not be kept."""

    path: Path
    marked: int
    listed: int
    lost: tuple[str, ...]


def annotate(source: Path, issues: Sequence[Issue], out: Path, language: Language) -> Annotated:
    """
    Write a copy of a dataset with its issues marked.

    Raises
    ------
    UnsupportedError
        The copy exists or has the wrong ending, or the dataset is neither a workbook nor a
        folder of tables, or it cannot be opened; nothing is written.
    """
    refuse_copy(source, out)
    with tempfile.TemporaryDirectory(prefix="cogov-", ignore_cleanup_errors=True) as scratch:
        try:
            book, lost, place = _as_book(source, Path(scratch, "plain.xlsx"))
            parts = open_parts(book)
            parts.lost += lost
            marked = mark(parts, [(i, place(i.where)) for i in issues], language)
        except (RefusedError, DamagedXmlError, OSError) as error:
            raise UnsupportedError(f"{source.name} cannot be marked: {error}") from None
    write_file(out, parts.write())
    return Annotated(out, marked, len(issues), tuple(parts.lost))


def refuse_copy(source: Path, out: Path) -> None:
    """
    Refuse a copy that cannot be made, before anything is read.

    Raises
    ------
    UnsupportedError
        The copy exists or has the wrong ending, or the dataset is neither a workbook nor a
        folder of tables.
    """
    refuse_existing(out)
    ending = source.suffix.lower()
    wanted = ending if ending in WHOLE and source.is_file() else ".xlsx"
    if out.suffix.lower() != wanted:
        raise UnsupportedError(f"the marked copy of {source.name} is written as {wanted}: {out}")
    if source.is_file() and ending not in (*WHOLE, *VALUES) and not _is_of_folder(source):
        raise UnsupportedError(
            f"{source.name} is no workbook and no folder of tables; its issues are only listed"
        )


def _is_of_folder(source: Path) -> bool:
    """Tell whether a file stands for its folder."""
    return source.suffix.lower() in (".csv", ".parquet") or source.name == PACKAGE


def _as_book(source: Path, plain: Path) -> tuple[Path, list[str], Callable[[Where], Where]]:
    """Give the workbook to be marked, what it lacks, and where the places of issues are in it."""
    ending = source.suffix.lower()
    if source.is_dir() or (source.is_file() and _is_of_folder(source)):
        folder = source if source.is_dir() else source.parent
        return plain, ["folder"], book_of_folder(folder, plain).place
    if ending in WHOLE:
        return source, [], _as_it_is
    book_of_book(source, plain)
    return plain, ["values"], _as_it_is


def _as_it_is(where: Where) -> Where:
    """Give a place of a workbook as it is."""
    return where


__all__ = ["Annotated", "annotate", "refuse_copy"]
