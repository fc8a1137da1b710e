"""The sentences of a record, filled from its codes and values (convention S12, S17.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .source import money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .source import Record, Source

BY_PRICES = ("outpriced", "at_prices")
Names = dict[str, str]


def what(source: Source, names: Names, record: Record) -> str:
    """Say what was decided and because of what."""
    entry = source.entry(f"reason.{record['code']}")
    name = next((v for v in (*_wanted(source, record), record["type"]) if v in entry), "text")
    return source.say(f"reason.{record['code']}.{name}", shown(source, names, record))


def short(source: Source, names: Names, record: Record) -> str:
    """Say it in a few words."""
    entry = source.entry(f"reason.{record['code']}")
    short = "short_level" if _is_level(record) else "short"
    wanted = (
        ("short_trace", record["proven"] == "trace"), ("short_stopped", _is_stopped(record)),
        ("short_refused", bool(record["values"].get("refused"))),
        (f"{short}{_beyond_prices(record)}", True), (short, True),
    )  # fmt: skip
    name = next(n for n, due in wanted if due and n in entry)
    return source.say(f"reason.{record['code']}.{name}", shown(source, names, record))


def who(source: Source, names: Names, record: Record) -> str:
    """Say who can change it."""
    votes = record["proven"] == "trace" and "votes" in record["values"]
    settled = record["code"] == "gap" and _beyond_prices(record)
    form = "_trace" if votes else "_settled" if settled else ""
    return source.say(f"who.{record['code']}{form}", shown(source, names, record))


def _wanted(source: Source, record: Record) -> list[str]:
    """Name the sentences that fit, the most fitting first."""
    served = record["type"] == "unmet" and record["about"]["demand"] in source.served
    level, values = _is_level(record), record["values"]
    traced = record["proven"] == "trace" and ("votes" in values or record["code"] == "capacity")
    beyond = _beyond_prices(record)
    proven = f"{'served' if served else record['type']}{beyond}"
    due = (
        (proven, bool(beyond)), ("served", served), ("trace", traced),
        ("stopped", _is_stopped(record)), ("level", record["type"] == "assignment" and level),
        ("unmet_refused", bool(values.get("refused"))),
    )  # fmt: skip
    return [name for name, holds in due if holds]


def _is_level(record: Record) -> bool:
    """Tell whether a choice at the prices brings exactly what it takes."""
    return record["code"] == "at_prices" and int(record["values"]["margin"]) == 0


def _beyond_prices(record: Record) -> str:
    """Give the ending of the form for what is proven where prices alone settle nothing."""
    if record["code"] != "gap" and not _is_level(record):
        return ""
    if record["proven"] == "bound":
        return "_bound"
    return "_best" if "best" in record["values"] else ""


def _is_stopped(record: Record) -> bool:
    """Tell whether the money would have sufficed, had the award not stopped before."""
    values = record["values"]
    return record["code"] == "budget" and int(values["asked"]) <= int(values["left"])


def shown(source: Source, names: Names, record: Record) -> dict[str, str]:
    """Give what stands in the places of a record's sentences."""
    values, about = record["values"], record["about"]
    plain = {k: v for k, v in values.items() if isinstance(v, str | int)}
    found = {k: names.get(str(v), str(v)) for k, v in {**about, **plain}.items()}
    for name in ("margin", "share"):
        if name in values:
            found[name] = _scaled(source, names, values, name, whole=record["proven"] == "exact")
    if "low" in values:
        found["low"] = _scaled(source, names, {**values, "scale": 1}, "low", whole=False)
    unit = names.get(f"unit {about.get('need', '')}", "")
    for name in ("asked", "left", "most", "minimum"):
        if name in values:
            amount, as_money = int(values[name]), name in ("asked", "left") or unit
            found[name] = money(amount, source.currency) if as_money else f"{amount:,}"
    if "stage" in values:
        found["goal"] = source.say("label.goal", stage=str(values["stage"]))
        found["stage"] = names.get(f"stage {values['stage']}", found["goal"])
    if "option" in values:
        demand = names.get(f"demand {values.get('need')}", "") or str(about.get("demand", ""))
        option = str(values["option"]) or source.say("label.any_day")
        found["option"] = names.get(f"time {demand} {values['option']}", option)
    found |= _parts(source, names, record)
    return found | _lists(source, names, values, found)


def _scaled(
    source: Source, names: Names, values: Mapping[str, Any], name: str, *, whole: bool
) -> str:
    """Write a scaled number with its unit: two decimals at most, never 0 for something small."""
    unit = names.get(f"unit stage {values['stage']}", "")
    number, scale = int(values[name]), int(values["scale"])
    rises = whole and number % scale != 0
    if rises:
        number, scale = -(-number // scale), 1
    hundredths = abs(number) * 100 // (scale * (100 if unit == "money" else 1))
    major, rest = divmod(hundredths, 100)
    text = f"{major:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
    text = f"-{text}" if number < 0 else text
    if rises:
        text = source.say("label.at_least", number=text)
    if number and text in ("0", "-0"):
        text = source.say("label.tiny")
    return source.say(f"label.in_{unit or 'count'}", number=text, currency=source.currency)


def _parts(source: Source, names: Names, record: Record) -> dict[str, str]:
    """Say who may change a thing: by name where it is known, else by part."""
    named = {
        "applicant": names.get(f"applicant {record['about'].get('demand')}"),
        "owner": names.get(f"owner {record['values'].get('clause')}"),
        "body": names.get("body"),
    }
    return {
        part: source.say(f"label.{part}_named", name=name) if name else
        source.say(f"label.the_{part}")
        for part, name in named.items()
    }  # fmt: skip


def _lists(
    source: Source, names: Names, values: Mapping[str, Any], found: Mapping[str, str]
) -> dict[str, str]:
    """Write failing tests, the most frequent first, and what is scarce with who gives it."""
    told = {}
    if "counts" in values:
        counts = sorted(values["counts"].items(), key=lambda x: (-int(x[1]), x[0]))
        tests = [f"{source.say(f'test.{test}.text')} {int(n):,}" for test, n in counts]
        told["counts"] = source.join(tests) or source.say("test.none.text")
        told["who_test"] = source.say(f"test.{counts[0][0] if counts else 'none'}.who", found)
    if "by" in values:
        scarce = list(dict.fromkeys(str(line[1]) for line in values["by"]))
        givers = [g for g in dict.fromkeys(names.get(f"giver {r}", "") for r in scarce) if g]
        listed = {"by": source.join(names.get(r, r) for r in scarce), "list": source.join(givers)}
        told["offers"] = source.say(f"label.{'offers_named' if givers else 'offers'}", listed)
        for name in ("scarcest", "scarcest_short"):
            told[name] = source.say(f"label.{name}", listed) if scarce else ""
    return told
