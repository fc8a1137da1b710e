"""The inputs of a run, in canonical form (convention S2)."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from cogov_opt.domain.canonical import canonical_json, canonical_tables
from cogov_opt.domain.instance import Instance
from cogov_opt.recording.digests import REPAIRS, input_digest, input_digests

_WRITTEN: WeakKeyDictionary[Instance, dict[str, bytes]] = WeakKeyDictionary()
"""Instances never change, and the draw and the record both ask for their bytes."""


def input_files(instance: Instance) -> dict[str, bytes]:
    """Give every file under inputs/: tables with rows, the package, and the repairs."""
    if instance not in _WRITTEN:
        _WRITTEN[instance] = _written(instance)
    return dict(_WRITTEN[instance])


def _written(instance: Instance) -> dict[str, bytes]:
    """Write every file under inputs/."""
    files = {f"inputs/{name}": content for name, content in canonical_tables(instance).items()}
    files[REPAIRS] = b"".join(canonical_json(_repair(r)) + b"\n" for r in instance.repairs)
    return files


def digest_of_inputs(instance: Instance) -> str:
    """Give the digest of an instance's canonical inputs (S13.5)."""
    return input_digest(input_digests(input_files(instance)))


def _repair(issue: Any) -> dict[str, Any]:
    """Give one changed cell: where it stood, what was read and what was used."""
    return {
        "code": issue.code,
        "file": issue.where.file,
        "sheet": issue.where.sheet or "",
        "row": issue.where.row or 0,
        "column": issue.where.column or "",
        "cell": issue.where.cell or "",
        "values": {k: str(v) for k, v in issue.values.items()},
    }
