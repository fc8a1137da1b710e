"""Lies about the inputs and the card."""

from __future__ import annotations

import re

from tests.lies.copies import Copy, Rows
from tests.lies.telling import ALLOCATION, ANY, CARD, Tell, lie, table_of, text_of, used, with_row


def fact(kind: str, column: str, value: str) -> Tell:
    """Make a lie about a column of a resource that is in use."""

    def tell(c: Copy) -> bool:
        names = {line["resource"] for line in used(c, kind)}

        def change(row: dict[str, str], rows: Rows) -> bool:
            had, row[column] = row[column], value
            return had != value

        return with_row(c, table_of(kind), change, lambda row: row[f"{kind}_id"] in names)

    tell.__name__ = f"{kind}_{column}"
    return tell


lie("eligibility fact", "eligibility")(fact("volunteer", "consent_until", "2026-01-01"))
lie("eligibility fact", "eligibility")(fact("fund", "spend_until", "2026-01-01"))
lie("eligibility fact", ANY)(fact("volunteer", "skills", ""))
lie("eligibility fact", ANY)(fact("service", "serves_areas", "south"))
lie("eligibility fact", ANY)(fact("service", "capacity", "0"))
lie("eligibility fact", ANY)(fact("volunteer", "max_slots", "0"))
lie("eligibility fact", ANY)(fact("fund", "amount", "0"))
lie("eligibility fact", ANY)(fact("space", "space_kind", "kitchen"))


@lie("eligibility fact", "eligibility")
def a_requirement_nobody_meets(c: Copy) -> bool:
    needs = {line["need"] for line in used(c, "volunteer")}

    def change(row: dict[str, str], rows: Rows) -> bool:
        if "sew" in row["requires"]:
            return False
        row["requires"] = ";".join(sorted([*filter(None, row["requires"].split(";")), "sew:9"]))
        return True

    return with_row(c, "inputs/needs.csv", change, lambda row: row["need_id"] in needs)


@lie("a silent volunteer used", ANY)
def silence_of_one_in_use(c: Copy) -> bool:
    """Every answer of a volunteer in use is taken away."""
    path = "inputs/availability.csv"
    names = {line["resource"] for line in used(c, "volunteer")}
    rows = c.rows(path)
    with_answer = sorted(names & {row["resource_id"] for row in rows})
    if not with_answer:
        return False
    gone = c.dice.pick(with_answer)
    c.put_rows(path, [row for row in rows if row["resource_id"] != gone])
    return True


@lie("eligibility fact", ANY)
def an_agreement_lapsed(c: Copy) -> bool:
    names = {row["agreement"] for row in c.rows(ALLOCATION)} - {""}

    def change(row: dict[str, str], rows: Rows) -> bool:
        row["valid_until"] = "2026-01-01"
        return True

    return with_row(c, "inputs/agreements.csv", change, lambda r: r["agreement_id"] in names)


@lie("eligibility fact", ANY)
def any_cell_of_the_inputs(c: Copy) -> bool:
    """Any cell of any table, blanked or taken from another row."""
    paths = [p for p in c.files if p.startswith("inputs/") and p.endswith(".csv")]
    path = c.dice.pick(paths)
    rows = c.rows(path)
    column = c.dice.pick(list(rows[0]))
    values = sorted({row[column] for row in rows} | {""})
    row = c.dice.pick(rows)
    row[column] = c.dice.pick([v for v in values if v != row[column]] or [row[column]])
    c.put_rows(path, rows)
    return True


@lie("eligibility fact", ANY | {"private"})
def any_number_of_the_inputs(c: Copy) -> bool:
    """Any whole number of any table, a little more or less."""
    paths = [p for p in c.files if p.startswith("inputs/") and p.endswith(".csv")]
    cells = [
        (path, i, column)
        for path in paths
        for i, row in enumerate(c.rows(path))
        for column, cell in row.items()
        if cell.isdigit()
    ]
    if not cells:
        return False
    path, i, column = c.dice.pick(cells)
    rows = c.rows(path)
    rows[i][column] = str(max(0, int(rows[i][column]) + c.dice.pick([-1, 1, 2])))
    c.put_rows(path, rows)
    return True


@lie("dropped candidate", "record bound value share input price plan draw trace breaks card")
def resource_dropped(c: Copy) -> bool:
    """An unused resource never was: it goes with everything that names it."""
    kind = c.dice.pick(["volunteer", "fund", "space", "service"])
    busy = {row["resource"] for row in c.rows(ALLOCATION)}
    free = [r for r in c.rows(table_of(kind)) if r[f"{kind}_id"] not in busy]
    if not free:
        return False
    gone = c.dice.pick(free)[f"{kind}_id"]
    for path in [p for p in c.files if p.startswith("inputs/") and p.endswith(".csv")]:
        rows = c.rows(path)
        kept = [r for r in rows if gone not in r.values()]
        if len(kept) < len(rows):
            c.put_rows(path, kept)
    return True


@lie("dropped candidate", ANY)
def row_dropped(c: Copy) -> bool:
    """Any row of availability, credentials, affinities, agreements or standing."""
    tables = ("availability", "credentials", "affinities", "agreements", "standing", "options")
    there = [f"inputs/{t}.csv" for t in tables if f"inputs/{t}.csv" in c.files]
    if not there:
        return False

    def change(row: dict[str, str], rows: Rows) -> bool:
        rows.remove(row)
        return True

    return with_row(c, c.dice.pick(there), change)


@lie("dropped candidate", "record bound value share unmet")
def resource_added(c: Copy) -> bool:
    """A resource that nobody told of stands in the inputs."""
    kind = c.dice.pick(["volunteer", "fund", "space", "service"])
    rows = c.rows(table_of(kind))
    if not rows:
        return False
    new = dict(c.dice.pick(rows)) | {f"{kind}_id": "ZZ"}
    c.put_rows(table_of(kind), [*rows, new])
    return True


CARD_NUMBERS = (
    "at_most = ", "at_least = ", "at_most_percent = ", "at_least_percent = ", "penalty = ",
    "weight = ", "1 = ", "2 = ", "alone = ", "threshold = ",
)  # fmt: skip


@lie("clause parameter", ANY)
def number_of_the_card(c: Copy) -> bool:
    text = c.files[CARD].decode("utf-8")
    found = [
        m for word in CARD_NUMBERS for m in re.finditer(rf"(?<![\w.]){re.escape(word)}(\d+)", text)
    ]
    if not found:
        return False
    match = c.dice.pick(found)
    new = str(max(0, int(match[1]) + c.dice.pick([-1, 1, 3])))
    text = text[: match.start(1)] + new + text[match.end(1) :]
    c.files[CARD] = text.encode("utf-8")
    return True


@lie("clause parameter", ANY)
def clause_dropped(c: Copy) -> bool:
    parts = c.files[CARD].decode("utf-8").split("[[clause]]\n")
    if len(parts) < 2:
        return False
    parts.pop(c.dice.number(1, len(parts) - 1))
    c.files[CARD] = "[[clause]]\n".join(parts).encode("utf-8")
    return True


@lie("clause parameter", ANY)
def clause_made_soft_or_hard(c: Copy) -> bool:
    return text_of(c, 'firmness = "hard"', 'firmness = "soft"\npenalty = 1') or text_of(
        c, 'firmness = "soft"', 'firmness = "hard"'
    )


@lie("clause parameter", "clause breaks record bound value share set candidate")
def clause_forbids_what_was_done(c: Copy) -> bool:
    rows = c.rows(ALLOCATION)
    if not rows:
        return False
    demand = c.dice.pick(rows)["demand"]
    clause = (
        f'\n[[clause]]\nid = "ZZ"\nkind = "forbid"\nfirmness = "hard"\n'
        f'where = {{ demand.id = "{demand}" }}\n'
    )
    c.files[CARD] += clause.encode("utf-8")
    return True


@lie("clause parameter", "card")
def card_named_otherwise(c: Copy) -> bool:
    return text_of(c, 'version = "1.0.0"', 'version = "1.0.1"')
