"""Drafts become an Instance: sorted tables, all resources, all options, and who needs what."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.checking.parsed import frozen
from cogov_opt.domain.fields import BLANK, Code, Codes, Reference, References
from cogov_opt.domain.instance import (
    CheckedTable,
    Column,
    Instance,
    Options,
    Package,
    Ragged,
    Resources,
)  # fmt: skip
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import RESOURCE_TABLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.checking.drafts import Draft
    from cogov_opt.checking.findings import Findings
    from cogov_opt.checking.references import Drafts
    from cogov_opt.errors import Issue


def assemble(drafts: Drafts, package: Package, findings: Findings) -> Instance:
    """Put everything together; nothing can fail any more."""
    resources = _resources(drafts)
    code_texts = drafts["codes"].columns["code"]
    codes = tuple(code_texts.cells()) if isinstance(code_texts, TextColumn) else ()
    ids = {name: d.ids.texts for name, d in drafts.items() if d.contract.id_column}
    tables = {}
    for name, found in drafts.items():
        labels = {
            c: _labels(m, ids, resources.ids, codes) for c, m in found.contract.fields.items()
        }
        tables[name] = CheckedTable(
            name=name,
            columns=MappingProxyType(_columns(found)),
            size=len(found),
            index=found.index if found.ids else MappingProxyType(dict(found.index)),
            labels=MappingProxyType({c: t for c, t in labels.items() if t is not None}),
            calendar=package.calendar,
        )
    needs = drafts["needs"].ints("demand_id")
    return Instance(
        package=package,
        tables=MappingProxyType(tables),
        resources=resources,
        options=_options(drafts, package),
        needs_of=_grouped(needs, len(drafts["demands"])),
        warnings=findings.of("warning"),
        repairs=tuple(_sorted_entry(issue, drafts) for issue in findings.of("repair")),
    )


def _sorted_entry(issue: Issue, drafts: Drafts) -> Issue:
    """Give an issue whose place tells the row of the sorted table."""
    where = issue.where
    if where.entry is None:
        return issue
    return replace(issue, where=replace(where, entry=drafts[where.table].sorted_row(where.entry)))


def _labels(
    metadata: Any,
    ids: dict[str, tuple[str, ...]],
    resources: tuple[str, ...],
    codes: tuple[str, ...],
) -> tuple[str, ...] | None:
    """Give the texts the indices of a column stand for; None for other columns."""
    if isinstance(metadata, Code | Codes):
        return codes
    if isinstance(metadata, References):
        return ids[metadata.table]
    if isinstance(metadata, Reference):
        return resources if metadata.tables == RESOURCE_TABLES else ids[metadata.tables[0]]
    return None


def _columns(found: Draft) -> dict[str, Column]:
    """Give the columns; a voter becomes a running number (data.md 5)."""
    columns = dict(found.columns)
    voters = columns.get("voter_id")
    if isinstance(voters, TextColumn) and len(voters):
        distinct = len(voters.values)
        width = len(str(distinct))
        numbers = tuple(f"{k + 1:0{width}d}" for k in range(distinct))
        columns["voter_id"] = TextColumn(voters.codes, numbers)
    return columns


def _resources(drafts: Drafts) -> Resources:
    """Give all resources one numbering: volunteers, funds, spaces, services, each by id."""
    parts = [drafts[name] for name in RESOURCE_TABLES]
    sizes = [len(d) for d in parts]
    return Resources(
        ids=sum((d.ids.texts for d in parts), ()),
        kind=frozen(np.repeat(np.arange(len(parts), dtype=np.int8), sizes)),
        actor=frozen(np.concatenate([d.ints("actor_id") for d in parts]).astype(np.int32)),
        offsets=(0, *np.cumsum(sizes).tolist()),
    )


def _options(drafts: Drafts, package: Package) -> Options:
    """Gather sessions into options, and give every demand without option rows one (S3.2)."""
    found, demands = drafts["options"], len(drafts["demands"])
    owner, start = found.ints("demand_id"), found.ints("start")
    column = found.columns["option_id"]
    if not isinstance(column, TextColumn):
        raise TypeError("option_id")
    new = np.ones(len(found), dtype=bool)
    new[1:] = (owner[1:] != owner[:-1]) | (column.codes[1:] != column.codes[:-1])
    heads = np.flatnonzero(new)
    silent = np.flatnonzero(np.bincount(owner, minlength=demands) == 0)
    demand = np.concatenate([owner[heads], silent]).astype(np.int32)
    order = np.argsort(demand, kind="stable")
    demand = demand[order]
    texts = [column[row] for row in heads.tolist()] + [""] * len(silent)
    timed = start != BLANK
    each = np.bincount(np.cumsum(new) - 1, weights=timed, minlength=len(heads)).astype(np.int64)
    sessions = np.concatenate([each[: len(heads)], np.zeros(len(silent), dtype=np.int64)])[order]
    starts = start[timed].astype(np.int64)
    return Options(
        demand=frozen(demand),
        ids=tuple(texts[k] for k in order.tolist()),
        of_demand=frozen(_starts(np.bincount(demand, minlength=demands))),
        first=frozen(_starts(sessions)),
        starts=frozen(starts),
        ends=frozen(found.ints("end")[timed].astype(np.int64)),
        days=frozen(package.calendar.day_of(starts)),
    )


def _starts(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Give where each group starts, from the sizes of the groups."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _grouped(owner: NDArray[Any], size: int) -> Ragged:
    """List the rows of each owner, in row order."""
    order = np.argsort(owner, kind="stable").astype(np.int32)
    return Ragged(frozen(_starts(np.bincount(owner, minlength=size))), frozen(order))
