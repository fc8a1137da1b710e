"""A menu in words: if so, then so; who decides; how sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cogov_opt.explaining.asking.reaching import gives
from cogov_opt.explaining.changes.change import Change
from cogov_opt.explaining.changes.menu import Found, Joint, Menu
from cogov_opt.explaining.changes.trial import USELESS, Verdict
from cogov_opt.explaining.names import code_words, names_of, time_text
from cogov_opt.explaining.rebuilding import policy_of
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.units import money_text

Names = Mapping[str, str]
FORMS = {Verdict.SERVED: "helps", Verdict.POSSIBLE: "possible", Verdict.MATCHED: "matched"}


def menu_text(menu: Menu, run: Run, language: Language) -> str:
    """Write a menu; every sentence claims what its proof shows and no more."""
    return "\n".join(_lines(menu, run, names_of(run, language), language))


def _lines(menu: Menu, run: Run, names: Names, language: Language) -> Iterator[str]:
    demand = {"demand": names.get(menu.demand, menu.demand)}
    yield fill("change.head", demand, language)
    if gives(policy_of(run)):
        yield "  " + phrase("change.gives", language)
    for found in menu.told:
        yield "  " + _sentence(found, demand, run, names, language)
    for name, kinds in (
        ("none", [_kind(k, language) for k in menu.none]),
        ("open", [_open(k, n, language) for k, n in menu.open.items()]),
        ("absent", [_kind(k, language) for k in menu.absent]),
    ):
        if kinds:
            listed = phrase("label.list", language).join(kinds)
            yield "  " + fill(f"change.{name}", {"kinds_of": listed}, language)
    if menu.hopeless:
        yield "  " + phrase("change.hopeless", language)
    if menu.joint is not None:
        yield "  " + _joint(menu.joint, demand, run, names, language)


def _kind(kind: str, language: Language) -> str:
    return phrase(f"change_kind.{kind}", language)


def _open(kind: str, count: int, language: Language) -> str:
    return fill("change.open_item", {"kind": _kind(kind, language), "count": count}, language)


def _sentence(
    found: Found, demand: Mapping[str, str], run: Run, names: Names, language: Language
) -> str:
    """Say one change: if, then, what others lose, who decides, how sure."""
    owner = _owner(found.change, names, language)
    values = {
        "what": what(
            found.change.kind, found.change.target, found.change.values, run, names, language
        ),
        "others": _others(found, names, language),
        "owner": owner,
        "sure": phrase(f"change.{_sure(found)}", language),
    }
    return fill(f"change.{FORMS[found.tried.verdict]}", {**demand, **values}, language)


def _joint(
    joint: Joint, demand: Mapping[str, str], run: Run, names: Names, language: Language
) -> str:
    """Say what several changes do together, or that not even all of them do."""
    if not joint.parts:
        return phrase("change.joint_none", language)
    parts = [
        fill(
            "change.joint_part",
            {
                "what": what(c.kind, c.target, c.values, run, names, language),
                "owner": _owner(c, names, language),
            },
            language,
        )
        for c in joint.parts
    ]
    values = {
        "list": phrase("change.joint_and", language).join(parts),
        "others": _others(joint, names, language),
    }
    return fill(f"change.joint_{joint.tried.verdict}", {**demand, **values}, language)


def _owner(change: Change, names: Names, language: Language) -> str:
    """Name who may grant a change."""
    return names.get(change.owner, "") or names.get("body") or phrase("change.body", language)


def _sure(found: Found) -> str:
    """Choose how sure a sentence may be."""
    if found.tried.verdict is not Verdict.SERVED or found.change.size <= 1:
        return f"sure_{found.tried.verdict}"
    under = found.under.verdict if found.under else None
    proved = under in USELESS
    return "sure_least" if proved else "sure_least_open"


def _others(found: Found | Joint, names: Names, language: Language) -> str:
    """Say who would no longer be served."""
    if not found.dropped:
        return phrase("change.nothing_lost", language)
    listed = phrase("label.list", language).join(names.get(d, d) for d in found.dropped)
    return fill("change.dropped", {"list": listed, "loss": f"{found.loss:,}"}, language)


def what(
    kind: str, target: str, values: Mapping[str, Any], run: Run, names: Names, language: Language
) -> str:
    """Say what would be changed."""
    comma = phrase("label.list", language)
    shown: dict[str, str] = {k: names.get(str(v), str(v)) for k, v in values.items()}
    shown["target"] = names.get(target, target)
    if "codes" in values:
        words = code_words(run, language)
        shown["codes"] = comma.join(words.get(c, c) for c in values["codes"])
    if "kinds" in values:
        shown["kinds"] = comma.join(phrase(f"kinds.{k}", language) for k in values["kinds"])
    if "tests" in values:
        shown["tests"] = comma.join(phrase(f"test.{t}.text", language) for t in values["tests"])
    if "amount" in values:
        shown["amount"] = money_text(int(values["amount"]), run.package["currency"])
    if "start" in values:
        shown["when"] = time_text(values["start"], values["end"], language)
    name = "units" if kind == "unit" and names.get(f"kind {target}") == "service" else kind
    return fill(f"change_what.{name}", shown, language)
