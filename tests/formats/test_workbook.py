"""Workbooks: read in a child behind a look at their bytes, written so that text stays text."""

import datetime as dt
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import cogov_opt as cg
from cogov_opt import formats
from cogov_opt.domain import labels
from cogov_opt.domain.canonical import canonical_tables
from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.domain.tables import contracts
from cogov_opt.formats.workbook_process import read_book

FACTS = [
    ("horizon.start", "2026-09-28"), ("horizon.end", "2026-10-05"), ("currency", "CNY"),
    ("timezone", "Asia/Shanghai"), ("cogov_format", 1),
]  # fmt: skip
PEOPLE = [
    ["volunteer_id", "actor_id", "skills", "max_minutes", "consent_until", "submitted_at"],
    [
        "V-1",
        "JW",
        "first_aid",
        480,
        dt.date(2026, 12, 31),
        dt.datetime.fromisoformat("2026-09-01T18:30"),
    ],
    ["V-2", "JW", None, None, None, None],
]
SMALL = {
    "package": FACTS,
    "actors": [["actor_id", "name", "kind"], ["JW", "居委会", "residents_committee"]],
    "codes": [["vocabulary", "code", "zh"], ["skill", "first_aid", "急救"]],
    "volunteers": PEOPLE,
    "demands": [["demand_id", "actor_id", "title"], ["D-1", "JW", "午餐会"]],
    "needs": [["need_id", "demand_id", "kind", "quantity"], ["N-1", "D-1", "volunteer", 1]],
}


def book(path, change=None, **sheets):
    """Write a small good workbook with some sheets replaced, then changed cell by cell."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in {**SMALL, **sheets}.items():
        if rows is None:
            continue
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(made)
    made.save(path)
    return path


def loaded(tmp_path, change=None, **sheets):
    return cg.load(book(tmp_path / "b.xlsx", change, **sheets))


def codes_of(tables):
    return [n.code for n in tables.notes]


def refusal(path):
    """Give the one issue a file is refused with, and how long that took."""
    began = time.monotonic()
    with pytest.raises(cg.InputError) as error:
        cg.load(path)
    return error.value.issues[0], time.monotonic() - began


# ---- there and back ----


def test_a_dataset_goes_there_and_back(tmp_path):
    """Riverside as a workbook is the same instance, byte for byte, and nothing is repaired."""
    folder = cg.load("riverside")
    formats.write(folder, tmp_path / "r.xlsx")
    back = cg.load(tmp_path / "r.xlsx")

    assert back.notes == ()
    assert canonical_tables(cg.check(back)) == canonical_tables(cg.check(folder))
    formats.write(back, tmp_path / "again.xlsx")
    again = cg.load(tmp_path / "again.xlsx")
    for name, table in back.tables.items():
        cells = {c: t.cells() for c, t in table.columns.items()}
        assert {c: t.cells() for c, t in again.tables[name].columns.items()} == cells, name


ODD = [
    "=1+1", "+cmd|' /C calc'!A0", "-1", "@x", "http://a.b", "007", "1e5", "TRUE", "2026-09-28",
    " two spaces ", "a\nb", "_x0041_", "<&>\"'", "#REF!", "１２", "'quoted", "e\u0301", "𠮷",
]  # fmt: skip


def test_text_stays_text(tmp_path):
    """What looks like a formula, a number, a link or an error is written and read as typed."""
    path = tmp_path / "odd.xlsx"
    column = TextColumn.of(ODD)
    ids = TextColumn.of([f"D-{i}" for i in range(len(ODD))])
    table = Table("demands", {"demand_id": ids, "title": column}, Source("x"))
    kept = {"meta": {"a": [1, "b"]}, "note": "[not json", "flag": True, "n": 7}
    formats.write(Tables({**dict(FACTS), **kept}, {"demands": table}, "x"), path)
    back = cg.load(path)

    assert back.tables["demands"].columns["title"].cells() == ODD
    assert {k: back.package[k] for k in kept} == kept
    with zipfile.ZipFile(path) as archive:
        sheets = b"".join(archive.read(n) for n in archive.namelist() if "sheets/" in n)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets


def test_what_a_sheet_cannot_hold_is_refused(tmp_path):
    """A cell that is too long, a name that cannot be, or another ending: never cut or dropped."""
    long = Table("demands", {"demand_id": TextColumn.of(["x" * 40_000])}, Source("x"))
    named = Table("a" * 40, {"b": TextColumn.of(["c"])}, Source("x"))
    for tables in ({"demands": long}, {"a" * 40: named}):
        with pytest.raises(cg.UnsupportedError):
            formats.write(Tables({}, tables, "x"), tmp_path / "n.xlsx")
        assert not (tmp_path / "n.xlsx").exists()
    with pytest.raises(cg.UnsupportedError):
        formats.write(Tables({}, {}, "x"), tmp_path / "n.ods", "workbook")


def test_unknown_sheets_and_columns_are_named_and_kept(tmp_path):
    """A sheet nobody knows is told of and written back; one like a table's name is a slip."""
    notes = [["电话簿", "x"], ["a", 2]]
    people = [[*PEOPLE[0], "T恤尺码"], [*PEOPLE[1], "L"]]
    tables = loaded(tmp_path, 会议纪要=notes, volunteers=people)
    formats.write(tables, tmp_path / "c.xlsx")
    back = cg.load(tmp_path / "c.xlsx")

    assert codes_of(tables) == ["unknown_sheet"]
    assert back.package["_sheets"] == {"会议纪要": [["电话簿", "x"], ["a", "2"]]}
    assert back.tables["volunteers"].unknown["T恤尺码"].cells() == ["L"]
    warnings = {w.code for w in cg.check(tables).warnings}
    assert warnings == {"unknown_sheet", "unknown_column"}
    with pytest.raises(cg.InputError, match="unknown_table"):
        cg.check(loaded(tmp_path, voluntears=PEOPLE))


def test_contacts_are_never_read(tmp_path):
    """The sheet of contacts is left alone, under any of its names."""
    canary = [["id", "phone"], ["V-1", "13800000000"]]
    for name in ("contacts", "联系方式"):
        assert "13800000000" not in repr(loaded(tmp_path, **{name: canary}))


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_books_are_read(ending):
    """`.xls` and `.ods` by Chinese labels above ids: text, numbers, dates, values of formulas."""
    tables = cg.load(Path(__file__).parent / "books" / f"small.{ending}")
    people = {c: t.cells() for c, t in tables.tables["volunteers"].columns.items()}

    assert people == {
        "volunteer_id": ["007", "8", "V-3"], "actor_id": ["JW"] * 3,
        "skills": ["急救", "急旧", ""], "max_minutes": ["480", "1,200", "480"],
        "consent_until": ["2026-12-31", "2027-01-01", ""],
    }  # fmt: skip
    assert tables.package["horizon"] == {"start": "2026-09-28", "end": "2026-10-05"}
    assert tables.package["_sheets"] == {"会议记录": [["随手记", "x"], ["a", "3.5"]]}
    told = {(n.code, n.where.cell) for n in tables.notes}
    assert told == {("numbers_as_ids", "A4"), ("unknown_sheet", None)}


# ---- headers ----

IDS = ["volunteer_id", "actor_id", "max_minutes"]
HEADERS = {
    "ids": [IDS],
    "chinese": [["志愿者编号", "所属单位", "最多服务时长"]],
    "english": [["Volunteer id", "Actor", "Most time"]],
    "ids below": [["志愿者编号 *", "所属单位", "最多服务时长"], IDS],
    "labels below": [IDS, ["志愿者编号", "所属单位 ", "最多服务时长"]],
    "both in one": [["志愿者编号 / Volunteer id", "所属单位\nactor_id", "最多服务时长|Most time"]],
    "three rows": [
        ["志愿者编号", "所属单位", "最多服务时长"], ["Volunteer id", "Actor", "Most time"], IDS,
    ],
    "full width": [["ｖｏｌｕｎｔｅｅｒ＿ｉｄ", "ACTOR_ID", "Max_Minutes"]],
    "title above": [["河畔街道志愿者名册"], [None], ["志愿者编号", "所属单位", "最多服务时长"]],
}  # fmt: skip


@pytest.mark.parametrize("form", HEADERS)
@pytest.mark.parametrize("sheet", ["volunteers", "志愿者", "Volunteers"])
def test_headers_are_known_in_every_form(tmp_path, form, sheet):
    """Sheets and columns go by id, Chinese or English label, or several of these."""
    rows = [*HEADERS[form], ["V-1", "JW", 90], ["V-2", "JW", 60]]
    tables = loaded(tmp_path, **{"volunteers": None, sheet: rows})
    found = tables.tables["volunteers"]

    assert {c: t.cells() for c, t in found.columns.items()} == {
        "volunteer_id": ["V-1", "V-2"], "actor_id": ["JW", "JW"], "max_minutes": ["90", "60"],
    }  # fmt: skip
    place = found.source.where(1, "max_minutes")
    assert (place.cell, place.row) == (f"C{len(HEADERS[form]) + 2}", len(HEADERS[form]) + 2)
    assert codes_of(tables) == (["rows_above_header"] if form == "title above" else [])


def test_every_label_leads_back_to_its_column():
    """Each table and column has a label in both languages, and no two share a name."""
    for name, contract in contracts().items():
        assert name in labels.tables()
        assert set(labels.columns(name)) == set(contract.fields)
    for section in ("tables", "package", "requests", *contracts()):
        for label in labels.columns(section).values():
            for word in (label.id, label.en, label.zh, label.both(), *label.also):
                assert labels.find(section, word) == label.id, (section, word)


def test_faulty_headers_are_located(tmp_path):
    """A name that stands twice, a column without one, and no header at all."""
    rows = [["volunteer_id", "actor_id", "志愿者编号", None], ["V-1", "JW", "x", "y"]]
    notes = loaded(tmp_path, volunteers=rows).notes
    assert [(n.code, n.where.cell) for n in notes] == [
        ("duplicate_header", "C1"), ("blank_header", "D1"),
    ]  # fmt: skip
    (note,) = loaded(tmp_path, volunteers=[["one", "two"], ["V-1", "JW"]]).notes
    assert (note.code, note.where.sheet, note.where.row) == ("no_header", "volunteers", 1)


def test_two_sheets_of_one_table_are_refused(tmp_path):
    """Which of them counts is not guessed."""
    (note,) = loaded(tmp_path, 志愿者=PEOPLE).notes

    assert (note.code, note.where.sheet, note.severity) == ("two_sheets", "志愿者", "error")


# ---- cells, each a stated decision ----


def set_cell(sheet, cell, value, shown=None):
    def change(made):
        made[sheet][cell] = value
        if shown:
            made[sheet][cell].number_format = shown

    return change


MIDNIGHT = dt.datetime.fromisoformat("2026-09-01")
CELLS = [
    # change, code, cell, column, its text
    (("A2", 7), "numbers_as_ids", "A2", "volunteer_id", "7"),
    (("A2", 1234567890123456), "long_number", "A2", "volunteer_id", "1234567890123460"),
    (("A2", dt.date(2026, 3, 1)), "date_as_id", "A2", "volunteer_id", "2026-03-01"),
    (("E2", 46387, "General"), "cells_read_as", "E2", "consent_until", "2026-12-31"),
    (("E2", 12, "General"), None, None, "consent_until", "12"),
    (
        ("F2", 46266.770833333336, "General"), "cells_read_as", "F2", "submitted_at",
        "2026-09-01 18:30",
    ),
    (("D2", dt.time(1, 30)), "cells_read_as", "D2", "max_minutes", "1h30"),
    (("D2", dt.timedelta(hours=30)), "cells_read_as", "D2", "max_minutes", "30h00"),
    (("D2", 0.1 + 0.2), None, None, "max_minutes", "0.3"),
    (("F2", MIDNIGHT), None, None, "submitted_at", "2026-09-01 00:00"),
    (("E2", dt.datetime.fromisoformat("2026-12-31")), None, None, "consent_until", "2026-12-31"),
    (("D2", "=1+1"), "formula_without_value", "D2", "max_minutes", ""),
    (("D2", "#N/A"), "error_value", "D2", "max_minutes", ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "cell", "column", "text"), CELLS)
def test_typed_cells(tmp_path, change, code, cell, column, text):
    """Numbers, dates, times, formulas, errors are read as decided, and told at their cell."""
    tables = loaded(tmp_path, set_cell("volunteers", *change))
    told = [n for n in tables.notes if n.code == code]

    assert tables.tables["volunteers"].columns[column][0] == text
    if code is None:
        assert not tables.notes
    else:
        (note,) = told
        assert (note.where.cell, note.where.column, note.where.sheet) == (
            cell,
            column,
            "volunteers",
        )


def test_days_may_be_counted_from_1904(tmp_path):
    """In a book that counts from 1904, dates and bare numbers are the days it shows."""

    def change(made):
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        made["volunteers"]["E3"] = 46387 - 1462

    tables = loaded(tmp_path, change)

    assert tables.tables["volunteers"].columns["consent_until"].cells() == ["2026-12-31"] * 2


def test_formulas_are_read_as_their_values(tmp_path):
    """A formula that was computed is its value, and that is said."""
    path = tmp_path / "f.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name, rows in SMALL.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [v if isinstance(v, str | int) else None for v in row])
    made.get_worksheet_by_name("volunteers").write_formula("D2", "=8*60", None, 480)
    made.close()
    tables = cg.load(path)

    assert codes_of(tables) == ["formulas_read"]
    assert tables.tables["volunteers"].columns["max_minutes"][0] == "480"


def test_merged_cells(tmp_path):
    """Down a column of references they stand for each row; otherwise they are refused."""
    rows = [["space_id", "actor_id", "cost_per_hour"], ["S-1", "JW", 10], ["S-2"], ["S-3"]]
    filled = loaded(tmp_path, lambda b: b["spaces"].merge_cells("B2:B5"), spaces=rows)
    assert filled.tables["spaces"].columns["actor_id"].cells() == ["JW"] * 3
    (note,) = filled.notes
    assert (note.code, note.where.cell, note.values["count"]) == ("merged_filled", "B2", 3)
    for cells in ("C2:C4", "B2:C3", "A2:A4", "A1:B2"):
        notes = loaded(tmp_path, lambda b, c=cells: b["spaces"].merge_cells(c), spaces=rows).notes
        assert [n.values["cells"] for n in notes if n.code == "merged_cells"] == [cells]


def test_hidden_things_are_read_and_told(tmp_path):
    """Hidden rows, columns and sheets count like all others, with a warning that names them."""

    def hide(made):
        made["volunteers"].row_dimensions[3].hidden = True
        made["volunteers"].column_dimensions["C"].hidden = True
        made["needs"].sheet_state = "hidden"

    tables = loaded(tmp_path, hide)

    assert {(n.code, n.where.sheet, n.severity) for n in tables.notes} == {
        ("hidden_rows", "volunteers", "warning"), ("hidden_columns", "volunteers", "warning"),
        ("hidden_sheet", "needs", "warning"),
    }  # fmt: skip
    assert len(cg.check(tables).tables["volunteers"]) == 2


def test_rows_left_blank_keep_the_numbers_of_the_others(tmp_path):
    """Blank rows and examples are left out, and places stay those of the sheet."""
    rows = [PEOPLE[0], ["示例 example", "JW"], [None], ["V-9", "nobody"]]
    tables = loaded(tmp_path, volunteers=rows)
    source = tables.tables["volunteers"].source

    assert codes_of(tables) == ["example_rows"]
    assert (source.row_number(0), source.where(0, "actor_id").cell) == (4, "B4")
    with pytest.raises(cg.InputError) as error:
        cg.check(tables)
    wrong = [i for i in error.value.issues if i.code == "unknown_reference"]
    assert [(i.where.sheet, i.where.row, i.where.column) for i in wrong] == [
        ("volunteers", 4, "actor_id")
    ]


# ---- the facts of the package ----


def test_the_package_goes_by_ids_and_labels(tmp_path):
    """Keys are ids or labels, dates are dates, and keys nobody knows are kept."""
    facts = [
        ("项目", "内容"), ("开始日期 / First day", dt.date(2026, 9, 28)),
        ("Day after the last", "2026-10-05"), ("币种", "CNY"), ("时区", "Asia/Shanghai"),
        ("no_rows_means.space", "Always"), ("联席会议", "2026年第3次"), (None, None),
    ]  # fmt: skip
    package = cg.check(loaded(tmp_path, package=facts)).package

    assert (str(package.calendar.start), package.currency) == ("2026-09-28", "CNY")
    assert package.no_rows_means["space"] == "always"
    assert package.meta["联席会议"] == "2026年第3次"
    assert package.format == "workbook"


def test_a_book_without_facts_or_tables_is_refused(tmp_path):
    """Nothing about the period is guessed; facts that stand twice are refused."""
    issue, _ = refusal(book(tmp_path / "a.xlsx", package=None))
    assert issue.code == "missing_package_sheet"
    (note,) = loaded(tmp_path, package=[*FACTS, ("货币", "EUR")]).notes
    assert (note.code, note.where.cell) == ("key_twice", "A6")
    openpyxl.Workbook().save(tmp_path / "e.xlsx")
    assert refusal(tmp_path / "e.xlsx")[0].code == "book_empty"


# ---- files that are no good ----


def altered(path, change, member="xl/worksheets/sheet4.xml", level=9):
    """Copy a small workbook with one member changed."""
    good = book(path.with_suffix(".good.xlsx"))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", 8, compresslevel=level) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return path


def in_sheet(cells):
    return lambda data: data.replace(b"<sheetData>", b"<sheetData>" + cells, 1)


ONE = b'<row r="1"><c r="A1" t="n"><v>1</v></c></row>'
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMBS = {
    "rows": (in_sheet(ONE * 6_000_000), "book_inflates", None),
    "fewer rows": (in_sheet(ONE * 400_000), "book_ratio", None),
    "last cell": (in_sheet(FAR), "book_cells", "XFD1048576"),
    "far row": (in_sheet(FAR.replace(b"XFD", b"F")), "book_cells", "F1048576"),
    "entities": (
        lambda d: b'<!DOCTYPE l [<!ENTITY a "lol">]>' + d, "book_doctype", None,
    ),
    "late doctype": (lambda d: d + b" " * 100 + b"<!DOCTYPE l>", "book_doctype", None),
    "utf-16": (lambda d: d.decode().encode("utf-16"), "book_broken", None),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs_are_refused_quickly(tmp_path, kind):
    """Bombs of zip, rows, cells and entities: a located issue, no crash, about a second."""
    change, code, cell = BOMBS[kind]
    issue, seconds = refusal(altered(tmp_path / "bomb.xlsx", change))

    assert (issue.code, issue.where.cell) == (code, cell)
    assert issue.where.file.endswith("bomb.xlsx")
    assert seconds < 3  # far under 1 s on a machine that nobody shares


def test_a_size_that_lies_is_found_out(tmp_path):
    """What a member says of its size is not believed."""
    path = altered(tmp_path / "lie.xlsx", in_sheet(ONE * 600_000))
    data = bytearray(path.read_bytes())
    size = len(zipfile.ZipFile(path).read("xl/worksheets/sheet4.xml"))
    found = data.count(size.to_bytes(4, "little"))
    path.write_bytes(bytes(data).replace(size.to_bytes(4, "little"), (999).to_bytes(4, "little")))

    assert found
    assert refusal(path)[0].code in ("book_ratio", "book_broken")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "book_broken"),
        (b"volunteer_id,actor_id\n", "book_broken"),
        (b"PK\x03\x04" + b"\x00" * 200, "book_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "book_broken"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "book_locked",
        ),
    ],
)
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_files_that_are_no_workbooks(tmp_path, data, code, ending):
    """Empty, plain, cut and encrypted files are each a located issue."""
    path = tmp_path / f"x.{ending}"
    path.write_bytes(data)

    assert refusal(path)[0].code == code


def test_damaged_books_never_crash(tmp_path):
    """A good book with any byte range destroyed is read or refused, never a traceback."""
    good = book(tmp_path / "good.xlsx").read_bytes()
    for start in range(0, len(good), len(good) // 12):
        path = tmp_path / f"d{start}.xlsx"
        path.write_bytes(good[:start] + b"\xff\x00" * 8 + good[start + 16 :])
        with suppress(cg.InputError):
            cg.load(path)


STRANGE = [
    b'<row r="2"><c r="A2"><v>NaN</v></c><c r="D2"><v>1e999</v></c><c r="E2"><v>-1</v></c></row>',
    b'<row r="2"><c r="E2" s="1"><v>99999999999</v></c><c r="F2"><v>1E+300</v></c></row>',
    b'<row r="2" hidden="1"><c r="D" t="e"><v>#N/A</v></c><c r="??"><f>1</f></c></row>',
    b'<row r="x"><c><v>1</v></c></row>',
    b'<row r="2"><c r="A2" t="s"><v>999999</v></c></row>',
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>\xff\xfe</t></is></c></row>',
]


@pytest.mark.parametrize("cells", STRANGE)
def test_strange_cells_never_crash(tmp_path, cells):
    """Cells no spreadsheet program writes are read, noted or refused."""
    path = altered(tmp_path / "odd.xlsx", in_sheet(cells))
    with suppress(cg.InputError):
        cg.check(cg.load(path))


def test_merged_cells_beyond_the_data_are_nothing(tmp_path):
    """A merge in the empty part of a sheet says nothing."""
    tables = loaded(tmp_path, lambda b: b["volunteers"].merge_cells("A90:Z95"))

    assert tables.notes == ()


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.abort()", "book_limits"),
        ("import sys; sys.exit(3)", "book_broken"),
        ("pass", "book_broken"),
    ],
)
def test_a_child_that_dies_is_an_issue(tmp_path, program, code):
    """However the reader ends, the caller gets an issue and lives on."""
    with pytest.raises(cg.InputError) as error:
        read_book(book(tmp_path / "b.xlsx"), [sys.executable, "-c", program])

    assert [i.code for i in error.value.issues] == [code]


# ---- another spreadsheet program's files ----

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
)


def ods(path, repeated=1):
    """Write the small dataset as .ods, its last row repeated."""
    parts = []
    for name, rows in SMALL.items():
        lines = []
        for row in rows:
            cells = "".join(
                '<table:table-cell office:value-type="string">'
                f"<text:p>{'' if v is None else v}</text:p></table:table-cell>"
                for v in row
                if not isinstance(v, dt.date)
            )
            lines.append(f"<table:table-row>{cells}</table:table-row>")
        lines[-1] = lines[-1].replace(
            "<table:table-row>", f'<table:table-row table:number-rows-repeated="{repeated}">'
        )
        parts.append(f'<table:table table:name="{name}">{"".join(lines)}</table:table>')
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(sheets="".join(parts)))
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest="
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def test_ods_is_read(tmp_path):
    """The same tables from .ods; rows said to repeat a million times are refused."""
    tables = cg.load(ods(tmp_path / "b.ods"))

    assert tables.tables["volunteers"].columns["volunteer_id"].cells() == ["V-1", "V-2"]
    assert refusal(ods(tmp_path / "bomb.ods", 1_000_000))[0].code == "book_cells"


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_in_time(tmp_path):
    """A book of 50,000 rows is loaded and checked in seconds."""
    rows = [PEOPLE[0], *([f"V-{k:05d}", "JW", "急救", 60] for k in range(50_000))]
    path = tmp_path / "big.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name, cells in {**SMALL, "volunteers": rows}.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    made.close()
    began = time.process_time()
    week = cg.check(cg.load(path))

    assert len(week.tables["volunteers"]) == 50_000
    assert time.process_time() - began < 5
