"""
Tables on their way to being checked: ids first, so that everything else can refer to them.

A draft keeps its loaded order for the places of issues and its sorted order for everything else.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.checking.columns import Context, read_numbers, subset
from cogov_opt.checking.findings import Findings, rows_of_values
from cogov_opt.checking.parsed import Ints, Order, Parsed, Problem, Texts, frozen
from cogov_opt.checking.requires import read_requires
from cogov_opt.checking.withholding import is_left_out, unrepeated, withhold
from cogov_opt.checking.words import (
    read_code,
    read_codes,
    read_ids,
    read_reference,
    read_references,
    read_text,
)  # fmt: skip
from cogov_opt.domain.fields import (
    BLANK,
    Code,
    Codes,
    Field,
    Identifier,
    Money,
    Quantity,
    Reference,
    References,
    Requirement,
    Text,
)  # fmt: skip
from cogov_opt.domain.ids import Ids
from cogov_opt.domain.loaded import Source, Table, TextColumn
from cogov_opt.domain.tables import RESOURCE_KINDS, Contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cogov_opt.domain.instance import Column

ID_LIKE = {("standing", "option_id"), ("codes", "parent")}
"""Columns of text that name rows, and are therefore tidied like ids."""


@dataclass(slots=True)
class Draft:
    """One table being checked."""

    contract: Contract
    table: Table
    findings: Findings
    parsed: dict[str, Parsed] = field(default_factory=dict)
    order: Order = None
    ids: Ids = field(default_factory=Ids)
    index: Mapping[str, int] = field(default_factory=dict)
    """The row of each id; of `codes`, of each `vocabulary:code`."""
    columns: dict[str, Column] = field(default_factory=dict)
    _places: Order = None
    """The sorted row of each loaded row, once asked for."""

    @property
    def name(self) -> str:
        """Give the table's name."""
        return self.contract.name

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.table)

    def text(self, column: str) -> TextColumn:
        """Give the text of a column as loaded, blank where the table does not have it."""
        found = self.table.columns.get(column)
        if found is None or not len(found.values):
            return TextColumn(np.zeros(len(self), dtype=np.int32), ("",))
        return found

    def ints(self, column: str) -> NDArray[Any]:
        """Give a column of integers or indices, in sorted order."""
        found = self.columns[column]
        if not isinstance(found, np.ndarray):
            raise TypeError(column)
        return found

    def loaded_row(self, row: int) -> int:
        """Give the loaded row of a sorted row."""
        return int(row) if self.order is None else int(self.order[row])

    def sorted_row(self, row: int) -> int:
        """Give the sorted row of a loaded row."""
        if self.order is not None and self._places is None:
            self._places = np.argsort(self.order)
        return row if self._places is None else int(self._places[row])

    def wrong(
        self, rows: Sequence[int] | NDArray[Any], column: str | None, code: str,
        severity: str = "error", **values: Any,
    ) -> None:  # fmt: skip
        """Note one issue at sorted rows."""
        places = np.asarray(rows, dtype=np.int64)
        loaded = places if self.order is None else self.order[places]
        self.findings.at_rows(self.table, np.sort(loaded), column, code, values, severity)


def draft(contract: Contract, table: Table | None, findings: Findings) -> Draft:
    """Begin the check of one table, which may be absent."""
    return Draft(contract, table or Table(contract.name, {}, Source(contract.name)), findings)


def tell(found: Draft, column: str, text: TextColumn, problems: list[Problem]) -> None:
    """Note the problems of a column's distinct values at every row that holds them."""
    if not problems:
        return
    rows = rows_of_values(text.codes, [p.value for p in problems])
    for problem in problems:
        places = rows.get(problem.value, ())
        told = problem.values
        found.findings.at_rows(found.table, places, column, problem.code, told, problem.severity)


def read_id_column(found: Draft, column: str, context: Context) -> Texts:
    """Read the ids of a table."""
    text = found.text(column)
    ids, problems = read_ids(text, context)
    tell(found, column, text, problems)
    found.parsed[column] = ids
    return ids


def read_columns(found: Draft, context: Context) -> None:
    """Read every column of a table that is not read yet, and note blank cells that may not be."""
    for name, metadata in found.contract.fields.items():
        if name not in found.parsed and not is_left_out(metadata):
            text = found.text(name)
            if isinstance(metadata, Requirement):
                found.parsed[name], problems, text = read_requires(text, _kinds(found), context)
            elif isinstance(metadata, Quantity) and not context.minor:
                found.parsed[name] = _read_quantity(found, name, metadata, context)
                problems = []
            else:
                found.parsed[name], problems = _read(found, name, metadata, text, context)
            tell(found, name, text, unrepeated(metadata, problems))
        if name in found.contract.required and name in found.table.columns:
            _refuse_blanks(found, name)
    withhold(found)


def _read(
    found: Draft, name: str, metadata: Field, text: TextColumn, context: Context
) -> tuple[Parsed, list[Problem]]:
    """Read one column by its metadata."""
    if isinstance(metadata, Identifier) or (found.name, name) in ID_LIKE:
        return read_ids(text, context)
    if isinstance(metadata, Text):
        return read_text(text)
    if isinstance(metadata, Reference):
        return read_reference(metadata, text, context)
    if isinstance(metadata, References):
        return read_references(metadata, text, context)
    if isinstance(metadata, Code):
        return read_code(metadata, text, context)
    if isinstance(metadata, Codes):
        return read_codes(metadata, text, context)
    return read_numbers(metadata, name, text, context)


def _read_quantity(found: Draft, name: str, metadata: Quantity, context: Context) -> Ints:
    """Read quantities: money on rows of kind fund, whole numbers on the others."""
    is_fund = _kinds(found).loaded() == RESOURCE_KINDS.index("fund")
    text, values = found.text(name), np.full(len(found), BLANK, dtype=np.int64)
    parts = ((is_fund, Money(high=metadata.high)), (~is_fund, metadata))
    for mask, unit in parts:
        rows = np.flatnonzero(mask)
        part = subset(text, rows)
        read, problems = read_numbers(unit, name, part, context)
        if isinstance(read, Ints):
            values[rows] = read.loaded()
        places = rows_of_values(part.codes, [p.value for p in problems]) if problems else {}
        for p in problems:
            at = rows[places[p.value]]
            found.findings.at_rows(found.table, at, name, p.code, p.values, p.severity)
    return Ints(np.arange(len(found), dtype=np.int32), values)


def _kinds(found: Draft) -> Ints:
    """Give the kind of each need."""
    kinds = found.parsed["kind"]
    if not isinstance(kinds, Ints):
        raise TypeError("kind")
    return kinds


def _refuse_blanks(found: Draft, name: str) -> None:
    """Note rows that leave a required cell blank."""
    text, parsed = found.text(name), found.parsed[name]
    if isinstance(parsed, Ints) and not (parsed.values < 0).any():
        return  # every value was read; the text need not be looked at again
    blank = [k for k, v in enumerate(text.values) if not v or v.isspace()]
    if blank:
        rows = np.flatnonzero(np.isin(text.codes, blank))
        found.findings.at_rows(found.table, rows, name, "blank_cell", {"column": name})


SHORT = 8
"""Ids up to so many ASCII letters compare as one integer."""


def _text_order(texts: Sequence[str]) -> NDArray[np.int64]:
    """Give the places of texts in code point order; equal ones stay as they stand."""
    joined = "".join(texts)
    widths = set(map(len, texts))
    if len(widths) == 1 and 0 < max(widths) <= SHORT and joined.isascii():
        words = np.frombuffer(joined.encode("ascii"), dtype=f"S{max(widths)}").astype(f"S{SHORT}")
        return np.argsort(words.view(">u8").astype(np.uint64), kind="stable")
    return np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)


def sort_by_ids(found: Draft, ids: Texts) -> None:
    """Sort a table by its id, and note ids that stand twice."""
    texts: Sequence[str] = ids.values
    if len(texts) != len(ids.codes) or (ids.codes != np.arange(len(texts))).any():
        texts = list(map(ids.values.__getitem__, ids.codes.tolist()))
    if not all(map(operator.le, texts, texts[1:])):
        found.order = _text_order(texts)
        texts = list(map(texts.__getitem__, found.order.tolist()))
    found.index = found.ids = Ids(tuple(texts))
    if not ids.distinct:
        _refuse_twice(found, texts)
    rows = np.arange(len(texts), dtype=np.int32)
    found.columns[found.contract.key[0]] = TextColumn(frozen(rows), found.ids.texts)


def _refuse_twice(found: Draft, texts: Sequence[str]) -> None:
    """Note every id that stands in the row before."""
    for i in range(1, len(texts)):
        if texts[i] and texts[i] == texts[i - 1]:
            first = found.table.source.row_number(found.loaded_row(i - 1))
            found.wrong([i], found.contract.key[0], "duplicate_id", read=texts[i], first=first)


def materialise(found: Draft) -> None:
    """Gather every column into sorted rows; ids were gathered when they were sorted."""
    for name in found.contract.fields:
        if name not in found.columns:
            found.columns[name] = found.parsed[name].rows(found.order)
