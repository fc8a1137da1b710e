"""Bytes to text: UTF-8 strictly, or another encoding said aloud, never a guess in silence."""

from __future__ import annotations

import codecs
import unicodedata

from cogov_opt.errors import Issue, Where

OTHERS = ("gb18030", "big5", "utf_16_le", "utf_16_be")
SAMPLE = 1 << 18
_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZEROS = 4
"""With one zero in so many characters, bytes are no text."""
_DAMAGED = 4
"""With so many good characters for each bad one, a file is damaged UTF-8 and nothing else."""


def decode(data: bytes, file: str, notes: list[Issue]) -> str | None:
    """
    Decode a file; None, with an issue, where no encoding is certain.

    An encoding other than UTF-8 is noted as a repair of the whole file.
    """
    try:
        plain = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    else:
        if plain.count("\x00") * _ZEROS < len(plain) or not plain:
            return plain
        line = 1  # every other byte is zero: UTF-16 without its mark, or no text at all
    text, used = _otherwise(data)
    if text is None:
        notes.append(Issue("bad_encoding", Where(file, row=line), {"line": line}))
        return None
    notes.append(Issue("read_encoding", Where(file), {"read": "UTF-8", "used": used}, "repair"))
    return text


def _otherwise(data: bytes) -> tuple[str | None, str]:
    """Try UTF-16 by its mark, then what charset-normalizer finds among a few encodings."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strictly(data, name), name
    lenient = data.decode("utf-8", errors="replace")
    bad = lenient.count("\ufffd")
    good = sum(1 for c in lenient if c > "\x7f") - bad
    if good >= _DAMAGED * bad:
        return None, ""
    from charset_normalizer import from_bytes

    best = from_bytes(_sample(data), cp_isolation=list(OTHERS)).best()
    return (_strictly(data, best.encoding), best.encoding) if best else (None, "")


def _sample(data: bytes) -> bytes:
    """Give enough of a long file to tell its encoding, cut at an even line end."""
    if len(data) <= SAMPLE:
        return data
    cut = data.rfind(b"\n", 0, SAMPLE) + 1
    return data[: cut or SAMPLE]


def _strictly(data: bytes, encoding: str) -> str | None:
    """Decode without replacing anything; text with unassigned or private characters is refused."""
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
    odd = any(unicodedata.category(c) in ("Cn", "Co", "Cs") for c in set(text))
    return None if odd or "\x00" in text else text
