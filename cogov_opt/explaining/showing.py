"""How the values of an answer's line are shown: tests, times, scarce things, amounts of a goal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cogov_opt.explaining import subjects
from cogov_opt.explaining.names import code_words, time_text
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.phrases.reasons import scaled_amount
from cogov_opt.recording import Run

Names = Mapping[str, str]
SCALED = ("brings", "takes", "margin", "least", "most", "lost", "gained")
ROWS_OF_PART = ("law.capacity", "law.no_overlap", "law.agreement", "term.level")


def shown(line: subjects.Line, run: Run, names: Names, language: Language) -> dict[str, str]:
    """Give the values of a line as people read them."""
    values = dict(line.values)
    found = {k: _special(k, values, run, names, language) for k in values}
    plain = {k: v for k, v in values.items() if found[k] is None}
    rest = subjects.shown(subjects.Line(line.code, plain), run, names, language)
    return (
        rest | {k: v for k, v in found.items() if v is not None} | _parts(values, names, language)
    )


def _special(
    key: str, values: Mapping[str, Any], run: Run, names: Names, language: Language
) -> str | None:
    """Write a value that only answers hold; None leaves it to the common ways."""
    value, comma = values[key], phrase("label.list", language)
    if key in SCALED and "stage" in values:
        return scaled_amount(int(value), values, names, run.package["currency"], language)
    if key == "tests":
        return comma.join(phrase(f"test.{t}.text", language) for t in value)
    if key == "kinds":
        return comma.join(phrase(f"kinds.{k}", language) for k in value)
    if key == "group":
        words = code_words(run, language)
        return words.get(str(value), str(value)) or phrase("account.nobody", language)
    if key == "stage":
        return names.get(f"stage {value}", str(value))
    if key in ("option", "times"):
        return _times(value if key == "times" else [value], values, names, language)
    if key == "moves":
        return str(len(value))
    if key == "others":
        return fill("units.others", {"count": f"{value:,}"}, language) if value else ""
    if key == "before":
        return phrase("exact.before", language) if value else ""
    if key == "scarce":
        return _scarce(values, run, names, language)
    if key == "who":
        return _who(value, str(values["demand"]), names, language)
    return None


def _times(options: list[str], values: Mapping[str, Any], names: Names, language: Language) -> str:
    """Say when options are, by the demand the line is about."""
    demand = names.get(f"demand {values.get('need')}") or str(values.get("demand", ""))
    words = (
        names.get(f"time {demand} {o}", o or phrase("label.any_day", language)) for o in options
    )
    return phrase("label.list", language).join(words)


def _who(tests: list[str], demand: str, names: Names, language: Language) -> str:
    """Say who can change what each failing test says, each once."""
    name = names.get(f"applicant {demand}")
    applicant = (
        fill("label.applicant_named", {"name": name}, language)
        if name
        else phrase("label.the_applicant", language)
    )
    said = (fill(f"test.{t}.who", {"applicant": applicant}, language) for t in tests)
    return phrase("why.semicolon", language).join(dict.fromkeys(said))


def _parts(values: Mapping[str, Any], names: Names, language: Language) -> dict[str, str]:
    """Name the goal a line is about by its number alone, beside its full name."""
    if "stage" not in values:
        return {}
    return {"goal": fill("label.goal", {"stage": values["stage"]}, language)}


def _scarce(values: Mapping[str, Any], run: Run, names: Names, language: Language) -> str:
    """Name scarce things with what each is charged at."""
    parts = []
    for key, amount in values["scarce"]:
        cost = scaled_amount(int(amount), values, names, run.package["currency"], language)
        thing = row_text(key, run, names, language)
        parts.append(fill("why.scarce_item", {"thing": thing, "amount": cost}, language))
    return phrase("why.semicolon", language).join(parts)


def row_text(key: list[str] | tuple[str, ...], run: Run, names: Names, language: Language) -> str:
    """Say what a row of the formulation limits: a resource, its time, an agreement, a clause."""
    family = key[0]
    if family == "own_cost":
        return phrase("why.row_own_cost", language)
    if family not in ROWS_OF_PART:
        return fill("why.row_clause", {"clause": family, "owner": names.get(f"owner {family}", "")},
                    language)  # fmt: skip
    if family == "law.no_overlap":
        return _overlap(key, run, names, language)
    if family == "law.agreement":
        return fill("why.row_agreement", {"agreement": key[1]}, language)
    if family == "law.capacity":
        resource = names.get(key[-1], key[-1])
        return fill(f"why.row_{key[1]}", {"resource": resource}, language)
    return phrase("why.row_level", language)


def _overlap(key: list[str] | tuple[str, ...], run: Run, names: Names, language: Language) -> str:
    """Say whose time a row of no overlap is, and when."""
    if key[1] == "pair":
        return fill("why.row_time", {"resource": names.get(key[2], key[2]), "time": "-"}, language)
    start = datetime.fromisoformat(run.package["start_moment"]) + timedelta(minutes=int(key[2]))
    text = start.isoformat()
    when = time_text(text, text, language).rsplit("-", 1)[0]
    return fill("why.row_time", {"resource": names.get(key[1], key[1]), "time": when}, language)
