"""
Comments on marked cells, beside those that are there: the list of comments, and their drawing.

A comment of the book's own keeps its text; ours is added below it, behind a line that tells whose
it is. Ours from an earlier time go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from cogov_opt.formats.workbook_letters import letters_of
from cogov_opt.reporting.annotating.book_parts import Parts, inside, root_of
from cogov_opt.reporting.annotating.sheet_marks import Place, SheetPart, drawn, place_of
from cogov_opt.reporting.annotating.xml_places import (
    Edit,
    Element,
    applied,
    elements,
    prefix_of,
    text_of,
    whole,
)

AUTHOR = "cogov"
HEAD = f"{AUTHOR}:\n"
"""The first line of each of our comments."""
BELOW = "\n---- cogov ----\n"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHAPE_NUMBER = re.compile(rb'id="_x0000_s(\d+)"')
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_EMPTY_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap'
    ' v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
    ':office" id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"'
    '><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_LINE_ENDS = re.compile(rb"(?:\n|&#10;|&#x[aA];)+$")
_WIDE, _LINE = 36, 15
"""Letters on a line of a comment's box, and the points a line is high."""


def comment(parts: Parts, place: str, sheet: SheetPart, texts: Mapping[Place, str]) -> list[Edit]:
    """
    Put comments on cells of a sheet, taking away ours from an earlier time.

    Gives the edits of the sheet itself; the parts of comments and drawings are mended here.
    """
    listed = parts.related(place, "comments")
    if listed is None and not texts:
        return []
    if listed is None:
        listed = parts.fresh("xl/comments{}.xml")
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        empty = f'{head}<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'
        parts.data[listed] = empty.encode()
        parts.declare(listed, "comments")
        parts.relate(place, "comments", listed)
    data, gone = _without_ours(parts.data[listed])
    there = {e.attributes.get("ref", "").replace("$", "") for e in _comments(data)}
    parts.data[listed] = _with(data, texts)
    drawing = parts.related(place, "vmlDrawing")
    edits: list[Edit] = []
    if drawing is None:
        drawing = parts.fresh("xl/drawings/cogovDrawing{}.vml")
        parts.data[drawing] = _EMPTY_DRAWING.encode()
        parts.declare_drawings()
        edits = drawn(sheet, parts.relate(place, "vmlDrawing", drawing))
    new = {p: t for p, t in texts.items() if _ref(p) not in there}
    parts.data[drawing] = _drawn(_without_shapes(parts.data[drawing], gone), new)
    return edits


def _ref(place: Place) -> str:
    """Give the reference of a cell."""
    return f"{letters_of(place[1])}{place[0] + 1}"


def _comments(data: bytes) -> list[Element]:
    """Give the comments of a list."""
    return [e for e in elements(data, 2) if e.name == "comment" and e.depth == 2]


def _authors(data: bytes) -> list[str]:
    """Give the authors of a list, in their order."""
    found = sorted((e for e in elements(data, 2) if e.name == "author"), key=lambda e: e.start)
    return [data[e.inside : e.close].decode() for e in found]


def _without_ours(data: bytes) -> tuple[bytes, set[Place]]:
    """Take our comments, and our words below others, out of a list; give the cells left bare."""
    ours = {str(k) for k, a in enumerate(_authors(data)) if a == AUTHOR}
    edits, gone = [], set()
    for element in _comments(data):
        whole_one = data[element.start : element.end]
        texts = sorted((e for e in elements(whole_one, 3) if e.name == "t"), key=lambda e: e.start)
        said = unescape(b"".join(whole_one[e.inside : e.close] for e in texts).decode())
        # Some programs forget who wrote a comment; the first line still tells.
        if element.attributes.get("authorId") in ours or said.startswith(HEAD):
            edits.append(Edit(element.start, element.end, b""))
            gone.add(place_of(element.attributes.get("ref", "A1").replace("$", "")))
            continue
        edits += [
            Edit(e.start + element.start, e.end + element.start, e.text)
            for e in _shortened(whole_one, texts)
        ]
    return applied(data, edits), gone


def _shortened(comment: bytes, texts: list[Element]) -> list[Edit]:
    """Give the edits that take our words, and all behind them, away from below a comment."""
    mark = BELOW.strip().encode()
    pieces = [comment[e.inside : e.close] for e in texts]
    at = next((k for k, piece in enumerate(pieces) if mark in piece), None)
    if at is None:
        return []
    pieces[at] = pieces[at][: pieces[at].index(mark)]
    pieces[at + 1 :] = [b""] * (len(pieces) - at - 1)
    for k in range(at, -1, -1):
        pieces[k] = _LINE_ENDS.sub(b"", pieces[k])
        if pieces[k]:
            break
    return [Edit(e.inside, e.close, p) for e, p in zip(texts, pieces, strict=True)]


def _with(data: bytes, texts: Mapping[Place, str]) -> bytes:
    """Give a list of comments with ours in it."""
    if not texts:
        return data
    prefix = prefix_of(data, root_of(data))
    authors = _authors(data)
    number = authors.index(AUTHOR) if AUTHOR in authors else len(authors)
    there = {e.attributes.get("ref", "").replace("$", ""): e for e in _comments(data)}
    edits, made = [], []
    for place, text in sorted(texts.items()):
        element = there.get(_ref(place))
        if element is not None:
            edits += _below(data, element, prefix, text)
            continue
        body = f'<{prefix}t xml:space="preserve">{text_of(HEAD + text)}</{prefix}t>'
        made.append(
            f'<{prefix}comment ref="{_ref(place)}" authorId="{number}"><{prefix}text><{prefix}r>'
            f"{body}</{prefix}r></{prefix}text></{prefix}comment>"
        )
    sections = {e.name: e for e in elements(data, 1) if e.depth == 1}
    if AUTHOR not in authors:
        author = f"<{prefix}author>{AUTHOR}</{prefix}author>".encode()
        edits.append(inside(data, sections["authors"], author))
    edits.append(inside(data, sections["commentList"], "".join(made).encode()))
    return applied(data, edits)


def _below(data: bytes, element: Element, prefix: str, text: str) -> list[Edit]:
    """Give the edits that put our words below a comment of the book's own."""
    comment = data[element.start : element.end]
    body = next((e for e in elements(comment, 1) if e.depth == 1 and e.name == "text"), None)
    if body is None:
        return []
    first = [
        e for e in elements(comment, 2)
        if e.depth == 2 and e.name == "t" and body.inside <= e.start < body.close
    ]  # fmt: skip
    edits = [
        Edit(element.start + e.start, element.start + e.end,
             f"<{prefix}r>".encode() + comment[e.start : e.end] + f"</{prefix}r>".encode())
        for e in first
    ]  # fmt: skip
    said = f'<{prefix}t xml:space="preserve">{text_of(BELOW + text)}</{prefix}t>'
    run = f"<{prefix}r>{said}</{prefix}r>"
    at = inside(comment, body, run.encode())
    return [*edits, Edit(at.start + element.start, at.end + element.start, at.text)]


def _without_shapes(data: bytes, gone: set[Place]) -> bytes:
    """Take the boxes of comments that are gone out of a drawing."""
    if not gone:
        return data
    edits = []
    for shape in _SHAPE.finditer(data):
        row, column = (re.search(rb"<x:%s>\s*(\d+)" % n, shape[0]) for n in (b"Row", b"Column"))
        if row and column and (whole(row[1], -1), whole(column[1], -1)) in gone:
            edits.append(Edit(shape.start(), shape.end(), b""))
    return applied(data, edits)


def _drawn(data: bytes, texts: Mapping[Place, str]) -> bytes:
    """Give a drawing with a box for each comment."""
    if not texts:
        return data
    number = max(map(int, _SHAPE_NUMBER.findall(data)), default=1024) + 1
    shapes = "" if b'id="_x0000_t202"' in data else _SHAPE_TYPE
    for k, ((row, column), text) in enumerate(sorted(texts.items())):
        lines = sum(
            1 + len(part.encode("gb18030", "replace")) // _WIDE for part in text.split("\n")
        )
        shapes += _shape(number + k, row, column, min(24, lines + 1) * _LINE)
    cut = data.rfind(b"</xml>")
    cut = cut if cut >= 0 else len(data)
    return data[:cut] + shapes.encode() + data[cut:]


def _shape(number: int, row: int, column: int, height: int) -> str:
    """Write the box of one comment, right of its cell, hidden until pointed at."""
    last = row + max(3, height // 16)
    return (
        '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office'
        ':office" xmlns:x="urn:schemas-microsoft-com:office:excel" '
        f'id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
        f'margin-top:1.5pt;width:240pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor='
        '"#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" '
        'obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div'
        ' style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column + 1}, 15, {max(0, row - 1)}, 10, "
        f"{column + 5}, 15, {last}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
