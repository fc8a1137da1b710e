"""Workbooks with all that people and programs put into them, each with known faults."""

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

FACTS = [
    ("horizon.start", "2026-09-28"), ("horizon.end", "2026-10-05"), ("currency", "CNY"),
    ("timezone", "Asia/Shanghai"), ("cogov_format", 1),
]  # fmt: skip
TABLES = {
    "package": FACTS,
    "actors": [["actor_id", "name", "kind"], ["JW", "居委会", "residents_committee"]],
    "codes": [["vocabulary", "code", "zh"], ["skill", "first_aid", "急救"]],
    "volunteers": [
        ["volunteer_id", "actor_id", "skills", "max_minutes", "consent_until"],
        ["V-1", "JW", "first_aid", 480, dt.date(2026, 12, 31)],
        ["V-2", "JX", "急旧", "八小时", "3/1/26"],
        ["V-1", "JW", None, 12.5, None],
    ],
    "demands": [
        ["demand_id", "actor_id", "title", "people"],
        ["D-1", "JW", "=1+1", 12],
        ["D-2", None, "@联系13912345678", "１２"],
    ],
    "needs": [["need_id", "demand_id", "kind", "quantity"], ["N-1", "D-1", "volunteer", 1]],
}
FAULTS = {
    ("volunteers", "B3"), ("volunteers", "C3"), ("volunteers", "D3"), ("volunteers", "E3"),
    ("volunteers", "A4"), ("volunteers", "D4"), ("demands", "B3"), ("demands", "C3"),
    ("demands", "A3"),
}  # fmt: skip
"""Cells that are wrong or warned of in every book made here."""


def plain(path: Path) -> Path:
    """A book as openpyxl writes it, nothing but cells."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in TABLES.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made["demands"]["C2"].data_type = "s"
    made["demands"]["C3"].data_type = "s"
    made.save(path)
    return path


def dressed(path: Path) -> Path:
    """Formats, comments of others, validations, conditional formats, a chart, a table, a link."""
    made = openpyxl.load_workbook(plain(path))
    sheet = made["volunteers"]
    thin = Side(style="thin", color="FF336699")
    for cell in ("A1", "B3", "E3", "D4"):
        sheet[cell].font = Font(name="宋体", size=13, bold=True, color="FF0000FF")
        sheet[cell].border = Border(left=thin, bottom=thin)
        sheet[cell].fill = PatternFill("solid", fgColor="FF00FF00")
        sheet[cell].alignment = Alignment(horizontal="right", indent=1)
        sheet[cell].protection = Protection(locked=False)
    sheet["D4"].number_format = '0.000"小时"'
    sheet["E3"].comment = Comment("张三：此处请核对", "张三", height=90, width=200)
    sheet["A2"].comment = Comment("原有批注", "李四")
    sheet["B3"].hyperlink = "https://example.org/a?b=1&c=2"
    sheet["A2"].hyperlink = "https://example.org/"
    sheet.column_dimensions["B"].width = 41.5
    sheet.row_dimensions[3].height = 33
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:E4"
    sheet.conditional_formatting.add("D2:D9", ColorScaleRule("min", None, "FFAA0000", "max"))
    rule = CellIsRule("lessThan", ["100"], fill=PatternFill("solid", bgColor="FFFF9900"))
    sheet.conditional_formatting.add("D2:D9", rule)
    listed = DataValidation("list", '"JW,JD"', allow_blank=True, showErrorMessage=True)
    listed.add("B2:B99")
    sheet.add_data_validation(listed)
    sheet.print_title_rows = "1:1"
    sheet.protection.sheet = True
    other = made.create_sheet("我的统计")
    for row in (["月份", "次数"], ["九月", 3], ["十月", 5]):
        other.append(row)
    other.row_dimensions[2].hidden = True
    other["D1"] = "=SUM(B2:B3)"
    other["D2"] = '=IF(B2>2,"多","少")'
    other.merge_cells("A6:C7")
    other["A6"] = "合并的标题"
    other.add_table(Table(displayName="统计", ref="A1:B3"))
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    other.add_chart(chart, "F2")
    hidden = made.create_sheet("隐藏的表")
    hidden["A1"] = "机密"
    hidden.sheet_state = "veryHidden"
    made.save(path)
    return path


def written(path: Path) -> Path:
    """Rich text, computed formulas, sparklines, pictures, a text box, names, by xlsxwriter."""
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    date = made.add_format({"num_format": "yyyy年m月d日", "bg_color": "#FFFF00", "italic": True})
    bold = made.add_format({"bold": True, "font_color": "red"})
    for name, rows in TABLES.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, value, date)
                elif value is not None:
                    sheet.write(number, column, value)
        sheet.set_column(0, 9, 17.5)
        sheet.set_column(1, 1, 20, date if name == "demands" else None)
    other = made.add_worksheet("图表 & 'x' 的")
    other.write_rich_string("A1", "半", bold, "粗", "体 <&>")
    other.write_formula("B1", "=2*3", None, 6)
    other.write_array_formula("C1:C2", "{=ROW(1:2)}", None, 1)
    other.write_dynamic_array_formula("D1", "=SEQUENCE(2)", None, 1)
    other.add_sparkline("E1", {"range": "B1:D1"})
    other.insert_textbox("G2", "文本框里的字")
    other.insert_image("G9", "dot.png", {"image_data": _png()})
    chart = made.add_chart({"type": "pie"})
    chart.add_series({"values": "='图表 & ''x'' 的'!$B$1:$D$1"})
    other.insert_chart("M2", chart)
    other.write_comment("A1", "写在前面的批注")
    other.insert_button("P2", {"caption": "按钮"})
    other.set_header('&C&"宋体"页眉')
    other.set_row(4, 40, None, {"level": 1, "collapsed": True})
    line = made.add_chart({"type": "line"})
    line.add_series({"values": "=needs!$D$2:$D$2"})
    made.add_chartsheet("图").set_chart(line)
    made.define_name("本期", "='图表 & ''x'' 的'!$B$1")
    made.set_properties({"title": "标题", "author": "张三"})
    made.close()
    return path


def strange(path: Path) -> Path:
    """Prefixed names, cells without references, inline text, no styles: legal, if seldom seen."""
    source = plain(path.with_suffix(".plain.xlsx"))
    filled = openpyxl.load_workbook(source)
    filled["volunteers"]["C4"] = "first_aid"
    filled.save(source)
    with zipfile.ZipFile(source) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            text = data.decode()
            if name == "xl/worksheets/sheet4.xml":
                text = _prefixed(_bare(text))
            if name == "xl/workbook.xml":
                text = re.sub("<bookViews>.*</bookViews>", "", text)
            if name == "xl/worksheets/sheet5.xml":
                text = text.replace("<sheetData>", "<!-- > --><sheetData>")
            archive.writestr(name, text)
    return path


def _bare(text: str) -> str:
    """Leave the references of cells and rows out."""
    return re.sub(r'(<(?:c|row)) r="[A-Z]*\d+"', r"\1", text)


def _prefixed(text: str) -> str:
    """Write every element of a sheet with a prefix."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    named = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text)
    return named.replace(f'xmlns="{main}"', f'xmlns:x="{main}"')


def macros(path: Path) -> Path:
    """A book with a project of macros, which is only bytes to us, and a signature."""
    source = dressed(path.with_suffix(".xlsx"))
    with zipfile.ZipFile(source) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    types = parts["[Content_Types].xml"].decode()
    main = "spreadsheetml.sheet.main+xml"
    types = types.replace(f"vnd.openxmlformats-officedocument.{main}",
                          "vnd.ms-excel.sheet.macroEnabled.main+xml")  # fmt: skip
    types = types.replace(
        "</Types>",
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/xml"/></Types>',
    )
    parts["[Content_Types].xml"] = types.encode()
    parts["xl/vbaProject.bin"] = bytes(range(256)) * 8
    parts["_xmlsignatures/sig1.xml"] = b"<Signature/>"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def _png():
    """A picture of one dot."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\xff\x00\x00")
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


BOOKS = {"plain": plain, "dressed": dressed, "written": written, "strange": strange}
