"""The tree over single records, made anew from the files of a run (convention S15.1-S15.3)."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
from typing import TYPE_CHECKING, Any

from . import digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .findings import Findings
    from .reading import RunFolder

FILE = "extracts.json"
FORMAT = 1
MOST_SUBJECTS = 20_000
FACTS = {
    "demand": (("demands", "demand_id"), ("needs", "demand_id"), ("options", "demand_id")),
    "volunteer": (
        ("volunteers", "volunteer_id"), ("credentials", "volunteer_id"),
        ("availability", "resource_id"),
    ),
}  # fmt: skip
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def check(opened: RunFolder, findings: Findings) -> None:
    """Compare extracts.json with the leaves that the other files give; large runs have none."""
    subjects = len(_read(opened, "demands")) + len(_read(opened, "volunteers"))
    if (FILE in opened.digests) != (subjects <= MOST_SUBJECTS):
        findings.add("extract", FILE, str(subjects))
    if FILE not in opened.digests or subjects > MOST_SUBJECTS:
        return
    leaves = [leaf_hash(salt, payload) for payload, salt in leaves_of(opened)]
    right = {
        "format": FORMAT, "run_id": opened.run.get("run_id"), "leaves": len(leaves),
        "root": digests.tree(leaves).hex(),
    }  # fmt: skip
    for name in sorted(right.keys() | opened.extracts.keys()):
        if opened.extracts.get(name) != right.get(name):
            findings.add("extract", FILE, name)


def leaf_hash(salt: bytes, payload: Any) -> bytes:
    """Give the hash of a leaf (S15.3)."""
    inner = hashlib.sha256(salt + _ENCODE(payload).encode("utf-8")).digest()
    return hashlib.sha256(digests.LEAF + inner).digest()


def sealed(salt: bytes, values: Any) -> str:
    """Give the digest that stands for the values of a record."""
    return hashlib.sha256(salt + _ENCODE(values).encode("utf-8")).hexdigest()


def leaves_of(opened: RunFolder) -> list[tuple[Any, bytes]]:
    """Give payload and salt of every leaf, in order of the names."""
    key = _key(opened.folder, opened.digests)
    found = []
    for name, payload in [*_subjects(opened, key), *_prices(opened.certificate)]:
        text = _ENCODE(name)
        found.append((text, payload, _salt(key, text)))
    found.sort(key=lambda leaf: leaf[0].encode("utf-8"))
    return [(payload, salt) for _, payload, salt in found]


def _key(folder: Path, paths: Mapping[str, str]) -> bytes:
    """Give the key of the salts (S15.2)."""
    text = hashlib.sha256(b"cogov_opt salts\n")
    inputs = sorted((p for p in paths if p.startswith("inputs/")), key=str.encode)
    for path in inputs:
        data = (folder / path).read_bytes()
        for part in (path.encode(), b"\0", str(len(data)).encode(), b"\0", data):
            text.update(part)
    return text.digest()


def _salt(key: bytes, name: str) -> bytes:
    return hmac.digest(key, name.encode("utf-8"), "sha256")[:16]


def _subjects(opened: RunFolder, key: bytes) -> Iterator[tuple[list[str], Any]]:
    """Give the leaf of each demand and volunteer."""
    records = [json.loads(line) for line in opened.records]
    shown = []
    for record in records:
        salt = _salt(key, _ENCODE(["values", record["record"]]))
        rest = {k: v for k, v in record.items() if k != "values"}
        shown.append(rest | {"sealed": sealed(salt, record["values"])})
    for kind, tables in FACTS.items():
        of = "demand" if kind == "demand" else "resource"
        facts = [(table, _grouped(_read(opened, table), column)) for table, column in tables]
        rows = _grouped(opened.allocation, of)
        unmet = _grouped(opened.unmet, "demand") if kind == "demand" else {}
        own: dict[str, list[Any]] = {}
        for record in shown:
            own.setdefault(str(record["about"].get(of, "")), []).append(record)
        for identifier in facts[0][1]:
            payload = {
                "type": kind, "id": identifier, "rows": rows.get(identifier, []),
                "unmet": unmet.get(identifier, []), "records": own.get(identifier, []),
                "facts": {table: by[identifier] for table, by in facts if identifier in by},
            }  # fmt: skip
            yield [kind, identifier], payload


def _prices(certificate: Mapping[str, Any] | None) -> Iterator[tuple[list[str], Any]]:
    """Give the leaf of each price."""
    for stage in (certificate or {}).get("stages", []):
        for row, price in stage["prices"]:
            payload = {"type": "price", "stage": stage["index"], "scale": stage["scale"]}
            yield ["price", str(stage["index"]), *row], payload | {"row": row, "price": price}


def _read(opened: RunFolder, table: str) -> list[dict[str, str]]:
    """Read a table of the inputs; none where it has no rows."""
    path = f"inputs/{table}.csv"
    if path not in opened.digests:
        return []
    text = (opened.folder / path).read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _grouped(rows: Sequence[Mapping[str, str]], column: str) -> dict[str, list[dict[str, str]]]:
    """Put rows together by a column, blank cells left out."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row[column], []).append({k: v for k, v in row.items() if v})
    return found
