"""The repairs of a conflict, read from the answer file that holds their proof."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cogov_opt.errors import RecordError, UnsupportedError
from cogov_opt.recording import Run

QUESTION = ["mend"]
"""What `cogov explain RUN --exact` asks of a run without a plan."""
TOLD = {"kind", "target", "part", "size", "before", "after", "owner", "least", "values"}


def read_repairs(run: Run, place: Path) -> Mapping[str, Any]:
    """
    Read what an answer file claims of the repairs of a run, best first.

    Raises
    ------
    RecordError
        The file cannot be read, is no answer, or is about another run.
    UnsupportedError
        It answers another question.
    """
    try:
        told = json.loads(place.read_bytes())
        question, of = told["question"], (told["run_id"], told["root"])
        claim: dict[str, Any] = told["claim"]
        lines = claim["repairs"] if question == QUESTION else []
        known = all(set(line) >= TOLD and _others_known(run, claim, line) for line in lines)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(f"{place} is no answer file that can be read") from error
    if of != (run.run_id, run.root) or not known:
        raise RecordError(f"{place} is not an answer about this run")
    if question != QUESTION:
        raise UnsupportedError(f"{place} does not tell of repairs: write it by explain --exact -o")
    return claim


def _others_known(run: Run, claim: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Tell whether what a repair costs others can be told: held against a plan, of demands here."""
    if "others" not in line:
        return True
    others, free = line["others"], claim["free"]
    numbers = [others["loss"].removeprefix("-"), others["gain"].removeprefix("-")]
    numbers += [others["exact"], free["exact"]]
    demands = {*others["dropped"], *others["gained"]}
    whole = all(text.isdecimal() for text in numbers)
    return (
        whole and len(free["values"]) == len(line["values"]) and demands <= {*run.by_id("demands")}
    )
