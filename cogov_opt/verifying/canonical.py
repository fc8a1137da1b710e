"""Canonical JSON: one text for one value, and nothing else is read (convention S13.6)."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, NoReturn

LARGEST = 2**53
"""Integers beyond this stand as decimal strings."""


class CanonicalError(ValueError):
    """The bytes are not JSON, hold a float or a repeated key, or are not in canonical form."""


def encode(value: Any) -> bytes:
    """
    Give the canonical bytes of a value, without a line end.

    Raises
    ------
    CanonicalError
        A float, a key that is not text, or another type.
    """
    return _WRITER.encode(_plain(value)).encode("utf-8")


def decode(data: bytes, *, canonical: bool = True) -> Any:
    """
    Read strict JSON: no float, no repeated key; with `canonical`, only `encode`'s own bytes.

    One line end after the value is allowed.
    """
    body = data[:-1] if data.endswith(b"\n") else data
    try:
        text = body.decode("utf-8")
        value = _READER.decode(text)
        good = not canonical or (unicodedata.is_normalized("NFC", text) and _is_own(text, value))
    except (ValueError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    if not good:
        raise CanonicalError("not in canonical form")
    return value


def decode_lines(data: bytes) -> list[Any]:
    """Read canonical JSON lines."""
    return [decode(line) for line in lines(data)]


def lines(data: bytes) -> list[bytes]:
    """Split lines; every line ends with a line end."""
    if not data:
        return []
    if not data.endswith(b"\n"):
        raise CanonicalError("the last line has no end")
    return data[:-1].split(b"\n")


def text(value: Any) -> str:
    """Give the canonical JSON of a key, as text to sort by."""
    return encode(value).decode("utf-8")


def _plain(value: Any) -> Any:
    """Give a value with large integers as text and text in NFC."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -LARGEST <= value <= LARGEST else str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and set(map(type, value)) <= {str}:
        return {_plain(key): _plain(item) for key, item in value.items()}
    raise CanonicalError(f"no canonical form for {type(value).__name__}")


def _is_own(text: str, value: Any) -> bool:
    """Tell whether NFC text is what `encode` gives; short whole numbers need no second look."""
    return bool(text == _WRITER.encode(_plain(value) if _LONG.search(text) else value))


def _refuse(text: str) -> NoReturn:
    raise CanonicalError(f"a float: {text}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("a key stands twice")
    return found


_LONG = re.compile("[0-9]{16}")
_READER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_unique)
_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
