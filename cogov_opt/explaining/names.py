"""What things of a run are called, in one language: for sentences, never for decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cogov_opt.domain.tables import RESOURCE_KINDS, RESOURCE_TABLES
from cogov_opt.explaining.goals import stage_name, stage_unit
from cogov_opt.explaining.subjects import card_of, clauses_of
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.units import money_text

Row = Mapping[str, str]


def names_of(run: Run, language: Language) -> dict[str, str]:
    """Map every id of a run to what it is called, with the entries `phrases.reasons` reads."""
    names = {row["actor_id"]: one_language(row["name"], language) for row in run.table("actors")}
    names |= {f"served {row['demand']}": "yes" for row in run.allocation}
    words = code_words(run, language)
    for row in run.table("demands"):
        names[row["demand_id"]] = _titled(row.get("title", ""), row["demand_id"], language)
        names[f"applicant {row['demand_id']}"] = names.get(row["actor_id"], row["actor_id"])
    for table, kind in zip(RESOURCE_TABLES, RESOURCE_KINDS, strict=True):
        for row in run.table(table):
            names[f"kind {row[f'{kind}_id']}"] = kind
            names[row[f"{kind}_id"]] = _resource(row, kind, words, language)
            names[f"giver {row[f'{kind}_id']}"] = names.get(row["actor_id"], row["actor_id"])
    for row in run.table("needs"):
        names |= _of_need(row, words, run.package["currency"], language)
    for line in run.header["stages"]:
        names[f"stage {line['index']}"] = stage_name(line, run, language)
        names[f"unit stage {line['index']}"] = stage_unit(line, run)
    names |= times_of(run, language) | _owners(run, names)
    return names | {
        "outside": phrase("label.outside", language),
        "body": one_language(str(card_of(run).get("authority") or ""), language),
    }


def _owners(run: Run, names: Mapping[str, str]) -> dict[str, str]:
    """Say who set each clause."""
    owners = ((i, str(c.get("owner") or "")) for i, c in clauses_of(run).items())
    return {f"owner {i}": names.get(owner, owner) for i, owner in owners}


def times_of(run: Run, language: Language) -> dict[str, str]:
    """Say when each option of each demand is, by its first session."""
    sessions: dict[str, list[Row]] = {}
    for row in run.table("options"):
        sessions.setdefault(f"time {row['demand_id']} {row['option_id']}", []).append(row)
    found = {}
    for key, rows in sessions.items():
        text = time_text(rows[0]["start"], rows[0]["end"], language)
        more = {"time": text, "count": len(rows) - 1}
        found[key] = fill("label.time_more", more, language) if len(rows) > 1 else text
    return found


def time_text(start: str, end: str, language: Language) -> str:
    """Write a time as `Mon 09-28 09:00-11:00`."""
    if not start:
        return phrase("label.any_day", language)
    weekday = phrase(f"weekday.d{date.fromisoformat(start[:10]).weekday()}", language)
    until = end[11:16] if start[:10] == end[:10] else f"{end[5:10]} {end[11:16]}"
    return f"{weekday} {start[5:10]} {start[11:16]}-{until}"


def _of_need(
    row: Row, words: Mapping[str, str], currency: str, language: Language
) -> dict[str, str]:
    """Give the entries of one need: name, short name, kind, demand, and the unit of money."""
    need = row["need_id"]
    found = {need: need_name(row, words, currency, language), f"kind {need}": row["kind"]}
    found |= {f"demand {need}": row["demand_id"], f"item {need}": _short(row, words, language)}
    return found | ({f"unit {need}": currency} if row["kind"] == "fund" else {})


def _short(row: Row, words: Mapping[str, str], language: Language) -> str:
    """Say in a word what a need asks for: the service wanted, else the kind."""
    first = row.get("requires", "").split(";")[0]
    if row["kind"] == "service" and first:
        return _item(first, words, language)
    return phrase(f"label.item_{row['kind']}", language)


def need_name(row: Row, words: Mapping[str, str], currency: str, language: Language) -> str:
    """Say what a need asks for: `3 x volunteer with Tutoring (D-017.N1)`."""
    text = _money_asked(row, currency, language) if row["kind"] == "fund" else ""
    if not text:
        what = requirements(row, words, language)
        path = f"label.asked_{row['kind']}{'' if what else '_any'}"
        text = fill(path, {"number": row["quantity"], "what": what}, language)
    return fill("label.with_id", {"text": text, "id": row["need_id"]}, language)


def requirements(row: Row, words: Mapping[str, str], language: Language) -> str:
    """Write what a need requires, in words; nothing where anybody will do."""
    items = [_item(i, words, language) for i in row.get("requires", "").split(";") if i]
    return phrase("label.list", language).join(items)


def _money_asked(row: Row, currency: str, language: Language) -> str:
    """Say what a need of money is for: an amount, or what it pays for."""
    if row["quantity"] != "0" or not row["pays_for"]:
        return money_text(int(row["quantity"]), currency)
    paid = phrase("label.list", language).join(row["pays_for"].split(";"))
    return fill("label.money_for", {"list": paid}, language)


def _item(item: str, words: Mapping[str, str], language: Language) -> str:
    """Write one requirement with its words: levels, seats, `a|b` either, `not:` without."""
    return "/".join(_atom(atom, words, language) for atom in item.split("|"))


def _atom(atom: str, words: Mapping[str, str], language: Language) -> str:
    head, colon, tail = atom.partition(":")
    if head == "seats":
        return fill("label.seats", {"number": tail}, language)
    if head == "not":
        return fill("label.without", {"word": words.get(tail, tail)}, language)
    word = words.get(head, head)
    return fill("label.level", {"word": word, "number": tail}, language) if colon else word


def code_words(run: Run, language: Language) -> dict[str, str]:
    """Map every code to its label in a language."""
    return {row["code"]: row.get(language) or row["code"] for row in run.table("codes")}


def one_language(text: str, language: Language) -> str:
    """Of a text written `中文 / English`, give the half in a language; any other as it stands."""
    left, slash, right = (part.strip() for part in text.partition("/"))
    if not slash or not left or not right or _is_chinese(left) == _is_chinese(right):
        return text
    return left if _is_chinese(left) == (language == "zh") else right


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def _titled(title: str, identifier: str, language: Language) -> str:
    if not title or title == identifier:
        return identifier
    title = one_language(title, language)
    return fill("label.with_id", {"text": title, "id": identifier}, language)


def _resource(row: Row, kind: str, words: Mapping[str, str], language: Language) -> str:
    """Call a resource by its type and id; a volunteer by pseudonym alone."""
    identifier = row[f"{kind}_id"]
    word = phrase(f"kind.{kind}", language)
    detail = row.get("space_kind") or row.get("service_type") or ""
    if detail:
        word = words.get(detail, detail)
    return f"{word} {identifier}"
