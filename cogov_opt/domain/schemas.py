"""JSON Schemas of what people write: rows of the tables as typed, and policy cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogov_opt.domain import fields
from cogov_opt.domain.clauses import KINDS, contract
from cogov_opt.domain.fields import Field
from cogov_opt.domain.policy import BASES, ENTITIES, MEASURES, TERMS
from cogov_opt.domain.tables import Contract, contracts

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

TYPED: Mapping[type[Field], str] = {
    fields.Identifier: "an id: text, never a number",
    fields.Text: "free text",
    fields.Money: "major units of the currency, at most two decimals: 840 or 840.00",
    fields.Quantity: "a whole number; major units of money for a need of kind fund",
    fields.Minutes: "a duration: 90, 8h, 1h30, 8小时",
    fields.Degrees: "decimal degrees",
    fields.Requirement: "codes that must all hold, divided by ;  a|b either, code:2 a level, "
    "not:code, seats:20",
    fields.Date: "a date: 2026-09-28",
    fields.Moment: "a local date and time: 2026-09-28 09:00; a date alone is the whole day",
    fields.Stamp: "a local date and time",
}
"""What a cell of each field looks like when typed (data.md 2)."""


def table_schema(name: str) -> Schema:
    """
    Give the schema of one row of a table, its cells as typed: text, or blank where optional.

    Raises
    ------
    KeyError
        No table has this name.
    """
    found = contracts()[name]
    return {
        "$schema": DIALECT,
        "title": f"A row of {name}",
        "description": (found.row.__doc__ or "").strip(),
        "type": "object",
        "properties": {column: _cell(found, column) for column in found.fields},
        "required": [column for column in found.fields if column in found.required],
        "additionalProperties": {"type": "string", "description": "kept, named and never used"},
    }


def _cell(table: Contract, column: str) -> Schema:
    """Give the schema of one column: how a cell is written, and who may see it."""
    field = table.fields[column]
    schema: Schema = {"type": "string", "description": _typed(field), "x-visible": field.visibility}
    if isinstance(field, fields.Choice):
        schema["examples"] = list(field.words)
    if column in table.required:
        schema["minLength"] = 1
    return schema


def _typed(field: Field) -> str:
    """Say what may be typed into a column."""
    if isinstance(field, fields.Integer):
        return f"a whole number from {field.low} to {field.high}"
    if isinstance(field, fields.Choice):
        return f"one of: {', '.join(field.words)}; the words people use are understood too"
    if isinstance(field, fields.Code):
        return f"a code of the vocabulary {field.vocabulary}"
    if isinstance(field, fields.Codes):
        levels = ", each with a level if wanted (first_aid:2)" if field.levels else ""
        return f"codes of the vocabulary {field.vocabulary}, divided by ;{levels}"
    if isinstance(field, fields.Reference):
        return f"an id of {' or '.join(field.tables)}{_instead(field.wildcard)}"
    if isinstance(field, fields.References):
        return f"ids of {field.table}, divided by ;{_instead(field.word)}"
    if isinstance(field, fields.Degrees) and field.grain > 1:
        return f"{TYPED[type(field)]}, rounded to {field.grain} millionths"
    if isinstance(field, fields.Text) and field.visibility == "private":
        return f"{TYPED[type(field)]}; private: not read into an instance"
    return TYPED[type(field)]


def _instead(word: str | None) -> str:
    return f", or {word}" if word else ""


def card_schema() -> Schema:
    """Give the schema of a policy card, as the mapping its TOML is read to."""
    by_priority = {
        "type": "object",
        "propertyNames": {"enum": ["1", "2", "3", "4", "5"]},
        "additionalProperties": {"type": "integer", "minimum": 0},
    }
    tags = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    points = {"priority": by_priority, "per_person": by_priority, "tags": tags}
    day = {"anyOf": [{"type": "string", "format": "date"}, _DATE_OF_TOML]}
    return _object(
        {
            "id": _TEXT,
            "version": _TEXT,
            "status": {"enum": ["draft", "adopted", "withdrawn"]},
            "title": _TEXTS,
            "authority": _TEXT,
            "adopted_on": day,
            "from": day,
            "until": day,
            "strategy": {"type": "object", "properties": {"name": _TEXT}},
            "points": _object(points),
            "objective": {"type": "array", "items": _objective()},
            "clause": {"type": "array", "items": {"oneOf": [_clause(k) for k in KINDS]}},
        },
        ["id", "version", "status"],
    ) | {"$schema": DIALECT, "title": "A policy card"}


_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_NAMES: Schema = {"type": "array", "items": _TEXT}
_DATE_OF_TOML: Schema = {"description": "a date of TOML, written without quotes"}
_WHERE: Schema = {
    "type": "object",
    "description": f"lines ENTITY.field, all of which hold; entities: {', '.join(ENTITIES)}",
}
_PER: Schema = {
    "oneOf": [
        {"enum": ["day", "week", "month", "year", "horizon"]},
        {
            "type": "object",
            "properties": {"days": {"type": "integer", "minimum": 1}},
            "required": ["days"],
            "additionalProperties": False,
        },
    ]
}
_AMOUNT: Schema = {
    "oneOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"},
    ],
    "description": "a whole number; money also as text in major units",
}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    """Give an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required or [],
        "additionalProperties": False,
    }


def _objective() -> Schema:
    """Give the schema of a stage."""
    term = {
        "term": {"enum": list(TERMS)},
        "weight": {"type": "integer", "minimum": 1},
        "where": _WHERE,
        "each": _NAMES,
        "measure": {"enum": list(MEASURES)},
    }
    give = [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "string"}]
    return _object(
        {
            "sense": {"enum": ["maximise", "minimise"]},
            "terms": {"type": "array", "minItems": 1, "items": _object(term, ["term"])},
            "give": {"oneOf": give, "description": 'percent, or "50 points"'},
        },
        ["sense", "terms"],
    )


def _clause(kind: str) -> Schema:
    """Give the schema of a clause of one kind, its parameters from the kind's contract."""
    common: Schema = {
        "id": _TEXT,
        "kind": {"const": kind},
        "where": _WHERE,
        "firmness": {"enum": ["hard", "soft"]},
        "penalty": {"type": "integer", "minimum": 0},
        "stage": {"type": "integer", "minimum": 1},
        "owner": _TEXT,
        "source": _TEXT,
        "because": _TEXTS,
        "may_be_empty": {"type": "boolean"},
    }
    own = {name: _parameter(name) for name in contract(kind).model_fields}
    return _object(common | own, ["id", "kind"])


def _parameter(name: str) -> Schema:
    """Give the schema of a parameter by its name; the names mean the same in every kind."""
    known: dict[str, Schema] = {
        "must": _WHERE, "only": _WHERE, "each": _NAMES, "per": _PER,
        "measure": {"enum": list(MEASURES)}, "of": {"enum": list(BASES)},
    }  # fmt: skip
    if name.endswith("_percent"):
        return {"type": "integer", "minimum": 0, "maximum": 100}
    return known.get(name, _AMOUNT)
