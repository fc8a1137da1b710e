"""Digests: of files, of a whole folder, and the ids made from them (convention S13.3-S13.5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from . import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAF, NODE = b"\x00", b"\x01"
OUTSIDE = ("checkpoint", "provenance.json")
"""Files the root does not cover."""
REPAIRS = "inputs/repairs.jsonl"
FIRST_LINE = "cogov_opt run"


def sha256(data: bytes) -> str:
    """Give the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def leaf(path: str, data: bytes) -> bytes:
    """Give the leaf hash of a file: path NUL bytes, behind 0x00 (RFC 6962, 2.1)."""
    start = path.encode("utf-8", "surrogateescape")
    return hashlib.sha256(b"".join((LEAF, start, b"\x00", data))).digest()


def tree(leaves: Sequence[bytes]) -> bytes:
    """Give the RFC 6962 tree hash of leaf hashes, in their order."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(NODE + tree(leaves[:split]) + tree(leaves[split:])).digest()


def root(leaves: Mapping[str, bytes]) -> str:
    """Give the root of a folder in hex, from the leaf hash of each of its files (S13.4)."""
    inside = [path for path in leaves if path not in OUTSIDE]
    inside.sort(key=lambda path: path.encode("utf-8", "surrogateescape"))
    return tree([leaves[path] for path in inside]).hex()


def checkpoint(run_id: str, root_hex: str) -> str:
    """Give the text of the checkpoint (S13.4)."""
    return f"{FIRST_LINE}\n{run_id}\n{root_hex}\n"


def inputs(digests: Mapping[str, str]) -> dict[str, str]:
    """Give the digests that stand in run.json: those under inputs/, repairs left out (S13.5)."""
    return {p: d for p, d in digests.items() if p.startswith("inputs/") and p != REPAIRS}


def input_digest(digests: Mapping[str, str]) -> str:
    """Give the input digest from the digests of all files (S13.5)."""
    return sha256(canonical.encode(inputs(digests)))


def run_id(digests: Mapping[str, str], strategy: Any, options: Any, attempt: Any) -> str:
    """Give the run id (S13.5)."""
    option_digest = sha256(canonical.encode({"strategy": strategy, "options": options}))
    parts = [input_digest(digests), digests.get("policy.toml", ""), option_digest, attempt]
    return sha256(canonical.encode(parts))[:16]
