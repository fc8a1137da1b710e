"""Types the tables of a guide into a workbook by the labels of sheet and column."""

import re

import openpyxl

SHEET = re.compile(r"^(?:On|On the sheet) \*([^*]+)\*|^「([^」]+)」")
FIRST_FREE_ROW = 4


def tables(page):
    """Give the sheet named above each table of the guide, and the table's rows."""
    sheet, rows = "", []
    for line in [*page.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows and sheet:
            yield sheet, rows[0], rows[2:]
        rows = []
        found = SHEET.match(line)
        if found or line.startswith("#"):
            sheet = (found[1] or found[2]) if found else ""


def type_in(path, page):
    """Fill a workbook with the tables of a guide; a label that is not there is an error."""
    book = openpyxl.load_workbook(path)
    for name, head, rows in tables(page):
        sheet = book[name]
        if "/" in str(sheet["A1"].value) and sheet.max_column <= 3:
            _keys(sheet, rows)
        else:
            _rows(sheet, head, rows)
    book.save(path)


def _keys(sheet, rows):
    """Fill in the sheet that has a key and a value in each row."""
    places = {label: r for r in range(2, sheet.max_row + 1) for label in _labels(sheet.cell(r, 1))}
    for key, value in rows:
        sheet.cell(places[key], 2).value = value


def _rows(sheet, head, rows):
    """Fill in rows below the example."""
    places = {
        label: c for c in range(1, sheet.max_column + 1) for label in _labels(sheet.cell(1, c))
    }
    for at, row in enumerate(rows):
        for label, value in zip(head, row, strict=True):
            if value:
                sheet.cell(FIRST_FREE_ROW + at, places[label]).value = value


def _labels(cell):
    """Give the ways a bilingual label may be called."""
    return [part.strip() for part in str(cell.value or "").replace("*", "").split("/")]
