"""The reason of a demand that a refusal is about (convention S12.4, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .reasons import MOST_BY, SCARCE, Reason, column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .case import Case, Refused
    from .facts import Demand
    from .priced import Key


def refused_reason(case: Case, demand: Demand, options: list[str]) -> Reason:
    """Give the reason at the easiest option: the one that takes least of scarce things."""
    refused = case.refused[demand.id]
    if not refused.scale and refused.stage == 1:
        return "incompatible", {}, "exact"
    taken = _taken(case, refused) if refused.scale else {}
    lists = {option: _lines(case, demand, option, taken) for option in options}
    option = min(options, key=lambda name: (sum(-line[0] for line in lists[name]), name))
    scale = refused.scale or 1
    by = sorted(line for line in lists[option] if line[0] < 0)[:MOST_BY]
    told: dict[str, Any] = {
        "option": option, "stage": refused.stage, "margin": scale * refused.low, "scale": scale,
        "by": [[need, resource, -amount] for amount, need, resource in by],
        "low": refused.low, "refused": True,
    }  # fmt: skip
    return "outpriced", told, "bound"


def _taken(case: Case, refused: Refused) -> dict[Key, int]:
    """Give what each column takes of scarce things, at the prices of a refusal."""
    taken: dict[Key, int] = {}
    for name, price in refused.prices.items():
        if name[0] in SCARCE:
            for key, coefficient in case.rows[name].terms:
                taken[key] = taken.get(key, 0) + price * coefficient
    return taken


def _lines(
    case: Case, demand: Demand, option: str, taken: Mapping[Key, int]
) -> list[tuple[int, str, str]]:
    """Give (less what is taken, need, resource) of the candidate of each need that takes least."""
    found = []
    for need in demand.needs:
        keys = [column(need.id, option, c) for c in case.priced.candidates[need.id][option]]
        if keys:
            key = min(keys, key=lambda k: (taken.get(k, 0), k[2], k[4]))
            found.append((-taken.get(key, 0), need.id, key[2]))
    return found
