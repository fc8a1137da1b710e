"""Signed checkpoints: an Ed25519 note, readable by others' tools (C2SP signed-note)."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from cogov_opt.errors import RecordError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM = b"\x01"
"""Ed25519, in the numbering of signed notes."""


def load_key(pem: bytes) -> Ed25519PrivateKey:
    """
    Read a private key, PEM without a password.

    Raises
    ------
    RecordError
        The bytes hold no Ed25519 key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise RecordError("the key is not a PEM private key without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise RecordError("the key is not an Ed25519 key")
    return key


def signed_note(text: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    """Give a text with its signature line: `- name base64(key hash, signature)`."""
    public = key.public_key().public_bytes_raw()
    short = sha256(name.encode() + b"\n" + ALGORITHM + public).digest()[:4]
    line = base64.b64encode(short + key.sign(text)).decode()
    return text + f"\n\u2014 {name} {line}\n".encode()
