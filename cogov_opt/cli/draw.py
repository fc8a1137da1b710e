"""``cogov draw``: a seed that nobody chooses alone, by commitment and reveal."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.cli.exits import Exit
from cogov_opt.domain import lots
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import InputError, Issue, UnsupportedError, Where
from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.pipeline import Hooks, checked
from cogov_opt.recording.digests import digest
from cogov_opt.recording.inputs import digest_of_inputs
from cogov_opt.recording.writing import refuse_existing

EPILOG = """\b
Example:
  cogov draw commit week -p needs-first --party JWH-1 -o jwh.json --secret jwh-secret.json
  cogov draw reveal jwh.json ngo.json firm.json jwh-secret.json ngo-secret.json firm-secret.json \\
      -o lots.json
  cogov draw check lots.json week -p needs-first
  cogov solve week -p needs-first --draw lots.json -o runs/week

\b
Exit status:
  0 done   2 wrong command line   3 files that make no draw   7 a draw that does not hold
"""
ACTIONS = ("commit", "reveal", "check")
KINDS = ("commitment", "secret", "draw")


@click.command(epilog=EPILOG)
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("-p", "--policy", metavar="NAME|FILE", help="The card the draw is for.")
@click.option("--party", metavar="NAME", help="Who commits: an actor's id.")
@click.option("-o", "--output", metavar="FILE", help="What is written; must not exist.")
@click.option("--secret", metavar="FILE", help="Where commit keeps what is opened later.")
@click.option("--format", "format_name", metavar="NAME", help="Format of DATA, if not recognised.")
@options.as_json
@options.language
def draw(
    action: str, files: tuple[str, ...], as_json: bool, lang: Language, **asked: str | None
) -> int:
    """
    Draw lots for ties by commitment and reveal, so that nobody chooses the seed alone.

    commit DATA: a party binds itself to a value that nobody else knows, for this data and this
    card; the commitment is published, the secret is kept. When the data is closed and all
    commitments are out: reveal COMMITMENTS SECRETS writes the finished draw, which 'cogov solve
    --draw' takes. check DRAW [DATA] does it all again. Three parties that open their value make a
    draw that may be called impartial; whoever does not open is told by name.
    """
    if action == "commit":
        answer, text = _commit(files, asked, lang), "committed"
    elif action == "reveal":
        answer, text = _reveal(files, asked), "finished"
    else:
        answer, text = _check(files, asked), "finished"
    answer = {"schema_version": options.SCHEMA_VERSION, "action": action, **answer}
    if as_json:
        options.write_json(answer)
    else:
        click.echo(_told(answer, text, lang))
    return Exit.NOT_ACCEPTED if answer.get("problems") else Exit.DONE


def _commit(
    files: Sequence[str], asked: Mapping[str, str | None], lang: Language
) -> dict[str, Any]:
    """Write a commitment and its secret."""
    party, output, secret = (_needed(asked, n) for n in ("party", "output", "secret"))
    if len(files) != 1:
        raise click.UsageError("commit takes one DATA")
    for place in (output, secret):
        refuse_existing(Path(place))
    inputs, card = _digests(files[0], asked)
    public, private = lots.committed(inputs, card, party)
    Path(output).write_bytes(canonical_json(public))
    # Only its owner may read it, from its first byte on.
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(canonical_json(private))
    return {**public, "output": output, "secret": secret}


def _reveal(files: Sequence[str], asked: Mapping[str, str | None]) -> dict[str, Any]:
    """Write the finished draw of some commitments and what was opened of them."""
    output = _needed(asked, "output")
    refuse_existing(Path(output))
    found = [_read(name) for name in files]
    record = lots.drawn(
        [f for f in found if f["kind"] == "commitment"], [f for f in found if f["kind"] == "secret"]
    )
    Path(output).write_bytes(canonical_json(record))
    return _answer(record, []) | {"output": output}


def _check(files: Sequence[str], asked: Mapping[str, str | None]) -> dict[str, Any]:
    """Do a finished draw again; with DATA, tell whether it is for that."""
    if len(files) > 2:
        raise click.UsageError("check takes one DRAW, and the DATA it is for")
    record = _read(files[0])
    inputs, card = _digests(files[1], asked) if len(files) == 2 else (None, None)
    return _answer(record, lots.problems(record, inputs, card))


def _answer(record: lots.Record, problems: list[str]) -> dict[str, Any]:
    """Give what is told of a finished draw."""
    parties = record.get("parties") or []
    return {
        "inputs": record.get("inputs", ""),
        "card": record.get("card", ""),
        "parties": [str(p.get("party", "")) for p in parties],
        "missing": [str(p.get("party", "")) for p in parties if not p.get("value")],
        "seed": str(record.get("seed", "")),
        "trust": str(record.get("trust", "")),
        "impartial": not problems and record.get("trust") == "parties",
        "problems": problems,
    }


def _told(answer: Mapping[str, Any], text: str, lang: Language) -> str:
    """Write what was done, how far it can be trusted, and what to do next."""
    comma = phrase("label.list", lang)
    if answer.get("problems"):
        wrong = [phrase(f"issue.draw_wrong_{p}.what", lang) for p in answer["problems"]]
        return "\n".join([phrase("lots.wrong", lang), *(f"  {w}" for w in dict.fromkeys(wrong))])
    if text == "committed":
        return fill("lots.bound", answer, lang)
    values = {**answer, "list": comma.join(answer["parties"]), "count": len(answer["parties"])}
    lines = [fill(f"lots.{answer['trust']}", values, lang)]
    if answer["missing"]:
        lines.append(fill("lots.missing", {"list": comma.join(answer["missing"])}, lang))
    return "\n".join([*lines, phrase("lots.ranks", lang)])


def _needed(asked: Mapping[str, str | None], name: str) -> str:
    """Give an option that this action needs."""
    found = asked[name]
    if not found:
        raise click.UsageError(f"this action needs --{name}")
    return found


def _digests(data: str, asked: Mapping[str, str | None]) -> tuple[str, str]:
    """Give the digests of a dataset's canonical inputs and of its card."""
    instance, card = checked(data, asked["policy"], asked["format_name"], Hooks())
    return digest_of_inputs(instance), digest(card.text)


def _read(name: str) -> dict[str, Any]:
    """
    Read a file of a draw.

    Raises
    ------
    InputError
        It is none.
    UnsupportedError
        There is no such file.
    """
    try:
        found = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise UnsupportedError(f"{name} cannot be read") from error
    except ValueError:
        found = None
    wanted = ("inputs", "card", "kind")
    if not isinstance(found, dict) or not all(isinstance(found.get(k), str) for k in wanted):
        raise InputError([Issue("draw_wrong_form", Where(name))])
    more = {"commitment": ("party", "commitment"), "secret": ("party", "nonce", "value")}
    if found["kind"] not in KINDS or not all(
        isinstance(found.get(k), str) for k in more.get(found["kind"], ())
    ):
        raise InputError([Issue("draw_wrong_form", Where(name))])
    return found


def lots_of(name: str) -> dict[str, Any]:
    """Read the finished draw that `cogov solve --draw` takes."""
    return _read(name)
