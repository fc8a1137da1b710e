"""The ids of a table: from text to row, without a dictionary until one is asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property


class Ids(Mapping[str, int]):
    """
    Ids, each mapped to its place among them.

    A million ids are listed much faster than they are hashed, and many a large table is never
    referred to: the dictionary is made at the first look-up. Of ids that stand twice the first
    counts; a blank one names nothing.
    """

    def __init__(self, texts: tuple[str, ...] = ()) -> None:
        self.texts = texts

    @cached_property
    def _places(self) -> dict[str, int]:
        places = dict(zip(self.texts, range(len(self.texts)), strict=True))
        if len(places) < len(self.texts):
            places = {text: i for i, text in reversed(list(enumerate(self.texts)))}
        places.pop("", None)
        return places

    def __getitem__(self, text: str) -> int:
        """Give the place of an id."""
        return self._places[text]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids in order."""
        return iter(self.texts)

    def __len__(self) -> int:
        """Give the number of ids."""
        return len(self.texts)

    def as_dict(self) -> dict[str, int]:
        """Give the dictionary itself, for many look-ups in a row; not to be changed."""
        return self._places

    def shared(self, other: Ids) -> list[str]:
        """Give the ids that stand in both (each in code point order): few looked up in many."""
        few, many = sorted((self.texts, other.texts), key=len)
        return [text for text in dict.fromkeys(few) if text and _holds(many, text)]


def _holds(texts: tuple[str, ...], text: str) -> bool:
    place = bisect_left(texts, text)
    return place < len(texts) and texts[place] == text
