"""
The tree over single records, from which one person's own part can be shown alone (convention S15).

Everything is made of the files of a run: a leaf for each demand, each volunteer and each price.
Salts are derived from the inputs and written nowhere: who holds the whole run can make them anew,
who holds one extract has the salts of its own leaves only.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.recording.merkle import tree_root

FILE = "extracts.json"
FORMAT = 1
SALT = 16
MOST_SUBJECTS = 20_000
"""Demands and volunteers together, beyond which a run commits to no single records (S15.1)."""
OWN_TABLES = {
    "demand": {"demands": "demand_id", "needs": "demand_id", "options": "demand_id"},
    "volunteer": {
        "volunteers": "volunteer_id", "credentials": "volunteer_id", "availability": "resource_id",
    },
}  # fmt: skip
"""The tables whose rows are a subject's own facts, and the column that names the subject."""

Name = tuple[str, ...]
Payload = dict[str, Any]
Files = Mapping[str, bytes]
Row = dict[str, str]


@dataclass(frozen=True)
class Leaf:
    """One leaf: its name, what it says, and its salt."""

    name: Name
    payload: Payload
    salt: bytes

    @property
    def digest(self) -> bytes:
        """Give what the tree is built over: SHA-256 of salt and payload."""
        return sha256(self.salt + canonical_json(self.payload)).digest()


class Extracts:
    """The leaves of a run, made of its files, in the order of their names."""

    def __init__(self, files: Files) -> None:
        self.files = files

    @cached_property
    def key(self) -> bytes:
        """Give the key of all salts: a digest of the inputs that is published nowhere."""
        found = sha256(b"cogov_opt salts\n")
        for path in sorted((p for p in self.files if p.startswith("inputs/")), key=str.encode):
            content = self.files[path]
            found.update(path.encode() + b"\x00" + str(len(content)).encode() + b"\x00" + content)
        return found.digest()

    def salt(self, name: Sequence[str]) -> bytes:
        """Give the salt of a leaf, or of the values of a record."""
        return hmac.digest(self.key, canonical_json(list(name)), "sha256")[:SALT]

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Give every leaf."""
        made = [*self._subjects("demand"), *self._subjects("volunteer"), *self._prices()]
        found = [Leaf(name, payload, self.salt(name)) for name, payload in made]
        return sorted(found, key=lambda leaf: canonical_json(list(leaf.name)))

    @property
    def root(self) -> str:
        """Give the root of the tree in hex."""
        return tree_root([leaf.digest for leaf in self.leaves]).hex()

    @cached_property
    def records(self) -> dict[str, Payload]:
        """Give the records by their id, as they stand."""
        lines = self.files["records.jsonl"].decode("utf-8").splitlines()
        return {record["record"]: record for record in map(json.loads, lines)}

    def sealed(self, record: Mapping[str, Any]) -> str:
        """Give the digest that stands for the values of a record until they are opened."""
        salt = self.salt(("values", str(record["record"])))
        return sha256(salt + canonical_json(record["values"])).hexdigest()

    def _subjects(self, kind: str) -> Iterator[tuple[Name, Payload]]:
        """Give what the run holds about each subject of a kind."""
        own = OWN_TABLES[kind]
        facts = {name: self._by(f"inputs/{name}.csv", column) for name, column in own.items()}
        column = "demand" if kind == "demand" else "resource"
        rows = self._by("allocation.csv", column)
        unmet = self._by("unmet.csv", "demand") if kind == "demand" else {}
        records: dict[str, list[Payload]] = {}
        for record in self.records.values():
            records.setdefault(str(record["about"].get(column, "")), []).append(
                {k: v for k, v in record.items() if k != "values"} | {"sealed": self.sealed(record)}
            )
        for identifier in facts[f"{kind}s"]:
            yield (
                (kind, identifier),
                {
                    "type": kind, "id": identifier,
                    "facts": {n: t[identifier] for n, t in facts.items() if identifier in t},
                    "rows": rows.get(identifier, []), "unmet": unmet.get(identifier, []),
                    "records": records.get(identifier, []),
                },
            )  # fmt: skip

    def _prices(self) -> Iterator[tuple[Name, Payload]]:
        """Give every price of every stage."""
        certificate = json.loads(self.files.get("certificate.json", b'{"stages":[]}'))
        for stage in certificate["stages"]:
            for key, price in stage["prices"]:
                told = {"stage": stage["index"], "scale": stage["scale"], "row": key}
                name = ("price", str(stage["index"]), *key)
                yield name, {"type": "price", **told, "price": price}

    def _by(self, path: str, column: str) -> dict[str, list[Row]]:
        """Give the rows of a table by one of its columns, in order, without blank cells."""
        found: dict[str, list[Row]] = {}
        for row in _rows(self.files.get(path, b"")):
            found.setdefault(row[column], []).append({k: v for k, v in row.items() if v})
        return found


def _rows(content: bytes) -> Iterable[Row]:
    return csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))


def extracts_file(files: Files, run_id: str) -> bytes:
    """Write extracts.json: which run, how many leaves, and their root."""
    found = Extracts(files)
    told = {"format": FORMAT, "run_id": run_id, "leaves": len(found.leaves), "root": found.root}
    return canonical_json(told)


class _Paths:
    """Audit paths of one tree; each subtree is hashed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self._roots: dict[tuple[int, int], bytes] = {}

    def path(self, index: int) -> list[str]:
        """Give the path of one leaf."""
        low, high = 0, len(self.leaves)
        found: list[str] = []
        while high - low > 1:
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            if index < middle:
                found.append(self._root(middle, high).hex())
                high = middle
            else:
                found.append(self._root(low, middle).hex())
                low = middle
        return found[::-1]

    def _root(self, low: int, high: int) -> bytes:
        if (low, high) not in self._roots:
            self._roots[low, high] = self._made(low, high)
        return self._roots[low, high]

    def _made(self, low: int, high: int) -> bytes:
        if high - low == 1:
            return sha256(b"\x00" + self.leaves[low]).digest()
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        return sha256(b"\x01" + self._root(low, middle) + self._root(middle, high)).digest()


def audit_paths(leaves: Sequence[bytes], indexes: Iterable[int]) -> dict[int, list[str]]:
    """Give the siblings from some leaves up to the root, lowest first (RFC 6962, 2.1.1)."""
    paths = _Paths(leaves)
    return {index: paths.path(index) for index in indexes}
