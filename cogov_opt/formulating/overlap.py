"""Nobody in two places: one row for each maximal clique of overlapping uses (S7.3, S7.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.availability import SHIFT, distinct, expand, expand_rows
from cogov_opt.formulating.facts import SPACE, VOLUNTEER, BoolArray, Facts
from cogov_opt.formulating.model import Model


@dataclass(frozen=True, slots=True)
class Uses:
    """Sessions of candidates, once for each ring they count in; buffers by resource."""

    ring: IntArray
    candidate: IntArray
    session: IntArray
    buffers: IntArray


def add_no_overlap(model: Model) -> None:
    """Let a volunteer or space serve one need at a time, buffers and parts included."""
    uses = _uses(model)
    _add_cliques(model, uses)
    if not uses.buffers.any():
        return  # all buffers are equal, so none is the larger
    buffer = uses.buffers[model.candidates.resource[uses.candidate]]
    kinds = distinct((uses.ring << SHIFT) + buffer) >> SHIFT
    for ring in np.flatnonzero(np.bincount(kinds, minlength=1) >= 2):
        _add_pairs(model, uses, int(ring))


def _uses(model: Model) -> Uses:
    """List every session of every candidate that takes a person's or a space's time."""
    facts, c = model.facts, model.candidates
    mine = model.of_kinds(VOLUNTEER, SPACE)
    owner, session = expand_rows(facts.options.first, c.option[mine])
    mine = mine[owner]
    use, ring = _rings(facts, c.resource[mine])
    return Uses(ring, mine[use], session[use], _buffers(facts))


def _rings(facts: Facts, resource: IndexArray) -> tuple[IntArray, IntArray]:
    """
    Give the rings each use counts in: the volunteer itself, or every undivided space below.

    Returns the number of the use beside each ring.
    """
    spaces = facts.span(SPACE)
    leaves: list[list[int]] = [[] for _ in range(spaces.stop - spaces.start)]
    divided = {int(a) for above in facts.space_above for a in above[1:]}
    for leaf, above in enumerate(facts.space_above):
        if leaf not in divided:
            for space in above.tolist():
                leaves[space].append(leaf + spaces.start)
    counts = np.ones(len(facts.instance.resources), dtype=np.int64)
    counts[spaces] = [len(rings) for rings in leaves]
    starts = np.concatenate(([0], np.cumsum(counts)))
    flat = np.repeat(np.arange(len(counts)), counts)
    flat[starts[spaces.start] : starts[spaces.stop]] = [x for rings in leaves for x in rings]
    use, place = expand_rows(starts, resource)
    return use, flat[place]


def _buffers(facts: Facts) -> IntArray:
    """Give each resource's buffer minutes."""
    found = np.zeros(len(facts.instance.resources), dtype=np.int64)
    for kind, table in ((VOLUNTEER, facts.instance.volunteers), (SPACE, facts.instance.spaces)):
        if len(table):
            found[facts.span(kind)] = table.ints("buffer_minutes", 0)
    return found


def _add_cliques(model: Model, uses: Uses) -> None:
    """Add a row for every start at which a maximal set of uses is under way."""
    o = model.facts.options
    origin = int(o.starts.min(initial=0))
    span = int(o.ends.max(initial=0)) + int(uses.buffers.max(initial=0)) - origin + 1
    # Ring, minute and use share one integer: to sort them is to sort the uses in each ring.
    bits = len(uses.ring).bit_length()
    begin = uses.ring * span + (o.starts - origin)[uses.session]
    begin <<= bits
    begin += np.arange(len(begin))
    begin.sort()
    use = begin & ((1 << bits) - 1)
    begin >>= bits
    new = np.flatnonzero(np.append(True, begin[1:] != begin[:-1])[: len(begin)])
    starts = begin[new]
    first = np.repeat(np.arange(len(new)), np.diff(new, append=len(begin)))
    count = _starts_within(starts, first, begin + _lengths(model, uses)[use])
    some, at = expand(first, count)
    bits = len(model.candidates).bit_length()
    entry = distinct((at << bits) + uses.candidate[use[some]])
    at, candidate = entry >> bits, entry & ((1 << bits) - 1)
    # Where a use ends, those under way are no part of what is under way next.
    maximal = np.bincount(first + count - 1, minlength=len(starts)) > 0
    size = np.bincount(at, minlength=len(starts))
    wanted = (size >= 2) & maximal
    chosen, keep = np.flatnonzero(wanted), np.flatnonzero(wanted[at])
    ring, minute = np.divmod(starts[chosen], span)
    names = model.facts.instance.resources.ids
    model.rows(
        ("law.no_overlap",), [(names, ring.astype(np.int32)), _numbers(minute + origin)],
        -FREE, 1, len(chosen),
        (np.repeat(np.arange(len(chosen)), size[chosen]), model.x(candidate[keep]), 1),
    )  # fmt: skip


def _starts_within(starts: IntArray, first: IntArray, stop: IntArray) -> IntArray:
    """Count the starts, from its own on, at which each use is under way."""
    count = np.ones(len(first), dtype=np.int64)
    longer = np.flatnonzero(stop > np.append(starts[1:], np.iinfo(np.int64).max)[first])
    count[longer] = np.searchsorted(starts, stop[longer]) - first[longer]
    return count


def _lengths(model: Model, uses: Uses) -> IntArray:
    """Give the minutes each use takes, its resource's buffer included."""
    o = model.facts.options
    length = (o.ends - o.starts)[uses.session]
    if uses.buffers.any():
        length += uses.buffers[model.candidates.resource[uses.candidate]]
    return length


def _numbers(values: IntArray) -> tuple[list[str], IndexArray]:
    """Give numbers as a key part."""
    distinct, which = np.unique(values, return_inverse=True)
    return [str(v) for v in distinct.tolist()], which.astype(np.int32)


def _add_pairs(model: Model, uses: Uses, ring: int) -> None:
    """Add a row for each two uses that only the larger of their buffers keeps apart (S7.4)."""
    mine = np.flatnonzero(uses.ring == ring)
    o, candidate, session = model.facts.options, uses.candidate[mine], uses.session[mine]
    start, end = o.starts[session], o.ends[session]
    buffer = uses.buffers[model.candidates.resource[candidate]]
    wide = np.maximum(buffer[:, None], buffer[None, :])
    clash = (start[None, :] < end[:, None] + wide) & (start[:, None] < end[None, :] + wide)
    clash &= buffer[:, None] != buffer[None, :]
    stop = end + buffer
    meet = (start[None, :] < stop[:, None]) & (start[:, None] < stop[None, :])
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
