"""The sheet of issues: one row each, linked to the cell it is about; text only, never a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cogov_opt.errors import Issue
from cogov_opt.formats.workbook import MEMORY
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.reporting.annotating.cell_styles import COLOURS, Styles
from cogov_opt.reporting.annotating.sheet_marks import Place
from cogov_opt.reporting.annotating.xml_places import quoted, text_of
from cogov_opt.reporting.issue_words import column_name, what_and_fix

MOST = 20_000
"""Rows of issues written; the rest are counted."""
FIRST = 4
"""The row, from 1, of the first issue."""
HEADINGS = ("number", "severity", "sheet", "cell", "column", "read", "what", "fix", "code")
_WIDTHS = (6, 9, 16, 9, 20, 24, 56, 48, 22)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LONGEST = 32_000


@dataclass(frozen=True, slots=True)
class Line:
    """One issue of the sheet: where its cell is, if it has one, and the fill that cell had."""

    issue: Issue
    sheet: str = ""
    place: Place | None = None
    cell: str = ""
    memory: str = ""


def quoted_name(sheet: str) -> str:
    """Give the name of a sheet as it stands in a reference."""
    return "'" + sheet.replace("'", "''") + "'"


def page(lines: Sequence[Line], lost: Sequence[str], styles: Styles, language: Language) -> bytes:
    """Write the sheet."""
    looks = _looks(styles)
    counts = {s: sum(x.issue.severity == s for x in lines) for s in ("error", "warning", "repair")}
    told = [fill("annotate.summary", counts, language)]
    told += [phrase(f"annotate.lost_{what}", language) for what in lost]
    if len(lines) > MOST:
        told.append(fill("annotate.more", {"count": len(lines) - MOST}, language))
    rows = [
        _row(1, [(phrase("annotate.title", language), looks["title"])], height=24),
        _row(2, [(" ".join(told), looks["plain"])], height=34),
        _row(3, [(phrase(f"annotate.{h}", language), looks["head"]) for h in HEADINGS]
             + [(MEMORY, looks["plain"])]),
    ]  # fmt: skip
    links = []
    for k, line in enumerate(lines[:MOST]):
        number = FIRST + k
        rows.append(_row(number, _cells(k + 1, line, looks, language)))
        if line.sheet:
            target = f"{quoted_name(line.sheet)}!{line.cell or 'A1'}"
            links.append(f'<hyperlink ref="D{number}" location={quoted(target)}/>')
    return _page(rows, links, FIRST + min(len(lines), MOST) - 1)


def _page(rows: list[str], links: list[str], last: int) -> bytes:
    """Put the rows and links of the sheet into its part."""
    columns = "".join(
        f'<col min="{k}" max="{k}" width="{w}" customWidth="1"/>' for k, w in enumerate(_WIDTHS, 1)
    )
    columns += f'<col min="{len(_WIDTHS) + 1}" max="{len(_WIDTHS) + 1}" width="9" hidden="1"/>'
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="3" topLeft'
            'Cell="A4" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"'
            ' activeCell="A4" sqref="A4"/></sheetView></sheetViews>',
            f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>',
            f"<sheetData>{''.join(rows)}</sheetData>",
            f'<autoFilter ref="A3:I{max(last, 3)}"/>',
            '<mergeCells count="2"><mergeCell ref="A1:I1"/><mergeCell ref="A2:I2"/></mergeCells>',
            f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "",
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3"',
            ' footer="0.3"/>',
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>',
        ]
    ).encode()


def _looks(styles: Styles) -> dict[str, int]:
    """Add the styles of the sheet."""
    plain = '<sz val="10"/><name val="Calibri"/>'
    link = '<u/><sz val="10"/><color rgb="FF1F4E9E"/><name val="Calibri"/>'
    return {
        "plain": styles.added(plain),
        "title": styles.added('<b/><sz val="14"/><name val="Calibri"/>', wrap=False),
        "head": styles.added(f"<b/>{plain}", fill="FFDDE7F0"),
        "link": styles.added(link),
        "error": styles.added(plain, fill=COLOURS["error"]),
        "warning": styles.added(plain, fill=COLOURS["warning"]),
        "repair": styles.added(plain),
    }


def _cells(
    number: int, line: Line, looks: dict[str, int], language: Language
) -> list[tuple[str, int]]:
    """Give the cells of one issue."""
    issue, plain = line.issue, looks["plain"]
    what, fix = what_and_fix(issue, language)
    where = line.cell or (str(issue.where.row) if issue.where.row else "")
    at = line.sheet or issue.where.sheet or issue.where.file
    return [
        (str(number), plain),
        (phrase(f"annotate.{issue.severity}", language), looks.get(issue.severity, plain)),
        (at, plain),
        (where or ("→" if line.sheet else ""), looks["link"] if line.sheet else plain),
        (column_name(issue, language), plain),
        (str(issue.values.get("read", "")), plain),
        (what, plain),
        (fix, plain),
        (issue.code, plain),
        (line.memory, plain),
    ]


def _row(number: int, cells: Sequence[tuple[str, int]], height: int = 0) -> str:
    """Write one row of text."""
    tall = f' ht="{height}" customHeight="1"' if height else ""
    made = [
        f'<c r="{chr(65 + k)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{text_of(text[:_LONGEST])}</t></is></c>"
        for k, (text, style) in enumerate(cells)
        if text
    ]
    return f'<row r="{number}"{tall}>{"".join(made)}</row>'
