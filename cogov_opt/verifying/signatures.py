"""Ed25519 in plain integers (RFC 8032, 5.1), and signed notes that end a checkpoint."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
ED25519 = b"\x01"
DASH = "\u2014 "
DER_START = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of a key in a PEM file."""

Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


class KeyFileError(ValueError):
    """The file holds no Ed25519 public key."""


class PublicKey(NamedTuple):
    """A key, and the name it signs under ("" if the file gives none)."""

    name: str
    data: bytes


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is good; anything malformed is not."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _decompress(key), _decompress(signature[:32])
    factor = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or factor >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return _equal(_times(factor, BASE), _add(commitment, _times(challenge, public)))


def read_key(data: bytes) -> PublicKey:
    """Read a public key: `name+hash+base64` of signed notes, PEM, or 64 hex digits."""
    try:
        text = data.decode("ascii").strip()
        if text.startswith("-----BEGIN PUBLIC KEY-----"):
            der = base64.b64decode("".join(text.splitlines()[1:-1]), validate=True)
            return _checked("", der[len(DER_START) :] if der.startswith(DER_START) else b"")
        if text.count("+") >= 2:
            name, _, encoded = text.split("+", 2)
            typed = base64.b64decode(encoded, validate=True)
            return _checked(name, typed[1:] if typed[:1] == ED25519 else b"")
        return _checked("", bytes.fromhex(text))
    except (ValueError, binascii.Error) as error:
        raise KeyFileError(str(error)) from error


def signed_by(note: str, key: PublicKey) -> bool:
    """
    Tell whether a signed note bears a good signature of a key.

    A note is its text, an empty line, and lines of a dash, a name and base64 of four bytes of the
    key's hash and 64 of the signature.
    """
    body, between, signatures = note.rpartition("\n\n")
    if not between:
        return False
    message = (body + "\n").encode("utf-8")
    return any(_line_holds(line, message, key) for line in signatures.splitlines())


def key_hash(key: PublicKey, name: str) -> bytes:
    """Give the four bytes by which a note's line names its key."""
    start = name.encode("utf-8") + b"\n" + ED25519
    return hashlib.sha256(start + key.data).digest()[:4]


def _line_holds(line: str, message: bytes, key: PublicKey) -> bool:
    if not line.startswith(DASH) or line.count(" ") != 2:
        return False
    _, name, encoded = line.split(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        return False
    if key.name not in {"", name} or data[:4] != key_hash(key, name):
        return False
    return verify(key.data, message, data[4:])


def _checked(name: str, data: bytes) -> PublicKey:
    if len(data) != 32:
        raise KeyFileError("not 32 bytes of Ed25519")
    return PublicKey(name, data)


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point: Point) -> Point:
    total = NEUTRAL
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _equal(one: Point, two: Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 == (one[1] * two[2] - two[1] * one[2]) % P


def _recover(y: int, sign: int) -> int | None:
    """Give x of a point, or None if there is none (RFC 8032, 5.1.3)."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _decompress(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    x = _recover(y, 0) or 0
    return (x, y, 1, x * y % P)


BASE = _base()
