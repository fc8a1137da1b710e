"""Lies about reasons, sentences and the draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lies.copies import Copy
from tests.lies.telling import CERTIFICATE, RECORDS, RUN, Tell, encoded, lie, optimised


@lie("sentence", "sentence")
def phrase_changed(c: Copy) -> bool:
    phrases = c.json("phrases.json")
    spoken = phrases[c.dice.pick(["en", "zh"])]

    def leaves(node: Any) -> list[tuple[Any, str]]:
        if not isinstance(node, dict):
            return []
        here = [(node, k) for k, v in node.items() if isinstance(v, str)]
        return here + [leaf for v in node.values() for leaf in leaves(v)]

    node, name = c.dice.pick(leaves(spoken))
    node[name] += " !"
    c.put("phrases.json", phrases)
    return True


@lie("sentence", "unknown")
def phrases_of_another_version(c: Copy) -> bool:
    phrases = c.json("phrases.json")
    phrases["version"] = "999"
    c.put("phrases.json", phrases)
    return True


def of_record(name: str, change: Callable[[Copy, dict[str, Any]], bool]) -> Tell:
    """Make a lie about one record."""

    def tell(c: Copy) -> bool:
        records = c.lines(RECORDS)
        if not records or not change(c, c.dice.pick(records)):
            return False
        c.put_lines(RECORDS, records)
        return True

    tell.__name__ = name
    return tell


def _code(c: Copy, record: dict[str, Any]) -> bool:
    had = record["code"]
    record["code"] = c.dice.pick(["capacity", "at_prices", "tie_draw", "need_met", "budget", "zz"])
    return bool(record["code"] != had)


def _proven(c: Copy, record: dict[str, Any]) -> bool:
    had = record["proven"]
    record["proven"] = c.dice.pick(["exact", "prices", "trace", "bound"])
    return bool(record["proven"] != had)


def _value(c: Copy, record: dict[str, Any]) -> bool:
    numbers = [k for k, v in record["values"].items() if isinstance(v, int)]
    if not numbers:
        return False
    name = c.dice.pick(numbers)
    record["values"][name] += c.dice.pick([-1, 1, 4])
    return True


def _about(c: Copy, record: dict[str, Any]) -> bool:
    name = c.dice.pick(list(record["about"]))
    record["about"][name] += "x"
    return True


def _more(c: Copy, record: dict[str, Any]) -> bool:
    record["values"]["told"] = 1
    return True


for _label, _change in (
    ("record_code", _code), ("record_proven", _proven), ("record_value", _value),
    ("record_about", _about), ("record_with_more", _more),
):  # fmt: skip
    lie("record", "record")(of_record(_label, _change))


@lie("record", "record")
def record_dropped(c: Copy) -> bool:
    records = c.lines(RECORDS)
    if not records:
        return False
    records.remove(c.dice.pick(records))
    c.put_lines(RECORDS, records)
    return True


@lie("record", "record")
def records_out_of_order(c: Copy) -> bool:
    records = c.lines(RECORDS)
    c.put_lines(RECORDS, records[::-1])
    return len(records) > 1


@lie("draw", "draw record")
def seed_changed(c: Copy) -> bool:
    run = c.json(RUN)
    if not run["draw"]:
        return False
    run["draw"]["seed"] += "0"
    c.put(RUN, run)
    return True


@lie("draw", "draw record")
def counter_changed(c: Copy) -> bool:
    run = c.json(RUN)
    if not run["draw"]:
        return False
    run["draw"]["counter"] += 1
    c.put(RUN, run)
    return True


@lie("draw", "draw unknown")
def trust_raised(c: Copy) -> bool:
    run = c.json(RUN)
    if not run["draw"]:
        return False
    run["draw"]["trust"] = c.dice.pick(["beacon", "parties", "derived"])
    c.put(RUN, run)
    return True


@lie("draw", "draw unknown")
def uniqueness_claimed(c: Copy) -> bool:
    run = c.json(RUN)
    if not run["draw"]:
        return False
    words = ["unique", "not_unique", "plans_found"]
    run["draw"]["unique"] = c.dice.pick([w for w in words if w != run["draw"]["unique"]])
    c.put(RUN, run)
    return True


@lie("draw", "draw")
def draw_price_changed(c: Copy) -> bool:
    """A price of a flow's draw: dropped, moved or invented."""
    if not optimised(c) or "draw_prices" not in c.json(CERTIFICATE):
        return False
    value = c.json(CERTIFICATE)
    prices = value["draw_prices"]
    if prices and c.dice.chance(40):
        prices.pop(c.dice.number(0, len(prices) - 1))
    elif prices and c.dice.chance(60):
        pair = c.dice.pick(prices)
        pair[1] = str(int(pair[1]) + c.dice.pick([-1, 1, 2**34]))
    else:
        named = {encoded(name) for name, _ in prices}
        keys = [k for k in c.honest.row_keys if encoded(list(k)) not in named]
        if not keys:
            return False
        prices.append([list(c.dice.pick(keys)), c.dice.pick(["-3", "7"])])
        prices.sort(key=lambda pair: encoded(pair[0]))
    c.put(CERTIFICATE, value)
    return True


@lie("draw", "draw record share value")
def witness_changed(c: Copy) -> bool:
    """The plan before the draw: an entry dropped, moved or invented."""
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    before = value.get("before_draw") or []
    if not before or c.dice.chance(20):
        before = [*before, [list(c.dice.pick(c.honest.column_keys)), "1"]]
        before.sort(key=lambda pair: encoded(pair[0]))
    elif c.dice.chance(50):
        before.remove(c.dice.pick(before))
    else:
        pair = c.dice.pick(before)
        pair[1] = str(int(pair[1]) + 1)
    value["before_draw"] = before
    c.put(CERTIFICATE, value)
    return True


@lie("draw", "record draw")
def witness_left_out(c: Copy) -> bool:
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    if not value.get("before_draw"):
        return False
    del value["before_draw"]
    c.put(CERTIFICATE, value)
    return True
