"""One run under verification: its files, what they mean, and what was found so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .face import Face
    from .facts import Facts
    from .findings import Findings
    from .parts import Parts
    from .plan import Plan
    from .policy import Card
    from .priced import Key, Priced, Row
    from .reading import RunFolder

DIGITS = 300
"""Digits of a number of evidence, at most."""
_DECIMAL = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
PROCEDURES = ("pb_greedy", "first_come")
STRATEGIES = ("optimum", *PROCEDURES)
OPTIONS = {
    "optimum": frozenset(["seed", "draw", "regrets", "soften", "lots", "tree", "leaves", "cuts"]),
    "pb_greedy": frozenset(["variant", "tie_break", "threshold", "seed", "lots"]),
    "first_come": frozenset(["seed", "lots"]),
}
"""The options each strategy has a meaning for."""


@dataclass(slots=True)
class StageProof:
    """
    One stage as the prices give it (S10), in maximised form without the constant.

    `reduced` holds v of every column that is not 0, `prices` Y of every row that has one.
    """

    index: int
    scale: int
    prices: dict[Key, int]
    reduced: Mapping[Key, int]
    costs: Mapping[Key, int]
    value: int = 0
    published: int = 0
    bound_scaled: int = 0
    step: int = 1
    optimal: bool = False
    shares: dict[Key, int] = field(default_factory=dict)
    rounding: int = 0
    floor: int = 0
    """What later stages must leave of the value (S9.4)."""
    sense: str = "maximise"
    own: Mapping[Key, int] = field(default_factory=dict)
    """The stage's own plan, which reaches `value`."""
    settled: bool = False
    """Proven best, and later stages give nothing of it back."""
    parts: Parts | None = None
    """The parts its problem falls into, once they were asked for (S10.13)."""
    tree: dict[str, Any] | None = None
    """The tree as it stands in the certificate, once it was found sound."""
    tree_bound: int | None = None
    tree_complete: bool = False
    tree_rows: set[Key] = field(default_factory=set)

    @property
    def certified_bound(self) -> int:
        """Give the best bound that prices or the tree prove (S10.6)."""
        return self.bound if self.tree_bound is None else min(self.bound, self.tree_bound)

    @property
    def certified_optimal(self) -> bool:
        """Whether prices or the tree prove the value best."""
        return self.optimal or self.tree_complete

    @property
    def bound(self) -> int:
        """Give g floor(B / (S g)) (S10.2)."""
        return self.step * (self.bound_scaled // (self.scale * self.step))


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal that holds (S10.10): its stage, its prices at a scale, the least that is lost."""

    stage: int
    scale: int
    low: int
    prices: Mapping[Key, int]


@dataclass(slots=True)
class Case:
    """Everything the later checks ask; `values` is the plan: every column that is not 0."""

    opened: RunFolder
    findings: Findings
    facts: Facts
    card: Card
    priced: Priced
    plan: Plan
    values: dict[Key, int]
    proofs: list[StageProof] = field(default_factory=list)
    before: dict[Key, int] = field(default_factory=dict)
    """The columns whose value before the draw was another, with that value; filled by `ties`."""
    exact: bool = False
    """Whether every stage of a flow run is proven without any gap (S10.7); filled by `ties`."""
    face: Face | None = None
    """What may still move in such a run."""
    tied: set[Key] = field(default_factory=set)
    """The x columns some plan as good gives another amount, in a run that is exact."""
    refused: dict[str, Refused] = field(default_factory=dict)
    """The refusals that hold, by demand; filled by `refusals`."""
    rows: dict[Key, Row] = field(default_factory=dict)
    """Every row by its key, stage rows included once `certificates` left them."""
    reasons: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """Record id and code of an assignment (d, o, n, r, g), filled by `records`."""
    unmet: list[dict[str, str]] = field(default_factory=list)
    """The lines unmet.csv must have, filled by `records`."""
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the replayed procedure did at each demand, filled by `traces`."""

    def rows_of(self, stage: int) -> list[Row]:
        """Give the rows of a stage: of those that keep values only the ones of stages before."""
        return [r for r in self.priced.rows if r.key[0] != "stage" or int(r.key[1]) < stage]

    @property
    def strategy(self) -> str:
        """Name the strategy of the run."""
        return str(self.opened.run.get("strategy"))

    @property
    def procedural(self) -> bool:
        """Whether the evidence is a trace."""
        return self.strategy in PROCEDURES

    @property
    def seed(self) -> str:
        """Give the seed of the draw, "" if there is none."""
        return str((self.opened.run.get("draw") or {}).get("seed", ""))

    @property
    def counter(self) -> int:
        """Give the counter of the draw."""
        counter = (self.opened.run.get("draw") or {}).get("counter", 0)
        return counter if isinstance(counter, int) else 0


def number(text: Any) -> int:
    """Read a decimal string of the one form it has (S10.3)."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise ValueError(f"not a decimal string: {text!r}")
    if len(text) - text.startswith("-") > DIGITS:
        raise ValueError(f"a number of more than {DIGITS} digits")
    return int(text)


def key_of(raw: Any) -> Key:
    """Read a key: a JSON array of strings."""
    if not isinstance(raw, list) or not all(isinstance(part, str) for part in raw):
        raise ValueError("not a key")
    return tuple(raw)


def shown(key: Key) -> str:
    """Write a key for a finding."""
    return canonical.text(key)
