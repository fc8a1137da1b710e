"""Lies about prices, bounds, shares, values and the order of stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lies.copies import Copy
from tests.lies.telling import (
    ANY,
    CARD,
    CERTIFICATE,
    REGRETS,
    RUN,
    Tell,
    encoded,
    field,
    in_stage,
    lie,
    optimised,
    other,
    text_of,
    with_row,
)


@lie("price", "bound price share record")
def price_moved(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        if not stage["prices"]:
            return False
        pair = c.dice.pick(stage["prices"])
        pair[1] = other(c, pair[1])
        if pair[1] == "0":
            stage["prices"].remove(pair)
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("price", "bound share record price")
def price_left_out(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        return (
            bool(stage["prices"]) and stage["prices"].remove(c.dice.pick(stage["prices"])) is None
        )

    return in_stage(c, CERTIFICATE, change)


@lie("price", "bound share record price")
def all_prices_left_out(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        had, stage["prices"] = bool(stage["prices"]), []
        return had

    return in_stage(c, CERTIFICATE, change)


@lie("price", "price bound share record unit")
def price_invented(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        free = [k for k in c.honest.row_keys if list(k) not in [p[0] for p in stage["prices"]]]
        if not free:
            return False
        stage["prices"].append([list(c.dice.pick(free)), str(c.dice.pick([-3, -1, 1, 4]))])
        stage["prices"].sort(key=lambda pair: encoded(pair[0]))
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("price", "price")
def price_of_no_row(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["prices"].append([["law.zzz", "nowhere"], "1"])
        stage["prices"].sort(key=lambda pair: encoded(pair[0]))
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("price", "price bound record share")
def price_turned(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        if not stage["prices"]:
            return False
        pair = c.dice.pick(stage["prices"])
        pair[1] = str(-int(pair[1]))
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("price", "price")
def prices_out_of_order(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["prices"].reverse()
        return len(stage["prices"]) > 1

    return in_stage(c, CERTIFICATE, change)


@lie("price", "account bound share record price")
def another_scale(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["scale"] = stage["scale"] + c.dice.pick(["0", "5"])
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("price", "format")
def price_as_a_number(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        if not stage["prices"]:
            return False
        pair = c.dice.pick(stage["prices"])
        pair[1] = int(pair[1])
        return True

    return in_stage(c, CERTIFICATE, change)


for _name in ("bound", "gap", "bound_scaled"):
    lie("bound", "bound")(field(_name, CERTIFICATE))
for _name in ("bound", "gap"):
    lie("bound", "bound")(field(_name, RUN))
for _name in ("excess", "rounding"):
    lie("share", "share")(field(_name, CERTIFICATE))
for _name in ("value", "published"):
    lie("value", "value")(field(_name, CERTIFICATE))
    lie("value", "value")(field(_name, RUN))
lie("give", "give")(field("taken_back", CERTIFICATE))


@lie("bound", "bound")
def bound_in_both_files(c: Copy) -> bool:
    """A better bound, told alike wherever it stands."""
    if not optimised(c):
        return False
    one, two = c.json(CERTIFICATE), c.json(RUN)
    k = c.dice.number(0, len(one["stages"]) - 1)
    step = c.dice.pick([1, 3, -2])
    for stage in (one["stages"][k], two["stages"][k]):
        stage["bound"] = str(int(stage["bound"]) + step)
        stage["gap"] = str(int(stage["gap"]) + step)
    c.put(CERTIFICATE, one)
    c.put(RUN, two)
    return True


@lie("bound", "bound")
def optimality_turned(c: Copy) -> bool:
    path = c.dice.pick([CERTIFICATE, RUN])

    def change(stage: dict[str, Any]) -> bool:
        stage["optimal"] = not stage["optimal"]
        return True

    return in_stage(c, path, change)


@lie("bound", "bound")
def all_certified_turned(c: Copy) -> bool:
    if not optimised(c):
        return False
    run = c.json(RUN)
    run["all_certified"] = not run["all_certified"]
    c.put(RUN, run)
    return True


@lie("value", "value")
def value_in_both_files(c: Copy) -> bool:
    if not optimised(c):
        return False
    one, two = c.json(CERTIFICATE), c.json(RUN)
    k = c.dice.number(0, len(one["stages"]) - 1)
    step = c.dice.pick([1, -1, 5])
    for stage in (one["stages"][k], two["stages"][k]):
        for name in ("value", "published", "bound"):
            stage[name] = str(int(stage[name]) + step)
    c.put(CERTIFICATE, one)
    c.put(RUN, two)
    return True


@lie("share", "share")
def share_invented(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        named = [s[0] for s in stage["shares"]]
        free = [k for k in c.honest.column_keys if list(k) not in named]
        stage["shares"].append([list(c.dice.pick(free)), "1"])
        stage["shares"].sort(key=lambda pair: encoded(pair[0]))
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("share", "share")
def share_changed(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        if not stage["shares"]:
            return False
        pair = c.dice.pick(stage["shares"])
        pair[1] = other(c, pair[1])
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("share", "share")
def share_hidden(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        if not stage["shares"]:
            return False
        stage["shares"].remove(c.dice.pick(stage["shares"]))
        return True

    return in_stage(c, CERTIFICATE, change)


@lie("stage order", "stage_order")
def stages_swapped(c: Copy) -> bool:
    if not optimised(c):
        return False
    path = c.dice.pick([CERTIFICATE, RUN])
    value = c.json(path)
    if len(value["stages"]) < 2:
        return False
    value["stages"].reverse()
    c.put(path, value)
    return True


@lie("stage order", "stage_order")
def stage_dropped(c: Copy) -> bool:
    if not optimised(c):
        return False
    path = c.dice.pick([CERTIFICATE, RUN])
    value = c.json(path)
    value["stages"].pop()
    c.put(path, value)
    return True


@lie("stage order", ANY)
def stages_of_the_card_swapped(c: Copy) -> bool:
    """The card's order is another; prices and reasons stay as they were."""
    parts = c.files[CARD].decode("utf-8").split("[[objective]]\n")
    if len(parts) < 3 or not optimised(c):
        return False
    tail = parts[-1].find("[[clause]]")
    clauses = parts[-1][tail:] if tail >= 0 else ""
    last = parts[-1][:tail] if tail >= 0 else parts[-1]
    middle = [last, *parts[2:-1], parts[1]] if len(parts) > 2 else parts
    c.files[CARD] = ("[[objective]]\n".join([parts[0], *middle]) + clauses).encode("utf-8")
    return True


@lie("stage order", "stage_order")
def sense_turned(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["sense"] = "minimise" if stage["sense"] == "maximise" else "maximise"
        return True

    return in_stage(c, c.dice.pick([CERTIFICATE, RUN]), change)


@lie("stage order", "stage_order")
def terms_changed(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["terms"] = [*stage["terms"], "cost"]
        return True

    return in_stage(c, RUN, change)


@lie("stage order", "stage_order")
def condition_turned(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["conditional"] = not stage["conditional"]
        return True

    return in_stage(c, c.dice.pick([CERTIFICATE, RUN]), change)


@lie("stage order", "stage_order")
def index_changed(c: Copy) -> bool:
    def change(stage: dict[str, Any]) -> bool:
        stage["index"] = type(stage["index"])(int(stage["index"]) + 1)
        return True

    return in_stage(c, c.dice.pick([CERTIFICATE, RUN]), change)


@lie("give", "plan")
def plans_left_out(c: Copy) -> bool:
    if not optimised(c) or "plans" not in c.json(CERTIFICATE):
        return False
    value = c.json(CERTIFICATE)
    del value["plans"]
    c.put(CERTIFICATE, value)
    return True


@lie("give", "plan value bound share give record")
def own_plan_changed(c: Copy) -> bool:
    if not optimised(c):
        return False
    value = c.json(CERTIFICATE)
    plans = [p for p in value.get("plans", []) if p]
    if not plans:
        return False
    pair = c.dice.pick(c.dice.pick(plans))
    pair[1] = other(c, pair[1])
    c.put(CERTIFICATE, value)
    return True


@lie("give", ANY)
def give_of_the_card(c: Copy) -> bool:
    return optimised(c) and (
        text_of(c, "give = 0", "give = 25") or text_of(c, 'give = "1 points"', "give = 0")
    )


@lie("tie", "tie")
def ties_counted_otherwise(c: Copy) -> bool:
    value = c.json(CERTIFICATE) if optimised(c) else {}
    if "ties" not in value:
        return False
    value["ties"]["candidates"] = str(abs(int(other(c, value["ties"]["candidates"]))) + 1)
    c.put(CERTIFICATE, value)
    return True


@lie("tie", "tie")
def ties_of_a_run_that_knows_none(c: Copy) -> bool:
    value = c.json(CERTIFICATE) if optimised(c) else {}
    if not value or "ties" in value:
        return False
    value["ties"] = {"candidates": "0"}
    c.put(CERTIFICATE, value)
    return True


@lie("tie", "draw record")
def ties_hidden(c: Copy) -> bool:
    value = c.json(CERTIFICATE) if optimised(c) else {}
    if "ties" not in value:
        return False
    del value["ties"]
    c.put(CERTIFICATE, value)
    return True


def of_regrets(name: str, change: Callable[[Copy, dict[str, str]], bool]) -> Tell:
    """Make a lie about one row of regrets.csv."""

    def tell(c: Copy) -> bool:
        return REGRETS in c.files and with_row(c, REGRETS, lambda row, _: change(c, row))

    tell.__name__ = name
    return tell


def _loss(c: Copy, row: dict[str, str]) -> bool:
    row["loss"] = str(abs(int(other(c, row["loss"] or 0)))) if row["loss"] else "1"
    return True


def _no_plan(c: Copy, row: dict[str, str]) -> bool:
    had, row["loss"], row["stage"] = row["loss"], "", ""
    return bool(had)


def _stage_of_loss(c: Copy, row: dict[str, str]) -> bool:
    row["stage"] = str(int(row["stage"] or 0) + 1)
    return True


def _given(c: Copy, row: dict[str, str]) -> bool:
    row["given"] = str(int(row["given"]) + 1)
    return True


for _name, _change in (
    ("loss_changed", _loss), ("loss_denied", _no_plan), ("stage_of_a_loss_changed", _stage_of_loss),
    ("given_changed_beside_a_loss", _given),
):  # fmt: skip
    lie("regret", "regret")(of_regrets(_name, _change))


@lie("regret", "regret")
def losses_left_out(c: Copy) -> bool:
    """One row of the losses is missing, or the whole file is."""
    if REGRETS not in c.files:
        return False
    if c.dice.chance(50):
        del c.files[REGRETS]
        return True
    return with_row(c, REGRETS, lambda row, rows: rows.remove(row) is None)
