"""Money by fund, with what it bought."""

from __future__ import annotations

from collections.abc import Mapping

from cogov_opt.explaining.names import code_words
from cogov_opt.reporting.overview.parts import (
    DemandAccount,
    FundAccount,
    Named,
    Purchase,
    Reason,
)  # fmt: skip
from cogov_opt.reporting.overview.reasons import Reasons
from cogov_opt.reporting.view import View
from cogov_opt.reporting.worth import fund_free

TIES = ("purposes", "cost_types", "groups", "areas")
OWN = ""
"""Stands for the fund of a performer's own money."""


def accounts(
    view: View, demands: Mapping[str, DemandAccount], reasons: Reasons
) -> tuple[FundAccount, ...]:
    """Give each fund in order of id, then the performers' own money if there is any."""
    words = code_words(view.run, view.language)
    bought: dict[str, list[Purchase]] = {}
    for row in view.run.allocation:
        if row["kind"] == "fund":
            bought.setdefault(row["resource"], []).append(
                Purchase(
                    demand=Named(row["demand"], demands[row["demand"]].title),
                    buys=view.name(row["buys"]),
                    cost_type=words.get(row["cost_type"], row["cost_type"]),
                    payee=Named(row["payee"], view.name(row["payee"])),
                    amount=int(row["quantity"]),
                    reason=reasons.of(row["record"]),
                )
            )
    unused = {about["resource"]: reason for about, reason in reasons.all_of("unused")}
    found = [
        _account(view, row, bought.get(row["fund_id"], []), words, unused)
        for row in view.run.table("funds")
    ]
    if bought.get(OWN):
        own, nobody = Named(OWN, view.label("own_money")), Named("", "")
        found.append(FundAccount(own, nobody, 0, tuple(bought[OWN]), (), "", None))
    return tuple(found)


def _account(
    view: View, row: Mapping[str, str], bought: list[Purchase], words: Mapping[str, str],
    unused: Mapping[str, Reason],
) -> FundAccount:  # fmt: skip
    """Give one fund."""
    identifier = row["fund_id"]
    return FundAccount(
        fund=Named(identifier, view.name(identifier)),
        giver=Named(row["actor_id"], view.name(row["actor_id"])),
        free=fund_free(row),
        purchases=tuple(bought),
        ties=tuple(_ties(view, row, words)),
        unspent=row["unspent"],
        unused=unused.get(identifier),
    )


def _ties(view: View, row: Mapping[str, str], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Say what a fund's giver allows: purposes, types of cost, groups, areas, days."""
    comma = view.label("list")
    found = [
        (view.say(f"field.{name}"), comma.join(words.get(c, c) for c in row[name].split(";")))
        for name in TIES
        if row[name]
    ]
    if row["spend_from"] or row["spend_until"]:
        days = f"{row['spend_from'] or '…'} – {row['spend_until'] or '…'}"
        found.append((view.say("report.spend"), days))
    if row["unspent"]:
        found.append((view.say("report.unspent"), view.word(f"word.{row['unspent']}", "")))
    return found
