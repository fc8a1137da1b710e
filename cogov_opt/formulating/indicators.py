"""Columns that tell whether something is used at all, made when first needed (S8.4)."""

from __future__ import annotations

import numpy as np

from cogov_opt.domain.formulation import FREE
from cogov_opt.domain.instance import IndexArray, IntArray
from cogov_opt.formulating.model import Model


def indicator(model: Model, candidates: IntArray) -> IndexArray:
    """Give for each candidate the column that is 1 iff it is used: x itself where its cap is 1."""
    c = model.candidates
    found = model.x(candidates)
    wide = np.flatnonzero(c.cap[candidates] > 1)
    if len(wide):
        found[wide] = _use_columns(model, candidates[wide])
    return found


def _use_columns(model: Model, candidates: IntArray) -> IndexArray:
    """Give the columns `["use", n, r, o, g]` of some candidates."""
    c = model.candidates
    known = model.made.setdefault(("use",), np.full(len(c), -1, dtype=np.int32))
    fresh = np.unique(candidates[known[candidates] < 0])
    if len(fresh):
        parts, at = model.x_parts(fresh), np.arange(len(fresh))
        made = model.columns(("use",), parts, np.ones(len(fresh), dtype=np.int64))
        most = model.rows(
            ("law.set", "use_most"), parts, -FREE, 0, len(fresh),
            (at, model.x(fresh), 1), (at, made, -c.cap[fresh]),
        )  # fmt: skip
        model.rows(
            ("law.set", "use_least"), parts, 0, FREE, len(fresh),
            (at, model.x(fresh), 1), (at, made, -1),
        )  # fmt: skip
        model.define(made, most, least=True)
        known[fresh] = made
    return known[candidates]
