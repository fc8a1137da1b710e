"""Who gains and who loses by a clause, as its recorded account says (convention S12.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cogov_opt.explaining.names import code_words
from cogov_opt.phrases.reasons import scaled_amount
from cogov_opt.reporting.overview.parts import ClauseEffects, Gain, Side
from cogov_opt.reporting.view import View


def effects_of(view: View, clause: str) -> ClauseEffects | None:
    """Give what the account of a clause says in figures; None where a run holds none."""
    account = view.run.accounts.get(clause)
    if account is None:
        return None
    goal = {"stage": account["stage"], "scale": account["scale"]}
    return ClauseEffects(
        gains=_gains(view, account["gains"]),
        goal=view.name(f"stage {account['stage']}") if account["stage"] else "",
        actors=_sides(view, account["actors"], goal, view.names),
        groups=_sides(view, account["groups"], goal, code_words(view.run, view.language)),
        finding=_finding(view, clause, account["finding"]),
    )


def _gains(view: View, gains: Sequence[str]) -> tuple[Gain, ...]:
    """Give for each goal what it could gain without the clause, and what is open anyway."""
    found = []
    for stage, gained in zip(view.run.header["stages"], gains, strict=True):
        both = (int(gained), min(int(stage["gap"]), int(gained)))
        goal = {"stage": stage["index"], "scale": "1"}
        most, anyway = (_amount(view, number, goal) for number in both)
        found.append(Gain(view.name(f"stage {stage['index']}"), most, anyway, both))
    return tuple(found)


def _sides(
    view: View, lines: Sequence[Sequence[str]], goal: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[Side, ...]:
    """Give those a clause favours and burdens, the most concerned first."""
    found = []
    for name, favours, burdens in lines:
        both = (int(favours), int(burdens))
        shown = names.get(name, name) or view.say("account.nobody")
        for_it, against = (_amount(view, number, goal) for number in both)
        found.append(Side(shown, for_it, against, both))
    return tuple(sorted(found, key=lambda side: (-max(side.amounts), side.name)))


def _amount(view: View, number: int, goal: Mapping[str, Any]) -> str:
    """Write an amount of a goal; nothing for none."""
    if not number:
        return ""
    return scaled_amount(number, goal, view.names, view.currency, view.language)


def _finding(view: View, clause: str, finding: str) -> str:
    owner = str(view.clauses[clause].get("owner", ""))
    return view.say(f"account.{finding}", owner=view.name(owner)) if finding else ""
