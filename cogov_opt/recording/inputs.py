"""The inputs of a run, in canonical form (convention S2)."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from cogov_opt.domain.canonical import canonical_tables
from cogov_opt.domain.instance import Instance
from cogov_opt.recording.digests import REPAIRS, input_digest, input_digests
from cogov_opt.recording.repairs import repairs_file

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
    files[REPAIRS] = repairs_file(instance)
    return files


def digest_of_inputs(instance: Instance) -> str:
    """Give the digest of an instance's canonical inputs (S13.5)."""
    return input_digest(input_digests(input_files(instance)))
