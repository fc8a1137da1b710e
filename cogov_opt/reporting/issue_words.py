"""Issues in words for those who typed: columns by their labels, where they see labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cogov_opt.domain import labels
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import Issue
from cogov_opt.phrases import Language, issue_parts, joined, phrase, phrase_set

_COLUMNS = ("column", "low", "high", "field")
_TABLES = ("table", "tables")
_WORDS = ("vocabulary", "kind", "found")


def what_and_fix(issue: Issue, language: Language) -> tuple[str, str]:
    """Give what is wrong and how to mend it; in a workbook, columns and sheets by their labels."""
    values = dict(issue.values)
    if values.get("closest") == "-":
        values["closest"] = phrase("annotate.none", language)
    if issue.where.sheet:
        values = {k: _shown(k, v, issue, language) for k, v in values.items()}
    return issue_parts(issue.code, values, language)


def sentence(issue: Issue, language: Language) -> str:
    """Give what is wrong and how to mend it as one text."""
    return joined(*what_and_fix(issue, language), language)


def place_text(issue: Issue, language: Language) -> str:
    """Write the place of an issue on one line, its column as people know it."""
    column = column_name(issue, language) or None
    return replace(issue.where, column=column).text(language)


def column_name(issue: Issue, language: Language) -> str:
    """Give the name of the column an issue is about, as people know it."""
    column = issue.where.column or ""
    return _column(column, issue, language) if issue.where.sheet else column


def _shown(key: str, value: Any, issue: Issue, language: Language) -> Any:
    """Give one value of an issue as people know it."""
    if not isinstance(value, str):
        return value
    if key == "column" and issue.where.column:
        return column_name(issue, language)
    if key in _COLUMNS:
        return _column(value, issue, language)
    if key == "key" and value in labels.columns("package"):
        label = labels.columns("package")[value]
        return label.zh if language == "zh" else label.en
    if key in _TABLES:
        known = labels.tables()
        named = ((n, known.get(n)) for n in value.split(", "))
        return ", ".join(n if x is None else x.zh if language == "zh" else x.en for n, x in named)
    if key in _WORDS and language == "zh":
        words = phrase_set("zh").get("word", {})
        return "、".join(words.get(w, w) for w in value.split(", "))
    return value


def _column(name: str, issue: Issue, language: Language) -> str:
    """Give the label of a column of the sheet an issue is on, else the first that has it."""
    table = labels.find("tables", issue.where.sheet or "") or ""
    for section in (table, "requests", *contracts()):
        label = labels.columns(section).get(name)
        if label is not None:
            return label.zh if language == "zh" else label.en
    return name
