"""Quantities, times and money that cannot be meant, found by comparing whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cogov_opt.checking.words import ANYONE
from cogov_opt.domain.calendar import REACH_DAYS
from cogov_opt.domain.fields import BLANK
from cogov_opt.domain.instance import Ragged
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.tables import RESOURCE_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cogov_opt.checking.columns import Context
    from cogov_opt.checking.drafts import Draft
    from cogov_opt.checking.references import Drafts
    from cogov_opt.domain.policy import Policy

VOLUNTEER, FUND, SPACE, SERVICE = range(4)
_PAIRS = (
    ("volunteers", "min_minutes", "max_minutes", "minimum_over_maximum"),
    ("needs", "minimum", "quantity", "minimum_over_quantity"),
    ("funds", "committed", "amount", "committed_over_amount"),
    ("credentials", "valid_from", "valid_until", "from_after_until"),
    ("agreements", "valid_from", "valid_until", "from_after_until"),
    ("funds", "spend_from", "spend_until", "from_after_until"),
)
"""Two columns of a table of which the first may not exceed the second."""
FAR_OFF = 100
_ENOUGH = 4
"""Fund needs a purpose must have before one of them can be called unusual."""


def check_quantities(drafts: Drafts, context: Context, policy: Policy | None) -> None:
    """Compare columns with each other, with the horizon and with the card."""
    for name, low, high, code in _PAIRS:
        found = drafts[name]
        first, second = found.ints(low), found.ints(high)
        wrong = (first != BLANK) & (second != BLANK) & (first > second)
        found.wrong(np.flatnonzero(wrong), low, code, low=low, high=high)
    for name in ("volunteers", "spaces", "demands"):
        found = drafts[name]
        half = _blank_rows(found, "lat") != _blank_rows(found, "lon")
        found.wrong(np.flatnonzero(half), "lat", "half_place")
    _intervals(drafts["availability"])
    _intervals(drafts["options"])
    _options(drafts["options"], context)
    _needs(drafts)
    _affinities(drafts["affinities"], drafts)
    _priorities(drafts["demands"], policy)
    if not context.trusted:
        _unusual_amounts(drafts)


def _intervals(found: Draft) -> None:
    """Refuse intervals that are empty, reversed, or have one end only."""
    start, end = found.ints("start"), found.ints("end")
    given = (start != BLANK) & (end != BLANK)
    found.wrong(np.flatnonzero(given & (end <= start)), "end", "end_before_start")
    if found.name != "options":
        return
    blank_text = [_blank_rows(found, c) for c in ("start", "end")]
    found.wrong(np.flatnonzero(blank_text[0] != blank_text[1]), "start", "half_interval")


def _blank_rows(found: Draft, column: str) -> NDArray[np.bool_]:
    """Tell, in sorted order, which cells were left blank."""
    text = found.text(column)
    blank = np.array([not v or v.isspace() for v in text.values], dtype=bool)
    loaded: NDArray[np.bool_] = blank[text.codes]
    return loaded if found.order is None else loaded[found.order]


def _options(found: Draft, context: Context) -> None:
    """Hold sessions to the horizon, and an option to being timed or not in all its rows."""
    start = found.ints("start")
    if context.calendar is None or not len(found):
        return
    timed = start != BLANK
    last = int(context.calendar.midnights[REACH_DAYS + context.calendar.days])
    outside = timed & ((start < 0) | (start >= last))
    found.wrong(np.flatnonzero(outside), "start", "outside_horizon")
    ids = found.columns["option_id"]
    if isinstance(ids, TextColumn):
        same = (found.ints("demand_id")[1:] == found.ints("demand_id")[:-1]) & (
            ids.codes[1:] == ids.codes[:-1]
        )
        mixed = np.flatnonzero(same & (timed[1:] != timed[:-1])) + 1
        found.wrong(mixed, "start", "half_interval")


def _needs(drafts: Drafts) -> None:
    """Hold demands to having needs, and needs to the columns of their kind."""
    needs, demands = drafts["needs"], drafts["demands"]
    kind, owner = needs.ints("kind"), needs.ints("demand_id")
    asked = np.bincount(owner[owner >= 0], minlength=len(demands))
    if len(needs):
        demands.wrong(np.flatnonzero(asked == 0), "demand_id", "empty_demand")
    known, fund = kind >= 0, kind == FUND
    own = needs.ints("own_limit")
    told: dict[str, Any] = {"kind": "fund"}
    needs.wrong(np.flatnonzero(known & ~fund & (own != BLANK)), "own_limit", "not_for_kind", **told)
    typed = needs.ints("cost_type") >= 0
    needs.wrong(
        np.flatnonzero(known & ~fund & typed), "cost_type", "not_for_kind", "warning", **told
    )
    _payments(needs, kind, owner)


def _payments(needs: Draft, kind: NDArray[Any], owner: NDArray[Any]) -> None:
    """Hold `pays_for` to other needs of the same demand, each paid once."""
    lists = needs.columns["pays_for"]
    if not isinstance(lists, Ragged):
        raise TypeError("pays_for")
    payer, paid = lists.owners(), lists.values
    none = paid == ANYONE
    others = payer[~none & (kind[payer] != FUND) & (kind[payer] >= 0)]
    needs.wrong(np.unique(others), "pays_for", "not_for_kind", kind="fund")
    needs.wrong(np.unique(payer[none & (kind[payer] == FUND)]), "pays_for", "none_for_fund")
    payer_n, paid_n = payer[~none], paid[~none]
    elsewhere = payer_n[owner[payer_n] != owner[paid_n]]
    needs.wrong(np.unique(elsewhere), "pays_for", "pays_elsewhere")
    needs.wrong(np.unique(payer_n[kind[paid_n] == FUND]), "pays_for", "pays_a_fund")
    by_funds = paid_n[kind[payer_n] == FUND]
    times = np.bincount(by_funds, minlength=len(needs))
    needs.wrong(np.flatnonzero(times > 1), "need_id", "paid_twice")
    says_none = np.zeros(len(needs), dtype=bool)
    says_none[payer[none]] = True
    needs.wrong(np.flatnonzero(says_none & (times > 0)), "pays_for", "paid_and_none")


def _affinities(found: Draft, drafts: Drafts) -> None:
    """Keep use_units to services."""
    first_service = sum(len(drafts[n]) for n in ("volunteers", "funds", "spaces"))
    resource = found.ints("resource_id")
    wrong = (found.ints("use_units") != BLANK) & (resource >= 0) & (resource < first_service)
    found.wrong(np.flatnonzero(wrong), "use_units", "not_for_kind", kind="service")


def uses_points(policy: Policy) -> bool:
    """Tell whether a card counts points of demands at all."""
    terms = {t.term for o in policy.objectives for t in o.terms}
    measures = {getattr(c.parameters, "measure", None) for c in policy.clauses}
    measures |= {t.measure for o in policy.objectives for t in o.terms}
    return bool(terms & {"served_points", "unmet_points"} or "points" in measures)


def _priorities(found: Draft, policy: Policy | None) -> None:
    """Hold every priority that needs a line in the card to having one."""
    if policy is None or not uses_points(policy):
        return
    priority, points = found.ints("priority"), found.ints("points")
    priority = np.where(priority == BLANK, 3, priority)
    lines = list(policy.points.priority)
    missing = (points == BLANK) & ~np.isin(priority, lines)
    for value in np.unique(priority[missing]).tolist():
        rows = np.flatnonzero(missing & (priority == value))
        found.wrong(rows, "priority", "priority_without_line", priority=value, card=policy.id)


def _unusual_amounts(drafts: Drafts) -> None:
    """Warn of fund needs a hundred times off the rest of their purpose (fen typed as yuan)."""
    needs = drafts["needs"]
    quantity, owner = needs.ints("quantity"), needs.ints("demand_id")
    rows = np.flatnonzero((needs.ints("kind") == FUND) & (quantity > 0) & (owner >= 0))
    purpose = drafts["demands"].ints("purpose")[owner[rows]]
    for value in np.unique(purpose).tolist():
        group = rows[purpose == value]
        if len(group) < _ENOUGH:
            continue
        amounts = np.sort(quantity[group])
        usual = int(amounts[(len(amounts) - 1) // 2])
        off = (quantity[group] >= FAR_OFF * usual) | (quantity[group] * FAR_OFF <= usual)
        needs.wrong(group[off], "quantity", "unusual_amount", "warning", times=FAR_OFF)


def check_standing(drafts: Drafts) -> None:
    """Hold standing rows to needs of their demand, options there are, and resources of the kind."""
    found, needs, options = drafts["standing"], drafts["needs"], drafts["options"]
    if not len(found):
        return
    demand, need = found.ints("demand_id"), found.ints("need_id")
    placed = np.flatnonzero((demand >= 0) & (need >= 0))
    elsewhere = needs.ints("demand_id")[need[placed]] != demand[placed]
    found.wrong(placed[elsewhere], "need_id", "need_elsewhere")
    bounds = np.cumsum([len(drafts[n]) for n in ("volunteers", "funds", "spaces", "services")])
    resource = found.ints("resource_id")
    kind = np.searchsorted(bounds, resource, side="right")
    wrong = (resource[placed] >= 0) & (kind[placed] != needs.ints("kind")[need[placed]])
    found.wrong(placed[wrong], "resource_id", "wrong_kind")
    texts, ids = found.columns["option_id"], options.columns["option_id"]
    if isinstance(texts, TextColumn) and isinstance(ids, TextColumn):
        known = set(zip(options.ints("demand_id").tolist(), ids.cells(), strict=True))
        given = zip(demand.tolist(), texts.cells(), strict=True)
        unknown = [i for i, (d, o) in enumerate(given) if o and d >= 0 and (d, o) not in known]
        found.wrong(unknown, "option_id", "unknown_option")


def check_agreements(drafts: Drafts) -> None:
    """Hold agreements to resources their giver owns, of the kind they name."""
    found = drafts["agreements"]
    resource, kind = found.ints("resource_id"), found.ints("kind")
    names = ("volunteers", "funds", "spaces", "services")
    owners = np.concatenate([drafts[n].ints("actor_id") for n in names])
    bounds = np.cumsum([len(drafts[n]) for n in names])
    named = np.flatnonzero(resource >= 0)
    strange = named[owners[resource[named]] != found.ints("giver_id")[named]]
    found.wrong(strange, "resource_id", "not_the_givers")
    # `kind` of an agreement lists volunteer, space, service; the kinds of resources have fund too.
    its_kind = np.searchsorted(bounds, resource[named], side="right")
    words = np.array([RESOURCE_KINDS.index(w) for w in ("volunteer", "space", "service")])
    said = np.where(kind[named] >= 0, words[np.maximum(kind[named], 0)], its_kind)
    found.wrong(named[(said != its_kind) | (its_kind == FUND)], "kind", "wrong_kind")
