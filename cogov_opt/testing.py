"""
Shipped checks for whoever extends cogov_opt, and what tests of lies need.

`reseal` packs an edited run honestly again: after it, only the check that owns a fact can tell.
"""

from __future__ import annotations

import json
from pathlib import Path

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.recording import Run, read_run
from cogov_opt.recording.digests import digest, input_digest, input_digests, option_digest, run_id
from cogov_opt.recording.extracts import FILE as EXTRACTS
from cogov_opt.recording.extracts import extracts_file
from cogov_opt.recording.merkle import checkpoint, run_root


def reseal(folder: str | Path) -> Run:
    """
    Recompute every digest, the run id and the root of a run folder, in place.

    Parameters
    ----------
    folder
        A run folder, edited or not. Any signature of its checkpoint is dropped.

    Returns
    -------
    Run
        The run as it now stands.
    """
    place = Path(folder)
    files = dict(read_run(place).files)
    header = json.loads(files["run.json"])
    inputs = input_digests(files)
    card = digest(files["policy.toml"])
    options = option_digest(header["strategy"], header["options"])
    header["inputs"] = inputs
    header["card"]["digest"] = card
    header["run_id"] = run_id(input_digest(inputs), card, options, int(header["attempt"]))
    files["run.json"] = canonical_json(header)
    if EXTRACTS in files:
        files[EXTRACTS] = extracts_file(files, header["run_id"])
    files["checkpoint"] = checkpoint(header["run_id"], run_root(files))
    for name in {"run.json", EXTRACTS, "checkpoint"} & files.keys():
        (place / name).write_bytes(files[name])
    return read_run(place)


__all__ = ["reseal"]
