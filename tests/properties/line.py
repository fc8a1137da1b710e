"""The whole line of one random week in process, and what the verifier says of its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cogov_opt as cg
from cogov_opt.domain.decision import Decision
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import IssuesError
from cogov_opt.loading import load_policy_text
from cogov_opt.verifying import verify
from cogov_opt.verifying.findings import Finding
from tests.properties.flow_weeks import flow_card, flow_week
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import small_week


@dataclass(frozen=True)
class Line:
    """One decision, and the folder it is recorded in."""

    seed: int
    instance: Instance
    card: Policy
    decision: Decision
    folder: Path


def decided(
    seed: int,
    folder: Path,
    week: Callable[[int], Tables] = small_week,
    card: Callable[[int], str] = small_card,
    **asked: Any,
) -> Line | None:
    """Go the whole way for a seed; None where the week is refused, as some are on purpose."""
    try:
        policy = load_policy_text(card(seed))
        instance = cg.check(week(seed), policy)
        decision = cg.allocate(instance, policy, isolation="none", **asked)
    except IssuesError:
        return None
    cg.record(cg.explain(decision), folder)
    return Line(seed, instance, policy, decision, folder)


def flow_decided(seed: int, folder: Path, size: int = 6, **asked: Any) -> Line | None:
    """Go the whole way for a flow-shaped week."""
    return decided(seed, folder, lambda s: flow_week(s, size), flow_card, **asked)


def found(folder: Path) -> list[Finding]:
    """Give what the verifier finds in a folder."""
    return list(verify(folder).findings)
