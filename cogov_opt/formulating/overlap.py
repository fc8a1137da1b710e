"""Nobody in two places: one row for each maximal clique of overlapping uses (S7.3, S7.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.availability import distinct, expand
from cogov_opt.formulating.facts import SPACE, VOLUNTEER, BoolArray, Facts
from cogov_opt.formulating.model import Model

SHIFT = 32
"""Ring and minute share one integer: the ring above this bit, the minute below."""


@dataclass(frozen=True, slots=True)
class Uses:
    """Sessions of candidates, once for each ring they count in; times without buffer."""

    ring: IntArray
    candidate: IntArray
    start: IntArray
    end: IntArray
    buffer: IntArray


def add_no_overlap(model: Model) -> None:
    """Let a volunteer or space serve one need at a time, buffers and parts included."""
    uses = _uses(model)
    _add_cliques(model, uses)
    if not uses.buffer.any():
        return  # all buffers are equal, so none is the larger
    kinds = distinct((uses.ring << SHIFT) + uses.buffer) >> SHIFT
    for ring in np.flatnonzero(np.bincount(kinds, minlength=1) >= 2):
        _add_pairs(model, uses, int(ring))


def _uses(model: Model) -> Uses:
    """List every session of every candidate that takes a person's or a space's time."""
    facts, c = model.facts, model.candidates
    kind = facts.need_kind[c.need]
    mine = np.flatnonzero((kind == VOLUNTEER) | (kind == SPACE))
    o = facts.options
    owner, session = expand(o.first[c.option[mine]], o.sessions[c.option[mine]])
    candidate = mine[owner]
    ring, use = _rings(facts, c.resource[candidate])
    buffer = _buffers(facts)[c.resource[candidate[use]]]
    return Uses(ring, candidate[use], o.starts[session[use]], o.ends[session[use]], buffer)


def _rings(facts: Facts, resource: IndexArray) -> tuple[IntArray, IntArray]:
    """Give the rings each use counts in: the volunteer itself, or every undivided space below."""
    spaces = facts.span(SPACE)
    leaves: list[list[int]] = [[] for _ in range(spaces.stop - spaces.start)]
    divided = {int(a) for above in facts.space_above for a in above[1:]}
    for leaf, above in enumerate(facts.space_above):
        if leaf not in divided:
            for space in above.tolist():
                leaves[space].append(leaf + spaces.start)
    counts = np.ones(len(facts.instance.resources), dtype=np.int64)
    counts[spaces] = [len(x) for x in leaves]
    first = np.cumsum(counts) - counts
    flat = np.arange(int(counts.sum()), dtype=np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    flat[:] = owner
    inside = (owner >= spaces.start) & (owner < spaces.stop)
    flat[inside] = [leaf for found in leaves for leaf in found]
    use, place = expand(first[resource], counts[resource])
    return flat[place], use


def _buffers(facts: Facts) -> IntArray:
    """Give each resource's buffer minutes."""
    found = np.zeros(len(facts.instance.resources), dtype=np.int64)
    for kind, table in ((VOLUNTEER, facts.instance.volunteers), (SPACE, facts.instance.spaces)):
        if len(table):
            found[facts.span(kind)] = table.ints("buffer_minutes", 0)
    return found


def _add_cliques(model: Model, uses: Uses) -> None:
    """Add a row for every start at which a maximal set of uses is under way."""
    base = uses.ring << SHIFT
    order = np.argsort(base + uses.start)
    begin, stop = (base + uses.start)[order], (base + uses.end + uses.buffer)[order]
    candidate_of = uses.candidate[order]
    fresh = np.ones(len(begin), dtype=bool)
    fresh[1:] = begin[1:] != begin[:-1]
    starts, first = begin[fresh], np.cumsum(fresh) - 1
    use, at = expand(first, np.searchsorted(starts, stop) - first)
    soonest = np.full(len(starts), np.iinfo(np.int64).max)
    np.minimum.at(soonest, at, stop[use])
    following = np.append(starts[1:], 0)
    last = np.append((starts[1:] >> SHIFT) != (starts[:-1] >> SHIFT), True)
    entry = distinct(at * np.int64(len(model.candidates) or 1) + candidate_of[use])
    at, candidate = np.divmod(entry, len(model.candidates) or 1)
    wanted = (np.bincount(at, minlength=len(starts)) >= 2) & (last | (soonest <= following))
    number = np.cumsum(wanted) - 1
    keep = wanted[at]
    chosen = starts[wanted]
    model.rows(
        ("law.no_overlap",),
        [
            (model.facts.instance.resources.ids, (chosen >> SHIFT).astype(np.int32)),
            _numbers(chosen & ((1 << SHIFT) - 1)),
        ],
        -FREE, 1, len(chosen),
        (number[at[keep]], model.x(candidate[keep]), 1),
    )  # fmt: skip


def _numbers(values: IntArray) -> tuple[list[str], IndexArray]:
    """Give numbers as a key part."""
    distinct, which = np.unique(values, return_inverse=True)
    return [str(v) for v in distinct.tolist()], which.astype(np.int32)


def _add_pairs(model: Model, uses: Uses, ring: int) -> None:
    """Add a row for each two uses that only the larger of their buffers keeps apart (S7.4)."""
    mine = np.flatnonzero(uses.ring == ring)
    start, end, buffer = uses.start[mine], uses.end[mine], uses.buffer[mine]
    wide = np.maximum(buffer[:, None], buffer[None, :])
    clash = (start[None, :] < end[:, None] + wide) & (start[:, None] < end[None, :] + wide)
    clash &= buffer[:, None] != buffer[None, :]
    stop = end + buffer
    meet = (start[None, :] < stop[:, None]) & (start[:, None] < stop[None, :])
    candidate = uses.candidate[mine]
    pairs = sorted(_pairs(candidate, clash) - _pairs(candidate, meet))
    if not pairs:
        return
    texts = _texts(model, sorted({c for pair in pairs for c in pair}))
    ordered = sorted(sorted((texts[a], texts[b])) for a, b in pairs)
    column = {text: c for c, text in texts.items()}
    both = np.array([[column[a], column[b]] for a, b in ordered])
    at = np.arange(len(ordered))
    names = sorted(column)
    place = {text: i for i, text in enumerate(names)}
    parts = [(names, np.array([place[pair[side]] for pair in ordered])) for side in (0, 1)]
    ring_name = model.facts.instance.resources.ids[ring]
    model.rows(
        ("law.no_overlap", "pair", ring_name), parts, -FREE, 1, len(ordered),
        (at, model.x(both[:, 0]), 1), (at, model.x(both[:, 1]), 1),
    )  # fmt: skip


def _pairs(candidate: IntArray, related: BoolArray) -> set[tuple[int, int]]:
    """List the unordered pairs of candidates that any of their sessions relates."""
    left, right = np.nonzero(np.triu(related, 1))
    found = zip(candidate[left].tolist(), candidate[right].tolist(), strict=True)
    return {(min(a, b), max(a, b)) for a, b in found if a != b}


def _texts(model: Model, candidates: list[int]) -> dict[int, str]:
    """Write candidates as `n|r|o|g`."""
    parts = model.x_parts(np.arange(len(model.candidates)))
    return {c: "|".join(names[index[c]] for names, index in parts) for c in candidates}
