"""What was not decided for: refusals by reason with who can change it, and clauses that counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.explaining.subjects import bound_rows
from cogov_opt.phrases.columns import wrap
from cogov_opt.phrases.reasons import (
    reason_detail,
    reason_short,
    reason_who,
    scaled_amount,
)

if TYPE_CHECKING:
    from cogov_opt.reporting.view import View

Record = dict[str, Any]
ROWS = 60
"""Most refusals that the summary lists."""


def unserved_lines(view: View) -> list[str]:
    """Say by reason which demands are not served, what tells each apart, and who can change it."""
    records: dict[str, list[Record]] = {}
    for row in view.run.unmet:
        if row["demand"] not in view.served:
            records.setdefault(row["demand"], []).append(view.run.records[row["record"]])
    groups = by_reason([main_reason(r) for r in records.values()][:ROWS])
    lines = []
    for found in groups:
        if len(found) == 1:
            lines.extend(wrap(_alone(view, found[0]), view.places, "  ", "    "))
            continue
        lines.extend(wrap(head_text(view, found, "unserved"), view.places, "  ", "  "))
        for record in found:
            lines.extend(wrap(_refusal(view, record), view.places, "  - ", "    "))
        lines.extend(f for who in who_texts(view, found) for f in wrap(who, view.places, "    "))
    more = len(records) - ROWS
    return lines + ([f"  {view.label('more', count=more)}"] if more > 0 else [])


def main_reason(records: list[Record]) -> Record:
    """Choose the record that says why a demand fails: not the needs that merely go with it."""
    own = [r for r in records if r["code"] != "set_incomplete"]
    return (own or records)[0]


def by_reason(records: Sequence[Record]) -> list[list[Record]]:
    """Put records of one reason together, the most frequent first."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["code"], []).append(record)
    return sorted(found.values(), key=lambda group: -len(group))


def head_text(view: View, records: Sequence[Record], of: str) -> str:
    """Say what a group of records has in common, and no less sure than all of them are."""
    code, first = records[0]["code"], records[0]
    step = first["proven"] == "trace" and (code == "capacity" or "votes" in first["values"])
    sure = all(r["proven"] == "bound" or r["values"].get("refused") for r in records)
    told = view.word(f"group_{of}.{code}", view.word(f"group_{of}.other", ""))
    form = "_trace" if step else "_bound" if sure else ""
    return view.word(f"group_{of}.{code}{form}", told)


def _refusal(view: View, record: Record) -> str:
    """Name a demand, and what tells its reason apart."""
    detail = reason_detail(record, view.names, view.currency, view.language)
    about = record["about"]["demand"]
    return view.label("refusal", demand=about, title=view.title(about), detail=detail)


def _alone(view: View, record: Record) -> str:
    """Name a demand refused for a reason of its own, the reason, and who can change it."""
    detail = reason_short(record, view.names, view.currency, view.language)
    who = reason_who(record, view.names, view.currency, view.language)
    about = record["about"]["demand"]
    named = {"demand": about, "title": view.title(about), "detail": detail}
    return view.label("refusal_alone", who=who, **named)


def who_texts(view: View, records: Sequence[Record]) -> Iterable[str]:
    """Say who can change the records of a group: each different sentence once."""
    names = {k: v for k, v in view.names.items() if not k.startswith("applicant ")}
    by = [line for r in records for line in r["values"].get("by", ())]
    found = []
    for record in records:
        values = record["values"] | ({"by": by} if "by" in record["values"] else {})
        merged = record | {"values": values}
        found.append(reason_who(merged, names, view.currency, view.language))
    return dict.fromkeys(found)


def partly_lines(view: View) -> list[str]:
    """Say by reason which needs of served demands get less than they ask, and how much."""
    rows = [r for r in view.run.unmet if r["demand"] in view.served]
    short = {r["record"]: r for r in rows}
    told = {r["code"] for r in view.run.unmet if r["demand"] not in view.served}
    lines: list[str] = []
    for found in by_reason([view.run.records[r] for r in short][:ROWS]):
        items = _items(view, [short[r["record"]] for r in found])
        text = view.label("partly_line", head=head_text(view, found, "partly"), list=items)
        lines.extend(wrap(text, view.places, "  - ", "    "))
        if found[0]["code"] not in told:
            lines.extend(
                f for who in who_texts(view, found) for f in wrap(who, view.places, "    ")
            )
    if told & {r["code"] for r in rows}:
        lines.extend(wrap(view.label("partly_who"), view.places, "  "))
    more = len(rows) - ROWS
    return lines + ([f"  {view.label('more', count=more)}"] if more > 0 else [])


def _items(view: View, rows: Sequence[dict[str, str]]) -> str:
    """Say what needs get of what they ask, by what they ask for; money in major units."""
    found: dict[str, list[str]] = {}
    for row in rows:
        hundred = 100 if f"unit {row['need']}" in view.names else 1
        given, asked = (_major(int(row[name]), hundred) for name in ("given", "asked"))
        item = view.names.get(f"item {row['need']}", row["need"])
        text = view.label("partly_item", demand=row["demand"], given=given, asked=asked)
        found.setdefault(item, []).append(text)
    comma = view.label("list")
    parts = (view.label("partly_of", item=i, list=comma.join(texts)) for i, texts in found.items())
    return view.label("semicolon").join(parts)


def _major(number: int, hundred: int) -> str:
    whole, rest = divmod(number, hundred)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


def unused_lines(view: View) -> list[str]:
    """Say for each kind how many resources are not used, and why; name them where they are few."""
    found: dict[str, dict[str, list[str]]] = {}
    for record in view.run.records.values():
        if record["type"] == "unused":
            resource = record["about"]["resource"]
            codes = found.setdefault(view.names.get(f"kind {resource}", ""), {})
            codes.setdefault(record["code"], []).append(resource)
    comma = view.label("list")
    lines = []
    for kind in (k for k in RESOURCE_KINDS if k in found):
        parts = [
            view.say(f"group_unused.{code}", count=len(ids))
            + (f" ({comma.join(ids)})" if len(ids) <= FEW else "")
            for code, ids in sorted(found[kind].items(), key=lambda x: -len(x[1]))
        ]
        count = sum(len(ids) for ids in found[kind].values())
        values = {"kind": view.say(f"kinds.{kind}"), "count": count}
        text = view.label("unused_kind", **values, list=view.label("semicolon").join(parts))
        lines.extend(wrap(text, view.places, "  - ", "    "))
    return lines


FEW = 4


def clause_lines(view: View) -> list[str]:
    """Name the clauses that changed the outcome: with a price, a pin, or a refusal."""
    if not view.run.header["stages"]:
        return []
    owners: dict[str, list[str]] = {}
    for identifier, clause in view.clauses.items():
        bound = sum(bound_rows(view.run, identifier).values())
        cited = [r for r in view.run.records.values() if r["values"].get("clause") == identifier]
        pins = clause["kind"] == "pin"
        count = len(cited) if pins else bound or len(cited)
        if count:
            owner = view.name(clause.get("owner", "")) or view.label("the_body")
            text = _clause(view, identifier, clause, count, "pins" if pins else "line")
            owners.setdefault(owner, []).extend(text)
    lines = []
    for owner, texts in owners.items():
        lines.extend([f"  {view.label('clause_owner', owner=owner)}", *texts])
    return lines or [f"  {view.label('no_clause')}"]


def _clause(
    view: View, identifier: str, clause: dict[str, Any], count: int, form: str
) -> list[str]:
    because = clause.get("because", {})
    text = view.label(
        f"clause_{form}",
        id=identifier,
        kind=view.say(f"clause_kind.{clause['kind']}"),
        count=count,
        because=because.get(view.language) or next(iter(because.values()), ""),
    )
    return wrap(text + _could_gain(view, identifier), view.places, "  - ", "    ")


def _could_gain(view: View, clause: str) -> str:
    """Say what the first goal could gain without a clause, beyond what is open anyway."""
    gains = view.run.accounts.get(clause, {}).get("gains", ())
    for stage, gain in zip(view.run.header["stages"], gains, strict=False):
        if int(gain) > int(stage["gap"]):
            values = {"stage": stage["index"], "scale": "1"}
            amount = scaled_amount(int(gain), values, view.names, view.currency, view.language)
            goal = view.label("goal", stage=stage["index"])
            return view.say("account.in_list", goal=goal, gained=amount)
    return ""
