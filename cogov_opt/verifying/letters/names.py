"""What the things of a run are called in its letters (convention S17.4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from .source import money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..reading import Line
    from .source import Source

KINDS = {"volunteers": "volunteer", "funds": "fund", "spaces": "space", "services": "service"}
POINTS = frozenset({"served_points", "unmet_points", "units_points", "preference"})


def names_of(source: Source) -> dict[str, str]:
    """Map ids to what they are called, and `stage N`, `unit stage N` and the like."""
    names = {row["actor_id"]: source.half(row["name"]) for row in source.tables["actors"]}
    for row in source.tables["demands"]:
        names[row["demand_id"]] = _demand(source, row)
        names[f"applicant {row['demand_id']}"] = names.get(row["actor_id"], row["actor_id"])
    for table, kind in KINDS.items():
        for row in source.tables[table]:
            identifier = row[f"{kind}_id"]
            word = row.get("space_kind") or row.get("service_type") or ""
            called = source.words.get(word, word) if word else source.say(f"kind.{kind}")
            names[identifier] = f"{called} {identifier}"
            names[f"giver {identifier}"] = names.get(row["actor_id"], row["actor_id"])
    for row in source.tables["needs"]:
        names |= _need(source, row)
    for number, goal in enumerate(source.opened.card.get("objective", []), start=1):
        terms = goal["terms"]
        named = {"stage": number, "terms": " + ".join(_term(source, t) for t in terms)}
        if number <= len(source.run["stages"]):
            names[f"stage {number}"] = source.say("label.goal_named", named)
            names[f"unit stage {number}"] = _unit(terms)
    names |= dict(_times(source))
    for identifier, clause in source.clauses.items():
        owner = str(clause.get("owner") or "")
        names[f"owner {identifier}"] = names.get(owner, owner)
    names["outside"] = source.say("label.outside")
    names["body"] = source.half(str(source.opened.card.get("authority") or ""))
    return names


def _demand(source: Source, row: Line) -> str:
    identifier, title = row["demand_id"], source.half(row["title"])
    if not row["title"] or row["title"] == identifier:
        return identifier
    return source.say("label.with_id", text=title, id=identifier)


def _need(source: Source, row: Line) -> dict[str, str]:
    need, kind = row["need_id"], row["kind"]
    if kind == "fund" and (row["quantity"] != "0" or not row["pays_for"]):
        text = money(int(row["quantity"]), source.currency)
    elif kind == "fund":
        text = source.say("label.money_for", list=source.join(row["pays_for"].split(";")))
    else:
        what = source.join(_item(source, i) for i in row["requires"].split(";") if i)
        path = f"label.asked_{kind}" if what else f"label.asked_{kind}_any"
        text = source.say(path, number=row["quantity"], what=what)
    named = source.say("label.with_id", text=text, id=need)
    found = {need: named, f"demand {need}": row["demand_id"]}
    return found | ({f"unit {need}": source.currency} if kind == "fund" else {})


def _item(source: Source, item: str) -> str:
    """Write one requirement: alternatives, levels, seats, what must not be."""
    return "/".join(_atom(source, atom) for atom in item.split("|"))


def _atom(source: Source, atom: str) -> str:
    first, colon, rest = atom.partition(":")
    if first == "seats":
        return source.say("label.seats", number=rest)
    if first == "not":
        return source.say("label.without", word=source.words.get(rest, rest))
    word = source.words.get(first, first)
    return source.say("label.level", word=word, number=rest) if colon else word


def _times(source: Source) -> Iterator[tuple[str, str]]:
    """Say when each option is: its first row, and how many more there are."""
    rows: dict[tuple[str, str], list[Line]] = {}
    for row in source.tables["options"]:
        rows.setdefault((row["demand_id"], row["option_id"]), []).append(row)
    for (demand, option), of in rows.items():
        text = _time(source, of[0]["start"], of[0]["end"])
        if len(of) > 1:
            text = source.say("label.time_more", time=text, count=len(of) - 1)
        yield f"time {demand} {option}", text


def _time(source: Source, start: str, end: str) -> str:
    if not start:
        return source.say("label.any_day")
    weekday = source.say(f"weekday.d{date.fromisoformat(start[:10]).weekday()}")
    until = end[11:16] if start[:10] == end[:10] else f"{end[5:10]} {end[11:16]}"
    return f"{weekday} {start[5:10]} {start[11:16]}-{until}"


def _unit(terms: list[dict[str, Any]]) -> str:
    """Say what a goal counts in: points, money, metres, or nothing that has one name."""
    if all(term["term"] in POINTS for term in terms):
        return "points"
    alone = len(terms) == 1 and int(terms[0].get("weight", 1)) == 1
    return {"cost": "money", "distance": "metres"}.get(terms[0]["term"], "") if alone else ""


def _term(source: Source, term: dict[str, Any]) -> str:
    text = source.say(f"term.{term['term']}", currency=f"{source.currency}/100")
    if term.get("where"):
        text = source.say("card.where", term=text, where=_where(source, term["where"]))
    weight = int(term.get("weight", 1))
    return text if weight == 1 else source.say("card.weight", weight=str(weight), term=text)


def _where(source: Source, where: Mapping[str, Mapping[str, Any]]) -> str:
    """Write the lines of a selector."""
    found: list[str] = []
    for entity, fields in where.items():
        for name, test in fields.items():
            what = source.say(f"entity.{entity}")
            if name != "id":
                field = source.entry("field").get(name, name)
                what = source.say("field.join", entity=what, field=field)
            found += _tests(source, what, test)
    return source.join(found, "selector.and")


def _tests(source: Source, what: str, test: Any) -> Iterator[str]:
    for name, wanted in test.items() if isinstance(test, dict) else (("any", test),):
        if name in ("at_least", "at_most"):
            side = "low" if name == "at_least" else "high"
            yield source.say(f"selector.range_{side}", {"what": what, side: wanted})
            continue
        joint = "selector.and" if name == "all" else "selector.or"
        items = wanted if isinstance(wanted, list) else [wanted]
        values = source.join((str(i) for i in items), joint)
        yield source.say(f"selector.{name}", what=what, values=values)
