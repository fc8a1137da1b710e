"""Groups: what `each` makes of the items of a clause or a share (convention S8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cogov_opt.domain.fields import BLANK, Choice, Code, Codes, Date, Reference, References
from cogov_opt.domain.formulation import Part
from cogov_opt.domain.instance import CheckedTable, IntArray, Ragged
from cogov_opt.domain.tables import RESOURCE_KINDS, contracts
from cogov_opt.formulating.availability import expand
from cogov_opt.formulating.facts import Facts
from cogov_opt.formulating.selectors import Frame, table_of
from cogov_opt.formulating.session_fields import session_texts

NONE = "(none)"
TOP_LEVEL = 2**31
"""Above every level of a skill."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Items and their groups: `item[i]` is in `group[i]`, whose key is `keys[group]`."""

    item: IntArray
    group: IntArray
    keys: list[tuple[str, ...]]

    def parts(self, which: IntArray) -> list[Part]:
        """Give some groups as key parts."""
        width = len(self.keys[0]) if self.keys else 0
        return [([k[i] for k in self.keys], which.astype(np.int32)) for i in range(width)]


def group(facts: Facts, frame: Frame, each: tuple[str, ...]) -> Groups:
    """Put items into groups by the texts of some fields; one group `()` without fields."""
    item = np.arange(len(frame))
    key = np.zeros(len(frame), dtype=np.int64)
    names: list[list[str]] = []
    for field in each:
        owner, which, texts = field_texts(facts, frame, field)
        counts = np.bincount(owner, minlength=len(frame))
        order = np.argsort(owner, kind="stable")
        first = np.cumsum(counts) - counts
        kept, place = expand(first[item], counts[item])
        item, key = item[kept], key[kept] * len(texts) + which[order[place]]
        names.append(texts)
    distinct, which = np.unique(key, return_inverse=True)
    return Groups(item, which, [_key(k, names) for k in distinct.tolist()])


def _key(number: int, names: list[list[str]]) -> tuple[str, ...]:
    """Write a group's number as its texts."""
    found = []
    for texts in reversed(names):
        number, place = divmod(number, len(texts))
        found.append(texts[place])
    return tuple(reversed(found))


def field_texts(facts: Facts, frame: Frame, name: str) -> tuple[IntArray, IntArray, list[str]]:
    """Give the texts of a field: (item, which text) pairs, and the texts in order."""
    entity, _, field = name.partition(".")
    if entity == "option" and frame.option is not None:
        return _option_texts(facts, frame.option, field)
    if entity in RESOURCE_KINDS and frame.resource is not None:
        return _resource_texts(facts, frame, entity, field)
    table, index = table_of(facts, entity, frame)
    owner, which, texts = _column_texts(facts, table, field, index)
    return _sorted(owner, texts, which)


def _option_texts(
    facts: Facts, option: IntArray, field: str
) -> tuple[IntArray, IntArray, list[str]]:
    """Give an option's own id, or a field of each of its sessions, each text once."""
    o = facts.options
    if field in ("id", "option_id"):
        return _sorted(np.arange(len(option)), list(o.ids), option)
    texts, which = session_texts(facts, field)
    owner, session = expand(o.first[option], o.sessions[option])
    pair = np.unique(owner * len(texts) + which[session]) if len(texts) else owner
    idle = np.flatnonzero(o.sessions[option] == 0)
    owner = np.concatenate((pair // max(len(texts), 1), idle))
    found = np.concatenate((pair % max(len(texts), 1), np.full(len(idle), len(texts))))
    return _sorted(owner, [*texts, ""], found)


def _resource_texts(
    facts: Facts, frame: Frame, entity: str, field: str
) -> tuple[IntArray, IntArray, list[str]]:
    """Give a field of resources of one kind; items of other kinds are in no group."""
    assert frame.resource is not None  # noqa: S101  # the caller has looked
    kind = RESOURCE_KINDS.index(entity)
    span = facts.span(kind)
    mine = np.flatnonzero((frame.resource >= span.start) & (frame.resource < span.stop))
    index = frame.resource[mine] - span.start
    owner, which, texts = _column_texts(facts, facts.instance.resource_table(entity), field, index)
    return _sorted(mine[owner], texts, which)


def _column_texts(
    facts: Facts, table: CheckedTable, field: str, index: IntArray
) -> tuple[IntArray, IntArray, list[str]]:
    """Give a column's texts for some rows; a list column gives one for each of its values."""
    contract = contracts()[table.name]
    column = contract.key[0] if field == "id" and field not in contract.fields else field
    kind, values = contract.fields[column], table.columns[column]
    if isinstance(values, Ragged):
        return _list_texts(facts, table, column, index)
    if isinstance(values, np.ndarray):
        texts, which = _plain_texts(facts, kind, values, table, column)
    else:
        texts, which = list(values.values), values.codes.astype(np.int64)
    owner = np.arange(len(index))
    blank = len(texts)
    return owner, np.where(index >= 0, which[index] if len(which) else blank, blank), [*texts, ""]


def _plain_texts(
    facts: Facts, kind: object, values: IntArray, table: CheckedTable, column: str
) -> tuple[list[str], IntArray]:
    """Write the numbers or indices of a column as texts."""
    if isinstance(kind, Code):
        words = facts.instance.codes.text("code").cells() if len(facts.instance.codes) else []
    elif isinstance(kind, Choice):
        words = list(kind.words)
    elif isinstance(kind, Reference):
        many = len(kind.tables) > 1
        words = list(
            facts.instance.resources.ids if many else facts.instance.tables[kind.tables[0]].ids
        )
    else:
        default = 3 if (table.name, column) == ("demands", "priority") else None
        distinct, which = np.unique(table.ints(column, default), return_inverse=True)
        return [_number(kind, v) for v in distinct.tolist()], which
    return [*words, ""], np.where(values >= 0, values, len(words))


def _number(kind: object, value: int) -> str:
    """Write one number or date."""
    if value == BLANK:
        return ""
    return date.fromordinal(value).isoformat() if isinstance(kind, Date) else str(value)


def _list_texts(
    facts: Facts, table: CheckedTable, column: str, index: IntArray
) -> tuple[IntArray, IntArray, list[str]]:
    """Give every value of a list column; one blank for an empty list."""
    lists = table.lists(column)
    owner, place = expand(lists.starts[index], np.diff(lists.starts)[index])
    field = contracts()[table.name].fields[column]
    words: list[str] = []
    if isinstance(field, Codes) and len(facts.instance.codes):
        words = facts.instance.codes.text("code").cells()
    which = lists.values[place].astype(np.int64)
    if isinstance(field, References):
        words = [*facts.instance.tables[field.table].ids, field.word or ""]
        which = np.where(which == -2, len(words) - 1, which)
    if lists.levels is not None:
        held, which = np.unique(which * TOP_LEVEL + lists.levels[place], return_inverse=True)
        words = [_levelled(words, *divmod(h, TOP_LEVEL)) for h in held.tolist()]
    empty = np.flatnonzero(np.diff(lists.starts)[index] == 0)
    which = np.concatenate((which, np.full(len(empty), len(words))))
    return np.concatenate((owner, empty)), which, [*words, ""]


def _levelled(words: list[str], code: int, level: int) -> str:
    """Write a code held at a level as its cell does: level 1 goes without saying (S2.3)."""
    return words[code] if level == 1 else f"{words[code]}:{level}"


def _sorted(
    owner: IntArray, texts: list[str], which: IntArray
) -> tuple[IntArray, IntArray, list[str]]:
    """Put texts in order, each once, blanks written `(none)`."""
    shown = [t or NONE for t in texts]
    distinct = sorted(set(shown))
    place = {t: i for i, t in enumerate(distinct)}
    rank = np.array([place[t] for t in shown] or [0], dtype=np.int64)
    return owner, rank[which], distinct
