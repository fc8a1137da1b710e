"""What the edits of an answer do to tables and card (convention S16.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import policy
from ..canonical_tables import contracts
from ..facts import FactsError, Row
from ..reading_tables import read_tables, reader_of

if TYPE_CHECKING:
    from ..facts import Facts
    from ..policy import Card
    from ..reading import RunFolder

Edit = list[Any]
NUMBERS = ("at_least", "at_most", "at_least_percent", "at_most_percent")


def changed(opened: RunFolder, edits: list[Edit]) -> tuple[Facts, Card]:
    """Give the facts and the card of a run with some edits made; what it softened is soft."""
    raw = opened.card
    soften = dict(opened.run.get("options", {}).get("soften", {}))
    lifted = [edit[1] for edit in edits if edit[0] == "lift"]
    known = [clause["id"] for clause in raw.get("clause", [])]
    if any(name not in known for name in lifted):
        raise FactsError("lifts a clause that is not there")
    kept = [clause for clause in raw.get("clause", []) if clause["id"] not in lifted]
    for edit in edits:
        if edit[0] == "clause":
            kept = _with_number(kept, *edit[1:])
    left = {name: penalty for name, penalty in soften.items() if name not in lifted}
    card = policy.softened(policy.card_of({**raw, "clause": kept}), left)

    def make(tables: dict[str, list[Row]]) -> None:
        for edit in edits:
            if edit[0] not in ("lift", "clause"):
                _make(tables, edit)

    return read_tables(opened.folder / "inputs", make), card


def _with_number(clauses: list[dict[str, Any]], name: str, part: str, number: str) -> list[Any]:
    """Give the clauses with another number in one limit or guarantee."""
    found = [c for c in clauses if c["id"] == name and part in NUMBERS and part in c]
    if len(found) != 1:
        raise FactsError("changes a number of a clause that is not there")
    return [{**c, part: int(number)} if c is found[0] else c for c in clauses]


def _make(tables: dict[str, list[Row]], edit: Edit) -> None:
    """Make one edit, and bring the table into order again (S2.1)."""
    word, name = edit[0], edit[1]
    columns, key = contracts()[name]["columns"], contracts()[name]["key"]
    rows = tables[name]
    if word == "add":
        given = edit[2]
        if set(given) - set(columns):
            raise FactsError(f"adds to {name} a column that is not there")
        rows.append({c: reader_of(c)(given.get(c, "")) for c in columns})
    elif word == "set":
        _, _, wanted, column, cell = edit
        found = [row for row in rows if [text_of(row[c]) for c in key] == wanted]
        if len(found) != 1 or column not in columns:
            raise FactsError(f"sets a cell of {name} that is not there")
        found[0][column] = reader_of(column)(cell)
    else:
        raise FactsError(f"an edit called {word}")
    rows.sort(key=lambda row: [text_of(row[c]) for c in key])


def text_of(value: Any) -> str:
    """Give a cell as its canonical text."""
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, tuple) else str(value)
