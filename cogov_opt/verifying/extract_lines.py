"""The lines of arithmetic of an extract: sums of proven prices, as records say them (S15.4)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import canonical
from .case import key_of, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .findings import Findings

MOST_OPEN = 40
SCARCE = ("law.capacity", "law.no_overlap", "law.agreement")
ONE = ("law.no_overlap",)
Key = tuple[str, ...]
Line = dict[str, Any]


def check_lines(extract: dict[str, Any], findings: Findings) -> None:
    """Check every line, and that what the records say of prices is backed by lines."""
    prices = _prices(extract)
    own = _own(extract["subject"]["payload"])
    for line in (*extract["lines"], *extract["scarce"], *extract["open"]):
        column = key_of(line["column"])
        if not own(column) or not _adds_up(line, prices) or not _lawful(line, extract):
            findings.add("line", "extract", canonical.text(line["column"]))
    for column in _again(extract):
        findings.add("line", "extract", canonical.text(list(column)))
    if extract["suppressed"]:
        return
    lines, scarce = (
        {(tuple(line["column"]), line["stage"]): line for line in extract[name]}
        for name in ("lines", "scarce")
    )
    backed: set[tuple[str, Key, str]] = set()
    for record, values in _valued(extract):
        units = _units(extract["subject"]["payload"], record)
        good = _backed(record, {**values, "units": units}, lines, backed)
        if not good or not _cited(values, scarce, backed):
            findings.add("line", "extract", str(record["record"]))
    for name, given in (("lines", lines), ("scarce", scarce)):
        for column, stage in given:
            if (name, column, stage) not in backed:
                findings.add("line", "extract", canonical.text(list(column)))


def _again(extract: dict[str, Any]) -> set[Key]:
    """Give the columns that are told twice, or are open beside their line, or too many of them."""
    told = {
        name: [(tuple(line["column"]), line["stage"]) for line in extract[name]]
        for name in ("lines", "scarce", "open")
    }
    twice = {at[0] for ats in told.values() for at, times in Counter(ats).items() if times > 1}
    known = {column for column, _ in told["lines"]}
    opened = Counter(column for column, _ in told["open"])
    twice |= {column for column, times in opened.items() if times > 1 or column in known}
    return twice | {column for column, _ in told["open"][MOST_OPEN:]}


def _prices(extract: dict[str, Any]) -> dict[tuple[str, str], tuple[int, str]]:
    """Give price and scale by stage and row."""
    found = {}
    for leaf in extract["prices"]:
        told = leaf["payload"]
        at = (str(told["stage"]), canonical.text(told["row"]))
        found[at] = (number(told["price"]), str(told["scale"]))
    return found


def _own(subject: dict[str, Any]) -> Any:
    """Tell a column that is the subject's own: of its needs, of its options, or of itself."""
    if subject["type"] == "volunteer":
        return lambda column: column[0] == "x" and column[2] == subject["id"]
    needs = {row["need_id"] for row in subject["facts"].get("needs", [])}
    return lambda column: column[1] in needs if column[0] != "y" else column[1] == subject["id"]


def _adds_up(line: Line, prices: dict[tuple[str, str], tuple[int, str]]) -> bool:
    """Tell whether a line is worth less its proven prices, each row once."""
    total, rows = number(line["worth"]), set()
    for key, coefficient in line["items"]:
        at = (str(line["stage"]), canonical.text(key))
        if at not in prices or at in rows or prices[at][1] != line["scale"]:
            return False
        rows.add(at)
        total -= number(coefficient) * prices[at][0]
    return total == number(line["value"])


def _lawful(line: Line, extract: dict[str, Any]) -> bool:
    """Tell whether the coefficients that follow from the facts are right (S5, S7)."""
    column = key_of(line["column"])
    sessions = _sessions(extract["subject"]["payload"], column)
    for key, coefficient in line["items"]:
        kind = tuple(key[:2])
        if key[0] in ONE or kind == ("law.set", "one_option"):
            right = 1
        elif kind == ("law.capacity", "slots") and sessions is not None:
            right = max(1, len(sessions))
        elif kind == ("law.capacity", "minutes") and sessions is not None:
            right = sum(sessions)
        else:
            continue
        if number(coefficient) != right:
            return False
    return True


def _sessions(subject: dict[str, Any], column: Key) -> list[int] | None:
    """Give the minutes of each session of a column's option; None where they are not known."""
    if subject["type"] != "demand" or column[0] != "x":
        return None
    rows = [r for r in subject["facts"].get("options", []) if r["option_id"] == column[3]]
    found = []
    for row in rows:
        if "start" in row:
            gone = datetime.fromisoformat(row["end"]) - datetime.fromisoformat(row["start"])
            found.append(int(gone.total_seconds()) // 60)
    return found


def _valued(extract: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Give the records that speak of prices, with their values."""
    for record in extract["subject"]["payload"]["records"]:
        values = extract["values"].get(record["record"], {}).get("values", {})
        if "stage" in values:
            yield record, values


def _backed(
    record: dict[str, Any], values: dict[str, Any], lines: dict[tuple[Key, str], Line],
    backed: set[tuple[str, Key, str]],
) -> bool:  # fmt: skip
    """Tell whether the lines say what a record says; note the lines that were asked."""
    stage, about = str(values["stage"]), record["about"]
    if record["type"] == "unmet":
        return True
    if record["type"] == "assignment":
        parts = (about["need"], about["resource"], about["option"], about.get("agreement", ""))
        at = (("x", *parts), stage)
        backed.add(("lines", *at))
        return at in lines and _same(lines[at], values)
    place = (values["need"], about["resource"], values["option"])
    ours = [key for key in lines if key[1] == stage and key[0][1:4] == place]
    backed.update(("lines", *key) for key in ours)
    right = int(values["share"]) if "share" in values else -int(values["margin"])
    return right in [number(lines[key]["value"]) for key in ours]


def _cited(
    values: dict[str, Any], scarce: dict[tuple[Key, str], Line],
    backed: set[tuple[str, Key, str]],
) -> bool:  # fmt: skip
    """Tell whether what a record says is scarce is what the prices give; note the lines."""
    good = True
    for need, resource, amount in [] if values.get("refused") else values.get("by", []):
        place = (need, resource, values["option"])
        stage = str(values["stage"])
        ours = [key for key in scarce if key[1] == stage and key[0][1:4] == place]
        backed.update(("scarce", *key) for key in ours)
        good = good and any(_takes(scarce[key], int(amount)) for key in ours)
    return good


def _takes(line: Line, amount: int) -> bool:
    """Tell whether a line is of scarce resources alone and takes an amount of them."""
    only = all(key[0] in SCARCE for key, _ in line["items"])
    return only and line["worth"] == "0" and number(line["value"]) == -amount


def _units(subject: dict[str, Any], record: dict[str, Any]) -> int:
    """Give the units that the rows of an assignment give."""
    rows = (row for row in subject["rows"] if row.get("record") == record["record"])
    return sum(int(row["quantity"]) for row in rows)


def _same(line: Line, values: dict[str, Any]) -> bool:
    """Tell whether a line is the arithmetic of an assignment."""
    if str(values["scale"]) != line["scale"]:
        return False
    worth, value = number(line["worth"]), number(line["value"])
    if "share" in values:
        return value * int(values["units"]) == -int(values["share"])
    told = (int(values["brings"]), int(values["takes"]), int(values["margin"]))
    return told == (worth, worth - value, value)
