"""
A look at a workbook before any library opens it: a short file can hold a terabyte of nothing.

Refused: more than 200 MB unpacked (as declared, and as found while unpacking), members packed
more than 200 to 1, DOCTYPE, XML that is not UTF-8, more than 5 million cells between A1 and the
last one, encrypted files. Noted on the way, for the reader to decide on: rows and columns that
are hidden, formulas without a value, error values, times of midnight. `.xls` files are no
archives; of those only the size is looked at here, and the limits of the child hold the rest.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from cogov_opt.formats.workbook_letters import number_of

MOST_INFLATED = 200 << 20
MOST_RATIO = 200
RATIO_FROM = 4 << 20
"""Members that unpack to less than this are harmless, however well they are packed."""
MOST_CELLS = 5_000_000
MOST_MEMBERS = 4_000
MOST_PACKED = 100 << 20
_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_COLUMNS_USED = re.compile(rb"""\sr=["']([A-Za-z]{1,4})[0-9]""")
_ROWS_USED = re.compile(rb"""\sr=["'][A-Za-z]{0,4}([0-9]{1,9})["']""")
_CELL = rb"<(?:\w+:)?c\b([^>]*)>"
_BARE = re.compile(
    _CELL + rb"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</|</)"
)
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>""")
_DAY = re.compile(_CELL + rb"\s*<(?:\w+:)?v>\d+</")
_HIDDEN = re.compile(rb"""<(?:\w+:)?(row|col)\b([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
_CLOCK_FORMATS = {b"18", b"19", b"20", b"21", b"22", b"32", b"33", b"45", b"46", b"47"}
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_TIMES = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_ODS_ROWS = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_PLACE = re.compile("[A-Za-z]{1,3}[1-9][0-9]{0,6}")
_ROW = re.compile("[1-9][0-9]{0,6}")


class RefusedError(Exception):
    """A workbook that is not opened: an issue code, its values, and the sheet and cell."""

    def __init__(self, code: str, sheet: str = "", cell: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code, self.sheet, self.cell, self.values = code, sheet, cell, values


@dataclass(slots=True)
class Marks:
    """What stands in the XML of one sheet and not in its values; cells by their references."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    midnights: list[str] = field(default_factory=list)
    formulas: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give the marks as JSON-ready values."""
        return asdict(self)


@dataclass(slots=True)
class Seen:
    """What a look at a whole workbook found: marks by sheet, and whether days count from 1904."""

    marks: dict[str, Marks] = field(default_factory=dict)
    from_1904: bool = False


def inspect(path: Path) -> Seen:
    """
    Look a workbook over.

    Raises
    ------
    RefusedError
        It is not safe to open, or no workbook at all.
    """
    size = path.stat().st_size
    if size > MOST_PACKED:
        raise RefusedError("book_inflates", size=size >> 20, most=MOST_PACKED >> 20)
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            if _ENCRYPTED in file.read():
                raise RefusedError("book_locked")
            return Seen()
    if size == 0 or not head.startswith(b"PK"):
        _broken("neither .xlsx, .ods nor .xls")
    try:
        with zipfile.ZipFile(path) as archive:
            return _look(_unpacked(archive))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        _broken("damaged archive")


def _broken(reason: str) -> NoReturn:
    """Refuse a file that is no workbook."""
    raise RefusedError("book_broken", reason=reason)


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack the members that are looked into, counting every byte of all of them."""
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > MOST_MEMBERS or len({m.filename for m in members}) < len(members):
        _broken("too many members, or two of one name")
    declared = sum(m.file_size for m in members)
    if declared > MOST_INFLATED:
        raise RefusedError("book_inflates", size=declared >> 20, most=MOST_INFLATED >> 20)
    for m in members:
        if m.flag_bits & 1:
            raise RefusedError("book_locked")
        _hold_ratio(m, m.file_size)
    kept: dict[str, bytes] = {}
    total = 0
    for member in members:
        data = _member(archive, member, MOST_INFLATED - total)
        total += len(data)
        if _is_looked_into(member.filename):
            kept[member.filename] = data
    return kept


def _is_looked_into(name: str) -> bool:
    """Tell whether a member says something about cells."""
    wanted = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "content.xml")
    return name in wanted or (name.startswith("xl/worksheets/") and name.endswith(".xml"))


def _hold_ratio(member: zipfile.ZipInfo, size: int) -> None:
    """Refuse what unpacks to far more than it was."""
    ratio = size // max(1, member.compress_size)
    if size > RATIO_FROM and ratio > MOST_RATIO:
        part = member.filename
        raise RefusedError("book_ratio", part=part, ratio=ratio, most=MOST_RATIO)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """Unpack one member piece by piece, stopping as soon as it is too much."""
    pieces, size, tail = [], 0, b""
    is_xml = member.filename.endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as file:
        while piece := file.read(_CHUNK):
            if is_xml:
                if not size and (b"\x00" in piece[:4] or piece[:2] in (b"\xff\xfe", b"\xfe\xff")):
                    _broken(f"{member.filename}: not UTF-8")
                if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                    raise RefusedError("book_doctype", part=member.filename)
                tail = piece[-10:]
            size += len(piece)
            if size > left:
                most = MOST_INFLATED >> 20
                raise RefusedError("book_inflates", size=f"> {most}", most=most)
            _hold_ratio(member, size)
            pieces.append(piece)
    return b"".join(pieces)


def _look(parts: dict[str, bytes]) -> Seen:
    """Look into the unpacked members."""
    if "content.xml" in parts:
        _hold_ods(parts["content.xml"])
        return Seen()
    book = parts.get("xl/workbook.xml")
    if book is None:
        _broken("no xl/workbook.xml")
    clocks = _clock_styles(parts.get("xl/styles.xml", b""))
    seen = Seen(from_1904=re.search(rb"""date1904=["'](?:1|true)""", book) is not None)
    names = {member: name for name, member in _members_of_sheets(parts, book).items()}
    for member, data in parts.items():
        if member.startswith("xl/worksheets/"):
            name = names.get(member, "")
            _hold_cells(data, name)
            seen.marks[name] = _marks(data, clocks)
    return seen


def _attributes(text: bytes) -> dict[str, str]:
    """Read the attributes of one tag, without their prefixes."""
    found = _ATTRIBUTE.findall(text)
    return {k.decode().rpartition(":")[2]: _unescaped(v) for k, v in found}


def _unescaped(value: bytes) -> str:
    """Read the five entities XML knows by itself, and numbered characters."""
    from html import unescape

    return unescape(value.decode("utf-8", errors="replace"))


def _members_of_sheets(parts: dict[str, bytes], book: bytes) -> dict[str, str]:
    """Give the member of each sheet by its name."""
    relations = _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b""))
    targets = {a.get("Id", ""): a.get("Target", "") for a in map(_attributes, relations)}
    found = {}
    for sheet in map(_attributes, _SHEET.findall(book)):
        target = targets.get(sheet.get("id", ""), "")
        place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[sheet.get("name", "")] = place
    return found


def _hold_cells(data: bytes, sheet: str) -> None:
    """Refuse sheets with too many cells, or with a cell too far out."""
    count = data.count(b"<c ") + data.count(b":c ") + data.count(b"<c>")
    if count > MOST_CELLS:
        raise RefusedError("book_cells", sheet, cells=count, most=MOST_CELLS)
    columns = {c.upper().decode() for c in set(_COLUMNS_USED.findall(data))}
    last = max(columns, key=lambda c: (len(c), c), default="A")
    row = max(map(int, set(_ROWS_USED.findall(data))), default=0)
    cells = row * (number_of(last) + 1)
    if cells > MOST_CELLS:
        raise RefusedError("book_cells", sheet, f"{last}{row}", cells=cells, most=MOST_CELLS)


def _hold_ods(data: bytes) -> None:
    """Refuse rows of cells that are said to repeat too often."""
    cells = 0
    for row in _ODS_ROW.finditer(data):
        if b"value-type=" not in row[2]:
            continue
        times = _ODS_ROWS.search(row[1])
        width = row[2].count(b"<table:table-cell")
        filled = row[2][: row[2].rfind(b"value-type=")]
        width += sum(map(int, _ODS_TIMES.findall(filled)))
        cells += width * (int(times[1]) if times else 1)
        if cells > MOST_CELLS:
            raise RefusedError("book_cells", cells=cells, most=MOST_CELLS)


def _clock_styles(data: bytes) -> set[str]:
    """Give the numbers of the cell styles that show a time of day."""
    formats = {a["numFmtId"]: a for a in map(_attributes, _FORMAT.findall(data)) if "numFmtId" in a}
    shown = {
        number
        for number, a in formats.items()
        if "h" in re.sub(r'"[^"]*"|\\.|\[\$[^\]]*\]', "", a.get("formatCode", "")).lower()
    }
    shown |= {n.decode() for n in _CLOCK_FORMATS if n.decode() not in formats}
    styles = _STYLES.search(data)
    found = map(_attributes, _STYLE.findall(styles[0] if styles else b""))
    return {str(k) for k, a in enumerate(found) if a.get("numFmtId") in shown}


def _marks(data: bytes, clocks: set[str]) -> Marks:
    """Collect what the values of a sheet will not say."""
    marks = Marks(formulas=data.count(b"<f>") + data.count(b"<f ") + data.count(b":f>"))
    for tag, text in _HIDDEN.findall(data):
        found = _attributes(text)
        if tag == b"row" and _ROW.fullmatch(found.get("r", "")):
            marks.hidden_rows.append(int(found["r"]))
        elif (
            tag == b"col" and found.get("min", "").isdecimal() and found.get("max", "").isdecimal()
        ):
            low, high = int(found["min"]), min(int(found["max"]), 20_000)
            marks.hidden_columns += range(low - 1, high)
    if marks.formulas:
        marks.bare = _places(
            a for a in map(_attributes, _BARE.findall(data)) if a.get("t") != "str"
        )
    if b't="e"' in data or b"t='e'" in data:
        marks.errors = _places(map(_attributes, _ERROR.findall(data)))
    if clocks:
        days = [t for t in _DAY.findall(data) if b"s=" in t]
        marks.midnights = _places(a for a in map(_attributes, days) if a.get("s") in clocks)
    return marks


def _places(found: Iterable[dict[str, str]]) -> list[str]:
    """Give the references of cells, leaving out what is none."""
    return [a["r"] for a in found if _PLACE.fullmatch(a.get("r", ""))]
