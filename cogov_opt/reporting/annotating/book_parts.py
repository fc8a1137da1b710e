"""A workbook as a package of parts: read whole, some parts mended, written again."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from cogov_opt.errors import UnsupportedError
from cogov_opt.formats.preflight import inspect
from cogov_opt.reporting.annotating.xml_places import (
    Edit,
    Element,
    applied,
    elements,
    first,
    prefix_of,
    quoted,
)

BOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
KINDS = {
    "sheet": f"{_KIND}worksheet+xml",
    "styles": f"{_KIND}styles+xml",
    "comments": f"{_KIND}comments+xml",
}
_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_MOMENT = (1980, 1, 1, 0, 0, 0)
SIGNATURES = "_xmlsignatures/"


@dataclass(slots=True)
class Parts:
    """The parts of one workbook by their names, in their order, and those that changed."""

    infos: dict[str, zipfile.ZipInfo]
    data: dict[str, bytes]
    lost: list[str] = field(default_factory=list)

    def write(self) -> bytes:
        """Give the package; the same parts give the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.data.items():
                old = self.infos.get(name)
                info = zipfile.ZipInfo(name, old.date_time if old else _MOMENT)
                info.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
                info.external_attr = old.external_attr if old else 0o600 << 16
                archive.writestr(info, content)
        return out.getvalue()

    def fresh(self, pattern: str) -> str:
        """Give a part name, by a pattern with one number, that no part has."""
        taken = {name.lower() for name in self.data}
        numbers = range(1, len(taken) + 2)
        return next(n for k in numbers if (n := pattern.format(k)).lower() not in taken)

    def relations(self, part: str) -> list[dict[str, str]]:
        """Give the relations of a part: Id, Type and Target, targets inside as part names."""
        found = []
        for element in elements(self.data.get(relations_of(part), b"<none/>"), 1):
            if element.name == "Relationship":
                given = element.attributes
                inside = given.get("TargetMode") != "External"
                target = unquote(given.get("Target", ""))
                place = posixpath.join("/", posixpath.dirname(part), target)
                full = posixpath.normpath(place).lstrip("/") if inside else target
                found.append({**given, "Target": full})
        return found

    def related(self, part: str, kind: str) -> str | None:
        """Give the part that another one relates to as a kind."""
        ends = (r for r in self.relations(part) if r.get("Type", "").endswith(f"/{kind}"))
        return next((r["Target"] for r in ends if r["Target"] in self.data), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to another one, and give the id of the relation."""
        place = relations_of(part)
        taken = {r.get("Id", "") for r in self.relations(part)}
        relation = next(n for k in range(1, len(taken) + 2) if (n := f"rIdCogov{k}") not in taken)
        if place not in self.data:
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            empty = f'{head}<Relationships xmlns="{_PACKAGE}relationships"></Relationships>'
            self.data[place] = empty.encode()
        self._append(
            place, f'Relationship Id="{relation}" Type="{RELATION}{kind}" Target="/{target}"'
        )
        return relation

    def declare(self, part: str, kind: str) -> None:
        """Say in the list of content types what a new part is."""
        self._append(TYPES, f'Override PartName={quoted("/" + part)} ContentType="{KINDS[kind]}"')

    def declare_drawings(self) -> None:
        """Say what parts ending in `.vml` are, unless it is said already."""
        known = [e.attributes.get("Extension", "").lower() for e in elements(self.data[TYPES], 1)]
        if "vml" not in known:
            self._append(TYPES, f'Default Extension="vml" ContentType="{_DRAWING}"')

    def drop_signatures(self) -> None:
        """Leave out digital signatures: they are of the book as it was."""
        signed = [n for n in self.data if n.startswith(SIGNATURES)]
        if not signed:
            return
        self.lost.append("signature")
        for name in signed:
            del self.data[name]
        for place in (TYPES, "_rels/.rels"):
            data = self.data[place]
            gone = [e for e in elements(data, 1) if e.depth == 1 and _names(e, SIGNATURES)]
            self.data[place] = applied(data, (Edit(e.start, e.end, b"") for e in gone))

    def _append(self, place: str, element: str) -> None:
        """Append an element without content to the root of a part."""
        data = self.data[place]
        root = root_of(data)
        text = f"<{prefix_of(data, root)}{element}/>"
        self.data[place] = applied(data, [inside(data, root, text.encode())])


def _names(element: Element, part: str) -> bool:
    """Tell whether an element names a part of a folder."""
    given = (element.attributes.get(k, "") for k in ("PartName", "Target"))
    return any(g.lstrip("/").startswith(part) for g in given)


def root_of(data: bytes) -> Element:
    """Give the root of a part."""
    return first(elements(data, 0), "root")


def inside(data: bytes, element: Element, text: bytes) -> Edit:
    """Give the edit that appends to the content of an element."""
    if not element.is_empty:
        return Edit(element.close, element.close, text)
    tag = data[element.start : element.end]
    name = tag[1:].split(b"/")[0].split()[0]
    opened = tag[:-2].rstrip() + b">"
    return Edit(element.start, element.end, opened + text + b"</" + name + b">")


def relations_of(part: str) -> str:
    """Give the name of the part that holds the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def open_parts(path: Path) -> Parts:
    """
    Read a workbook that may be opened.

    Raises
    ------
    RefusedError
        It is not safe to open.
    UnsupportedError
        It is a kind of workbook that cannot be mended part by part.
    """
    inspect(path)
    with zipfile.ZipFile(path) as archive:
        infos = {i.filename: i for i in archive.infolist() if not i.is_dir()}
        data = {name: archive.read(name) for name in infos}
    if BOOK not in data or TYPES not in data or b"purl.oclc.org/ooxml" in data[BOOK]:
        raise UnsupportedError(
            f"{path.name} is no workbook of the usual kind; open it in a spreadsheet program"
            " and save it as 'Excel workbook (.xlsx)'"
        )
    return Parts(infos, data)


def sheet_parts(parts: Parts) -> Mapping[str, str]:
    """Give the part of each worksheet by the name of the sheet."""
    targets = {
        r.get("Id", ""): r["Target"]
        for r in parts.relations(BOOK)
        if r.get("Type", "").endswith("/worksheet")
    }
    found = {}
    for element in elements(parts.data[BOOK], 2):
        if element.name == "sheet" and element.depth == 2:
            ids = [v for k, v in element.attributes.items() if k.rpartition(":")[2] == "id"]
            target = targets.get(ids[0] if ids else "")
            if target in parts.data:
                found[element.attributes.get("name", "")] = target
    return found
