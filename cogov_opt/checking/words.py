"""Columns of ids, free text, references and codes, each distinct value read once."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cogov_opt.checking import cells
from cogov_opt.checking.columns import Context, Reading, repair
from cogov_opt.checking.parsed import Ints, Lists, Problem, Texts
from cogov_opt.domain.ids import Ids
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import RESOURCE_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cogov_opt.domain.fields import Code, Codes, Reference, References

NOBODY, ANYONE = -1, -2
"""A blank reference, and the word that stands instead of one (`*`, `none`)."""

_ODD_ID = re.compile(
    r"[\x00-\x09\x0b-\x20\x7f\x85\xa0;|\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2060\u3000\ufeff]"
)
_ODD_TEXT = re.compile(r"(?m)[\x00-\x09\x0b-\x1f\x7f]|^[^\S\n]|[^\S\n]$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED = re.compile(r"[;|\x00-\x1f\x7f]")
_NONE_WORDS = ("none", "无", "不付费")


def read_ids(column: TextColumn, context: Context) -> tuple[Texts, list[Problem]]:
    """Read ids: trimmed, NFKC; `;`, `|` and control characters cannot stand in one."""
    if _is_plain(column.values, "NFC" if context.trusted else "NFKC", _ODD_ID):
        return Texts(column.codes, column.values, plain=True), []
    texts, problems = [], []
    for k, text in enumerate(column.values):
        used = unicodedata.normalize("NFC", text.strip()) if context.trusted else cells.tidy(text)
        if _CONTROL.search(used) or (not context.trusted and _RESERVED.search(used)):
            problems.append(Problem(k, "bad_id", {"read": text}))
        elif used != text and used:
            problems.append(repair(k, text, used))
        texts.append(used)
    return Texts(column.codes, texts), problems


def _is_plain(values: Sequence[str], form: Literal["NFC", "NFKC"], odd: re.Pattern[str]) -> bool:
    """Tell, looking at all values at once, that none needs any tidying."""
    joined = "\n".join(values)
    single_lines = joined.count("\n") == max(len(values) - 1, 0)
    return single_lines and unicodedata.is_normalized(form, joined) and not odd.search(joined)


def read_text(column: TextColumn) -> tuple[Texts, list[Problem]]:
    """Read free text: NFC, trimmed, line ends as LF; other control characters are refused."""
    if _is_plain(column.values, "NFC", _ODD_TEXT):
        return Texts(column.codes, column.values, plain=True), []
    texts, problems = [], []
    for k, text in enumerate(column.values):
        used = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
        if _CONTROL.search(used.replace("\n", "").replace("\t", "")):
            problems.append(Problem(k, "control_character", {"read": repr(text)}))
        elif used != text and used:
            problems.append(repair(k, text, used))
        texts.append(used)
    return Texts(column.codes, texts), problems


def read_reference(found: Reference, column: TextColumn, context: Context) -> Reading:
    """Read references: the index of the row, or of the resource where four tables are named."""
    if not any(column.values):
        return Ints(column.codes, np.full(len(column.values), NOBODY, dtype=np.int32)), []
    known = _known(found.tables, context)
    indices: list[Any] = list(map(known.as_dict().get, column.values))
    problems: list[Problem] = []
    for k, text in enumerate(column.values):
        if indices[k] is not None:
            continue
        indices[k], told = _find(text, known, found.wildcard, ", ".join(found.tables), context)
        problems += [p._replace(value=k) for p in told]
    return Ints(column.codes, np.array(indices, dtype=np.int32)), problems


def _known(tables: Sequence[str], context: Context) -> Ids:
    """Give the ids a reference may name."""
    return context.resources if tuple(tables) == RESOURCE_TABLES else context.ids[tables[0]]


def _find(
    text: str, known: Mapping[str, int], word: str | None, where: str, context: Context
) -> tuple[int, list[Problem]]:
    """Look one id up once more, tidied; say what it could have been if it is unknown."""
    plain = cells.tidy(text)
    if not plain:
        return NOBODY, []
    if plain == word:
        return ANYONE, [] if plain == text else [repair(0, text, plain)]
    if plain in known:
        return known[plain], [] if plain == text else [repair(0, text, plain)]
    told = {"read": text, "tables": where, "closest": context.findings.closest(plain, known)}
    return NOBODY, [Problem(0, "unknown_reference", told)]


def read_references(found: References, column: TextColumn, context: Context) -> Reading:
    """Read lists of ids, or the one word that stands instead (`none`)."""
    known, lists, problems = context.ids[found.table], [], []
    for k, text in enumerate(column.values):
        items = cells.split_list(text)
        if found.word and [i.lower() for i in items] in ([w] for w in _NONE_WORDS):
            lists.append([ANYONE])
            if text != found.word:
                problems.append(repair(k, text, found.word))
            continue
        indices = set()
        for item in items:
            index, told = _find(item, known, None, found.table, context)
            problems += [p._replace(value=k) for p in told]
            indices.add(index)
        lists.append(sorted(indices - {NOBODY}))
        problems += _list_repair(k, text, items)
    return Lists.of(column.codes, lists, levels=False), problems


def _list_repair(value: int, text: str, items: list[str]) -> list[Problem]:
    """State a list that was not written with `;`, or held an item twice."""
    used = ";".join(dict.fromkeys(items))
    return [repair(value, text, used)] if used != text else []


def read_code(found: Code, column: TextColumn, context: Context) -> Reading:
    """Read codes of one vocabulary."""
    indices, problems = [], []
    for k, text in enumerate(column.values):
        plain = cells.tidy(text)
        index, used, told = find_code(plain, found.vocabulary, context)
        indices.append(index)
        problems += [p._replace(value=k) for p in told]
        if not told and used != text and plain:
            problems.append(repair(k, text, used))
    return Ints(column.codes, np.array(indices, dtype=np.int32)), problems


def find_code(plain: str, vocabulary: str, context: Context) -> tuple[int, str, list[Problem]]:
    """Look a code up in its vocabulary: by itself, or by a label that only one code has."""
    known = context.codes.get(vocabulary, {})
    if not plain:
        return NOBODY, plain, []
    if plain in known:
        return known[plain], plain, []
    labelled = context.code_labels.get(vocabulary, {}).get(plain.lower())
    if labelled:
        return known[labelled], labelled, []
    told: dict[str, Any] = {"read": plain, "vocabulary": vocabulary}
    elsewhere = [v for v, codes in context.codes.items() if plain in codes]
    if elsewhere:
        told["found"] = ", ".join(elsewhere)
        return NOBODY, plain, [Problem(0, "wrong_vocabulary", told)]
    told["closest"] = context.findings.closest(plain, named(vocabulary, context))
    return NOBODY, plain, [Problem(0, "unknown_code", told)]


def named(vocabulary: str, context: Context) -> list[str]:
    """Give all that may be typed for the codes of a vocabulary: codes, and labels of one only."""
    labels = context.code_labels.get(vocabulary, {})
    return [*context.codes.get(vocabulary, {}), *(label for label, code in labels.items() if code)]


def read_codes(found: Codes, column: TextColumn, context: Context) -> Reading:
    """Read lists of codes, with levels where the field has them (`first_aid:2`)."""
    lists, problems = [], []
    for k, text in enumerate(column.values):
        items = cells.split_list(text)
        held: dict[int, int] = {}
        used_items = []
        for item in items:
            code, level, told = _level(item, found.levels)
            index, used, unknown = find_code(code, found.vocabulary, context)
            told = told or unknown
            if not told and held.get(index, level) != level:
                told = [Problem(0, "two_levels", {"read": text, "code": used})]
            problems += [p._replace(value=k) for p in told]
            if not told:
                held[index] = level
            used_items.append(used + item[len(code) :])
        lists.append(sorted(held.items()) if found.levels else sorted(held))
        problems += _list_repair(k, text, used_items)
    return Lists.of(column.codes, lists, levels=found.levels), problems


def _level(item: str, levels: bool) -> tuple[str, int, list[Problem]]:
    """Split `code:2` where levels are known; level 1 is the default."""
    code, colon, level = item.partition(":")
    if not levels or not colon:
        return item, 1, []
    if not (level.isascii() and level.isdigit() and 0 < len(level) <= 3 and int(level) > 0):
        return code, 1, [Problem(0, "bad_level", {"read": item})]
    return code.strip(), int(level), []
