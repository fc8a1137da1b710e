"""Selectors: which items a policy line means (convention S8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cogov_opt.domain.fields import (
    BLANK,
    Choice,
    Code,
    Codes,
    Date,
    Field,
    Identifier,
    Money,
    Reference,
    References,
)  # fmt: skip
from cogov_opt.domain.instance import CheckedTable, IndexArray, IntArray
from cogov_opt.domain.policy import Line, Where
from cogov_opt.domain.tables import RESOURCE_KINDS, contracts
from cogov_opt.formulating.eligibility import row_any
from cogov_opt.formulating.facts import FUND, BoolArray, Facts
from cogov_opt.formulating.session_fields import option_mask

TREES = ("area", "group", "purpose", "cost_type")
ACTOR_ENTITIES = ("actor", "performer", "giver", "payee")


@dataclass(frozen=True, slots=True)
class Frame:
    """Items by what they stand on; a part that does not apply is None. Equal lengths."""

    demand: IndexArray
    option: IndexArray | None = None
    need: IndexArray | None = None
    resource: IndexArray | None = None
    standing: IndexArray | None = None

    def __len__(self) -> int:
        """Give the number of items."""
        return len(self.demand)

    def take(self, which: IntArray) -> Frame:
        """Give some of the items."""
        parts = (self.demand, self.option, self.need, self.resource, self.standing)
        return Frame(*(None if p is None else p[which] for p in parts))  # type: ignore[arg-type]


def select(facts: Facts, where: Where, frame: Frame) -> BoolArray:
    """Tell which items match every line."""
    good = np.ones(len(frame), dtype=bool)
    for line in where:
        good &= _line(facts, line, frame)
    return good


def _line(facts: Facts, line: Line, frame: Frame) -> BoolArray:
    """Tell which items match one line."""
    if line.entity == "option":
        return option_mask(facts, line)[_part(frame.option, line)]
    if line.entity in RESOURCE_KINDS:
        return _resource_line(facts, line, _part(frame.resource, line))
    table, index = table_of(facts, line.entity, frame)
    mask = row_mask(facts, table, line)
    return np.where(index >= 0, mask[index] if len(mask) else False, line.test == "not")


def _resource_line(facts: Facts, line: Line, resource: IndexArray) -> BoolArray:
    """Match a line on one kind of resource; resources of other kinds never match."""
    span = facts.span(RESOURCE_KINDS.index(line.entity))
    mask = np.zeros(len(facts.instance.resources), dtype=bool)
    if span.stop > span.start:
        mask[span] = row_mask(facts, facts.instance.resource_table(line.entity), line)
    return mask[resource]


def table_of(facts: Facts, entity: str, frame: Frame) -> tuple[CheckedTable, IndexArray]:
    """Give the table an entity's fields stand in, and each item's row of it."""
    instance = facts.instance
    if entity == "demand":
        return instance.demands, frame.demand
    if entity == "need":
        return instance.needs, _needed(frame.need, entity)
    if entity == "standing":
        return instance.standing, _needed(frame.standing, entity)
    if entity == "actor":
        return instance.actors, instance.demands.ints("actor_id")[frame.demand]
    if entity == "performer":
        return instance.actors, facts.performer[frame.demand]
    resource = _needed(frame.resource, entity)
    giver = instance.resources.actor[resource]
    if entity == "giver":
        return instance.actors, giver
    money = instance.resources.kind[resource] == FUND
    return instance.actors, np.where(money, facts.performer[frame.demand], giver)


def _part(part: IndexArray | None, line: Line) -> IndexArray:
    """Give a part of a frame that a line needs; the card's check has refused others."""
    return _needed(part, f"{line.entity}.{line.field}")


def _needed(part: IndexArray | None, what: str) -> IndexArray:
    if part is None:
        raise ValueError(f"{what} does not apply here")
    return part


def row_mask(facts: Facts, table: CheckedTable, line: Line) -> BoolArray:
    """Tell which rows of a table match a line."""
    contract = contracts()[table.name]
    column = line.field
    if column == "id" and column not in contract.fields:
        column = contract.key[0]
    field = contract.fields[column]
    if line.test == "range":
        return _range_mask(table, column, field, line)
    masks = [_value_mask(facts, table, column, field, v) for v in line.values]
    found = np.logical_and.reduce(masks) if line.test == "all" else np.logical_or.reduce(masks)
    return ~found if line.test == "not" else np.asarray(found)


def _range_mask(table: CheckedTable, column: str, field: Field, line: Line) -> BoolArray:
    """Tell which rows hold a number or date within bounds."""
    values = _numbers(table, column)
    low, high = (_bound(field, v) for v in line.values)
    good = values != BLANK
    if low is not None:
        good &= values >= low
    if high is not None:
        good &= values <= high
    return np.asarray(good)


def _bound(field: Field, value: str | int | None) -> int | None:
    """Read a bound or value as the column holds it."""
    if value is None:
        return None
    if isinstance(field, Date):
        return date.fromisoformat(str(value)).toordinal()
    return int(value) * 100 if isinstance(field, Money) else int(value)


def _numbers(table: CheckedTable, column: str) -> IntArray:
    """Give a column of numbers; a blank priority is 3."""
    default = 3 if (table.name, column) == ("demands", "priority") else None
    return table.ints(column, default)


def _value_mask(
    facts: Facts, table: CheckedTable, column: str, field: Field, value: str | int | None
) -> BoolArray:
    """Tell which rows have one value in a column (in or below it, for trees)."""
    if isinstance(field, Code | Codes):
        return _code_mask(facts, table, column, field, str(value))
    if isinstance(field, Choice):
        words = field.words
        return np.asarray(table.ints(column) == (words.index(str(value)) if value in words else -9))
    if isinstance(field, Reference):
        return _reference_mask(facts, table, column, field, str(value))
    if isinstance(field, References):
        target = facts.instance.tables[field.table].index.get(str(value), -9)
        lists = table.lists(column)
        return row_any(lists, lists.values == (-2 if value == field.word else target))
    found = table.columns[column]
    if isinstance(found, np.ndarray):
        return np.asarray(_numbers(table, column) == _bound(field, value))
    if isinstance(field, Identifier):
        return np.array([i == value for i in table.text(column).cells()], dtype=bool)
    text = table.text(column)
    hit = [bool(v) and (value in v.split(";") or v == value) for v in text.values]
    return np.array([*hit, False], dtype=bool)[text.codes]


def _code_mask(
    facts: Facts, table: CheckedTable, column: str, field: Code | Codes, value: str
) -> BoolArray:
    """Tell which rows hold a code: itself or below it in a tree, at a level for skills."""
    word, _, level = value.partition(":")
    code = facts.code_index.get((field.vocabulary, word), -9)
    good = np.zeros(len(facts.instance.codes) + 1, dtype=bool)
    if code >= 0:
        good[code] = True
        if field.vocabulary in TREES:
            below = [i for i, above in enumerate(facts.code_above) if code in above]
            good[below] = True
    if isinstance(field, Code):
        return good[table.ints(column)]
    lists = table.lists(column)
    held = good[lists.values]
    if level and lists.levels is not None:
        held &= lists.levels >= int(level)
    return row_any(lists, held)


def _reference_mask(
    facts: Facts, table: CheckedTable, column: str, field: Reference, value: str
) -> BoolArray:
    """Tell which rows refer to one id."""
    if field.wildcard == value:
        return np.asarray(table.ints(column) == -2)
    if len(field.tables) > 1:
        ids = facts.instance.resources.ids
        return np.asarray(table.ints(column) == (ids.index(value) if value in ids else -9))
    target = facts.instance.tables[field.tables[0]]
    return np.asarray(table.ints(column) == target.index.get(value, -9))


__all__ = ["Frame", "row_mask", "select", "table_of"]
