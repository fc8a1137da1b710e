"""An asked system and the ceilings over it: the arithmetic of S16.2 and S16.3."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Any

from .. import bounds, canonical, feasibility, formulation, trees
from ..case import key_of, number
from ..priced import Row

if TYPE_CHECKING:
    from ..priced import Key, Priced, Stage

ASK: Key = ("ask",)


class AnswerError(ValueError):
    """What an answer says is not so; `code` names the finding that owns it."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(about)
        self.code = code


@dataclass(slots=True)
class Asked:
    """A changed formulation, what is asked of it, and the plan that is weighed against."""

    priced: Priced
    ask: list[str]
    plan: dict[Key, int]
    targets: list[int] = field(default_factory=list)
    planned: bool = False
    ceilings: list[int | None] = field(default_factory=list)
    """For each goal in order its ceiling without the constant; None where no plan is left."""
    reached: list[tuple[dict[Key, int], int, int]] = field(default_factory=list)
    """Where goals give: for each told its own plan, what that is worth, and its ceiling (S16.8)."""

    @property
    def served(self) -> set[str]:
        """Give the demands the plan serves."""
        return {key[1] for key in self.plan if key[0] == "y"}


def ask_row(priced: Priced, ask: list[str]) -> Row | None:
    """Give the row of what is asked (S16.2), None where nothing is."""
    if not ask:
        return None
    word, *names = ask
    if not _known(priced, word, names):
        raise AnswerError("answer", "ask")
    if word in ("serve", "leave"):
        terms = [key for key in priced.columns if key[0] == "y" and key[1] == names[0]]
        if len(names) > 1:
            terms = [key for key in terms if key[2] == names[1]]
    elif word in ("use", "without"):
        terms = [key for key in priced.columns if key[0] == "x" and key[2] == names[0]]
        if len(names) > 1:
            needs = priced.facts.needs
            terms = [key for key in terms if needs[key[1]].demand == names[1]]
    else:
        raise AnswerError("answer", word)
    low, high = (None, 0) if word in ("leave", "without") else (1, None)
    return Row(ASK, low, high, [(key, 1) for key in terms])


def _known(priced: Priced, word: str, names: list[str]) -> bool:
    """Tell whether what is asked names, in the one way there is, what the tables hold (S16.2)."""
    facts = priced.facts
    if word in ("serve", "leave"):
        demand = facts.demands.get(names[0]) if names else None
        most = 2 if word == "serve" else 1
        return demand is not None and len(names) <= most and set(names[1:]) <= set(demand.options)
    known = bool(names) and names[0] in facts.resources and len(names) <= 2
    return known and set(names[1:]) <= set(facts.demands)


def read_plan(asked: Asked, raw: list[Any]) -> None:
    """Read the plan; its values become the targets."""
    asked.planned = True
    asked.plan.update(kept_plan(asked.priced, raw))
    asked.targets = [worth(stage, asked.plan) for stage in asked.priced.stages]


def kept_plan(priced: Priced, raw: list[Any]) -> dict[Key, int]:
    """Read a plan: keys that rise, numbers that are not 0, kept by every column and row."""
    plan = {key_of(name): number(text) for name, text in raw}
    wrong = feasibility.outside(priced.columns, plan)
    wrong += [row.key for row in feasibility.broken_rows(priced.rows, plan)]
    wrong += [key for key, value in plan.items() if not value]
    if wrong or not _rising(raw):
        raise AnswerError("answer_plan", canonical.text(wrong[0]) if wrong else "order")
    return plan


def add_ask(asked: Asked) -> None:
    """Put the row of what is asked behind the others."""
    row = ask_row(asked.priced, asked.ask)
    if row is not None:
        asked.priced.rows.append(row)


def _rising(raw: list[Any]) -> bool:
    """Tell whether the keys of [[key, number]...] rise, each standing once."""
    names = [canonical.encode(name) for name, _ in raw]
    return all(one < two for one, two in pairwise(names))


def read_chain(asked: Asked, raw: list[dict[str, Any]]) -> None:
    """Work out every ceiling, each over the rows of what is asked and of the goals before it."""
    add_ask(asked)
    for place, entry in enumerate(raw):
        if number(entry["stage"]) == 0:
            _empty(asked, entry)
            return
        bound = ceiling(asked.priced, place + 1, entry)
        asked.ceilings.append(bound)
        if place < len(asked.targets):
            stage = asked.priced.stages[place]
            asked.priced.rows.append(_floor(asked.priced, stage, asked.targets[place]))


def ceiling(priced: Priced, k: int, entry: dict[str, Any]) -> int | None:
    """Give the ceiling of goal k over some rows, without the constant; None if no plan is left."""
    if set(entry) - {"stage", "scale", "prices", "bound", "tree"}:
        raise AnswerError("unknown", "ceiling")
    if number(entry["scale"]) == 0:
        _no_plan(priced, entry)
        return None
    stage = priced.stages[k - 1]
    bound = _ceiling(priced, stage, entry)
    if entry["bound"] != str(_stated(stage, bound)):
        raise AnswerError("answer_ceiling", str(stage.index))
    return bound


def _empty(asked: Asked, entry: dict[str, Any]) -> None:
    """Note that no plan is left."""
    _no_plan(asked.priced, entry)
    asked.ceilings.append(None)


def _no_plan(priced: Priced, entry: dict[str, Any]) -> None:
    """Prices at scale 0 whose bound is below 0 prove that no plan is left (S10.5)."""
    prices = _prices(priced, entry["prices"])
    told = number(entry["scale"]) or entry["bound"] or "tree" in entry
    if told or formulation.bound(priced, priced.stages[0], prices, 0) >= 0:
        raise AnswerError("answer_ceiling", "0")


def _ceiling(priced: Priced, stage: Stage, entry: dict[str, Any]) -> int:
    """Give g floor(B / (S g)) of one goal (S10.2)."""
    if number(entry["stage"]) != stage.index:
        raise AnswerError("answer_ceiling", "order")
    scale = number(entry["scale"])
    if scale < 1:
        raise AnswerError("answer_ceiling", "scale")
    prices = _prices(priced, entry["prices"])
    step = gcd(*stage.costs.values()) or 1
    if "tree" in entry:
        return _by_tree(priced, stage, entry["tree"], (prices, scale, step))
    return step * (formulation.bound(priced, stage, prices, scale) // (scale * step))


def _by_tree(
    priced: Priced, stage: Stage, entry: dict[str, Any], own: tuple[dict[Key, int], int, int]
) -> int:
    """Give what a branch tree proves of one goal (S10.6); the prices beside it are its own."""
    prices, scale, step = own
    if set(entry) != trees.ENTRY:
        raise AnswerError("unknown", "tree")
    value = _maximised(stage, number(entry["bound"])) - number(entry["gap"])
    if value % step:
        # No plan is worth this: one step above it is no bound on what comes after it.
        raise AnswerError("answer_ceiling", "tree")
    at = bounds.ground(priced.columns, priced.rows)
    goal = trees.Goal(
        stage.index,
        [(at.column_at[key], cost) for key, cost in stage.costs.items()],
        value,
        scale,
        [(at.row_at[key], price) for key, price in prices.items()],
    )
    try:
        found = trees.Walk(at, [goal], value, step).through(entry)
    except trees.TreeError as error:
        raise AnswerError("answer_ceiling", str(error)) from None
    told = [entry["optimal"], entry["leaves"], entry["open"], entry["gap"]]
    right = [not found.open, str(found.leaves), str(found.open), str(found.bound - value)]
    if told != right:
        raise AnswerError("answer_ceiling", "tree")
    return found.bound


def _prices(priced: Priced, raw: list[Any]) -> dict[Key, int]:
    """Read prices: of rows there are, none 0, each on a side that is finite."""
    rows = {row.key: row for row in priced.rows}
    found: dict[Key, int] = {}
    for name, text in raw:
        key, price = key_of(name), number(text)
        row = rows.get(key)
        if row is None or not price or (row.upper if price > 0 else row.lower) is None:
            raise AnswerError("answer_ceiling", canonical.text(key))
        found[key] = price
    if not _rising(raw):
        raise AnswerError("answer_ceiling", "order")
    return found


def _maximised(stage: Stage, stated: int) -> int:
    """Give a value as the card states it in maximised form without the constant (S9.3)."""
    return (-stated if stage.sense == "minimise" else stated) - stage.constant


def _stated(stage: Stage, value: int) -> int:
    """Give a value as the card states it (S9.3)."""
    full = value + stage.constant
    return -full if stage.sense == "minimise" else full


def _floor(priced: Priced, stage: Stage, value: int) -> Row:
    """Give the row that keeps a goal for those after it (S9.4)."""
    return formulation.stage_row(priced, stage.index, kept(stage, value))


def kept(stage: Stage, value: int) -> int:
    """Give what later goals leave of a value (S9.4)."""
    return value - (stage.give_points or abs(value) * stage.give_percent // 100)


def worth(stage: Stage, plan: dict[Key, int]) -> int:
    """Give what a plan is worth at a goal, maximised and without the constant."""
    return sum(v * stage.costs.get(key, 0) for key, v in plan.items())
