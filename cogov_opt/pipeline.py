"""The whole line, read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cogov_opt.checking import check
from cogov_opt.domain.decision import Cancel, Limits
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.policy import Policy
from cogov_opt.explaining import explain
from cogov_opt.loading import load, load_policy
from cogov_opt.recording import Run, record
from cogov_opt.recording.writing import refuse_existing
from cogov_opt.solving.events import Event
from cogov_opt.strategies import allocate

DEFAULT_CARD = "needs-first"

OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a decision is asked for, beside its data and its card."""

    strategy: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    format: str | None = None
    attempt: int = 1
    supersedes: str | None = None
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the caller listens to, and how it stops the work."""

    on_event: OnEvent | None = None
    cancel: Cancel | None = None

    def tell(self, kind: str, **values: int | str) -> None:
        """Tell the caller what happened, if anybody listens."""
        if self.on_event is not None:
            self.on_event(Event(kind, values))


def run(
    source: str | Path,
    card: str | Path | None,
    folder: str | Path | None,
    options: Options | None = None,
    hooks: Hooks | None = None,
) -> Run:
    """Load, check, allocate, explain and record: the whole way through."""
    asked, told = options or Options(), hooks or Hooks()
    if folder is not None:
        refuse_existing(Path(folder))
    instance, policy = checked(source, card, asked.format, told)
    decision = allocate(
        instance,
        policy,
        strategy=asked.strategy,
        options=asked.settings,
        limits=asked.limits,
        on_event=told.on_event,
        cancel=told.cancel,
    )
    explained = explain(decision)
    told.tell("explain", count=len(explained.records))
    made = record(
        explained, folder, attempt=asked.attempt, supersedes=asked.supersedes, key=asked.key
    )
    told.tell("record", path=str(folder or ""))
    return made


def checked(
    source: str | Path, card: str | Path | None, format_name: str | None, told: Hooks
) -> tuple[Instance, Policy]:
    """Load and check a dataset under its card."""
    tables = load(source, format=format_name)
    told.tell("load", source=str(source), **{n: len(t) for n, t in tables.tables.items()})
    policy = chosen_card(tables, card, told)
    instance = check(tables, policy)
    told.tell("check", warnings=len(instance.warnings), repairs=len(instance.repairs))
    return instance, policy


def chosen_card(tables: Tables, card: str | Path | None, told: Hooks) -> Policy:
    """Give the card asked for; else the one the dataset names; else needs-first."""
    if card is not None:
        return load_policy(card)
    named = str(tables.package.get("policy") or "")
    told.tell("policy", card=named or DEFAULT_CARD, why="dataset" if named else "default")
    return load_policy(named or DEFAULT_CARD)
