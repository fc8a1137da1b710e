"""What was decided: money by fund, and decisions by day (part of the summary)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cogov_opt.explaining.names import time_text
from cogov_opt.phrases.columns import GAP, cut, pad, table, width, wrap
from cogov_opt.reporting.worth import fund_free
from cogov_opt.units import money_text

if TYPE_CHECKING:
    from cogov_opt.reporting.view import View

ROWS = 80
"""Most decisions that the summary lists."""
ROOMY = 132
"""Places from which the performer has a column of its own."""


def money_lines(view: View) -> list[str]:
    """Say for each fund what it had, gave, and has left; and what performers pay themselves."""
    spent: dict[str, int] = {}
    for row in view.run.allocation:
        if row["kind"] == "fund":
            spent[row["resource"]] = spent.get(row["resource"], 0) + int(row["quantity"])
    rows, sums = [], [0, 0, 0]
    for fund in view.run.table("funds"):
        free = fund_free(fund)
        given = spent.get(fund["fund_id"], 0)
        money = (free, given, free - given)
        sums = [a + b for a, b in zip(sums, money, strict=True)]
        rows.append([fund["fund_id"], view.name(fund["actor_id"]), *map(_plain, money)])
    if not rows and "" not in spent:
        return []
    if len(rows) > 1:
        rows.append([view.label("in_all"), "", *map(_plain, sums)])
    if spent.get(""):
        rows.append(["-", view.label("own_money"), "", _plain(spent[""]), ""])
    heads = [view.label(n, currency=view.currency) for n in ("fund", "giver", *MONEY_HEADS)]
    return table(heads, rows, right=(2, 3, 4), places=view.places, flexible=1)


MONEY_HEADS = ("amount", "spent", "left")


def _plain(minor: int) -> str:
    """Write money without its currency, for a column that names it."""
    return money_text(minor, "").strip()


def decision_lines(view: View) -> list[str]:
    """List what is served, by day: time, demand, performer, and what it gets."""
    demands: dict[str, list[dict[str, str]]] = {}
    for row in view.run.allocation:
        demands.setdefault(row["demand"], []).append(row)
    ordered = sorted(demands.values(), key=lambda rows: (rows[0]["start"], rows[0]["demand"]))
    if not ordered:
        return []
    rows = [_decision(view, found) for found in ordered[:ROWS]]
    rows.insert(0, [view.label(n) for n in ("time", "demand", "performer", "gets")])
    if view.places < ROOMY:
        rows = [[row[0], row[1], row[3]] for row in rows]
    more = len(ordered) - ROWS
    lines = _hanging(rows, view.places)
    return lines + ([f"  {view.label('more', count=more)}"] if more > 0 else [])


def _hanging(rows: list[list[str]], places: int) -> list[str]:
    """Give a table whose last column goes on below; the others are cut to what is left for them."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    room = places - 2 - widths[0] - len(GAP) * len(widths)
    share = room * 11 // 20 // (len(widths) - 1)
    widths[1:] = [min(w, share) for w in widths[1:]]
    lines: list[str] = []
    for row in rows:
        fixed = (pad(cut(c, w), w) for c, w in zip(row[:-1], widths, strict=True))
        head = "  " + GAP.join(fixed) + GAP
        lines.extend(wrap(row[-1], places, head, " " * width(head)))
    rule = "  " + GAP.join("-" * w for w in widths) + GAP
    return [lines[0], rule + "-" * (places - len(rule)), *lines[1:]]


def _decision(view: View, rows: list[dict[str, str]]) -> list[str]:
    first = rows[0]
    got = view.label("list").join(gets(view, rows)) or view.label("nothing_needed")
    time = time_text(first["start"], first["end"], view.language)
    title = f"{first['demand']} {view.title(first['demand'])}".strip()
    return [time, title, view.name(first["taker"]), got]


def gets(
    view: View, rows: Sequence[Mapping[str, str]], called: Mapping[str, str] | None = None
) -> list[str]:
    """
    List the resources a demand gets, and the money of all sources together.

    Resources stand by id, those in `called` by what they are called there.
    """
    money = sum(int(row["quantity"]) for row in rows if row["kind"] == "fund")
    found = []
    for row in rows:
        if row["kind"] and row["kind"] != "fund":
            units = int(row["quantity"])
            name = (called or {}).get(row["resource"], row["resource"])
            found.append(name + (f" x{units:,}" if units > 1 else ""))
    return found + ([money_text(money, view.currency)] if money else [])
