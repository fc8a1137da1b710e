"""A marked workbook is the planner's own: bad cells marked, every other cell as it was."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.reporting.annotating.cell_styles import COLOURS
from tests.reporting import rich_books

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group:UserWarning")  # openpyxl, reading


BOOKS = Path(__file__).parents[1] / "formats" / "books"


def cogov(*args):
    return CliRunner().invoke(cli, list(map(str, args)), standalone_mode=False)


def marked(tmp_path, make, lang="zh", ending=".xlsx"):
    """Make a book and its marked copy."""
    book = make(tmp_path / f"in{ending}")
    before = book.read_bytes()
    out = tmp_path / f"out{ending}"
    told = cogov("check", book, "--annotate", out, "--lang", lang)
    assert told.exception is None, told.exception
    assert told.return_value == 3
    assert book.read_bytes() == before
    return book, out


def looks(cell):
    """All that shows of a cell beside its fill and our comment."""
    parts = (cell.font, cell.border, cell.alignment, cell.protection)
    return (cell.number_format, *map(repr, parts), cell.data_type)


def text(cell):
    """The value of a cell, or the formula of an array."""
    return getattr(cell.value, "text", cell.value)


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


@pytest.mark.parametrize("name", rich_books.BOOKS)
def test_every_other_cell_is_as_it_was(tmp_path, name):
    """Cell by cell: values, formulas, formats of all cells; fills and comments of those not bad."""
    book, out = marked(tmp_path, rich_books.BOOKS[name])
    old, new = openpyxl.load_workbook(book), openpyxl.load_workbook(out)
    found = set()

    assert new.sheetnames == [*old.sheetnames, "校验意见"]
    for sheet in old.worksheets:
        for row in range(1, sheet.max_row + 4):
            for column in range(1, sheet.max_column + 3):
                was, now = sheet.cell(row, column), new[sheet.title].cell(row, column)
                place = (sheet.title, was.coordinate)
                assert text(now) == text(was), place
                if was.value is not None or was.has_style:  # a new cell looks like its column
                    assert looks(now) == looks(was), place
                if colour(now) in COLOURS.values():
                    found.add(place)
                    assert now.comment.text
                    continue
                assert repr(now.fill) == repr(was.fill), place
                assert (now.comment and now.comment.text) == (was.comment and was.comment.text)
                assert (now.hyperlink and now.hyperlink.target) == (
                    was.hyperlink and was.hyperlink.target
                )
    assert found == rich_books.FAULTS


MENDED = r"(sheet\d+\.xml|\.rels|Types\]\.xml|styles\.xml|workbook\.xml|comment\w*\.xml|vml)$"
KEPT = (
    "cols", "sheetFormatPr", "sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting",
    "dataValidations", "pageSetup", "headerFooter", "tableParts", "extLst", "sheetPr",
)  # fmt: skip


@pytest.mark.parametrize("name", rich_books.BOOKS)
def test_every_other_part_and_section_is_as_it_was(tmp_path, name):
    """Charts, pictures, tables, names, themes byte for byte; so are the sections of each sheet."""
    book, out = marked(tmp_path, rich_books.BOOKS[name])
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out) as new:
        assert new.testzip() is None
        for part in old.namelist():
            before, after = old.read(part), new.read(part)
            mended = re.search(MENDED, part)
            assert mended or before == after, part
            if "worksheets/sheet" in part and part.endswith(".xml"):
                for section in KEPT:
                    pattern = rb"<(?:x:)?%s\b.*?(?:/>|</(?:x:)?%s>)" % (2 * (section.encode(),))
                    wanted = re.findall(pattern, before, re.DOTALL)
                    assert re.findall(pattern, after, re.DOTALL) == wanted, (part, section)


def test_a_copy_that_is_written_anew_would_lose_some(tmp_path):
    """The comparison has teeth: the usual library drops what it does not know of the same book."""
    book = rich_books.written(tmp_path / "in.xlsx")
    openpyxl.load_workbook(book).save(tmp_path / "anew.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "anew.xlsx") as new:
        lost = set(old.namelist()) - set(new.namelist())
        before = b"".join(old.read(n) for n in old.namelist() if "worksheets/sheet" in n)
        after = b"".join(new.read(n) for n in new.namelist() if "worksheets/sheet" in n)

    assert b"sparkline" in before
    assert b"sparkline" not in after
    assert lost


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_issues_and_cells_lead_to_each_other(tmp_path, lang):
    """Each located issue links to its cell, and each bad cell that is filled back to its row."""
    book, out = marked(tmp_path, rich_books.plain, lang)
    new = openpyxl.load_workbook(out)
    sheet = new.worksheets[-1]
    assert sheet.title == {"en": "Issues", "zh": "校验意见"}[lang]
    assert new.active is sheet
    linked = {}
    for row in range(4, sheet.max_row + 1):
        link = sheet.cell(row, 4).hyperlink
        name, _, cell = link.location.rpartition("!")
        linked[row] = (name.strip("'"), cell)
        assert sheet.cell(row, 3).value == name.strip("'")
    assert set(linked.values()) >= rich_books.FAULTS
    for name, place in rich_books.FAULTS:
        cell = new[name][place]
        if cell.value is None:
            assert cell.hyperlink is None
            continue
        back = re.fullmatch(rf"'{sheet.title}'!A(\d+)", cell.hyperlink.location)
        assert linked[int(back[1])] == (name, place)
    words = {"en": "【Error】", "zh": "【错误】"}[lang]
    assert new["volunteers"]["D3"].comment.text.startswith(f"cogov:\n{words}")
    assert ("Fix" in str(sheet["H3"].value)) is False
    del book


def test_comments_and_links_of_others_stay(tmp_path):
    """Our words stand below a comment that was there; a link that was there stays."""
    _, out = marked(tmp_path, rich_books.dressed)
    sheet = openpyxl.load_workbook(out)["volunteers"]

    text = sheet["E3"].comment.text
    assert text.startswith("张三：此处请核对\n---- cogov ----\n【错误】")
    assert sheet["E3"].comment.author == "张三"
    assert sheet["A2"].comment.text == "原有批注"
    assert sheet["B3"].hyperlink.target == "https://example.org/a?b=1&c=2"


def test_what_users_typed_never_becomes_a_formula(tmp_path):
    """Text that begins with = + - @ is listed and commented as text; nothing is a formula."""

    def make(path):
        made = openpyxl.load_workbook(rich_books.plain(path))
        sheet = made["demands"]
        for row, text in enumerate(("=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(A1)", "\t=1"), 4):
            sheet.cell(row, 1, f"D-{row}")
            sheet.cell(row, 2, text).data_type = "s"
        made.save(path)
        return path

    _, out = marked(tmp_path, make)
    with zipfile.ZipFile(out) as archive:
        for part in archive.namelist():
            if "worksheets/" in part and part.endswith(".xml"):
                assert not re.search(rb"<(\w+:)?f[ >]", archive.read(part)), part
    sheet = openpyxl.load_workbook(out)["校验意见"]
    typed = [c.value for c in sheet["F"] if c.value]
    assert {"=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(A1)"} <= set(typed)
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("name", rich_books.BOOKS)
def test_a_marked_book_can_be_mended_and_marked_again(tmp_path, name):
    """Marked twice is marked once; what was mended is as it was before any mark."""
    book, out = marked(tmp_path, rich_books.BOOKS[name])
    again = tmp_path / "again.xlsx"
    assert cogov("check", out, "--annotate", again, "--lang", "zh").exception is None
    first, second = openpyxl.load_workbook(out), openpyxl.load_workbook(again)
    assert second.sheetnames == first.sheetnames
    for sheet in first.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                now = second[sheet.title][cell.coordinate]
                assert text(now) == text(cell), (sheet.title, cell.coordinate)
                assert colour(now) == colour(cell), (sheet.title, cell.coordinate)
                assert (now.comment and now.comment.text) == (cell.comment and cell.comment.text)
    mended = tmp_path / "mended.xlsx"
    sheet = second["volunteers"]
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "JW", "急救", "8小时", "2026-12-31"
    second.save(mended)
    last = tmp_path / "last.xlsx"
    cogov("check", mended, "--annotate", last, "--lang", "zh")
    old, new = openpyxl.load_workbook(book), openpyxl.load_workbook(last)
    for place in ("B3", "C3", "D3", "E3"):
        was, now = old["volunteers"][place], new["volunteers"][place]
        assert (colour(now), looks(now)[:5]) == (colour(was), looks(was)[:5]), place
        own = was.comment.text if was.comment else None
        assert (now.comment.text if now.comment else None) == own
    assert colour(new["volunteers"]["A4"]) == COLOURS["error"]


def test_marks_are_known_again_behind_another_program(tmp_path):
    """Comments without their author, in pieces by font, are still ours; others stay."""
    _, out = marked(tmp_path, rich_books.dressed)
    with zipfile.ZipFile(out) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    for name in parts:
        if "comment" in name.lower() and name.endswith(".xml"):
            text = parts[name].decode().replace("<author>cogov</author>", "<author> </author>")
            pieces = '</t></r><r><rPr><sz val="9"/></rPr><t xml:space="preserve">'
            parts[name] = text.replace("\n【", f"&#10;{pieces}【").encode()
    with zipfile.ZipFile(tmp_path / "saved.xlsx", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    again = tmp_path / "again.xlsx"
    cogov("check", tmp_path / "saved.xlsx", "--annotate", again, "--lang", "zh")
    first, second = (openpyxl.load_workbook(p)["volunteers"] for p in (out, again))
    for row in first.iter_rows():
        for cell in row:
            now = second[cell.coordinate].comment
            assert (now and now.text) == (cell.comment and cell.comment.text), cell.coordinate


def test_macros_stay_and_signatures_are_told_of(tmp_path):
    """A project of macros is copied; a signature, no longer true, is left out, and that is said."""
    book = rich_books.macros(tmp_path / "in.xlsm")
    wrong = cogov("check", book, "--annotate", tmp_path / "out.xlsx")
    assert isinstance(wrong.exception, cg.UnsupportedError)
    out = tmp_path / "out.xlsm"
    told = cogov("check", book, "--annotate", out)
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out) as new:
        assert new.read("xl/vbaProject.bin") == old.read("xl/vbaProject.bin")
        assert not [n for n in new.namelist() if n.startswith("_xmlsignatures")]
        assert b"_xmlsignatures" not in new.read("[Content_Types].xml")
    assert "signature" in told.stderr


def test_an_existing_copy_is_left_alone(tmp_path):
    """Nothing is written over, not even the book itself."""
    book = rich_books.plain(tmp_path / "in.xlsx")
    before = book.read_bytes()
    told = cogov("check", book, "--annotate", book)

    assert isinstance(told.exception, cg.UnsupportedError)
    assert book.read_bytes() == before


def test_nothing_half_written_is_left(tmp_path):
    """A book that cannot be opened, a damaged part: no copy, no leftovers."""
    for name, data in (("a.xlsx", b"PK\x03\x04 damaged"), ("b.xlsx", b"")):
        (tmp_path / name).write_bytes(data)
        told = cogov("check", tmp_path / name, "--annotate", tmp_path / "out.xlsx", "--lang", "zh")
        assert told.return_value == 3
        assert "不是可读取的工作簿" in told.stdout
        assert "未写出" in told.stderr
    for name in ("none.xlsx", "none", "none.csv"):
        told = cogov("check", tmp_path / name, "--annotate", tmp_path / "out.xlsx", "--lang", "zh")
        assert (told.return_value, "未写出" in told.stderr) == (3, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_the_same_book_gives_the_same_bytes(tmp_path):
    """No clock and no order of hashes gets into a marked copy."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    book = rich_books.dressed(tmp_path / "in.xlsx")
    for folder in ("a", "b"):
        cogov("check", book, "--annotate", tmp_path / folder / "out.xlsx")

    assert (tmp_path / "a/out.xlsx").read_bytes() == (tmp_path / "b/out.xlsx").read_bytes()


def test_a_good_book_comes_back_without_a_mark(tmp_path):
    """Without errors the exit status is 0, and the sheet says so; no other sheet changes."""
    book = tmp_path / "in.xlsx"
    cogov("convert", "riverside", book)
    told = cogov("check", book, "--annotate", tmp_path / "out.xlsx")

    assert not told.return_value
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "out.xlsx") as new:
        same = [n for n in old.namelist() if "worksheets/" in n and old.read(n) == new.read(n)]
    assert len(same) >= 10


def test_a_folder_comes_back_as_a_workbook(tmp_path):
    """Row 17 of a table is row 17 of its sheet; the book can be mended and checked itself."""
    folder = tmp_path / "data"
    book = rich_books.plain(tmp_path / "in.xlsx")
    folder.mkdir()
    sheets = openpyxl.load_workbook(book)
    import csv
    import json

    package = {"currency": "CNY", "timezone": "Asia/Shanghai", "cogov_format": 1}
    package["horizon"] = {"start": "2026-09-28", "end": "2026-13-05"}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (folder / "contacts.csv").write_text("id,phone\nV-1,13800000000\n", "utf-8")
    for name in ("actors", "codes", "volunteers", "demands", "needs"):
        with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(sheets[name].values)
    out = tmp_path / "out.xlsx"
    told = cogov("check", folder, "--annotate", out, "--lang", "zh")

    assert told.return_value == 3
    made = openpyxl.load_workbook(out)
    assert colour(made["volunteers"]["D3"]) == COLOURS["error"]
    assert made["volunteers"]["D3"].value == "八小时"
    assert made["demands"]["C2"].value == "=1+1"
    assert made["demands"]["C2"].data_type == "s"
    assert colour(made["package"]["B6"]) == COLOURS["error"]
    assert "contacts" not in made.sheetnames
    assert "文件夹" in told.stderr
    with pytest.raises(cg.InputError) as error:
        cg.check(cg.load(out))
    assert {(i.where.sheet, i.where.cell) for i in error.value.issues} >= {
        ("volunteers", "D3"), ("package", "B6"),
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_books_come_back_as_their_values(tmp_path, ending):
    """Of .xls and .ods the cells come back, marked at the same places; what is lost is said."""
    book = BOOKS / f"small.{ending}"
    out = tmp_path / "out.xlsx"
    told = cogov("check", book, "--annotate", out)

    assert told.return_value == 3
    sheet = openpyxl.load_workbook(out)["志愿者"]
    assert (sheet["C4"].value, colour(sheet["C4"])) == ("急旧", COLOURS["error"])
    assert [sheet[c].value for c in ("A3", "A4", "D5")] == ["007", 8, 480]
    assert sheet["E3"].value.isoformat() == "2026-12-31T00:00:00"
    assert "not kept" in told.stderr
    assert cogov("check", out).return_value == 3


def test_a_sheet_of_ones_own_called_issues_is_no_list_of_ours(tmp_path):
    """It is told of and kept like every other sheet; ours gets another name beside it."""

    def make(path):
        made = openpyxl.load_workbook(rich_books.plain(path))
        made.create_sheet("校验意见")["A1"] = "我自己的记录"
        made.save(path)
        return path

    book, out = marked(tmp_path, make)
    assert "unknown_sheet" in {n.code for n in cg.load(book).notes}
    new = openpyxl.load_workbook(out)
    assert new["校验意见"]["A1"].value == "我自己的记录"
    assert new.sheetnames[-1] == "校验意见 (2)"
    assert {n.where.sheet for n in cg.load(out).notes if n.code == "unknown_sheet"} == {"校验意见"}


def test_other_formats_are_listed_only(tmp_path):
    """A benchmark file has no cells to mark, and that is said."""
    path = tmp_path / "g.txt"
    path.write_text("1 1 1 1 1\n", "utf-8")

    told = cogov("check", path, "--annotate", tmp_path / "out.xlsx")
    assert isinstance(told.exception, cg.UnsupportedError)
    assert not (tmp_path / "out.xlsx").exists()
