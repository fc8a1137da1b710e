"""
The known word that a misread or mistyped one most likely stands for.

Slips of the hand come first: O for 0, I or l for 1, full-width signs, the case of letters, zeros
or the dash left out (`D-0O1`, `Ｄ－００１`, `d001` and `D-1` all stand for `D-001`). Only where no
known word is the same but for these, the letters decide.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

_ALIKE = str.maketrans("oil|", "0111")
_RUNS = re.compile(r"([0-9]+)|[^\W_0-9]+")


def closest(word: str, words: Iterable[str], *, count: int = 1, cutoff: float = 0.5) -> list[str]:
    """
    Give the known words that come closest, best first, `count` at most.

    Parameters
    ----------
    cutoff
        How alike words must be at least that differ by more than slips, 0 to 1.
    """
    known = list(words)
    slips = _slips(word)
    same = [other for other in known if _slips(other) == slips] if slips else []
    if same:
        return sorted(same, key=lambda other: (-_likeness(word, other), other))[:count]
    folded = {_plain(other): other for other in known}
    near = difflib.get_close_matches(_plain(word), folded, n=count, cutoff=cutoff)
    return [folded[other] for other in near]


def _plain(word: str) -> str:
    """Give a word in half-width signs and small letters."""
    return unicodedata.normalize("NFKC", word).casefold()


def _read(word: str) -> str:
    """Give a word with one sign for those that are taken for each other."""
    return _plain(word).translate(_ALIKE)


def _slips(word: str) -> tuple[str, ...]:
    """Give a word's runs of letters and of digits, slips of the hand taken out."""
    runs = _RUNS.finditer(_read(word))
    return tuple(run[0].lstrip("0") or "0" if run[1] else run[0] for run in runs)


def _likeness(word: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _read(word), _read(other)).ratio()
