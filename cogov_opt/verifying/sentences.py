"""The phrases in force are known ones, and every record can be said with them (proof.md 6)."""

from __future__ import annotations

import json
import pkgutil
import re
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Any

from . import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .findings import Findings
    from .reading import RunFolder

FILE = "phrases.json"
LANGUAGES = ("en", "zh")
ALWAYS_GIVEN = frozenset(["kind", "body"])
"""What a sentence may name besides the ids and values of its record."""
MADE_OF = {
    "counts": ("tests", "who_test"), "brings": ("cost", "spared"), "stage": ("goal",),
    "by": ("scarcest", "scarcest_short", "offers"), "clause": ("owner",), "demand": ("applicant",),
}  # fmt: skip
"""What a sentence may name where its record has an id or a value to make it of."""
OTHERS = {
    "assignment": ("level",), "unused": ("short_level",),
    "unmet": ("served", "served_bound", "served_best", "stopped", "short_stopped", "short_level"),
}  # fmt: skip
"""Sentences an entry may have besides, by type of record; which is said is the writer's choice."""
REFUSED = ("unmet_refused", "short_refused", "detail_refused")
"""Sentences an entry may have where a refusal is the reason."""
BEYOND_PRICES = ("_bound", "_best")
"""Endings of sentences an entry may have besides, of what is proven beyond the prices."""
SPOKEN = ("reason", "who", "proven")
_WHOLE = re.compile("(-?)([0-9]+)")

Shape = tuple[Any, ...]


def known_sets() -> dict[str, str]:
    """Give the digest of phrases.json by version, as shipped."""
    data = pkgutil.get_data(__package__ or "", "phrase_sets.json") or b"{}"
    found: dict[str, str] = json.loads(data)
    return found


def check(opened: RunFolder, findings: Findings, known: Mapping[str, str] | None = None) -> None:
    """Compare the phrase set with the shipped digest of its version, then fill every sentence."""
    phrases = opened.phrases
    if not isinstance(phrases, dict):
        return
    version = str(phrases.get("version"))
    digest = (known_sets() if known is None else known).get(version)
    if digest is None:
        findings.add("unknown", FILE, f"version {version}")
    elif digest != opened.digests.get(FILE):
        findings.add("sentence", FILE, f"version {version}")
    wrong: dict[Shape, list[str]] = {}
    for line in opened.records:
        record = canonical.decode(line, canonical=False)  # its form was checked when it was read
        shape = _shape(record)
        if shape not in wrong:
            wrong[shape] = [one for one in LANGUAGES if not fits(phrases, record, one)]
        for language in wrong[shape]:
            findings.add("sentence", FILE, f"{_name(record)} {language}")


def _shape(record: Any) -> Shape:
    """Give all that `fits` looks at: records of one shape fit alike."""
    if not isinstance(record, dict):
        return ()
    words = [repr(record.get(name)) for name in ("type", "code", "proven")]
    inner = [record.get(part) for part in ("about", "values")]
    names = [tuple(part) if isinstance(part, dict) else () for part in inner]
    return (*words, *names, _saves(record))


def fits(phrases: Mapping[str, Any], record: Any, language: str) -> bool:
    """Tell whether a record's sentences exist and all their placeholders can be filled."""
    if not isinstance(record, dict):
        return False
    texts = templates(phrases, record, language)
    names = given(record)
    try:
        return bool(texts) and all(text and placeholders(text) <= names for text in texts)
    except (TypeError, ValueError):
        return False


def given(record: Mapping[str, Any]) -> set[str]:
    """Give the placeholders that a record fills."""
    names = set(ALWAYS_GIVEN)
    for part in ("about", "values"):
        inner = record.get(part)
        names.update(inner if isinstance(inner, dict) else ())
    for value, made in MADE_OF.items():
        if value in names:
            names.update(made)
    if record.get("code") == "set_incomplete":
        names.add("blocker")
    return names


def templates(phrases: Mapping[str, Any], record: Mapping[str, Any], language: str) -> list[Any]:
    """
    Give the texts a record is said with: what, in short (where nothing was given), who, how sure.

    Under a language stand `reason`, `who` and `proven`; [] if the record's code or proof has none.
    Only `reason` must be there; the others are said where the phrase set has them.
    """
    spoken = phrases.get(language)
    if not isinstance(spoken, dict) or not all(isinstance(spoken.get(p, {}), dict) for p in SPOKEN):
        return []
    code, proven = str(record.get("code")), str(record.get("proven"))
    entry = spoken.get("reason", {}).get(code)
    entry = {"text": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, dict):
        return []
    texts = [entry.get(_variant(record, entry))]
    texts += [entry[name] for name in OTHERS.get(str(record.get("type")), ()) if name in entry]
    if "low" in given(record):
        of = ("short", "short_level", str(record.get("type")))
        texts += [entry[f"{x}{y}"] for x in of for y in BEYOND_PRICES if f"{x}{y}" in entry]
    if "refused" in given(record):
        texts += [entry[name] for name in REFUSED if name in entry]
    if record.get("type") != "assignment":
        texts.append(entry.get(_short(record, entry), "-"))
    who = "votes" in given(record) and f"{code}_trace" in spoken.get("who", {})
    for part, name in (("who", f"{code}_trace" if who else code), ("proven", proven)):
        if part in spoken:
            texts.append(spoken[part].get(name))
    return texts


def _variant(record: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """Choose among the sentences of a code: by evidence, by saving, by what it is about."""
    wanted = []
    if record.get("proven") == "trace" and (
        "votes" in given(record) or record.get("code") == "capacity"
    ):
        wanted.append("trace")
    if _saves(record):
        wanted.append("cost")
    return next((v for v in (*wanted, str(record.get("type"))) if v in entry), "text")


def _short(record: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    if record.get("proven") == "trace" and "short_trace" in entry:
        return "short_trace"
    return "short_cost" if _saves(record) and "short_cost" in entry else "short"


def _saves(record: Mapping[str, Any]) -> bool:
    """Tell whether an assignment costs something itself and spares more elsewhere."""
    values = record.get("values")
    brings = values.get("brings") if isinstance(values, dict) else None
    found = _WHOLE.fullmatch(str(brings)) if isinstance(brings, int | str) else None
    return found is not None and (found[1] == "-" or not found[2].strip("0"))


@cache
def placeholders(text: str) -> frozenset[str]:
    """Give the names in braces of a phrase."""
    named = (name for _, name, _, _ in Formatter().parse(text) if name)
    return frozenset(name.split(".")[0].split("[")[0] for name in named)


def _name(record: Any) -> str:
    return str(record.get("record", "")) if isinstance(record, dict) else ""
