"""What forcing one decision costs, from a plan and the ceilings over all plans (S16.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..case import key_of, number
from .chains import AnswerError, ask_row, kept, worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..priced import Key
    from .chains import Asked


def exact_claim(asked: Asked, published: dict[Key, int], own: list[list[Any]]) -> dict[str, Any]:
    """
    Give the claim that plan and ceilings bear out, against what was published.

    `own` is, where goals give, the plan by which each goal of the run reached its value.
    """
    if not asked.planned:
        return {"proven": "impossible" if asked.ceilings == [None] else "none"}
    row = ask_row(asked.priced, asked.ask)
    total = 0 if row is None else sum(asked.plan.get(key, 0) for key, _ in row.terms)
    if row is not None and (
        total < (row.lower or 0) or (row.upper is not None and total > row.upper)
    ):
        raise AnswerError("answer_plan", "does not do what is asked")
    for stage, (_, value, _) in zip(asked.priced.stages, asked.reached, strict=False):
        if worth(stage, asked.plan) < kept(stage, value):
            raise AnswerError("answer_plan", f"keeps too little of {stage.index}")
    before = {key[1] for key in published if key[0] == "y"}
    others = {
        "dropped": sorted(before - asked.served),
        "gained": sorted(asked.served - before),
    }
    return _weighed(asked, list(_lines(asked, published, own))) | others


def with_moves(
    claim: dict[str, Any], told: dict[str, Any], asked: Asked, published: dict[Key, int]
) -> dict[str, Any]:
    """Give the claim with the exchange that is told, if it leads from one plan to the other."""
    if "moves" not in told:
        return claim
    moves = {key_of(name): number(change) for name, change in told["moves"]}
    differs = {
        key: asked.plan.get(key, 0) - published.get(key, 0)
        for key in asked.plan.keys() | published.keys()
        if key[0] == "x" and asked.plan.get(key, 0) != published.get(key, 0)
    }
    if moves != differs or len(moves) != len(told["moves"]) or claim["proven"] != "nothing":
        raise AnswerError("answer_claim", "moves")
    return {**claim, "moves": told["moves"]}


def _lines(
    asked: Asked, published: dict[Key, int], own: list[list[Any]]
) -> Iterator[tuple[int, int, int]]:
    """Give, goal by goal, what the run reaches, the ceiling, and what the new plan reaches."""
    for place, stage in enumerate(asked.priced.stages):
        now = worth(stage, published)
        if own:
            plan = {key_of(name): number(text) for name, text in own[place]}
            now = max(now, worth(stage, plan))
            if place < len(asked.reached):
                yield now, asked.reached[place][2], asked.reached[place][1]
        elif place < len(asked.ceilings):
            ceiling = asked.ceilings[place]
            if ceiling is None:
                return
            yield now, ceiling, asked.targets[place]


def _weighed(asked: Asked, lines: list[tuple[int, int, int]]) -> dict[str, Any]:
    """Give the first goal that differs, and between what it loses."""
    stages = asked.priced.stages
    for stage, (now, ceiling, target) in zip(stages, lines, strict=False):
        least, most = now - ceiling, now - target
        if least == most == 0:
            continue
        word = "exact" if least == most else "interval"
        return {"proven": word, "goal": str(stage.index), "least": str(least), "most": str(most)}
    return {"proven": "nothing" if len(lines) == len(stages) else "none"}
