"""What an activity needs, as typed in one cell: items with numbers, codes and amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cogov_opt.loading.requests_times import tidy

_LIST = re.compile(r"[;；、\n]")
_COUNTED = re.compile(
    r"([0-9０-９][0-9０-９,，]*)\s*(?:[*＊×✕]|名|人|位|个人|个|份|次|间|处|场|辆|套|项)\s*(.*)",
    re.DOTALL,
)
_PLAIN = re.compile("[0-9０-９][0-9０-９,，]*")
_SEATS = re.compile(r"(?:座位|座位数|容纳)\s*[:：]?\s*([0-9]+)|([0-9]+)\s*(?:座|个座位)")
_MONEY = re.compile(
    r"(?P<code>[^:：()（）]+?)\s*(?:[(（](?P<kinds>[^()（）]*)[)）])?\s*(?:[:：]\s*(?P<amount>[^()（）]+?))?"
)
KINDS = {
    "volunteer": ("volunteer", "volunteers", "志愿者"),
    "service": ("service", "services", "服务", "服务项目"),
    "space": ("space", "spaces", "场地", "设备", "场地与设备"),
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_LONGEST = 12
"""Digits of the largest minimum that is read."""
EXPECTED = {
    "volunteers": "3*tutoring:1; 1*first_aid",
    "service": "60*hot_meal",
    "space": "dining; seats:60",
    "money": "food; materials:300; venue(space)",
    "minimum": "80%; service:40",
}


class ItemError(Exception):
    """An item that cannot be understood: an issue code and its values."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Item(NamedTuple):
    """So many of what meets a requirement."""

    quantity: str
    requires: str
    typed: str


class Money(NamedTuple):
    """A cost type, what is bought outside the plan, and the kinds of needs it says it pays for."""

    cost_type: str
    amount: str
    kinds: tuple[str, ...]
    typed: str


def items(text: str) -> list[str]:
    """Split a cell at `;`, `；`, `、` and line breaks."""
    return [i for i in (p.strip() for p in _LIST.split(text)) if i]


def read_people(text: str) -> list[Item]:
    """Read `3*tutoring:1;1*first_aid`; `+` joins what one person must have, `3` asks for anyone."""
    found = []
    for item in items(text):
        quantity, rest = _counted(item, "volunteers")
        found.append(Item(quantity, ";".join(p.strip() for p in re.split("[+＋]", rest)), item))
    return found


def read_services(text: str) -> list[Item]:
    """Read `60*hot_meal`."""
    found = []
    for item in items(text):
        quantity, rest = _counted(item, "service")
        if not rest:
            raise ItemError("request_item", read=item, expected=EXPECTED["service"])
        found.append(Item(quantity, rest, item))
    return found


def read_spaces(text: str) -> list[Item]:
    """Read `dining;seats:60`: what one booking must have; each line is a booking of its own."""
    found = []
    for line in filter(None, (part.strip() for part in text.split("\n"))):
        quantity, rest = _counted(line, "space")
        required = [_seats(i) for i in items(rest)]
        found.append(Item(quantity, ";".join(required), line))
    return found


def _seats(item: str) -> str:
    """Give `60座` and `座位:60` as the requirement they mean."""
    found = _SEATS.fullmatch(tidy(item))
    return f"seats:{found[1] or found[2]}" if found else item


def read_money(text: str) -> list[Money]:
    """Read `food;materials:300;venue(space)`."""
    found = []
    for item in items(text):
        parts = _MONEY.fullmatch(item)
        kinds = _kinds(parts["kinds"]) if parts and parts["kinds"] is not None else ()
        if not parts or kinds is None or _PLAIN.fullmatch(parts["code"]):
            raise ItemError("request_item", read=item, expected=EXPECTED["money"])
        found.append(Money(parts["code"].strip(), (parts["amount"] or "").strip(), kinds, item))
    return found


def _kinds(text: str) -> tuple[str, ...] | None:
    """Read the kinds an item pays for; None if a word is none."""
    found = [_KIND_OF.get(tidy(w).lower()) for w in re.split("[,，+＋]", text)]
    return tuple(k for k in found if k) if all(found) else None


def _counted(item: str, column: str) -> tuple[str, str]:
    """Split a number off an item; an item without one is asked for once."""
    found = _COUNTED.fullmatch(item)
    if found:
        return _digits(found[1]), found[2].strip()
    if _PLAIN.fullmatch(item):
        return _digits(item), ""
    if item[:1].isdigit() and not _SEATS.match(item):
        raise ItemError("request_item", read=item, expected=EXPECTED[column])
    return "1", item


def _digits(text: str) -> str:
    """Give a number in plain digits."""
    return tidy(text).replace(",", "")


def minima(text: str, needs: Sequence[tuple[str, int, str]]) -> dict[int, str]:
    """
    Read the least that an activity can do with.

    `needs` are the kind, quantity and requirement of its volunteers and services. A percentage
    is of each of them, rounded up; a number alone is of its one service, or else of its one
    volunteer need; `service:40` and `tutoring:2` name theirs.
    """
    found: dict[int, str] = {}
    for item in items(text):
        word, _, number = tidy(item).rpartition(":")
        percent = number.removesuffix("%").strip()
        if not (percent.isascii() and percent.isdigit() and len(percent) <= _LONGEST):
            raise ItemError("request_item", read=item, expected=EXPECTED["minimum"])
        places = _places(word.strip(), needs, everything=percent != number)
        if not places:
            raise ItemError("request_minimum_unclear", read=item)
        for k in places:
            found[k] = str(-(-needs[k][1] * int(percent) // 100)) if percent != number else percent
    return found


def _places(word: str, needs: Sequence[tuple[str, int, str]], *, everything: bool) -> list[int]:
    """Give the needs a minimum is of; none where that is not certain."""
    kind = _KIND_OF.get(word.lower())
    if word:
        fits = [
            k for k, (of, _, requires) in enumerate(needs)
            if of == kind or tidy(requires) == word or tidy(requires).partition(":")[0] == word
        ]  # fmt: skip
        return fits if everything or len(fits) == 1 else []
    if everything:
        return list(range(len(needs)))
    for wanted in ("service", "volunteer"):
        fits = [k for k, (of, _, _) in enumerate(needs) if of == wanted]
        if fits:
            return fits if len(fits) == 1 else []
    return []
