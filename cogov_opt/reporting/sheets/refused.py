"""What was not given and not used, as tables, with the reasons in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogov_opt.explaining.names import code_words
from cogov_opt.phrases.reasons import reason_text
from cogov_opt.reporting.sheets.page import Cell, Column, Page

if TYPE_CHECKING:
    from cogov_opt.reporting.view import View


def unmet_needs(view: View) -> Page:
    """List every need that gets less than it asks, unserved demands first, with the reason."""
    columns = (
        Column("demand"), Column("title", "long"), Column("state"), Column("applicant", "long"),
        Column("area"), Column("priority", "count"), Column("people", "count"),
        Column("need", "long"), Column("asked"), Column("given"), Column("short"),
        Column("in_short", "long"), Column("reason", "long"), Column("record"),
    )  # fmt: skip
    rows = sorted(view.run.unmet, key=lambda row: row["demand"] in view.served)
    return Page("unmet", columns, [_unmet(view, row) for row in rows])


def _unmet(view: View, row: dict[str, str]) -> list[Cell]:
    demand = view.run.by_id("demands")[row["demand"]]
    need = view.run.by_id("needs")[row["need"]]
    record = view.run.records[row["record"]]
    area, people = demand["area"], demand["people"]
    state = "partly" if row["demand"] in view.served else "is_unserved"
    amounts = [view.quantity(need["kind"], int(row[name])) for name in ("asked", "given", "short")]
    return [
        row["demand"], view.title(row["demand"]), view.say(f"sheet.{state}"),
        view.name(demand["actor_id"]), code_words(view.run, view.language).get(area, area),
        int(demand["priority"] or 3), int(people) if people else None, view.name(row["need"]),
        *amounts, view.short(record),
        reason_text(record, view.names, view.currency, view.language), row["record"],
    ]  # fmt: skip


def unused_resources(view: View) -> Page:
    """List the resources that are not used, with the reason."""
    columns = (
        Column("kind"), Column("resource"), Column("giver", "long"), Column("reason", "long"),
        Column("record"),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for record in view.run.records.values():
        if record["type"] == "unused":
            resource = record["about"]["resource"]
            kind = view.names.get(f"kind {resource}", "")
            giver = view.names.get(f"giver {resource}", "")
            told = reason_text(record, view.names, view.currency, view.language)
            rows.append([view.say(f"kind.{kind}"), resource, giver, told, record["record"]])
    return Page("unused", columns, rows)
