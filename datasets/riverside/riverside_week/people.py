"""Draw the people, their certificates and the hours they give."""

from __future__ import annotations

from riverside_week.week import Row, Week, day, listed, moment

WALKS = ("retired", "retired", "employed", "employed", "student")


def add_volunteers(week: Week) -> None:
    """Draw the people of every actor, with certificates and the hours they give."""
    for actor in week.structure["actor"]:
        for _ in range(actor["volunteers"]):
            walk = week.dice.choice(WALKS)
            skills = _skills(week, actor.get("strong_in", []))
            row = _volunteer(week, actor, walk, skills)
            _certificates(week, row, skills)
            if not week.chance(week.scarcity.silent_percent):
                _hours(week, row, walk)


def _skills(week: Week, strong_in: list[str]) -> dict[str, int]:
    """Draw what a person knows, and how well; an actor's own field comes first."""
    wanted = week.weighted(week.scarcity.skills_each)
    known = [week.dice.choice(strong_in)] if strong_in else []
    every = list(week.structure["codes"]["skill"])
    while len(known) < wanted:
        skill = week.dice.choice(every)
        if skill not in known:
            known.append(skill)
    return {skill: week.weighted(week.scarcity.levels) for skill in known}


def _volunteer(week: Week, actor: Row, walk: str, skills: dict[str, int]) -> Row:
    """Draw one person of an actor."""
    place = actor["area"]
    tongues = ["mandarin"] + ["local_speech"] * week.chance(60)
    if "language" in actor and week.chance(70):
        tongues.append(actor["language"])
    vetted = week.chance(90 if actor.get("vetted") else week.scarcity.vetted_percent)
    return week.add(
        "volunteers",
        volunteer_id=f"V-{len(week.tables['volunteers']) + 1:03d}",
        actor_id=actor["id"],
        area=place,
        **week.near(place, decimals=3),
        skills=listed(
            [code if level == 1 else f"{code}:{level}" for code, level in skills.items()]
        ),
        tags=listed([walk] + ["vetted"] * vetted),
        languages=listed(tongues),
        max_minutes=week.within(week.scarcity.minutes_each),
        min_minutes=week.maybe(6, (60, 120, 30)),
        max_slots=week.within(week.scarcity.slots_each),
        buffer_minutes=week.maybe(70, (10, 30, 10)),
        cost_per_slot=week.maybe(week.scarcity.allowance_percent, (20, 40, 10)),
        consent_until=day(week.within((3, 6, 1))) if week.chance(3) else "",
        submitted_at=moment(week.within((-14, -4, 1)), "08:00", week.within((0, 720, 1))),
    )


def _certificates(week: Week, person: Row, skills: dict[str, int]) -> None:
    """Draw the certificates that go with what a person knows; some lapse within the week."""
    known = week.structure["certificates"]
    for code in sorted({known[skill] for skill in skills if skill in known}):
        if week.chance(week.scarcity.certified_percent):
            number = len(week.tables["credentials"]) + 1
            week.add(
                "credentials", volunteer_id=person["volunteer_id"], credential=code,
                valid_from=day(week.within((-900, -400, 1))), valid_until=_last_day(week),
                reference=f"ZS-{number:03d}", checked_by=person["actor_id"],
            )  # fmt: skip


def _last_day(week: Week) -> str:
    """Draw the last day of a certificate: long gone, within the week, or far off."""
    drawn = week.dice.randrange(100)
    if drawn < week.scarcity.lapsed_percent:
        return day(week.within((-90, -1, 1)))
    if drawn < week.scarcity.lapsed_percent + week.scarcity.lapsing_percent:
        return day(week.within((0, 4, 1)))
    return day(week.within((60, 700, 1)))


def _hours(week: Week, person: Row, walk: str) -> None:
    """Draw the shifts a person gives; two that meet are one row."""
    open_shifts = [
        (index, shift["from"], shift["until"])
        for shift in week.structure["shifts"][walk]
        for index in shift["days"]
    ]
    chosen = sorted(week.dice.sample(open_shifts, week.within(week.scarcity.shifts_each)))
    rows: list[Row] = []
    for index, start, end in chosen:
        if rows and rows[-1]["end"] == moment(index, start):
            rows[-1]["end"] = moment(index, end)
        else:
            cells = {"start": moment(index, start), "end": moment(index, end)}
            rows.append(week.add("availability", resource_id=person["volunteer_id"], **cells))
