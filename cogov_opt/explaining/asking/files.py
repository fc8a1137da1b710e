"""An answer as a file: the question, what was changed, plans and ceilings (convention S16.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.formulation import Formulation, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.errors import RecordError
from cogov_opt.explaining.asking.asks import Ask
from cogov_opt.explaining.asking.edits import Edit
from cogov_opt.explaining.asking.reaching import Reach
from cogov_opt.proving.ceilings import Ceiling
from cogov_opt.recording import Run
from cogov_opt.recording.writing import refuse_existing

FORMAT = 1


@dataclass(frozen=True)
class Weighing:
    """
    One weighed system of an answer: the edits and the ask that make it, a plan, and a chain.

    `plan` (of `formulation`) is a plan of the changed inputs; its values are what the chain is
    weighed against, goal by goal.
    """

    edits: Sequence[Edit]
    ask: Ask
    formulation: Formulation
    plan: IntArray | None
    chain: Sequence[Ceiling]
    reached: Sequence[Reach] = ()
    """Where goals give: what each reaches, before later goals take back from it (S16.8)."""

    def to_dict(self) -> dict[str, Any]:
        """Give the weighing as canonical JSON values."""
        stages = self.formulation.stages
        told: dict[str, Any] = {
            "edits": [list(e) for e in self.edits],
            "ask": list(self.ask),
            "plan": None if self.plan is None else plan_pairs(self.formulation, self.plan),
            "chain": [_ceiling(c, stages) for c in self.chain],
        }
        reached = [
            {
                "plan": plan_pairs(self.formulation, r.plan),
                "ceiling": _ceiling(r.ceiling, stages),
            }
            for r in self.reached
        ]
        return told | ({"reached": reached} if reached else {})


def plan_pairs(formulation: Formulation, plan: IntArray) -> list[list[Any]]:
    """Give the columns of a plan that are not 0, sorted by the canonical JSON of the key."""
    used = np.flatnonzero(plan[: len(formulation.columns)]).tolist()
    return _pairs((formulation.columns.key(j), int(plan[j])) for j in used)


def _pairs(items: Any) -> list[list[Any]]:
    found = [(canonical_json(list(key)), [list(key), str(number)]) for key, number in items]
    return [pair for _, pair in sorted(found, key=lambda x: x[0])]


def _ceiling(ceiling: Ceiling, stages: Sequence[Stage]) -> dict[str, Any]:
    """Give one ceiling; its bound as the card states it, blank where nothing is left."""
    bound = ""
    if not ceiling.empty:
        stage = next(s for s in stages if s.index == ceiling.stage)
        bound = str(stage.stated(ceiling.bound + stage.constant))
    found: dict[str, Any] = {
        "stage": str(ceiling.stage),
        "scale": str(ceiling.scale),
        "prices": _pairs(ceiling.prices),
        "bound": bound,
    }
    return found | ({"tree": ceiling.tree} if ceiling.tree is not None else {})


@dataclass(frozen=True)
class AnswerFile:
    """What an answer file holds: all that is needed to check it beside the run."""

    run: Run
    question: Sequence[str]
    claim: Mapping[str, Any]
    weighings: Sequence[Weighing | Mapping[str, Any]] = field(default_factory=tuple)
    """As weighed here, or as a child told them: JSON-ready already."""

    def to_dict(self) -> dict[str, Any]:
        """Give the file as canonical JSON values."""
        return {
            "answer": FORMAT,
            "run_id": self.run.run_id,
            "root": self.run.root,
            "question": list(self.question),
            "claim": dict(self.claim),
            "weighings": [
                w.to_dict() if isinstance(w, Weighing) else dict(w) for w in self.weighings
            ],
        }

    def write(self, path: str | Path) -> Path:
        """
        Write the file; it must not exist.

        Raises
        ------
        UnsupportedError
            Something of that name exists.
        RecordError
            It cannot be written.
        """
        place = Path(path)
        refuse_existing(place)
        try:
            place.write_bytes(canonical_json(self.to_dict()))
        except OSError as error:
            raise RecordError(f"{place} cannot be written: {error.strerror}") from error
        return place
