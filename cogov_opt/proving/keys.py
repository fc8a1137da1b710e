"""The keys of all rows, written out a block at a time."""

from __future__ import annotations

from collections.abc import Sequence

from cogov_opt.domain.formulation import Block, Key, Labels


def all_keys(labels: Labels) -> tuple[Key, ...]:
    """Give every key of rows or columns, in order."""
    return tuple(key for block in labels.blocks for key in _keys(block))


def _keys(block: Block) -> Sequence[Key]:
    """Give the keys of one block."""
    columns = [[names[i] for i in index.tolist()] for names, index in block.parts]
    if not columns:
        return (block.prefix,) * block.count
    return [block.prefix + parts for parts in zip(*columns, strict=True)]
