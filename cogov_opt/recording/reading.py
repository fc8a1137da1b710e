"""A run, read: from its folder or from memory, each file when it is asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from cogov_opt.domain.tables import contracts
from cogov_opt.errors import RecordError
from cogov_opt.recording.merkle import run_root

Row = dict[str, str]


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder by their path within it, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, path: str) -> bytes:
        """Read one file."""
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise KeyError(path) from error

    def __iter__(self) -> Iterator[str]:
        """List the paths, in order."""
        found = (p for p in self.folder.rglob("*") if p.is_file())
        return iter(sorted(p.relative_to(self.folder).as_posix() for p in found))

    def __len__(self) -> int:
        """Count the files."""
        return sum(1 for _ in self)


class Run:
    """
    One decision's complete folder, on disk or in memory.

    `files` maps each path to its bytes. Nothing here is believed: `cogov_opt.verify` checks it.
    """

    def __init__(self, files: Mapping[str, bytes], path: Path | None = None) -> None:
        self.files = files
        self.path = path

    def __repr__(self) -> str:
        """Say which run it is."""
        return f"Run({self.run_id}{f', {self.path}' if self.path else ''})"

    @property
    def run_id(self) -> str:
        """Give the run's id."""
        return str(self.header["run_id"])

    @property
    def root(self) -> str:
        """Give the root its checkpoint states."""
        lines = self._read("checkpoint").decode("utf-8", "replace").splitlines()
        return lines[2] if len(lines) > 2 else ""

    def recomputed_root(self) -> str:
        """Give the root of the files as they are."""
        return run_root(self.files)

    @cached_property
    def header(self) -> dict[str, Any]:
        """Give run.json."""
        return self._json("run.json")

    @property
    def has_plan(self) -> bool:
        """Tell whether the run holds a plan."""
        ended = self.header["termination"]
        return bool(self.allocation or self.records) or ended in ("optimal", "done")

    @cached_property
    def package(self) -> dict[str, Any]:
        """Give inputs/datapackage.json."""
        return self._json("inputs/datapackage.json")

    @cached_property
    def certificate(self) -> dict[str, Any]:
        """Give certificate.json."""
        return self._json("certificate.json")

    @property
    def certificate_detail(self) -> dict[str, Any]:
        """Give what stopped the work of a run without a plan; nothing elsewhere."""
        if "certificate.json" not in self.files:
            return {}
        found: dict[str, Any] = self.certificate.get("detail", {})
        return found

    @cached_property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """Give what each clause does to the plan, by clause; nothing where no prices are."""
        if "accounts.json" not in self.files:
            return {}
        return {line["clause"]: line for line in self._json("accounts.json")["clauses"]}

    @cached_property
    def units(self) -> dict[tuple[str, str], Row] | None:
        """Give what units.csv tells, by resource and change; None where there is none."""
        if "units.csv" not in self.files:
            return None
        return {(row["resource"], row["change"]): row for row in self._csv("units.csv")}

    @cached_property
    def chances(self) -> dict[str, Row] | None:
        """Give what chances.csv tells, by need; None where there is none."""
        if "chances.csv" not in self.files:
            return None
        return {row["need"]: row for row in self._csv("chances.csv")}

    @cached_property
    def lots(self) -> dict[str, Any]:
        """Give draw.json: the lots that gave the seed, where they did."""
        return self._json("draw.json")

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Give provenance.json: outside the root, told by whoever made the run."""
        return self._json("provenance.json") if "provenance.json" in self.files else {}

    @cached_property
    def trace(self) -> list[dict[str, Any]]:
        """Give the steps of trace.jsonl; none where the run has none."""
        if "trace.jsonl" not in self.files:
            return []
        return [json.loads(line) for line in self._read("trace.jsonl").splitlines()]

    @cached_property
    def allocation(self) -> list[Row]:
        """Give the rows of allocation.csv."""
        return self._csv("allocation.csv")

    @cached_property
    def unmet(self) -> list[Row]:
        """Give the rows of unmet.csv."""
        return self._csv("unmet.csv")

    @cached_property
    def records(self) -> dict[str, dict[str, Any]]:
        """Give the justifications by their id."""
        lines = self._read("records.jsonl").decode("utf-8").splitlines()
        return {r["record"]: r for r in map(json.loads, lines)}

    def table(self, name: str) -> list[Row]:
        """Give the rows of a table of the inputs; none where the table has no rows."""
        path = f"inputs/{name}.csv"
        return self._csv(path) if path in self.files else []

    def by_id(self, name: str) -> dict[str, Row]:
        """Give the rows of a table by their id."""
        if name not in self._tables:
            key = contracts()[name].key[0]
            self._tables[name] = {row[key]: row for row in self.table(name)}
        return self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, dict[str, Row]]:
        return {}

    def _read(self, path: str) -> bytes:
        try:
            return self.files[path]
        except KeyError as error:
            raise RecordError(f"{self.path or 'the run'}: {path} is missing") from error

    def _json(self, path: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._read(path))
        except ValueError as error:
            raise RecordError(f"{self.path or 'the run'}: {path} is not JSON") from error
        return found

    def _csv(self, path: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self._read(path).decode("utf-8"), newline="")))


def read_run(path: str | Path) -> Run:
    """
    Read a run folder.

    Raises
    ------
    RecordError
        There is no such folder, or it holds no run.
    """
    folder = Path(path)
    if not (folder / "run.json").is_file():
        raise RecordError(f"{folder} holds no run: there is no run.json in it")
    return Run(FolderFiles(folder), folder)


def read_sealed(path: str | Path) -> Run:
    """
    Read a run folder whose files still have the root that its checkpoint states.

    Raises
    ------
    RecordError
        There is no run, or a file of it was changed, added or taken away since it was sealed.
    """
    run = read_run(path)
    if run.recomputed_root() != run.root:
        raise RecordError(
            f"{path}: the files do not give the root that the checkpoint states; the run was "
            f"edited. 'cogov verify {path}' says more."
        )
    return run
