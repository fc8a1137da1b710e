"""Draw the demands: sets of needs with up to four possible times."""

from __future__ import annotations

from riverside_week.week import Row, Week, listed, moment


def add_demands(week: Week) -> None:
    """Draw what is asked: every kind of activity at least once, the rest by weight."""
    least = [kind for kind in week.kinds for _ in range(kind.get("at_least", 1))]
    weights = [kind["weight"] for kind in week.kinds]
    asked = least + week.dice.choices(week.kinds, weights, k=week.scarcity.demands - len(least))
    week.dice.shuffle(asked)
    for number, kind in enumerate(asked, start=1):
        demand = _demand(week, f"D-{number:03d}", kind)
        _options(week, demand, kind)
        _needs(week, demand, kind)
        week.drawn.append((demand, kind))
    for demand in week.dice.sample(week.tables["demands"], 2):
        demand["points"] = week.within((30, 90, 5))


def _demand(week: Week, demand_id: str, kind: Row) -> Row:
    """Draw who asks, for how many and how urgently."""
    committees = [a for a in week.structure["actor"] if a["kind"] == "residents_committee"]
    committee = week.dice.choice(committees)
    performer = week.dice.choice(kind.get("performers", [""]))
    own_request = performer and week.chance(40)
    return week.add(
        "demands",
        demand_id=demand_id,
        actor_id=performer if own_request else committee["id"],
        performer_id="" if own_request else performer,
        title=f"{kind['zh']} / {kind['en']}",
        area=committee["area"],
        **week.near(committee["area"]),
        group=kind["group"],
        people=week.within(kind["people"]),
        priority=week.dice.choice(kind["priority"]),
        tags=listed(kind.get("tags", [])),
        purpose=kind["purpose"],
        submitted_at=moment(week.within((-14, -4, 1)), "08:30", week.within((0, 540, 1))),
    )


def _options(week: Week, demand: Row, kind: Row) -> None:
    """Draw up to four possible times of one or two sessions."""
    starts = [(index, clock) for index in kind["days"] for clock in kind.get("hours", [])]
    count = min(week.weighted(week.scarcity.options_each), len(starts))
    for place, (first, clock) in enumerate(sorted(week.dice.sample(starts, count))):
        days = [first]
        later = [index for index in kind["days"] if index > first]
        if later and week.dice.choice(kind.get("sessions", [1])) == 2:
            days.append(week.dice.choice(later))
        minutes = week.dice.choice(kind["length"])
        for index in days:
            week.add(
                "options", demand_id=demand["demand_id"], option_id="abcd"[place],
                start=moment(index, clock), end=moment(index, clock, minutes),
            )  # fmt: skip


def _needs(week: Week, demand: Row, kind: Row) -> None:
    """Draw the set of needs, and say of each that may cost money who pays it."""
    rows = [_need(week, demand, need, place) for place, need in enumerate(kind["need"], start=1)]
    paid = set()
    for row, need in zip(rows, kind["need"], strict=True):
        payees = [rows[place - 1]["need_id"] for place in need.get("pays", [])]
        paid.update(payees)
        row["pays_for"] = listed(payees)
    for row in rows:
        if row["kind"] != "fund" and row["need_id"] not in paid and _costly(week, row):
            row["pays_for"] = "none"


def _need(week: Week, demand: Row, need: Row, place: int) -> Row:
    """Draw one need's quantity and minimum."""
    people = demand["people"]
    quantity = _quantity(week, need, people)
    requires = list(need.get("requires", []))
    if "seats_percent" in need:
        requires.append(f"seats:{people * need['seats_percent'] // 100}")
    return week.add(
        "needs",
        need_id=f"{demand['demand_id']}.{place}",
        demand_id=demand["demand_id"],
        kind=need["kind"],
        quantity=quantity,
        minimum=_minimum(week, need, quantity),
        requires=listed(requires),
        cost_type=need.get("cost_type", ""),
        own_limit=week.within(need["own"]) if "own" in need else "",
        points_per_unit=need.get("worth", ""),
    )


def _quantity(week: Week, need: Row, people: int) -> int:
    """Draw how much is asked: a number, one for each person, or so much a head."""
    if "per_head" in need:
        return int(need["per_head"]) * people
    asked = need.get("quantity", [0, 0, 1])
    return people if asked == "people" else week.within(asked)


def _minimum(week: Week, need: Row, quantity: int) -> int | str:
    """Draw the least that is still of use; blank where it is all or nothing."""
    if need.get("optional"):
        return 0
    if "least_percent" in need:
        return quantity * int(need["least_percent"]) // 100
    if "minimum" in need:
        return int(need["minimum"])
    short = week.within((0, min(need.get("short", 0), quantity - 1), 1)) if quantity else 0
    return quantity - short if short else ""


def _costly(week: Week, need: Row) -> bool:
    """Tell whether some resource this need may be given has a cost."""
    if need["kind"] != "space":
        return True
    kinds = {space["space_kind"] for space in week.tables["spaces"] if space["cost_per_hour"]}
    return any(code in kinds for code in str(need["requires"]).split(";")[0].split("|"))
