"""Lies about who gets what, and about the money that pays for it."""

from __future__ import annotations

from tests.lies.copies import Copy, Rows
from tests.lies.telling import ALLOCATION, ANY, lie, table_of, used, with_row


@lie("plan", ANY)
def line_dropped(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        rows.remove(row)
        return True

    return with_row(c, ALLOCATION, change)


@lie("plan", "allocation overlap capacity money set candidate clause trace record value")
def line_twice(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        rows.insert(rows.index(row), dict(row))
        return True

    return with_row(c, ALLOCATION, change)


@lie("plan", ANY - {"unknown", "format"})
def another_resource(c: Copy) -> bool:
    """Somebody else of the kind, eligible or not, whether free or not."""

    def change(row: dict[str, str], rows: Rows) -> bool:
        ids = [next(iter(r.values())) for r in c.rows(table_of(row["kind"]))]
        others = [i for i in ids if i != row["resource"]]
        if not others:
            return False
        row["resource"] = c.dice.pick(others)
        return True

    return with_row(c, ALLOCATION, change, lambda row: bool(row["resource"]))


@lie("plan", ANY - {"unknown", "format"})
def demand_not_served(c: Copy) -> bool:
    rows = c.rows(ALLOCATION)
    if not rows:
        return False
    gone = c.dice.pick(sorted({row["demand"] for row in rows}))
    c.put_rows(ALLOCATION, [row for row in rows if row["demand"] != gone])
    return True


@lie("plan", ANY - {"unknown", "format"})
def another_option(c: Copy) -> bool:
    rows = c.rows(ALLOCATION)
    options = {(r["demand_id"], r["option_id"]) for r in c.rows("inputs/options.csv")}
    moves = [
        (row["demand"], o) for row in rows for d, o in sorted(options)
        if d == row["demand"] and o != row["option"]
    ]  # fmt: skip
    if not moves:
        return False
    demand, option = c.dice.pick(moves)
    for row in rows:
        if row["demand"] == demand:
            row["option"] = option
    c.put_rows(ALLOCATION, rows)
    return True


@lie("plan", ANY - {"unknown", "format"})
def served_without_anything(c: Copy) -> bool:
    """A line that says an unserved demand is served."""
    rows = c.rows(ALLOCATION)
    served = {row["demand"] for row in rows}
    options = {r["demand_id"]: r["option_id"] for r in c.rows("inputs/options.csv")}
    left = [d for d in c.rows("inputs/demands.csv") if d["demand_id"] not in served]
    if not left:
        return False
    demand = c.dice.pick(left)
    blank = dict.fromkeys(c.files[ALLOCATION].decode().split("\n")[0].split(","), "")
    new = blank | {
        "demand": demand["demand_id"], "option": options.get(demand["demand_id"], ""),
        "quantity": "0", "cost": "0",
        "taker": demand["performer_id"] or demand["actor_id"], "origin": "optimised",
    }  # fmt: skip
    keys = ("demand", "option", "need", "resource", "agreement", "buys")
    c.put_rows(ALLOCATION, sorted([*rows, new], key=lambda r: [r[k] for k in keys]))
    return True


@lie("a volunteer in two needs of one option", ANY - {"unknown", "format"})
def volunteer_in_two_needs(c: Copy) -> bool:
    """The same person a second time, for another need of the demand or of another one."""
    rows = c.rows(ALLOCATION)
    needs = [n for n in c.rows("inputs/needs.csv") if n["kind"] == "volunteer"]
    option = {row["demand"]: row for row in rows}
    moves = [
        (row, need) for row in rows if row["kind"] == "volunteer"
        for need in needs if need["need_id"] != row["need"] and need["demand_id"] in option
    ]  # fmt: skip
    if not moves:
        return False
    row, need = c.dice.pick(moves)
    at = option[need["demand_id"]]
    new = row | {n: at[n] for n in ("demand", "option", "start", "end", "taker")}
    new |= {"need": need["need_id"]}
    keys = ("demand", "option", "need", "resource", "agreement", "buys")
    c.put_rows(ALLOCATION, sorted([*rows, new], key=lambda r: [r[k] for k in keys]))
    return True


@lie("award above cost", "money candidate allocation set capacity clause trace value share record")
def award_raised(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        row["quantity"] = str(int(row["quantity"]) + c.dice.number(1, 3))
        return True

    return with_row(c, ALLOCATION, change, lambda row: row["kind"] == "fund")


@lie("unpaid cost", "money candidate allocation set trace value record unmet")
def payment_left_out(c: Copy) -> bool:
    def change(row: dict[str, str], rows: Rows) -> bool:
        rows.remove(row)
        return True

    return with_row(c, ALLOCATION, change, lambda row: row["kind"] == "fund")


@lie("unpaid cost", ANY)
def cost_raised_in_the_inputs(c: Copy) -> bool:
    lines = used(c, "volunteer") + used(c, "service")
    if not lines:
        return False
    line = c.dice.pick(lines)
    column = {"volunteer": "cost_per_slot", "service": "cost_per_unit"}[line["kind"]]
    name = f"{line['kind']}_id"

    def change(row: dict[str, str], rows: Rows) -> bool:
        row[column] = str(int(row[column] or 0) + 1)
        return True

    return with_row(c, table_of(line["kind"]), change, lambda r: r[name] == line["resource"])
