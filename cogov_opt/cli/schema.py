"""``cogov schema``: the JSON Schema of a table, a card, or an answer of a command."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.domain.schemas import card_schema, table_schema
from cogov_opt.domain.tables import contracts

EPILOG = """\b
Example:
  cogov schema                     the names there are
  cogov schema tables.demands      a row of the table demands, as typed
  cogov schema card                a policy card
  cogov schema solve               the answer of 'cogov solve --json'
"""

CARD = "card"
TABLES = "tables."


def answers() -> list[str]:
    """List the commands whose answers have a schema."""
    files = resources.files("cogov_opt.cli").joinpath("schemas").iterdir()
    return sorted(f.name.removesuffix(".json") for f in files if f.name.endswith(".json"))


def schema_of(name: str) -> dict[str, Any]:
    """
    Give a schema by its name.

    Raises
    ------
    KeyError
        There is none of this name.
    """
    if name == CARD:
        return card_schema()
    if name.startswith(TABLES):
        return table_schema(name.removeprefix(TABLES))
    if name not in answers():
        raise KeyError(name)
    file = resources.files("cogov_opt.cli").joinpath("schemas", f"{name}.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def names() -> dict[str, list[str]]:
    """Give the names of all schemas, by what they are of."""
    tables = [f"{TABLES}{name}" for name in contracts()]
    return {"files": [CARD], "tables": tables, "answers": answers()}


def _offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a schema."""
    del ctx, param
    return [n for group in names().values() for n in group if n.startswith(incomplete)]


@click.command(epilog=EPILOG)
@click.argument("name", required=False, shell_complete=_offered)
@options.as_json
def schema(name: str | None, as_json: bool) -> None:
    """
    Write the JSON Schema NAME, or list the names there are.

    A schema is JSON with or without --json; tables are described as people type them.
    """
    if name is None:
        if as_json:
            options.write_json({"schema_version": options.SCHEMA_VERSION, **names()})
        else:
            click.echo("\n".join(n for group in names().values() for n in group))
        return
    try:
        found = schema_of(name)
    except KeyError:
        known = [n for group in names().values() for n in group]
        raise options.unknown("schema", name, known) from None
    options.write_json(found)
