"""The account of a clause as lines: what lifting it could gain, whom it favours and burdens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cogov_opt.explaining.subjects import Line, clauses_of
from cogov_opt.recording import Run

BARRING = ("forbid", "require", "earmark", "pin")
"""Kinds whose rows are always at their bound: to say so says nothing."""
SHOWN = 4
"""Most actors, and most groups, that are named on each side."""


def account_lines(run: Run, clause: str) -> Iterator[Line]:
    """Tell the account of a clause; nothing where a run holds none."""
    account = run.accounts.get(clause)
    if account is None:
        return
    if account["tight"] and clauses_of(run)[clause]["kind"] not in BARRING:
        yield Line("account.tight", {"count": account["tight"], "rows": account["rows"]}, 1)
    if account["barred"]:
        yield Line("account.barred", {"count": account["barred"]}, 1)
    yield from _gains(run, account)
    yield from _sides(account, "actors", "name")
    yield from _sides(account, "groups", "group")
    if account["finding"]:
        owner = str(clauses_of(run)[clause].get("owner", ""))
        yield Line(f"account.{account['finding']}", {"owner": owner}, 1)


def _gains(run: Run, account: Mapping[str, Any]) -> Iterator[Line]:
    """Tell for each goal what lifting the clause could gain at most, and what is open anyway."""
    for stage, gain in zip(run.header["stages"], account["gains"], strict=True):
        values = {"stage": stage["index"], "scale": "1", "gained": gain}
        if gain == "0":
            yield Line("account.gain_none", {"stage": stage["index"]}, 1)
        elif int(stage["gap"]) > 0:
            yield Line("account.gain_open", values | {"least": stage["gap"]}, 1)
        else:
            yield Line("account.gain", values, 1)


def _sides(account: Mapping[str, Any], side: str, key: str) -> Iterator[Line]:
    """Name those a clause favours and those it burdens at its first goal, the most first."""
    goal = {"stage": account["stage"], "scale": account["scale"]}
    for place, word in ((1, "favours"), (2, "burdens")):
        found = sorted((line for line in account[side] if line[place] != "0"),
                       key=lambda line: (-int(line[place]), line[0]))  # fmt: skip
        for line in found[:SHOWN]:
            values = {key: line[0], "gained": line[place], **goal}
            yield Line(f"account.{key}_{word}", values, 2)
