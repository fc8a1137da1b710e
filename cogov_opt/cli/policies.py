"""``cogov policies``: the shipped cards, or one card in words."""

from __future__ import annotations

from typing import Any

import click

from cogov_opt import catalogue
from cogov_opt.cli import options
from cogov_opt.domain.policy import Policy
from cogov_opt.loading import load_policy
from cogov_opt.phrases import LANGUAGES, phrase
from cogov_opt.reporting.cards import card_text

EPILOG = """\b
Example:
  cogov policies
  cogov policies needs-first
  cogov policies my-card.toml
"""


def _offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a shipped card."""
    del ctx, param
    return [n for n in catalogue.policies() if n.startswith(incomplete)]


@click.command(epilog=EPILOG)
@click.argument("name", required=False, shell_complete=_offered)
@options.as_json
def policies(name: str | None, as_json: bool) -> None:
    """List the policy cards, or write the card NAME (or a file) in words, in both languages."""
    if name is None:
        cards = [load_policy(n) for n in catalogue.policies()]
        if as_json:
            listed = {"cards": [_told(c) for c in cards]}
            options.write_json({"schema_version": options.SCHEMA_VERSION, **listed})
        else:
            click.echo("\n".join(f"{c.id:<14} {_title(c)}" for c in cards))
        return
    card = load_policy(name)
    texts = {language: card_text(card, language) for language in LANGUAGES}
    if as_json:
        told = {"schema_version": options.SCHEMA_VERSION, **_told(card), "text": texts}
        options.write_json(told)
    else:
        click.echo("\n".join(texts.values()))


def _told(card: Policy) -> dict[str, Any]:
    """Give what identifies a card."""
    named = {"id": card.id, "version": card.version, "status": card.status}
    return {**named, "title": dict(card.title)}


def _title(card: Policy) -> str:
    titles = [t for t in (card.title.get(x, "") for x in LANGUAGES) if t]
    status = " / ".join(phrase(f"card_status.{card.status}", x) for x in LANGUAGES)
    return f"{' / '.join(titles)} ({card.version}, {status})"
