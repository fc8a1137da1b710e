"""Draw what is settled already, who is near whom, and where figures came from."""

from __future__ import annotations

from riverside_week.week import Row, Week, day


def add_standing(week: Week) -> None:
    """Pin the first activities of the kinds that are settled already; add rows that only inform."""
    for kind in [kind for kind in week.kinds if "pin" in kind]:
        asked = [demand for demand, drawn in week.drawn if drawn is kind]
        for demand in asked[: kind["pins"]]:
            _pin(week, demand, kind["pin"])
    others = [need for need in week.tables["needs"] if need["kind"] == "volunteer"]
    for need in week.dice.sample(others, week.scarcity.standing):
        if need["demand_id"] not in {row["demand_id"] for row in week.tables["standing"]}:
            person = week.dice.choice(week.tables["volunteers"])
            _stand(week, need, "", person["volunteer_id"], week.dice.choice(["draft", "published"]))


def _pin(week: Week, demand: Row, kind: str) -> None:
    """Settle one need of a demand at its first option."""
    need = next(
        n
        for n in week.tables["needs"]
        if n["demand_id"] == demand["demand_id"] and n["kind"] == kind
    )
    option = next(o for o in week.tables["options"] if o["demand_id"] == demand["demand_id"])
    resource = week.structure["meeting_room"] if kind == "space" else _appoint(week, demand, option)
    _stand(week, need, option["option_id"], resource, "pinned")


def _appoint(week: Week, demand: Row, option: Row) -> str:
    """Choose one of the asker's own people who is not yet appointed, and hold that evening free."""
    taken = {row["resource_id"] for row in week.tables["standing"]}
    own = [
        person for person in week.tables["volunteers"]
        if person["actor_id"] == demand["actor_id"] and person["volunteer_id"] not in taken
    ]  # fmt: skip
    person = week.dice.choice(own)
    person |= {"min_minutes": "", "consent_until": ""}
    name, today = person["volunteer_id"], option["start"][:10]
    week.tables["availability"] = [
        row for row in week.tables["availability"]
        if row["resource_id"] != name or not row["start"].startswith(today)
    ]  # fmt: skip
    week.add("availability", resource_id=name, start=f"{today} 13:30", end=f"{today} 22:00")
    return str(name)


def _stand(week: Week, need: Row, option: str, resource: str, status: str) -> None:
    """Write one standing row."""
    week.add(
        "standing", demand_id=need["demand_id"], option_id=option, need_id=need["need_id"],
        resource_id=resource, quantity=1, status=status,
    )  # fmt: skip


def add_affinities(week: Week) -> None:
    """Draw who is glad to help where, what takes double, and how far the providers are."""
    pairs = {
        (week.dice.choice(week.tables["volunteers"])["volunteer_id"], demand["demand_id"])
        for demand in week.dice.choices(week.tables["demands"], k=week.scarcity.affinities)
    }
    for person, demand_id in sorted(pairs):
        week.add(
            "affinities", resource_id=person, demand_id=demand_id, points=week.within((1, 5, 1))
        )
    services = {
        service["service_type"]: service["service_id"] for service in week.tables["services"]
    }
    for need in [n for n in week.tables["needs"] if n["kind"] == "service"]:
        double = need["requires"] == "home_care" and week.chance(40)
        week.add(
            "affinities", resource_id=services[need["requires"]], demand_id=need["demand_id"],
            use_units=2 if double else "", distance=week.within((200, 2800, 50)),
        )  # fmt: skip


def add_provenance(week: Week) -> None:
    """Say where the figures of the funds and services came from."""
    for table, key, fields in (
        ("funds", "fund_id", "amount"),
        ("services", "service_id", "capacity"),
    ):
        for row in week.tables[table]:
            week.add(
                "provenance", table=table, id=row[key], field=fields, source=row["reference"],
                entered_by=row["actor_id"], as_of=day(-3), evidence=f"PZ-{row[key]}",
            )  # fmt: skip
