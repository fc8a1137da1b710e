"""ALLOCATE: pick a strategy by its name and let it decide (design.md 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from cogov_opt.domain.closeness import closest
from cogov_opt.domain.decision import Cancel, Decision, Limits
from cogov_opt.domain.instance import Instance
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import UnsupportedError
from cogov_opt.strategies.context import Context, Isolation, OnEvent, Strategy
from cogov_opt.strategies.lots import with_lots

API = 1
GROUP = "cogov_opt.strategies"
SHIPPED = ("optimum", "pb_greedy", "first_come")

__all__ = ["SHIPPED", "Context", "Strategy", "allocate", "find", "names"]


def names() -> tuple[str, ...]:
    """Name every strategy that can be asked for, without loading any."""
    return (*SHIPPED, *sorted(e.name for e in entry_points(group=GROUP) if e.name not in SHIPPED))


def find(name: str) -> Strategy:
    """
    Give a strategy by its name; one of another package is loaded only here, when named.

    Raises
    ------
    UnsupportedError
        There is none of that name, or it was written for another api.
    """
    if name in SHIPPED:
        return cast("Strategy", import_module(f"{__name__}.{name}"))
    for entry in entry_points(group=GROUP, name=name):
        found: Strategy = entry.load()
        if getattr(found, "api", None) != API:
            raise UnsupportedError(f"strategy '{name}' is not written for api {API}")
        return found
    close = closest(name, names())
    hint = f" Did you mean '{close[0]}'?" if close else f" Known: {', '.join(names())}."
    raise UnsupportedError(f"no strategy is called '{name}'.{hint}")


def allocate(
    instance: Instance,
    policy: Policy,
    *,
    strategy: str | None = None,
    options: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    isolation: Isolation = "child",
    on_event: OnEvent | None = None,
    cancel: Cancel | None = None,
) -> Decision:
    """
    Decide who gets what under a policy.

    Parameters
    ----------
    strategy
        A name; left out, the one the card names.
    options
        Put over the options of the card; they stand in the run.
    isolation
        `child` solves in a process of its own, with hard limits; `none` in this one.

    Infeasible, out of time, out of memory and cancelled are outcomes of the decision; only what
    was asked wrongly raises.
    """
    if isolation not in ("child", "none"):
        raise UnsupportedError(f"isolation is 'child' or 'none', not '{isolation}'")
    name = strategy or policy.strategy
    # Options of a card belong to its own strategy; another one starts from its defaults.
    own = dict(policy.options) if name == policy.strategy else {}
    context = Context(
        strategy=name,
        options=own | dict(options or {}),
        limits=limits or Limits(),
        isolation=isolation,
        on_event=on_event,
        cancel=cancel,
    )
    strategy_found = find(name)
    context, record = with_lots(instance, policy, context)
    decision = strategy_found.allocate(instance, policy, context)
    return decision if record is None else replace(decision, lots=record)
