"""Copies of honest runs that a lie may edit: files in memory, with their tables and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.formulation import Key
from cogov_opt.domain.tables import contracts
from tests.properties.small_weeks import Dice

Rows = list[dict[str, str]]


@dataclass
class Honest:
    """One honest run: where it stands, and the decision it was written from."""

    name: str
    folder: Path
    decision: Decision

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Give every file."""
        paths = [p for p in sorted(self.folder.rglob("*")) if p.is_file()]
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in paths}

    @cached_property
    def row_keys(self) -> list[Key]:
        """Give the keys of the rows that may be priced, those of stages left out."""
        rows = self.decision.formulation.rows
        return [rows.key(i) for i in range(len(rows))]

    @cached_property
    def column_keys(self) -> list[Key]:
        """Give the keys of the columns."""
        columns = self.decision.formulation.columns
        return [columns.key(j) for j in range(len(columns))]


class Copy:
    """A run that is being lied about; nothing stands on disk until it is written."""

    def __init__(self, honest: Honest, dice: Dice) -> None:
        self.honest, self.dice = honest, dice
        self.files = dict(honest.files)

    @property
    def changed(self) -> bool:
        """Tell whether any file is another."""
        return self.files != self.honest.files

    def json(self, path: str) -> Any:
        """Give a JSON file's value."""
        return json.loads(self.files[path])

    def put(self, path: str, value: Any) -> None:
        """Write a JSON file."""
        self.files[path] = canonical_json(value)

    def lines(self, path: str) -> list[Any]:
        """Give the values of a file of JSON lines."""
        return [json.loads(line) for line in self.files[path].splitlines()]

    def put_lines(self, path: str, values: list[Any]) -> None:
        """Write a file of JSON lines."""
        self.files[path] = b"".join(canonical_json(v) + b"\n" for v in values)

    def rows(self, path: str) -> Rows:
        """Give the rows of a CSV file; none where it is absent."""
        text = self.files.get(path, b"").decode("utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def put_rows(self, path: str, rows: Rows) -> None:
        """Write a CSV file with the header it had; a table of inputs is kept in its order."""
        header = self.honest.files[path].decode("utf-8").split("\n", 1)[0].split(",")
        if path.startswith("inputs/"):
            key = contracts()[Path(path).stem].key
            rows = sorted(rows, key=lambda row: [row[c] for c in key])
            if not rows:
                del self.files[path]
                return
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.files[path] = out.getvalue().encode("utf-8")

    def write(self, folder: Path) -> Path:
        """Write the copy as a folder, in place of what stood there; equal files stay."""
        stand = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
        for path in stand.keys() - self.files.keys():
            stand[path].unlink()
        for path, data in self.files.items():
            if path not in stand or stand[path].read_bytes() != data:
                place = folder / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        return folder
