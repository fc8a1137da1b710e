"""The workbook holds the plan as people need it on paper, and nothing in it can be run."""

import io
import zipfile
from datetime import datetime, time

import openpyxl
import pytest

from cogov_opt.phrases import LANGUAGES
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.sheets import pages, write_sheets
from cogov_opt.reporting.sheets.book import Book
from cogov_opt.reporting.sheets.page import Column, Page
from cogov_opt.reporting.view import View
from tests.reporting.payloads import PAYLOADS, trapped_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose texts are traps."""
    return trapped_run(tmp_path_factory.mktemp("traps") / "data")


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request, run, tmp_path_factory):
    """Its workbook in one language, read back."""
    path = tmp_path_factory.mktemp("book") / "week.xlsx"
    write_sheets(run, path, request.param)
    return openpyxl.load_workbook(path)


def cells(book):
    """Every cell that holds something."""
    return [c for s in book.worksheets for row in s.iter_rows() for c in row if c.value is not None]


def test_no_cell_is_a_formula_or_a_link(book):
    """Titles, names and labels of whatever kind stay text."""
    found = cells(book)

    assert len(found) > 200
    assert not [c for c in found if c.data_type == "f" or c.hyperlink]
    assert not [c for c in found if str(c.value).startswith("=") and not c.quotePrefix]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_each_payload_stays_text(payload, run, tmp_path):
    """A text reads back as it was, as text; one that looks like a formula is marked as text."""
    path = tmp_path / "one.xlsx"
    book = Book(path, run, "en")
    book.page(Page("days", [Column("title"), Column("what", "long")], [[payload, payload]]))
    book.close()
    with zipfile.ZipFile(path) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    found = openpyxl.load_workbook(path).worksheets[0]["A3"]

    assert "<f>" not in sheet
    assert found.data_type == "s"
    assert str(found.value).replace("_x000D_", "\r") == payload
    assert found.quotePrefix == payload.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_payloads_reach_the_book(book):
    """What was tested above is in the book of the whole line: the test is not empty."""
    shown = {str(c.value).strip() for c in cells(book)}

    assert len({p for p in PAYLOADS if p.strip() in shown}) > len(PAYLOADS) // 2


def test_every_sheet_prints_with_run_and_root(book, run):
    """Each printed page bears the run id and the root; headings repeat and stay in view."""
    for sheet in book.worksheets:
        footer = sheet.oddFooter.left.text

        assert run.run_id in footer
        assert run.root[:16] in footer
        assert sheet.print_area
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet is not book.worksheets[0]:
            assert sheet.freeze_panes == "B3"
            assert sheet.print_title_rows == "$2:$2"


def test_the_cover_names_run_and_root(book, run):
    """The cover holds the run id and the whole root."""
    shown = {c.value for c in cells(book) if c.parent is book.worksheets[0]}

    assert {run.run_id, run.root} <= shown


def test_values_are_what_they_are(book):
    """Dates are dates, times are times, money is a number with two decimals."""
    day, fund = book.worksheets[1], book.worksheets[3]
    money = next(
        c for row in fund.iter_rows(min_row=3) for c in row if c.number_format == "#,##0.00"
    )

    assert day["A3"].value == datetime.fromisoformat("2026-09-28")
    assert isinstance(day["C3"].value, time)
    assert money.data_type == "n"


def test_the_same_run_gives_the_same_bytes(run, tmp_path):
    """No clock and no order of a set reaches the file."""
    write_sheets(run, tmp_path / "a.xlsx")
    write_sheets(run, tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_row_of_the_plan_is_on_the_sheets(run):
    """Uses, awards and unmet needs are all there, once under their kind."""
    found = {page.name: page for page in pages(View(run, "en"))}
    kinds = [row["kind"] for row in run.allocation]

    assert len(found["volunteers"].rows) == kinds.count("volunteer")
    assert len(found["spaces"].rows) == kinds.count("space")
    assert len(found["funds"].rows) - len(found["funds"].strong) == kinds.count("fund")
    assert len(found["unmet"].rows) == len(run.unmet)
    gives = sum(int(r["quantity"]) for r in run.allocation if r["kind"] == "fund")
    told = [row for i, row in enumerate(found["funds"].rows) if i not in found["funds"].strong]
    assert sum(row[7] for row in told) == gives


def test_names_stand_only_where_contacts_are_given(run, tmp_path):
    """A name is in the sheet of volunteers if asked for, and nowhere without."""
    used = next(r["resource"] for r in run.allocation if r["kind"] == "volunteer")
    contacts = {used: Contact(used, "李小满", "13800000000")}
    texts = []
    for given in (contacts, None):
        path = tmp_path / f"{given is None}.xlsx"
        write_sheets(run, path, "zh", given)
        texts.append(
            {c.value for c in cells(openpyxl.load_workbook(io.BytesIO(path.read_bytes())))}
        )

    assert "李小满" in texts[0]
    assert "李小满" not in texts[1]
