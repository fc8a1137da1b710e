"""The short book filled in as a planner does: under the headings, below the example."""

import tomllib
from pathlib import Path

import openpyxl

TYPED = tomllib.loads((Path(__file__).parent / "typed.toml").read_text(encoding="utf-8"))
"""By language: the facts, and the rows of each sheet, each cell under its heading."""


def type_in(path, lang):
    """Fill the short book in."""
    told = TYPED[lang]
    book = openpyxl.load_workbook(path)
    for row in book[told["first"]].iter_rows(min_row=2):
        for key, value in told["facts"].items():
            if key in str(row[0].value).replace(" *", "").split(" / "):
                row[1].value = value
    for sheet in told["sheets"]:
        page = book[sheet["name"]]
        headings = {str(c.value).replace(" *", "").partition(" / ")[0]: c.column for c in page[1]}
        headings |= {cell.value: cell.column for cell in page[2]}
        for number, row in enumerate(sheet["rows"], 4):
            for heading, value in row.items():
                page.cell(number, headings[heading], value)
    book.save(path)
