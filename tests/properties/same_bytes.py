"""What must come out the same however a decision is reached: the bytes of its run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

import cogov_opt as cg
from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.loading import load_policy_text
from cogov_opt.strategies.context import Isolation
from tests.lies.honest_runs import sets_week
from tests.lies.large_money import CARD
from tests.properties.flow_weeks import flow_card, flow_week
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week

OUTSIDE = ("provenance.json", "inputs/repairs.jsonl")

WEEKS = {
    "coupled": (small_week, small_card),
    "first_come": (small_week, small_card),
    "flow": (flow_week, flow_card),
    "sets": (sets_week, lambda _: CARD.replace("draw = false\n", "")),
}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give one digest over every file of a run that is not about when and where it was made."""
    whole = hashlib.sha256()
    for path in sorted(files):
        if path not in OUTSIDE:
            whole.update(path.encode() + b"\0" + files[path] + b"\0")
    return whole.hexdigest()


def run_of(kind: str, seed: int, mixer: int = 0, isolation: Isolation = "none") -> str:
    """Decide a week, its rows in another order if asked; give the digest of the run."""
    week, card = WEEKS[kind]
    policy = load_policy_text(card(seed))
    instance = cg.check(shuffled(week(seed), mixer), policy)
    strategy = "first_come" if kind == "first_come" else None
    decision = cg.allocate(instance, policy, strategy=strategy, isolation=isolation)
    return digest_of(cg.record(cg.explain(decision)).files)


def digests(cases: Sequence[tuple[str, int]]) -> list[str]:
    """Give the digest of each (kind, seed), coupled ones solved in a child."""
    return [run_of(kind, seed, isolation="child") for kind, seed in cases]


def shuffled(tables: Tables, mixer: int) -> Tables:
    """Give the same rows in another order, the tables too; 0 leaves all as it is."""
    rng = np.random.default_rng(mixer)
    names = list(tables.tables)
    found: dict[str, Table] = {}
    for name in names if mixer == 0 else rng.permutation(names).tolist():
        table = tables.tables[name]
        order = np.arange(len(table)) if mixer == 0 else rng.permutation(len(table))
        columns = {c: _taken(column, order) for c, column in table.columns.items()}
        found[name] = Table(name, columns, table.source)
    return Tables(tables.package, found, tables.source, units=tables.units)


def _taken(column: TextColumn, order: np.ndarray) -> TextColumn:
    return TextColumn.of([column[i] for i in order.tolist()])
