"""Cells of the corpus: each in a row of its own of one dataset, as CSV and as a workbook."""

import csv
import json
import tomllib
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

import cogov_opt as cg
from tests.checking import samples

TOPICS = Path(__file__).parent / "topics"


class Case(NamedTuple):
    """One cell: its table and column, what was typed, and what is expected."""

    table: str
    column: str
    typed: str
    expected: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column} {self.typed!r}"


def topic(name):
    return tomllib.loads((TOPICS / f"{name}.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[Case]:
    """Give all cells that are `refused`, or `read`."""
    found = []
    for place, lines in topic("cells").items():
        table, column = place.split(".")
        for line in lines[kind]:
            typed, *expected = line
            found.append(Case(table, column, typed, tuple(expected), len(found)))
    return found


USUAL = {
    "actors": {"actor_id": "A-{k}", "name": "x", "kind": "ngo"},
    "volunteers": {"volunteer_id": "W-{k}", "actor_id": "JW", "lon": ""},
    "credentials": {"volunteer_id": "V-001", "credential": "health", "valid_until": "2030-{m}-{d}"},
    "funds": {"fund_id": "G-{k}", "actor_id": "JD", "amount": "1000"},
    "services": {"service_id": "T-{k}", "actor_id": "NGO", "service_type": "lunch",
                 "unit": "portion", "capacity": "9"},
    "demands": {"demand_id": "E-{k}", "actor_id": "JW", "title": "x"},
    "options": {"demand_id": "D-2", "option_id": "o{k}", "end": "2026-10-06 12:00"},
    "needs": {"need_id": "M-{k}", "demand_id": "D-2", "kind": "volunteer", "quantity": "1"},
    "agreements": {"agreement_id": "H-{k}", "giver_id": "NGO", "taker_id": "*", "reference": "x"},
}  # fmt: skip
"""The good row that a cell is put into; `{k}` is the number of the case."""
MARKS = {
    "actors": "actor_id", "volunteers": "volunteer_id", "funds": "fund_id", "demands": "demand_id",
    "services": "service_id", "needs": "need_id", "agreements": "agreement_id",
    "options": "option_id", "credentials": "valid_until",
}  # fmt: skip


def row_of(case: Case) -> dict[str, str]:
    """Give the row of a case."""
    k = case.number
    numbers = {"k": k, "m": f"{k // 28 % 12 + 1:02d}", "d": f"{k % 28 + 1:02d}"}
    row = {c: t.format(**numbers) for c, t in USUAL[case.table].items()}
    row[case.column] = case.typed
    if case.column == "lat":
        row["lon"] = "121.5"
    return row


def tables_of(found: list[Case]) -> tuple[dict[str, list[list[str]]], dict[tuple[str, int], Case]]:
    """Give all tables as rows, and the case of each row by table and number."""
    tables = {n: [line.split(",") for line in lines] for n, lines in samples.GOOD.items()}
    tables["agreements"][0].append("share_percent")
    places = {}
    for case in found:
        row = row_of(case)
        header = tables[case.table][0]
        tables[case.table].append([row.get(c, "") for c in header])
        places[case.table, len(tables[case.table])] = case
        if case.table == "demands":
            needs = tables["needs"]
            need = {"need_id": f"P-{case.number}", "demand_id": f"E-{case.number}",
                    "kind": "volunteer", "quantity": "1"}  # fmt: skip
            needs.append([need.get(c, "") for c in needs[0]])
    width = {n: max(map(len, rows)) for n, rows in tables.items()}
    tables = {n: [r + [""] * (width[n] - len(r)) for r in rows] for n, rows in tables.items()}
    return tables, places


def write_folder(folder: Path, tables) -> Path:
    """Write the tables as CSV."""
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(samples.PACKAGE), encoding="utf-8")
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def write_book(path: Path, tables) -> Path:
    """Write the tables as a workbook, every cell as text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    facts = {k: v for k, v in samples.PACKAGE.items() if k != "horizon"}
    facts |= {f"horizon.{k}": v for k, v in samples.PACKAGE["horizon"].items()}
    sheet = book.add_worksheet("package")
    for number, (key, value) in enumerate(facts.items()):
        sheet.write_row(number, 0, [key, value])
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text)
    book.close()
    return path


def issues_of(path: Path):
    """Give the instance, if there is one, and every issue."""
    try:
        found = cg.check(cg.load(path))
    except cg.InputError as error:
        return None, list(error.issues)
    return found, [*found.warnings, *found.repairs]
