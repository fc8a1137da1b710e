"""The digests of a run: inputs, card, options, and the run id made of them (convention S13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cogov_opt.domain.canonical import canonical_json

REPAIRS = "inputs/repairs.jsonl"


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes in hex."""
    return sha256(content).hexdigest()


def input_digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the digest of each file under inputs/, the list of repairs left out."""
    paths = sorted(p for p in files if p.startswith("inputs/") and p != REPAIRS)
    return {p: digest(files[p]) for p in paths}


def input_digest(digests: Mapping[str, str]) -> str:
    """Give the one digest of all inputs."""
    return digest(canonical_json(digests))


def option_digest(strategy: str, options: Mapping[str, Any]) -> str:
    """Give the digest of how the decision was asked for."""
    return digest(canonical_json({"strategy": strategy, "options": options}))


def run_id(inputs: str, card: str, options: str, attempt: int) -> str:
    """Give the run id: 16 hex digits of the digest of the three digests and the attempt."""
    return digest(canonical_json([inputs, card, options, attempt]))[:16]
