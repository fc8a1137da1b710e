"""What is told about each kind of thing, as lines of codes and values."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.units import money_text

Row = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One line: a phrase with its values, or a record to be put into words."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    depth: int = 0
    record: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the line as JSON-ready values."""
        found: dict[str, Any] = {"code": self.code, "values": dict(self.values)}
        return found | ({"record": self.record["record"]} if self.record is not None else {})


MONEY = ("amount", "free", "left")
WORDS = ("kind", "firmness", "type")


def shown(line: Line, run: Run, names: Mapping[str, str], language: Language) -> dict[str, str]:
    """Give the values of a line as people read them."""
    found = {}
    for key, value in line.values.items():
        if key in MONEY:
            found[key] = money_text(int(value), run.package["currency"])
        elif isinstance(value, list):
            found[key] = _list(key, value, run, names, language)
        elif key == "agreement":
            found[key] = fill("answer.under", {"agreement": value}, language) if value else ""
        elif key in WORDS:
            path = f"clause_kind.{value}" if key == "kind" else f"answer.{value}"
            found[key] = phrase(path, language)
        elif isinstance(value, Mapping):
            found[key] = str(value.get(language) or next(iter(value.values()), ""))
        else:
            found[key] = names.get(str(value), str(value))
    return found


def _list(
    key: str, value: list[Any], run: Run, names: Mapping[str, str], language: Language
) -> str:
    """Write a list of ids, or of amounts by kind."""
    comma = phrase("label.list", language)
    if key == "what":
        parts = [_given(kind, number, run, language) for kind, number in value]
        return comma.join(parts) or phrase("answer.actor_nothing", language)
    return comma.join(names.get(str(v), str(v)) for v in value) or phrase("label.none", language)


def _given(kind: str, number: int, run: Run, language: Language) -> str:
    if kind == "fund":
        return money_text(number, run.package["currency"])
    return fill(f"answer.{kind}_amount", {"count": f"{number:,}"}, language)


def tell_demand(run: Run, identifier: str) -> Iterator[Line]:
    """
    Tell whether a demand is served, what each need gets from whom, and why.

    Needs of an unserved demand often share one reason: it is told once.
    """
    demand = run.by_id("demands")[identifier]
    rows = [r for r in run.allocation if r["demand"] == identifier]
    performer = demand["performer_id"] or demand["actor_id"]
    if rows:
        code = "answer.demand_served" if rows[0]["start"] else "answer.demand_untimed"
        values = {"demand": identifier, "option": rows[0]["option"], "when": when(rows[0])}
        yield Line(code, values | {"performer": performer})
    else:
        yield Line("answer.demand_unserved", {"demand": identifier})
    yield Line(
        "answer.demand_facts",
        {"actor": demand["actor_id"], "people": demand["people"] or "0",
         "priority": demand["priority"] or "3"},
        1,
    )  # fmt: skip
    told: list[Any] = []
    for need in run.table("needs"):
        if need["demand_id"] == identifier:
            for line in _tell_need(run, need, rows, 1):
                reason = line.record and (line.record["code"], line.record["values"])
                if rows or reason is None or reason not in told:
                    yield line
                told.append(reason)


def tell_need(run: Run, identifier: str) -> Iterator[Line]:
    """Tell what one need gets, from whom, and why."""
    need = run.by_id("needs")[identifier]
    rows = [r for r in run.allocation if r["demand"] == need["demand_id"]]
    yield from _tell_need(run, need, rows, 0)


def _tell_need(run: Run, need: Row, rows: Sequence[Row], depth: int) -> Iterator[Line]:
    """Tell a need: how much of what it asks, each row behind it, and the reasons."""
    identifier = need["need_id"]
    short = next((r for r in run.unmet if r["need"] == identifier), None)
    values = {"need": identifier, **_asked(run, need, short)}
    yield Line(f"answer.need_{'short' if short else 'given'}", values, depth)
    for row in rows:
        if row["need"] == identifier:
            yield row_line(row, depth + 1)
            if row["record"]:
                yield Line("record", depth=depth + 2, record=run.records[row["record"]])
    if short:
        yield Line("record", depth=depth + 1, record=run.records[short["record"]])


def _asked(run: Run, need: Row, short: Row | None) -> dict[str, str]:
    """Give what a need asks and gets, money with its unit."""
    numbers = {"asked": need["quantity"], "given": need["quantity"], "short": "0"}
    if short:
        numbers = {key: short[key] for key in numbers}
    if need["kind"] == "fund":
        currency = run.package["currency"]
        return {k: money_text(int(v), currency) for k, v in numbers.items()}
    return numbers


def row_line(row: Row, depth: int) -> Line:
    """Tell one row of the allocation."""
    if row["kind"] == "fund":
        code = "answer.row_money" if row["resource"] else "answer.row_own"
        keys = ("resource", "giver", "buys", "payee")
        return Line(code, {k: row[k] for k in keys} | {"amount": row["quantity"]}, depth)
    keys = ("resource", "giver", "quantity", "agreement")
    return Line("answer.row_use", {k: row[k] for k in keys}, depth)


def tell_resource(run: Run, identifier: str) -> Iterator[Line]:
    """Tell every use of a resource and its reason, or why it is not used."""
    rows = [r for r in run.allocation if r["resource"] == identifier]
    giver = owner_of(run, identifier)
    if not rows:
        yield Line("answer.resource_unused", {"resource": identifier, "giver": giver})
    else:
        values = {"resource": identifier, "giver": giver, "count": len(rows)}
        yield Line("answer.resource_used", values)
    for row in rows:
        amount = {"demand": row["demand"], "when": when(row), "need": row["need"]}
        if row["kind"] == "fund":
            amount |= {"amount": row["quantity"], "buys": row["buys"]}
            yield Line("answer.fund_row", amount, 1)
        else:
            yield Line("answer.resource_row", amount | {"quantity": row["quantity"]}, 1)
        if row["record"]:
            yield Line("record", depth=2, record=run.records[row["record"]])
    yield from _fund_total(run, identifier, rows)
    for found in run.records.values():
        if found["type"] == "unused" and found["about"]["resource"] == identifier:
            yield Line("record", depth=1, record=found)


def _fund_total(run: Run, identifier: str, rows: Sequence[Row]) -> Iterator[Line]:
    """Tell what a fund gave and has left."""
    fund = run.by_id("funds").get(identifier)
    if fund is not None:
        free = max(int(fund["amount"]) - int(fund["committed"] or 0), 0)
        spent = sum(int(r["quantity"]) for r in rows)
        yield Line("answer.fund_total", {"amount": spent, "free": free, "left": free - spent}, 1)


def owner_of(run: Run, identifier: str) -> str:
    """Give the actor a resource belongs to; nothing if there is no such resource."""
    for table in RESOURCE_TABLES:
        row = run.by_id(table).get(identifier)
        if row is not None:
            return row["actor_id"]
    return ""


def tell_record(run: Run, identifier: str) -> Iterator[Line]:
    """Tell one record."""
    found = run.records[identifier]
    yield Line("answer.record", {"record": identifier, "type": found["type"]})
    yield Line("record", depth=1, record=found)


def tell_actor(run: Run, identifier: str) -> Iterator[Line]:
    """Tell what an actor gave to others and itself, what it got, and which demands are served."""
    gave = [r for r in run.allocation if r["giver"] == identifier and r["need"]]
    got = [r for r in run.allocation if r["taker"] == identifier and r["need"]]
    yield Line("answer.actor_gave", {"actor": identifier, "what": _by_kind(gave)})
    yield Line("answer.actor_got", {"actor": identifier, "what": _by_kind(got)})
    asked = [d["demand_id"] for d in run.table("demands") if d["actor_id"] == identifier]
    taken = {r["demand"] for r in run.allocation}
    served = [d for d in asked if d in taken]
    values = {"actor": identifier, "asked": len(asked), "served": len(served), "list": served}
    yield Line("answer.actor_asked", values)
    rest = [d for d in asked if d not in taken]
    if rest:
        yield Line("answer.actor_unserved", {"list": rest})


def _by_kind(rows: Sequence[Row]) -> list[list[Any]]:
    totals = {k: sum(int(r["quantity"]) for r in rows if r["kind"] == k) for k in RESOURCE_KINDS}
    return [[kind, number] for kind, number in totals.items() if number]


def tell_clause(run: Run, identifier: str) -> Iterator[Line]:
    """Tell what a clause says, who set it, and where it bound."""
    clause = clauses_of(run)[identifier]
    owner = clause.get("owner") or run_authority(run)
    values = {"clause": identifier, "kind": clause["kind"], "owner": owner}
    because = clause.get("because") or {}
    firm = clause.get("firmness", "hard")
    yield Line("answer.clause", values | {"firmness": firm, "meaning": because})
    if clause.get("source"):
        yield Line("answer.clause_source", {"source": clause["source"]}, 1)
    bound = bound_rows(run, identifier)
    for stage, count in bound.items():
        yield Line("answer.clause_bound", {"stage": stage, "count": count}, 1)
    if not bound:
        traced = "certificate.json" not in run.files
        yield Line(f"answer.clause_{'priceless' if traced else 'unbound'}", depth=1)
    cited = [r["record"] for r in run.records.values() if r["values"].get("clause") == identifier]
    if cited:
        yield Line("answer.clause_cited", {"count": len(cited), "list": cited[:20]}, 1)
    yield from import_module("cogov_opt.explaining.account_lines").account_lines(run, identifier)


def bound_rows(run: Run, clause: str) -> dict[str, int]:
    """Count by stage the rows of a clause that carry a price."""
    if "certificate.json" not in run.files:
        return {}
    found = {}
    for stage in run.certificate["stages"]:
        count = sum(1 for key, _ in stage["prices"] if key[0] == clause)
        if count:
            found[str(stage["index"])] = count
    return found


@lru_cache(maxsize=8)
def _card(text: bytes) -> dict[str, Any]:
    return tomllib.loads(text.decode("utf-8"))


def card_of(run: Run) -> dict[str, Any]:
    """Give the card as it is written."""
    return _card(run.files["policy.toml"])


def clauses_of(run: Run) -> dict[str, dict[str, Any]]:
    """Give the clauses of the card by id, as they hold in this run."""
    soft = {c: {"firmness": "soft", "penalty": p, "stage": 1} for c, p in softened(run).items()}
    return {c["id"]: c | soft.get(c["id"], {}) for c in card_of(run).get("clause", ())}


def softened(run: Run) -> dict[str, int]:
    """Give the clauses that were made soft for this run, with their penalties."""
    found = run.header["options"].get("soften") or {}
    return {str(c): int(p) for c, p in found.items()}


def run_authority(run: Run) -> str:
    """Say who set the card."""
    return str(card_of(run).get("authority") or card_of(run)["id"])


def when(row: Row) -> str:
    """Write the time of a row, local, without its offset."""
    start, end = row["start"][:16].replace("T", " "), row["end"][:16].replace("T", " ")
    if not start:
        return "-"
    return f"{start}-{end[11:]}" if start[:10] == end[:10] else f"{start} - {end}"


Teller = Callable[[Run, str], Iterator[Line]]
TELLERS: dict[str, Teller] = {
    "demand": tell_demand,
    "need": tell_need,
    "record": tell_record,
    "actor": tell_actor,
    "clause": tell_clause,
    **dict.fromkeys(RESOURCE_KINDS, tell_resource),
}
