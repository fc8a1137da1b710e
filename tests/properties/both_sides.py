"""The built formulation and the verifier's own, brought to one form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cogov_opt.domain.canonical import canonical_tables
from cogov_opt.domain.formulation import FREE, Formulation
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.verifying import facts, formulation, policy
from cogov_opt.verifying.priced import Priced

Shown = dict[str, Any]


def verifier_side(instance: Instance, card: Policy, folder: Path) -> tuple[Any, Any, Priced]:
    """Give the verifier's facts, card and formulation, read from the canonical inputs."""
    inputs = folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for name, content in canonical_tables(instance).items():
        (inputs / name).write_bytes(content)
    (folder / "policy.toml").write_bytes(card.text)
    read, text = facts.read_facts(folder), policy.read_card(folder / "policy.toml")
    return read, text, formulation.build(read, text)


def built(f: Formulation) -> Shown:
    """Give the builder's formulation as mappings by key."""
    keys = [f.columns.key(j) for j in range(len(f.columns))]
    m = f.matrix
    rows = {}
    for i in range(len(f.row_lower)):
        part = slice(int(m.starts[i]), int(m.starts[i + 1]))
        terms = {
            keys[j]: a
            for j, a in zip(m.columns[part].tolist(), m.values[part].tolist(), strict=True)
        }
        low, high = int(f.row_lower[i]), int(f.row_upper[i])
        rows[f.rows.key(i)] = (None if low == -FREE else low, None if high == FREE else high, terms)
    assert len(rows) == len(f.row_lower), "two rows share a key"
    return {
        "columns": {k: (int(f.lower[j]), int(f.upper[j])) for j, k in enumerate(keys)},
        "rows": rows,
        "stages": [
            ({keys[j]: int(s.costs[j]) for j in s.costs.nonzero()[0]}, s.constant) for s in f.stages
        ],
    }


def rebuilt(p: Priced) -> Shown:
    """Give the verifier's formulation as mappings by key."""
    rows = {}
    for row in p.rows:
        terms: dict[Any, int] = {}
        for key, coefficient in row.terms:
            terms[key] = terms.get(key, 0) + coefficient
        assert row.key not in rows, "two rows share a key"
        rows[row.key] = (row.lower, row.upper, {k: a for k, a in terms.items() if a})
    return {
        "columns": dict(p.columns),
        "rows": rows,
        "stages": [({k: c for k, c in s.costs.items() if c}, s.constant) for s in p.stages],
    }
