"""Opens a run folder; whatever bytes it holds, the answer is a finding, never an error (S13)."""

from __future__ import annotations

import csv
import io
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import canonical, digests
from .reading_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .findings import Findings

LONGEST_CARD, MOST_GOALS, LARGEST_OF_CARD = 2**16, 20, 10**15
"""Bytes, goals and whole numbers of a card, at most (S8.15)."""
FORMAT = 1
COGOV_FORMAT = 1
ALLOCATION = (
    "demand", "option", "start", "end", "need", "kind", "resource", "quantity", "unit", "cost",
    "cost_type", "buys", "giver", "taker", "payee", "agreement", "origin", "record",
)  # fmt: skip
REGRETS = (
    "demand", "option", "need", "resource", "agreement", "given", "change", "stage", "loss",
)  # fmt: skip
UNITS = ("resource", "change", "stage", "least", "most", "proven")
CHANCES = ("demand", "need", "rise", "units", "named", "others", "proven")
UNMET = ("demand", "need", "asked", "given", "short", "code", "record")
ALWAYS_THERE = (
    "run.json", "policy.toml", "allocation.csv", "unmet.csv", "records.jsonl", "phrases.json",
    "checkpoint", "inputs/datapackage.json", digests.REPAIRS,
)  # fmt: skip
EVIDENCE = ("certificate.json", "trace.jsonl")
MAY_BE_THERE = (
    *EVIDENCE,
    "draw.json",
    "accounts.json",
    "regrets.csv",
    "units.csv",
    "chances.csv",
    "extracts.json",
    "provenance.json",
)
FIELDS: dict[str, tuple[type, ...]] = {
    "format": (int,), "run_id": (str,), "card": (dict,), "inputs": (dict,), "attempt": (int,),
    "strategy": (str,), "options": (dict,), "stages": (list,), "all_certified": (bool,),
    "termination": (str,), "draw": (dict, type(None)), "totals": (dict,), "breaks": (list,),
}  # fmt: skip
OTHER_FIELDS = frozenset(
    {"purpose", "prepared_by", "for_actor", "data_as_of", "supersedes", "route", "proof"}
)

Line = dict[str, str]


@dataclass(slots=True)
class RunFolder:
    """What stands in a run folder: decoded where it could be, with the digests of every file."""

    folder: Path
    digests: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, bytes] = field(default_factory=dict)
    checkpoint: str = ""
    run: dict[str, Any] = field(default_factory=dict)
    card: dict[str, Any] = field(default_factory=dict)
    certificate: dict[str, Any] | None = None
    lots: dict[str, Any] | None = None
    accounts: dict[str, Any] | None = None
    regrets: list[Line] | None = None
    units: list[Line] | None = None
    chances: list[Line] | None = None
    trace: list[Any] | None = None
    records: list[bytes] = field(default_factory=list)
    repairs: list[bytes] = field(default_factory=list)
    phrases: Any = None
    extracts: dict[str, Any] = field(default_factory=dict)
    allocation: list[Line] = field(default_factory=list)
    unmet: list[Line] = field(default_factory=list)
    package: dict[str, Any] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)


def open_run(folder: Path, findings: Findings) -> RunFolder:
    """Read every file of a run folder once; what cannot be read is left empty and found."""
    opened = RunFolder(folder)
    for path in _paths(folder, findings):
        try:
            data = (folder / path).read_bytes()
        except (OSError, ValueError, MemoryError):
            findings.add("file", _shown(path))
            continue
        opened.digests[path] = digests.sha256(data)
        opened.leaves[path] = digests.leaf(path, data)
        _take(opened, path, data, findings)
    for path in ALWAYS_THERE:
        if path not in opened.digests:
            findings.add("file", path)
    return opened


def _paths(folder: Path, findings: Findings) -> list[str]:
    """List the files of a folder; links and other things that are no files are found."""
    paths = []

    def hidden(error: OSError) -> None:
        findings.add("file", _shown(Path(error.filename).relative_to(folder).as_posix()))

    for at, folders, files in os.walk(folder, onerror=hidden):
        for name in [*files, *folders]:
            path = Path(at, name)
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                findings.add("file", _shown(shown))
            elif name in files:
                paths.append(shown)
    return sorted(paths)


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode("utf-8")


def _take(opened: RunFolder, path: str, data: bytes, findings: Findings) -> None:
    """Decode one file into its place."""
    reader = _READERS.get(path)
    if path in _TABLES:
        reader = _take_table(path)
    if reader is None:
        if path not in MAY_BE_THERE:
            findings.add("unknown", _shown(path))
        return
    try:
        reader(opened, data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error):
        findings.add("format" if path != "policy.toml" else "card", _shown(path))


def read_csv(data: bytes, header: tuple[str, ...]) -> list[Line]:
    """Read a CSV whose first line is `header` and which is written in canonical form (S2.1)."""
    return [dict(zip(header, line, strict=True)) for line in read_lines(data, header)]


def read_lines(data: bytes, header: tuple[str, ...]) -> list[list[str]]:
    """Read the cells of such a CSV below its header."""
    lines = _cells(data.decode("utf-8"))
    if not lines or tuple(lines[0]) != header:
        raise ValueError("another header")
    if set(map(len, lines)) != {len(header)}:
        raise ValueError("a line with too few or too many cells")
    return lines[1:]


def _cells(text: str) -> list[list[str]]:
    if not text.endswith("\n") or "\r" in text or "\0" in text:
        raise ValueError("not UTF-8 lines that end with LF")
    if '"' not in text:
        return [line.split(",") for line in text[:-1].split("\n")]
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\n").writerows(lines)
    if again.getvalue() != text:
        raise ValueError("quotes where none are needed")
    return lines


def _take_run(opened: RunFolder, data: bytes) -> None:
    run = canonical.decode(data)
    for name, types in FIELDS.items():
        value = run[name]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise TypeError(name)
    opened.run = run


def _take_certificate(opened: RunFolder, data: bytes) -> None:
    certificate = canonical.decode(data)
    if not isinstance(certificate["stages"], list):
        raise TypeError("stages")
    opened.certificate = certificate


def _take_accounts(opened: RunFolder, data: bytes) -> None:
    accounts = canonical.decode(data)
    if not isinstance(accounts["clauses"], list):
        raise TypeError("clauses")
    opened.accounts = accounts


def _take_lots(opened: RunFolder, data: bytes) -> None:
    lots = canonical.decode(data)
    if not isinstance(lots["parties"], list):
        raise TypeError("parties")
    opened.lots = lots


def _take_records(opened: RunFolder, data: bytes) -> None:
    lines = canonical.lines(data)
    for line in lines:
        canonical.decode(line)
    opened.records = lines


def _take_repairs(opened: RunFolder, data: bytes) -> None:
    opened.repairs = canonical.lines(data)


def _take_package(opened: RunFolder, data: bytes) -> None:
    package = canonical.decode(data)
    if package["units"] != "minor" or not isinstance(package["horizon"], dict):
        raise ValueError("not a package in minor units")
    opened.package = package


def _take_card(opened: RunFolder, data: bytes) -> None:
    if len(data) > LONGEST_CARD:
        raise ValueError("a card that is too long")
    card = tomllib.loads(data.decode("utf-8"))
    if not card or len(card.get("objective", ())) > MOST_GOALS or not _is_small(card):
        raise ValueError("a card that says nothing, or too much")
    opened.card = card


def _is_small(value: Any) -> bool:
    """Tell whether no whole number of a card is beyond what one may hold."""
    if isinstance(value, dict):
        value = list(value.values())
    return all(map(_is_small, value)) if isinstance(value, list) else not _is_large(value)


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > LARGEST_OF_CARD


def _take_checkpoint(opened: RunFolder, data: bytes) -> None:
    opened.checkpoint = data.decode("utf-8")


def _take_trace(opened: RunFolder, data: bytes) -> None:
    opened.trace = canonical.decode_lines(data)


def _take_phrases(opened: RunFolder, data: bytes) -> None:
    phrases = canonical.decode(data, canonical=False)
    if not isinstance(phrases, dict):
        raise TypeError("phrases")
    opened.phrases = phrases


def _take_extracts(opened: RunFolder, data: bytes) -> None:
    extracts = canonical.decode(data)
    if not isinstance(extracts, dict):
        raise TypeError("extracts")
    opened.extracts = extracts


def _take_allocation(opened: RunFolder, data: bytes) -> None:
    opened.allocation = read_csv(data, ALLOCATION)


def _take_unmet(opened: RunFolder, data: bytes) -> None:
    opened.unmet = read_csv(data, UNMET)


def _take_regrets(opened: RunFolder, data: bytes) -> None:
    opened.regrets = read_csv(data, REGRETS)


def _take_units(opened: RunFolder, data: bytes) -> None:
    opened.units = read_csv(data, UNITS)


def _take_chances(opened: RunFolder, data: bytes) -> None:
    opened.chances = read_csv(data, CHANCES)


def _take_table(path: str) -> Callable[[RunFolder, bytes], None]:
    def take(opened: RunFolder, data: bytes) -> None:
        opened.tables.append(path.removeprefix("inputs/").removesuffix(".csv"))

    return take


_READERS: dict[str, Callable[[RunFolder, bytes], None]] = {
    "run.json": _take_run, "policy.toml": _take_card, "allocation.csv": _take_allocation,
    "unmet.csv": _take_unmet, "records.jsonl": _take_records, "phrases.json": _take_phrases,
    "checkpoint": _take_checkpoint, "inputs/datapackage.json": _take_package,
    "certificate.json": _take_certificate, "draw.json": _take_lots, "accounts.json": _take_accounts,
    "regrets.csv": _take_regrets, "units.csv": _take_units, digests.REPAIRS: _take_repairs,
    "chances.csv": _take_chances, "trace.jsonl": _take_trace,
    "extracts.json": _take_extracts,
}  # fmt: skip
_TABLES = frozenset(f"inputs/{table}.csv" for table in TABLES)
