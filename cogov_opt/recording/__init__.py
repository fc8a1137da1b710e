"""RECORD: a decision and its reasons in canonical bytes, under one root (convention S13)."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cogov_opt
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.certificate import Certificate, Trace
from cogov_opt.domain.justification import Explained
from cogov_opt.phrases import LANGUAGES, RECORDED, VERSION, phrase_set
from cogov_opt.recording.certificates import certificate_file, trace_lines
from cogov_opt.recording.extracts import FILE as EXTRACTS
from cogov_opt.recording.extracts import MOST_SUBJECTS, extracts_file
from cogov_opt.recording.inputs import input_files
from cogov_opt.recording.merkle import checkpoint, run_root
from cogov_opt.recording.reading import Run, read_run, read_sealed
from cogov_opt.recording.regrets import REGRET_COLUMNS, regret_rows
from cogov_opt.recording.repairs import repair_places
from cogov_opt.recording.rows import (
    ALLOCATION_COLUMNS,
    UNMET_COLUMNS,
    allocation_rows,
    csv_bytes,
    unmet_rows,
)  # fmt: skip
from cogov_opt.recording.run_file import run_file
from cogov_opt.recording.signing import load_key, signed_note
from cogov_opt.recording.totals import given_by_need
from cogov_opt.recording.units import CHANCE_COLUMNS, UNIT_COLUMNS, chance_rows, unit_rows
from cogov_opt.recording.writing import refuse_existing, write_folder


def record(
    explained: Explained,
    folder: str | Path | None = None,
    *,
    attempt: int = 1,
    supersedes: str | None = None,
    key: bytes | None = None,
    key_name: str = "cogov_opt",
) -> Run:
    """
    Write a decision with its reasons as a run.

    Parameters
    ----------
    explained
        What `explain` gave.
    folder
        Where the run is to stand; must not exist. Left out, the run stays in memory.
    attempt
        Which try this is with the same inputs, card and options; part of the run id.
    supersedes
        The id of the run this one replaces.
    key
        An Ed25519 private key in PEM; with it the checkpoint is signed under `key_name`.

    Raises
    ------
    UnsupportedError
        The folder exists.
    RecordError
        The folder cannot be written; nothing of it is left.
    """
    place = Path(folder) if folder is not None else None
    if place is not None:
        refuse_existing(place)
    files = decision_files(explained)
    header = run_file(explained.decision, files, attempt, supersedes)
    files["run.json"] = canonical_json(header)
    tables = explained.decision.instance.tables
    if len(tables["demands"]) + len(tables["volunteers"]) <= MOST_SUBJECTS:
        files[EXTRACTS] = extracts_file(files, header["run_id"])
    note = checkpoint(header["run_id"], run_root(files))
    files["checkpoint"] = signed_note(note, key_name, load_key(key)) if key else note
    files["provenance.json"] = canonical_json(provenance(explained))
    if place is not None:
        write_folder(place, files)
    return Run(files, place)


def decision_files(explained: Explained) -> dict[str, bytes]:
    """Give every file of a run but run.json, extracts.json, the checkpoint and the provenance."""
    decision = explained.decision
    files = input_files(decision.instance)
    files["policy.toml"] = decision.policy.text
    files["allocation.csv"] = csv_bytes(ALLOCATION_COLUMNS, allocation_rows(explained))
    unmet = unmet_rows(explained, given_by_need(decision))
    files["unmet.csv"] = csv_bytes(UNMET_COLUMNS, unmet)
    lines = (canonical_json(r.to_dict()) + b"\n" for r in explained.records)
    files["records.jsonl"] = b"".join(lines)
    files["phrases.json"] = canonical_json(phrases())
    if decision.lots is not None:
        files["draw.json"] = canonical_json(decision.lots)
    if isinstance(decision.evidence, Certificate) and decision.evidence.regrets is not None:
        files["regrets.csv"] = csv_bytes(REGRET_COLUMNS, regret_rows(decision))
    if explained.accounts:
        files["accounts.json"] = canonical_json({"clauses": list(explained.accounts)})
    if explained.units is not None:
        files["units.csv"] = csv_bytes(UNIT_COLUMNS, unit_rows(explained.units))
    if explained.chances is not None:
        files["chances.csv"] = csv_bytes(CHANCE_COLUMNS, chance_rows(explained.chances))
    if isinstance(decision.evidence, Trace):
        files["trace.jsonl"] = trace_lines(decision.evidence)
    else:
        files["certificate.json"] = canonical_json(certificate_file(decision))
    return files


def phrases() -> dict[str, Any]:
    """Give the phrase set in force, both languages."""
    return {"version": VERSION, **{lang: phrase_set(lang, RECORDED) for lang in LANGUAGES}}


def provenance(explained: Explained) -> Mapping[str, Any]:
    """Tell with what and when the run was made, and what the solver claimed: outside the root."""
    decision = explained.decision
    evidence = decision.evidence
    stages = evidence.stages if isinstance(evidence, Certificate) else ()
    minimised = {s.index for s in decision.formulation.stages if s.sense == "minimise"}
    claimed = {
        str(s.index): repr(-s.claimed if s.index in minimised else s.claimed)
        for s in stages
        if s.claimed is not None
    }
    return {
        "cogov_opt": cogov_opt.__version__,
        "python": platform.python_version(),
        "host": f"{platform.system()} {platform.machine()}",
        "recorded_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "claimed_bounds": claimed,
        "repairs": repair_places(decision.instance),
        **{k: _told(v) for k, v in decision.provenance.items()},
    }


def _told(value: Any) -> Any:
    """Give a provenance value; floats and others as text."""
    if isinstance(value, Mapping):
        return {str(k): _told(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_told(v) for v in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)


__all__ = ["Run", "read_run", "read_sealed", "record"]
