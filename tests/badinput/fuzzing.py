"""
A mutation fuzzer with fixed seeds: good samples cut, doubled, mixed and sprinkled with odd text.

Each parser is a target: a function of bytes that may end, or raise an error made of issues or an
UnsupportedError; anything else, an input that takes long, and an issue that cannot be said in
both languages are faults. A fault is told with its target and seed, and `input_of` gives the input.
"""

import json
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

import cogov_opt as cg
from cogov_opt.checking import cells
from cogov_opt.domain.calendar import Calendar
from cogov_opt.errors import Issue, IssuesError, UnsupportedError, Where
from cogov_opt.formats.decoding import decode
from cogov_opt.loading import requests_items, requests_times
from cogov_opt.reporting.annotating import annotate
from cogov_opt.reporting.annotating.xml_places import DamagedXmlError, elements
from tests.badinput.cells import cases, topic, write_book
from tests.badinput.sentences import assert_said
from tests.checking import samples

SLOW = 5.0
"""CPU seconds an input may take."""
ODD = [
    *"\x00\ufeff\u200b\u00a0\u202e²٣½𠮷\r\n\t\"',;；、|=+-@*%{}[]<>&\\\x1b￥万周",
    "\ud83d\ude00", "e\u0301", "１２", "NaN", "inf", "1e999", "-0", "9" * 30, "9" * 5000,
    "2026-02-30", "3/1/26", "24:00", "小时", "true", "null", "=cmd|' /C calc'!A0",
    "<![CDATA[", "]]>", "&#0;", "&amp;", "_x0000_", "A1:B2",
]  # fmt: skip
Target = Callable[[bytes], None]


def input_of(samples_: list[bytes], seed: int) -> bytes:
    """Give the input of a seed: a sample with one to eight changes."""
    rng = np.random.default_rng(seed)
    data = bytearray(samples_[rng.integers(len(samples_))])
    for _ in range(int(rng.integers(1, 9))):
        _change(data, samples_, rng)
    return bytes(data)


def _change(data: bytearray, samples_: list[bytes], rng: Any) -> None:
    """Change one place."""
    size = len(data)
    at = int(rng.integers(size + 1))
    to = min(size, at + int(rng.integers(1, 40)))
    kind = int(rng.integers(8))
    if kind == 0 and size:
        data[at % size] ^= 1 << int(rng.integers(8))
    elif kind == 1:
        del data[at:to]
    elif kind == 2:
        data[at:at] = data[at:to] * int(rng.integers(1, 20))
    elif kind == 3:
        data[at:at] = ODD[int(rng.integers(len(ODD)))].encode("utf-8", "surrogatepass")
    elif kind == 4:
        data[at:to] = ODD[int(rng.integers(len(ODD)))].encode("utf-8", "surrogatepass")
    elif kind == 5:
        other = samples_[int(rng.integers(len(samples_)))]
        start = int(rng.integers(len(other) + 1))
        data[at:to] = other[start : start + int(rng.integers(1, 200))]
    elif kind == 6:
        del data[at:]
    else:
        data[at:to] = rng.integers(0, 256, int(rng.integers(1, 20)), dtype=np.uint8).tobytes()


def hold(name: str, seed: int) -> None:
    """Run one input through a target, and fail with its seed where it breaks the contract."""
    target, good = TARGETS[name]
    data = input_of(good(), seed)
    began = time.process_time()
    try:
        target(data)
    except IssuesError as error:
        _hold_issues(error)
    except UnsupportedError:
        pass
    except Exception as error:
        raise AssertionError(f"{name}, seed {seed}: {type(error).__name__}: {error}") from error
    spent = time.process_time() - began
    assert spent < SLOW, f"{name}, seed {seed}: {spent:.1f} s"


def _hold_issues(error: IssuesError) -> None:
    """Hold an error to having issues, each said with its place."""
    if not error.issues:
        raise AssertionError("an error without issues")
    for issue in error.issues[:20]:
        assert_said(issue)


def _folder(name: str) -> Target:
    """Give the target that checks a dataset one file of which is the input."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = samples.write(Path(folder) / "data")
            (place / name).write_bytes(data)
            issues = _issues_of(place)
            annotate(place, issues, Path(folder) / "out.xlsx", "en")
            cg.load(Path(folder) / "out.xlsx")

    return run


def _issues_of(place: Path) -> list[Any]:
    """Check a dataset, and hold every issue to being said."""
    try:
        week = cg.check(cg.load(place))
        issues = [*week.warnings, *week.repairs]
    except IssuesError as error:
        issues = list(error.issues)
    for issue in issues[:20]:
        assert_said(issue)
    return issues


def _file(ending: str, format_: str) -> Target:
    """Give the target that loads and checks one file."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"x{ending}"
            path.write_bytes(data)
            cg.check(cg.load(path, format=format_))

    return run


def _requests(data: bytes) -> None:
    """Expand and check a table of requests."""
    from tests.loading import test_requests as good

    with tempfile.TemporaryDirectory() as folder:
        place = good.dataset(Path(folder) / "data", {})
        (place / "requests.csv").write_bytes(data)
        cg.check(cg.load(place))


def _card(data: bytes) -> None:
    from cogov_opt.loading.cards import read_card

    read_card(data, "card")


def _cell(data: bytes) -> None:
    """Read a cell as everything a cell can be."""
    text = data.decode("utf-8", "replace")
    calendar = _calendar()
    readers = [
        cells.whole(0, 100), cells.whole(0, 10**9), cells.money(10**11), cells.duration(10**6),
        cells.degrees(90), cells.read_date, cells.moment(calendar, closing=True),
    ]  # fmt: skip
    for read in readers:
        try:
            value, used = read(text)
        except cells.UnreadableError:
            continue
        assert isinstance(value, int)
        assert used == text or used.strip()
        again, same = read(used)
        assert (again, same) == (value, used), (text, used, same)


@cache
def _calendar() -> Calendar:
    from datetime import date

    return Calendar(date(2026, 9, 28), date(2026, 10, 5), "Europe/Paris")


def _items(data: bytes) -> None:
    """Read a cell as everything a cell of requests can be."""
    text = data.decode("utf-8", "replace")
    days = requests_times.horizon_of({"horizon": {"start": "2026-09-28", "end": "2026-10-12"}})
    usual = requests_times.Span(("2026-10-01",), "09:00", "11:00")
    readers: list[Callable[[str], object]] = [
        requests_items.read_people, requests_items.read_services, requests_items.read_spaces,
        requests_items.read_money, lambda t: requests_items.minima(t, [("volunteer", 3, "a")]),
        lambda t: requests_times.read_days(t, days), requests_times.read_clock,
        requests_times.read_span, lambda t: requests_times.read_alternatives(t, usual, days),
    ]  # fmt: skip
    for read in readers:
        try:
            read(text)
        except (requests_items.ItemError, requests_times.TimeError):
            continue


def _decode(data: bytes) -> None:
    notes: list[Any] = []
    text = decode(data, "x.csv", notes)
    assert text is not None or notes
    if text is not None and not notes:
        assert text.encode() in (data, data.removeprefix(b"\xef\xbb\xbf"))


def _book(data: bytes) -> None:
    """Check a workbook one part of which was changed, and mark it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(_packed(data))
        issues = _issues_of(path)
        annotate(path, issues, Path(folder) / "out.xlsx", "zh")


def _annotated(data: bytes) -> None:
    """Mark a workbook one part of which was changed, without reading its cells first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(_packed(data))
        issues = [
            Issue(
                "not_a_number", Where(str(path), "volunteers", 3, "max_minutes", c), {"read": "x"}
            )
            for c in ("E3", "A1", "ZZ99")
        ]
        annotate(path, issues, Path(folder) / "out.xlsx", "zh")
        _hold_parts(path, Path(folder) / "out.xlsx")


def _hold_parts(before: Path, after: Path) -> None:
    """Hold the parts of a marked copy to being XML, if they were before."""
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        for name in new.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                list(elements(old.read(name) if name in old.namelist() else b"<a/>"))
            except DamagedXmlError:
                continue
            list(elements(new.read(name)))


_MARK = b"\x00part\x00"


@cache
def _parts() -> dict[str, bytes]:
    """Give the parts of a good workbook with comments and formats."""
    from tests.reporting import rich_books

    with tempfile.TemporaryDirectory() as folder:
        path = rich_books.dressed(Path(folder) / "x.xlsx")
        with zipfile.ZipFile(path) as archive:
            return {n: archive.read(n) for n in archive.namelist()}


def _packed(data: bytes) -> bytes:
    """Put one changed part, behind its name, back into its workbook; other bytes stay."""
    name, mark, part = data.partition(_MARK)
    if not mark:
        return data
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for other, content in _parts().items():
            archive.writestr(other, part if other.encode() == name else content)
    return out.getvalue()


@cache
def _books() -> list[bytes]:
    """Give every part of a good workbook behind its name, and whole workbooks."""
    with tempfile.TemporaryDirectory() as folder:
        tables = {n: [line.split(",") for line in lines] for n, lines in samples.GOOD.items()}
        whole = write_book(Path(folder) / "x.xlsx", tables).read_bytes()
    return [*(n.encode() + _MARK + d for n, d in _parts().items()), whole]


@cache
def _cells_good() -> list[bytes]:
    typed = [c.typed for kind in ("refused", "read") for c in cases(kind)]
    return [t.encode() for t in typed if t]


@cache
def _items_good() -> list[bytes]:
    groups = topic("requests").values()
    return [x[0].encode() for g in groups for x in (*g["refused"], *g["read"]) if x[0]]


@cache
def _requests_good() -> list[bytes]:
    import csv
    import io

    from tests.badinput.test_requests import COLUMNS, USUAL, lines

    found = []
    for kind in ("refused", "read"):
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for column, typed, _ in lines(kind)[:40]:
            row = {**USUAL, column: typed}
            writer.writerow([row.get(c, "") for c in COLUMNS])
        found.append(out.getvalue().encode())
    return found


def _tables() -> list[bytes]:
    texts = ["\n".join(lines) + "\n" for lines in samples.GOOD.values()]
    return [t.encode() for t in texts] + [texts[0].encode("gb18030"), texts[0].encode("utf-16")]


def _others(kind: str) -> Callable[[], list[bytes]]:
    return lambda: [topic("others")[kind]["good"].lstrip("\n").encode()]


TARGETS: dict[str, tuple[Target, Callable[[], list[bytes]]]] = {
    "csv": (_folder("volunteers.csv"), _tables),
    "package": (_folder("datapackage.json"), lambda: [json.dumps(samples.PACKAGE).encode()]),
    "requests": (_requests, _requests_good),
    "card": (_card, _others("cards")),
    "pb": (_file(".pb", "pabulib"), _others("pb")),
    "gap": (_file(".gap", "gap"), _others("gap")),
    "cell": (_cell, _cells_good),
    "items": (_items, _items_good),
    "decoding": (_decode, _tables),
    "workbook": (_book, _books),
    "annotating": (_annotated, _books),
}
