"""Write actors and words; draw what funds, spaces and services hold, and who shares what."""

from __future__ import annotations

from riverside_week.week import Row, Week, day, listed, moment, money


def add_fixed(week: Week) -> None:
    """Write actors and words: the same in every week."""
    for actor in week.structure["actor"]:
        week.add(
            "actors", actor_id=actor["id"], name=actor["name"], kind=actor["kind"],
            area=actor["area"], parent_id=actor.get("parent", ""),
        )  # fmt: skip
    for vocabulary, words in week.structure["codes"].items():
        for code, (en, zh, *rest) in words.items():
            parent, sensitive = (*rest, "", "")[:2]
            week.add(
                "codes", vocabulary=vocabulary, code=code, parent=parent, en=en, zh=zh,
                sensitive=sensitive,
            )  # fmt: skip


def add_supplies(week: Week) -> None:
    """Draw what funds, spaces and services hold and cost."""
    for fund in week.structure["fund"]:
        _fund(week, fund)
    for space in week.structure["space"]:
        week.add(
            "spaces", space_id=space["id"], actor_id=space["actor"], space_kind=space["kind"],
            part_of=space.get("part_of", ""), area=space["area"], **week.near(space["area"]),
            seats=space["seats"], features=listed(space["features"]),
            buffer_minutes=space["buffer"],
            cost_per_hour=week.within(space["per_hour"]) if "per_hour" in space else "",
            reference=space["reference"],
        )  # fmt: skip
        _opening(week, space)
    for service in week.structure["service"]:
        week.add(
            "services", service_id=service["id"], actor_id=service["actor"], area=service["area"],
            service_type=service["type"], unit=service["unit"],
            capacity=week.within(service["capacity"]) * week.scarcity.service_percent // 100,
            serves_areas=listed(service.get("serves_areas", [])),
            groups=listed(service.get("groups", [])),
            languages=listed(service.get("languages", [])),
            cost_per_unit=money(week.within(service["per_unit_fen"])),
            reference=service["reference"],
        )  # fmt: skip
        _opening(week, service)


def _fund(week: Week, fund: Row) -> None:
    """Draw one fund's amount, with the strings its giver attached."""
    same = (
        "spend_from",
        "spend_until",
        "min_award",
        "max_per_demand",
        "step",
        "unspent",
        "reference",
    )
    lists = ("purposes", "cost_types", "groups", "areas")
    week.add(
        "funds",
        fund_id=fund["id"],
        actor_id=fund["actor"],
        amount=money(week.within(fund["amount"]) * week.scarcity.fund_percent),
        as_of=day(-3),
        committed=week.within(fund["committed"]) if "committed" in fund else "",
        **{key: listed(fund.get(key, [])) for key in lists},
        **{key: fund.get(key, "") for key in same},
    )


def _opening(week: Week, resource: Row) -> None:
    """Write the hours of a space or service, a row a day."""
    for first, last, start, end in resource.get("hours", []):
        for index in range(first, last + 1):
            cells = {"start": moment(index, start), "end": moment(index, end)}
            week.add("availability", resource_id=resource["id"], **cells)


def add_agreements(week: Week) -> None:
    """Draw how much each actor lets others use."""
    for number, agreement in enumerate(week.structure["agreement"], start=1):
        week.add(
            "agreements",
            agreement_id=f"G-{number:02d}",
            giver_id=agreement["giver"],
            taker_id=agreement["taker"],
            kind=agreement.get("kind", ""),
            resource_id=agreement.get("resource", ""),
            share_percent=week.within(agreement["share"]) if "share" in agreement else "",
            quantity=week.within(agreement["quantity"]) if "quantity" in agreement else "",
            **{
                key: agreement.get(key, "")
                for key in ("per", "valid_from", "valid_until", "reference")
            },
        )
