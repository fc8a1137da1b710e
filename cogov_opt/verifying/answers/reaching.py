"""What goals reach before later ones take back from them: the arithmetic of S16.8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import feasibility, formulation
from .chains import AnswerError, Asked, add_ask, ceiling, kept, kept_plan, read_chain, worth

if TYPE_CHECKING:
    from ..priced import Key, Priced

REACH = frozenset({"plan", "ceiling"})


def gives(priced: Priced) -> bool:
    """Tell whether later goals may take something back from earlier ones."""
    return any(stage.give_percent or stage.give_points for stage in priced.stages[:-1])


def read_bounds(asked: Asked, raw: dict[str, Any], question: str) -> None:
    """
    Read what bounds all other plans: the chain, where goals give after what they reach.

    A question of changes asks what goals reach at all; any other, what they reach if it is done.
    """
    if not gives(asked.priced):
        read_chain(asked, raw["chain"])
        return
    if question != "change":
        add_ask(asked)
    read_reached(asked, raw.get("reached", []))
    if question == "change":
        add_ask(asked)
    read_last(asked, raw["chain"])


def read_reached(asked: Asked, raw: list[dict[str, Any]]) -> None:
    """Read what goals reach, in order; each leaves its row, of what it must keep at least."""
    priced = asked.priced
    for place, entry in enumerate(raw):
        if set(entry) != REACH:
            raise AnswerError("unknown", "reached")
        stage, where = priced.stages[place], f"reached {place + 1}"
        plan = kept_plan(priced, entry["plan"])
        if not keeps(asked, plan):
            raise AnswerError("answer_plan", where)
        bound = ceiling(priced, place + 1, entry["ceiling"])
        value = worth(stage, plan)
        if bound is None or bound < value:
            raise AnswerError("answer_ceiling", where)
        asked.reached.append((plan, value, bound))
        row = formulation.stage_row(priced, stage.index, kept(stage, value))
        priced.rows.append(row)


def stands(priced: Priced, plan: dict[Key, int]) -> bool:
    """Tell whether a plan keeps every column's bounds and every row."""
    if feasibility.outside(priced.columns, plan):
        return False
    return next(iter(feasibility.broken_rows(priced.rows, plan)), None) is None


def keeps(asked: Asked, plan: dict[Key, int]) -> bool:
    """Tell whether a plan surely keeps enough of every goal told: what its ceiling asks for."""
    return all(
        worth(stage, plan) >= kept(stage, bound)
        for stage, (_, _, bound) in zip(asked.priced.stages, asked.reached, strict=False)
    )


def read_last(asked: Asked, raw: list[dict[str, Any]]) -> None:
    """Read the ceiling over all that do what is asked: of the goal after those told, if any."""
    if len(raw) > 1:
        raise AnswerError("answer_ceiling", "order")
    for entry in raw:
        found = ceiling(asked.priced, len(asked.reached) + 1, entry)
        if found is None and entry["stage"] != "0":
            raise AnswerError("answer_ceiling", "order")
        asked.ceilings.append(found)


def sign(asked: Asked) -> str:
    """Compare all that do what is asked with the plan, at the last goal: below, level, or ""."""
    if not asked.ceilings or not keeps(asked, asked.plan):
        return ""
    most = asked.ceilings[0]
    if most is None:
        return "below"
    if len(asked.reached) != len(asked.targets) - 1 or most > asked.targets[-1]:
        return ""
    return "below" if most < asked.targets[-1] else "level"


def before(asked: Asked, published: dict[Key, int]) -> bool:
    """Tell whether the plan comes before the published one: that keeps too little, or is less."""
    stages = asked.priced.stages
    if len(asked.reached) != len(stages) - 1 or not keeps(asked, asked.plan):
        return False
    short = any(
        worth(stage, published) < kept(stage, value)
        for stage, (_, value, _) in zip(stages, asked.reached, strict=False)
    )
    return short or worth(stages[-1], published) < asked.targets[-1]


def of_parts(asked: Asked, unchanged: Priced, demand: str) -> bool:
    """Tell whether a proof speaks of every part of its edits too: its plans do without them."""
    plans = [plan for plan, _, _ in asked.reached]
    if any(key[:2] == ("y", demand) for plan in plans for key in plan):
        return False
    return all(stands(unchanged, plan) for plan in (asked.plan, *plans))
