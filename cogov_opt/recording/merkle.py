"""The root over a run's files: a Merkle tree as in RFC 6962 (convention S13.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

OUTSIDE = ("checkpoint", "provenance.json")
"""Files that are no leaves."""


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Give the Merkle tree hash of a list of leaves (RFC 6962, 2.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:])).digest()


def run_root(files: Mapping[str, bytes]) -> str:
    """Give the root of a run in hex: leaves `path NUL bytes`, by path bytes."""
    paths = sorted((p for p in files if p not in OUTSIDE), key=lambda p: p.encode())
    return tree_root([p.encode() + b"\x00" + files[p] for p in paths]).hex()


def checkpoint(run_id: str, root: str) -> bytes:
    """Write the three lines that name a run and its root."""
    return f"cogov_opt run\n{run_id}\n{root}\n".encode()
