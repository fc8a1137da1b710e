"""Ids, codes and the trees they form: one namespace of resources, no duplicates, no circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cogov_opt.checking.columns import Context, read_numbers
from cogov_opt.checking.drafts import Draft, read_id_column, sort_by_ids, tell
from cogov_opt.checking.parsed import Ints, Texts
from cogov_opt.checking.words import NOBODY
from cogov_opt.domain.fields import BLANK, Choice, Moment, Reference
from cogov_opt.domain.ids import Ids
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import RESOURCE_TABLES, VOCABULARIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.domain.instance import IntArray

Drafts = Mapping[str, Draft]
RESERVED_CODES = ("seats", "not")
LEVELS = 50
"""How many may stand above one another (S2.7)."""


def index_ids(drafts: Drafts, context: Context) -> None:
    """Read and sort all ids, so that every reference can be looked up."""
    for name, found in drafts.items():
        column = found.contract.id_column
        if column is not None:
            sort_by_ids(found, read_id_column(found, column, context))
        context.ids[name] = found.ids
    _index_resources(drafts, context)
    _index_codes(drafts["codes"], context)


def _index_resources(drafts: Drafts, context: Context) -> None:
    """Give all resources one numbering; an id may stand in one of the four tables only."""
    earlier: list[Draft] = []
    for name in RESOURCE_TABLES:
        found = drafts[name]
        for before in earlier:
            for text in found.ids.shared(before.ids):
                row, column, place = found.ids[text], found.contract.key[0], before.table.source
                found.wrong([row], column, "id_in_two_tables", read=text, other=place.file)
        earlier.append(found)
    context.resources = Ids(sum((part.ids.texts for part in earlier), ()))


def _index_codes(found: Draft, context: Context) -> None:
    """Sort the codes by vocabulary and code, and list them with their labels."""
    ids = read_id_column(found, "code", context)
    choice = found.contract.fields["vocabulary"]
    text = found.text("vocabulary")
    vocabularies, problems = read_numbers(choice, "vocabulary", text, context)
    tell(found, "vocabulary", text, problems)
    if not isinstance(vocabularies, Ints):
        raise TypeError("vocabulary")
    found.parsed["vocabulary"] = vocabularies
    words = [VOCABULARIES[k] if k >= 0 else "" for k in vocabularies.loaded().tolist()]
    codes = [ids.values[k] for k in ids.codes.tolist()]
    keys = list(zip(words, codes, strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    found.order = np.array(order, dtype=np.int64)
    labels = {name: found.text(name).cells() for name in ("en", "zh")}
    rows: dict[str, int] = {}
    found.index = rows
    for row, loaded in enumerate(order):
        word, code = keys[loaded]
        if code in RESERVED_CODES or ":" in code:
            found.wrong([row], "code", "reserved_code", read=code)
        if not word or not code:
            continue
        if code in context.codes.setdefault(word, {}):
            found.wrong([row], "code", "duplicate_id", read=code, first="-")
            continue
        context.codes[word][code] = row
        rows[f"{word}:{code}"] = row
        for name in ("en", "zh"):
            _label(context.code_labels.setdefault(word, {}), labels[name][loaded], code)


def _label(labels: dict[str, str], label: str, code: str) -> None:
    """Let a label stand for its code, unless two codes of a vocabulary share it."""
    plain = label.strip().lower()
    if plain:
        labels[plain] = "" if labels.get(plain, code) != code else code


def check_codes(found: Draft, context: Context) -> None:
    """Hold the parents of codes to their vocabulary, and the tree to having no circle."""
    parents = found.columns["parent"]
    if not isinstance(parents, TextColumn):
        raise TypeError("parent")
    up = np.full(len(found), NOBODY, dtype=np.int64)
    vocabulary = found.ints("vocabulary")
    for row, text in enumerate(parents.cells()):
        if not text or vocabulary[row] < 0:
            continue
        word = VOCABULARIES[vocabulary[row]]
        known = context.codes.get(word, {})
        if text in known:
            up[row] = known[text]
        else:
            guess = found.findings.closest(text, known)
            told = {"read": text, "vocabulary": word, "closest": guess}
            found.wrong([row], "parent", "unknown_code", **told)
    refuse_circles(found, "parent", up)


def refuse_circles(found: Draft, column: str, up: NDArray[np.int64]) -> None:
    """Note rows whose chain of parents comes back to themselves, or has more levels than it may."""
    state = np.zeros(len(up), dtype=np.int8)  # 1 on the current chain, 2 known to end
    above = np.zeros(len(up), dtype=np.int64)
    for start in np.flatnonzero(up >= 0).tolist():
        chain, row = [], start
        while row >= 0 and state[row] == 0:
            state[row] = 1
            chain.append(row)
            row = int(up[row])
        if row >= 0 and state[row] == 1:
            circle = chain[chain.index(row) :]
            found.wrong(circle[:1], column, "circle", field=column, length=len(circle))
        else:
            highest = int(above[row]) + 1 if row >= 0 else 0
            above[chain] = np.arange(len(chain) - 1, -1, -1) + highest
        state[chain] = 2
    deep = np.flatnonzero(above > LEVELS)
    if len(deep):
        found.wrong(deep[:1], column, "deep_chain", field=column, levels=LEVELS)


def sort_by_keys(found: Draft, drafts: Drafts, context: Context) -> None:
    """Sort a table without an id of its own by its key columns, as text (S2.1, S2.2)."""
    if not len(found):
        return
    ranks = [_rank(found, column, drafts, context) for column in found.contract.key]
    order = np.lexsort(ranks[::-1]).astype(np.int64)
    found.order = None if (order == np.arange(len(order))).all() else order
    keys = np.stack([r[order] for r in ranks], axis=1)
    same = np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1)) + 1
    if len(same):
        found.wrong(same, None, "duplicate_row", key=", ".join(found.contract.key))


def _rank(found: Draft, column: str, drafts: Drafts, context: Context) -> IntArray:
    """Give integers that order like the texts of a key column, in loaded order."""
    parsed, metadata = found.parsed[column], found.contract.fields[column]
    if isinstance(parsed, Texts):
        place = {text: k for k, text in enumerate(sorted(set(parsed.values)))}
        return np.array([place[v] for v in parsed.values], dtype=np.int64)[parsed.codes]
    if not isinstance(parsed, Ints):
        raise TypeError(column)
    values = parsed.loaded().astype(np.int64)
    if isinstance(metadata, Reference) and metadata.tables == RESOURCE_TABLES:
        return _through(values, _text_ranks(context.resources.texts))
    if isinstance(metadata, Choice):
        return _through(values, _text_ranks(metadata.words))
    if isinstance(metadata, Moment) and context.calendar is not None:
        return _moment_ranks(values, context)
    return values  # rows are sorted by id, and dates order like their text


def _text_ranks(texts: Sequence[str]) -> IntArray:
    """Give the rank of each text among all."""
    ranks = np.empty(len(texts), dtype=np.int64)
    ranks[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return ranks


def _through(values: IntArray, ranks: IntArray) -> IntArray:
    """Replace indices by ranks, keeping blanks in front."""
    if not len(ranks):
        return values
    return np.where(values < 0, values, ranks[np.maximum(values, 0)])


def _moment_ranks(values: IntArray, context: Context) -> IntArray:
    """Order moments as their canonical text does, which differs where clocks are put back."""
    calendar = context.calendar
    if calendar is None or (np.diff(calendar.midnights) == 24 * 60).all():
        return values
    distinct, places = np.unique(values, return_inverse=True)
    texts = ["" if m == BLANK else calendar.text(m) for m in distinct.tolist()]
    return _text_ranks(texts)[places]
