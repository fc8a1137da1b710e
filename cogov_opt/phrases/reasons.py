"""
Sentences for recorded reasons, from codes and values only (convention S12).

`names` maps ids to what they are called. It may also hold `kind ID` (the kind of a need or
resource), `unit NEED` (the currency, for needs of money), `demand NEED`, `time DEMAND OPTION`,
`stage N` (what a goal is called), `unit stage N` (points, money or metres), `served DEMAND` for
demands that are served, and who may change things: `applicant DEMAND`, `giver RESOURCE`,
`owner CLAUSE` and `body`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cogov_opt.phrases import Language, fill, phrase, phrase_set
from cogov_opt.units import money_text, scaled_text

Record = Mapping[str, Any]
Names = Mapping[str, str]
SCALED = ("margin", "share")
BY_PRICES = ("outpriced", "at_prices")


def reason_text(record: Record, names: Names, currency: str, language: Language) -> str:
    """Say what was decided, because of what, against what, who can change it, and how sure."""
    parts = reason_parts(record, names, currency, language)
    return (" " if language == "en" else "").join(parts)


def reason_parts(
    record: Record, names: Names, currency: str, language: Language
) -> tuple[str, ...]:
    """Give the sentences of a reason: what and why, who can change it, how sure that is."""
    return (
        reason_what(record, names, currency, language),
        reason_who(record, names, currency, language),
        _said(record, f"proven.{_sure(record)}", names, currency, language),
    )


def _sure(record: Record) -> str:
    """Choose how to say how sure a reason is: ties and what prices prove have their own words."""
    exact = record["proven"] == "exact"
    if record["code"] == "tie_draw":
        return "tie_exact" if exact else "tie"
    if record["proven"] == "bound":
        return "bound_by"
    if record["proven"] == "prices" and record["values"].get("best"):
        return "whole"
    return "best" if exact and record["code"] in BY_PRICES else str(record["proven"])


def reason_what(record: Record, names: Names, currency: str, language: Language) -> str:
    """Say what was decided and because of what."""
    path = f"reason.{record['code']}.{_variant(record, names, language)}"
    return _said(record, path, names, currency, language)


def reason_short(record: Record, names: Names, currency: str, language: Language) -> str:
    """Give the reason in a few words, for a table."""
    wanted = ["short_trace"] if record["proven"] == "trace" else []
    wanted += ["short_stopped"] if _is_stopped(record) else []
    wanted += ["short_refused"] if _is_refused(record) else []
    short = "short_level" if _is_level(record) else "short"
    wanted += [f"{short}{_beyond_prices(record)}", short]
    return _first(record, wanted, names, currency, language)


def reason_detail(record: Record, names: Names, currency: str, language: Language) -> str:
    """Give what tells a reason from others of its code, for a list of one code."""
    if _is_stopped(record) or record["proven"] == "trace":
        return reason_short(record, names, currency, language)
    wanted: tuple[str, ...] = ("detail_refused",) if _is_refused(record) else ()
    wanted += ("detail_bound",) if record["proven"] == "bound" else ()
    return _first(record, (*wanted, "detail", "short"), names, currency, language)


def reason_name(record: Record) -> str:
    """Name a reason by its code; `gap` has a name of its own where it is proven all the same."""
    code = str(record["code"])
    return f"{code}_settled" if code == "gap" and _beyond_prices(record) else code


def reason_who(record: Record, names: Names, currency: str, language: Language) -> str:
    """Say who can change it."""
    name = reason_name(record)
    if record["proven"] == "trace" and "votes" in record["values"]:
        name = f"{name}_trace"
    return _said(record, f"who.{name}", names, currency, language)


def _entry(record: Record, language: Language) -> Mapping[str, str]:
    found: Mapping[str, str] = phrase_set(language)["reason"][record["code"]]
    return found


def _first(
    record: Record, wanted: Sequence[str], names: Names, currency: str, language: Language
) -> str:
    """Write the first form of a reason that there is."""
    name = next(n for n in wanted if n in _entry(record, language))
    return _said(record, f"reason.{record['code']}.{name}", names, currency, language)


def _variant(record: Record, names: Names, language: Language) -> str:
    """Choose the sentence of a code that fits what it is said of."""
    entry = _entry(record, language)
    served = record["type"] == "unmet" and f"served {record['about']['demand']}" in names
    wanted = ["served"] if served else []
    if record["proven"] == "trace" and (
        "votes" in record["values"] or record["code"] == "capacity"
    ):
        wanted.append("trace")
    if _is_stopped(record):
        wanted.append("stopped")
    if record["type"] == "assignment" and _is_level(record):
        wanted.append("level")
    if _is_refused(record):
        wanted.append("unmet_refused")
    beyond = _beyond_prices(record)
    if beyond:
        wanted.insert(0, f"{'served' if served else record['type']}{beyond}")
    return next((v for v in (*wanted, record["type"]) if v in entry), "text")


def _is_level(record: Record) -> bool:
    """Tell whether a choice brings exactly what it takes."""
    return record["code"] == "at_prices" and not int(record["values"]["margin"])


def _beyond_prices(record: Record) -> str:
    """Name the form that tells what is proven of a choice that prices alone do not settle."""
    if record["code"] != "gap" and not _is_level(record):
        return ""
    if record["proven"] == "bound":
        return "_bound"
    return "_best" if record["values"].get("best") else ""


def _is_refused(record: Record) -> bool:
    """Tell whether a refusal is the reason: the demand was asked for, and the loss proven."""
    return bool(record["values"].get("refused"))


def _is_stopped(record: Record) -> bool:
    """Tell whether the money would have sufficed, had the award not stopped before."""
    values = record["values"]
    return record["code"] == "budget" and int(values["asked"]) <= int(values["left"])


def _said(record: Record, path: str, names: Names, currency: str, language: Language) -> str:
    return fill(path, shown_values(record, names, currency, language), language)


def shown_values(record: Record, names: Names, currency: str, language: Language) -> dict[str, str]:
    """Give every value of a record as a sentence shows it: ids by name, amounts with units."""
    values, about = record["values"], record["about"]
    need = str(about.get("need", ""))
    shown = {k: names.get(str(v), str(v)) for k, v in about.items()}
    shown |= {k: names.get(str(v), str(v)) for k, v in values.items() if isinstance(v, str | int)}
    for name in SCALED:
        if name in values:
            sure = record["proven"] == "exact"
            shown[name] = scaled_amount(
                int(values[name]), values, names, currency, language, whole=sure
            )
    if "low" in values:
        whole = {"stage": values["stage"], "scale": 1}
        shown["low"] = scaled_amount(int(values["low"]), whole, names, currency, language)
    for name in ("asked", "left"):
        if name in values:
            shown[name] = money_text(int(values[name]), currency)
    for name in ("most", "minimum"):
        if name in values:
            shown[name] = _amount(int(values[name]), names.get(f"unit {need}", ""), currency)
    if "stage" in values:
        stage = str(values["stage"])
        shown["goal"] = fill("label.goal", {"stage": stage}, language)
        shown["stage"] = names.get(f"stage {stage}", shown["goal"])
    if "option" in values:
        of = names.get(f"demand {values.get('need')}", "") or str(about.get("demand", ""))
        option = str(values["option"]) or phrase("label.any_day", language)
        shown["option"] = names.get(f"time {of} {values['option']}", option)
    shown |= _people(record, names, language)
    return shown | _lists(values, names, shown, language)


def _people(record: Record, names: Names, language: Language) -> dict[str, str]:
    """Say who may change a thing: by name where it is known, else by part."""
    parts = {
        "applicant": names.get(f"applicant {record['about'].get('demand')}"),
        "owner": names.get(f"owner {record['values'].get('clause')}"),
        "body": names.get("body"),
    }
    return {
        part: fill(f"label.{part}_named", {"name": name}, language)
        if name
        else phrase(f"label.the_{part}", language)
        for part, name in parts.items()
    }


def scaled_amount(
    number: int,
    values: Mapping[str, Any],
    names: Names,
    currency: str,
    language: Language,
    *,
    whole: bool = False,
) -> str:
    """
    Write a scaled number with its unit; one too small to show is not shown as 0.

    Losses are whole, so one that is proven is at least the next whole number.
    """
    unit = names.get(f"unit stage {values['stage']}", "")
    scale, parts = int(values["scale"]), 100 if unit == "money" else 1
    if whole and number % scale:
        number, scale = -(-number // scale), 1
        text = fill("label.at_least", {"number": scaled_text(number, parts)}, language)
    else:
        text = scaled_text(number, scale * parts)
    text = phrase("label.tiny", language) if number and text in ("0", "-0") else text
    return fill(f"label.in_{unit or 'count'}", {"number": text, "currency": currency}, language)


def _amount(number: int, unit: str, currency: str) -> str:
    return money_text(number, currency) if unit == currency else f"{number:,}"


def _lists(
    values: Mapping[str, Any], names: Names, shown: Mapping[str, str], language: Language
) -> dict[str, str]:
    """Write the counts of failing tests, and the scarce resources with those who give them."""
    comma = phrase("label.list", language)
    found = {}
    if "counts" in values:
        counts = sorted(values["counts"].items(), key=lambda x: (-int(x[1]), x[0]))
        tests = [f"{phrase(f'test.{t}.text', language)} {int(n):,}" for t, n in counts]
        found["counts"] = comma.join(tests) or phrase("test.none.text", language)
        first = counts[0][0] if counts else "none"
        found["who_test"] = fill(f"test.{first}.who", shown, language)
    if "by" in values:
        scarce = list(dict.fromkeys(str(r) for _, r, _ in values["by"]))
        by = comma.join(names.get(r, r) for r in scarce)
        givers = dict.fromkeys(names.get(f"giver {r}", "") for r in scarce)
        told = {"by": by, "list": comma.join(g for g in givers if g)}
        named = "offers_named" if told["list"] else "offers"
        found["offers"] = fill(f"label.{named}", told, language)
        for name in ("scarcest", "scarcest_short"):
            found[name] = fill(f"label.{name}", told, language) if by else ""
    return found
