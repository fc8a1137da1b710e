"""Random cards over every clause kind and term, for the small weeks."""

from __future__ import annotations

from tests.properties.small_weeks import Dice

DEMAND_LINES = [
    "demand.priority = 1", 'demand.area = "town"', 'demand.group = ["old"]',
    'demand.tags = { all = ["alone"] }', "demand.people = { at_least = 4 }",
    'demand.purpose = { not = "meals" }', 'actor.kind = "ngo"', 'performer.id = "C"',
    'option.weekday = ["mon", "tue"]', 'option.start = { at_least = "09:30" }',
]  # fmt: skip
NEED_LINES = [
    'need.kind = "service"',
    'need.cost_type = "goods"',
    "need.quantity = { at_most = 1 }",
]
RESOURCE_LINES = [
    'giver.id = "A"', 'volunteer.skills = "sew:2"', 'volunteer.area = { not = "north" }',
    'space.space_kind = "room"', "service.capacity = { at_least = 2 }", 'payee.kind = "firm"',
]  # fmt: skip


def small_card(seed: int) -> str:
    """Write a random card: one to three stages, up to three clauses."""
    d = Dice(10_000_000 + seed)
    stages = d.number(1, 3)
    text = [
        'id = "small"', 'version = "1.0.0"', 'status = "draft"',
        'title = { en = "small", zh = "小样" }', "[points]",
        "priority = { 1 = 10, 2 = 4, 3 = 2, 4 = 1, 5 = 1 }", "per_person = { 1 = 1 }",
        "tags = { alone = 3 }",
    ]  # fmt: skip
    for _ in range(stages):
        text += _objective(d)
    for i in range(d.number(0, 3)):
        text += _clause(d, i, stages)
    return "\n".join(text) + "\n"


def _where(d: Dice, pools: list[list[str]], most: int = 2) -> str:
    lines = dict.fromkeys(d.pick(d.pick(pools)) for _ in range(d.number(0, most)))
    fields = {line.split(" = ")[0]: line for line in lines}
    return "{ " + ", ".join(fields.values()) + " }" if fields else "{ }"


def _objective(d: Dice) -> list[str]:
    if d.chance(50):
        terms = ["served_points", "units_points", "preference", "max_min_share"]
        sense = "maximise"
    else:
        terms, sense = ["unmet_points", "cost", "distance"], "minimise"
    chosen = list(dict.fromkeys(d.pick(terms) for _ in range(d.number(1, 2))))
    give = d.pick(["0", "0", "0", "10", '"1 points"'])
    shown = ", ".join(_term(d, t) for t in chosen)
    return ["[[objective]]", f'sense = "{sense}"', f"terms = [ {shown} ]", f"give = {give}"]


def _term(d: Dice, term: str) -> str:
    if term == "max_min_share":
        each = d.pick(['"demand.area"', '"demand.group"', '"actor.id"'])
        measure = d.pick(["demands", "people", "points", "units"])
        return f'{{ term = "{term}", weight = 1, each = [{each}], measure = "{measure}" }}'
    pools = [DEMAND_LINES[:8]]
    if term in ("units_points", "preference", "distance"):
        pools.append(RESOURCE_LINES)
    where = _where(d, pools, 1) if d.chance(40) else "{ }"
    return f'{{ term = "{term}", weight = {d.number(1, 2)}, where = {where} }}'


def _clause(d: Dice, i: int, stages: int) -> list[str]:
    kind = d.pick(["require", "forbid", "earmark", "limit", "guarantee", "award", "pin"])
    text = ["[[clause]]", f'id = "C{i}"', f'kind = "{kind}"', "may_be_empty = true"]
    if kind not in ("earmark", "award") and d.chance(60 if kind == "guarantee" else 35):
        text += [
            'firmness = "soft"',
            f"penalty = {d.number(1, 6)}",
            f"stage = {d.number(1, stages)}",
        ]
    else:
        text.append('firmness = "hard"')
    return text + _parameters(d, kind)


def _parameters(d: Dice, kind: str) -> list[str]:
    every = [DEMAND_LINES, NEED_LINES, RESOURCE_LINES]
    if kind == "require":
        return [f"where = {_where(d, every)}", f"must = {_where(d, every)}"]
    if kind == "forbid":
        return [f"where = {_where(d, every)}"]
    if kind == "earmark":
        return ['where = { fund.id = ["F0"] }', f"only = {_where(d, [DEMAND_LINES, NEED_LINES])}"]
    if kind == "award":
        bounds = [b for b in ('min = "0.02"', 'max = "0.03"', 'step = "0.02"') if d.chance(60)]
        return ["where = { }", *(bounds or ['max = "0.02"'])]
    if kind == "pin":
        return ["where = { }"]
    return _bounded(d, kind)


def _bounded(d: Dice, kind: str) -> list[str]:
    word = "at_most" if kind == "limit" else "at_least"
    measure = d.pick(
        ["demands", "people", "points", "assignments", "units", "minutes", "slots", "money"]
    )
    on_demands = measure in ("demands", "people", "points")
    pools = [DEMAND_LINES] if on_demands else [DEMAND_LINES, NEED_LINES, RESOURCE_LINES]
    fields = ['"demand.area"', '"demand.tags"', '"option.weekday"', '"actor.id"', '"demand.group"']
    if not on_demands:
        fields += ['"volunteer.id"', '"giver.id"', '"need.kind"']
    text = [f"where = {_where(d, pools)}", f'measure = "{measure}"']
    if d.chance(50):
        text.append(f"each = [{d.pick(fields)}]")
    per = d.pick(["", '"day"', '"week"', '"month"', "{ days = 2 }"])
    if per:
        text.append(f"per = {per}")
    if d.chance(40):
        of = d.pick(["asked", "given", "available", "standing"])
        return [*text, f"{word}_percent = {d.pick([0, 40, 100])}", f'of = "{of}"']
    small = d.number(0, 2)
    amount = {"minutes": small * 60, "points": small * 4, "people": small * 3}.get(measure, small)
    return [*text, f'{word} = "0.0{small}"' if measure == "money" else f"{word} = {amount}"]
