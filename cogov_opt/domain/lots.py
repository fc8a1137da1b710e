"""
Drawing lots by commitment and reveal (convention S11.3): a seed that nobody chose alone.

Each party commits to a value nobody else knows, for these inputs and this card; when all
commitments are out, the values are opened, and the seed is the digest of all of them. Whoever
does not open is replaced by a default that follows from the commitment, and that is told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.errors import InputError, Issue, Where

FORMAT = 1
ENOUGH = 3
"""So many opened values of different parties make a draw that may be called impartial."""
BYTES = 32
Record = Mapping[str, Any]


def committed(inputs: str, card: str, party: str) -> tuple[Record, Record]:
    """Give a party's commitment, to be published, and its secret, to be kept until the reveal."""
    opened = {"party": party, "nonce": secrets.token_hex(BYTES), "value": secrets.token_hex(BYTES)}
    return commitment_of(inputs, card, opened), _headed("secret", inputs, card) | opened


def commitment_of(inputs: str, card: str, opened: Record) -> Record:
    """Give the commitment that belongs to a party, its nonce and its value."""
    digest = _commit(inputs, card, opened["party"], opened["nonce"], opened["value"])
    head = _headed("commitment", inputs, card)
    return head | {"party": opened["party"], "commitment": digest}


def drawn(commitments: Sequence[Record], opened: Sequence[Record]) -> Record:
    """
    Give the finished draw from all commitments and what was opened of them.

    Raises
    ------
    InputError
        They are not for the same inputs and card, a party stands twice, nothing was opened, or
        something opened is not what was committed to.
    """
    _refuse(commitments, opened)
    inputs, card = commitments[0]["inputs"], commitments[0]["card"]
    by_party = {o["party"]: o for o in opened}
    parties = [
        {
            "party": c["party"],
            "commitment": c["commitment"],
            "nonce": by_party.get(c["party"], {}).get("nonce", ""),
            "value": by_party.get(c["party"], {}).get("value", ""),
        }
        for c in sorted(commitments, key=lambda c: str(c["party"]))
    ]
    head = _headed("draw", inputs, card)
    record = head | {"parties": parties, "seed": seed_of(inputs, card, parties)}
    return record | {"trust": trust_of(parties)}


def seed_of(inputs: str, card: str, parties: Sequence[Record]) -> str:
    """Give the seed: the digest of all values, a default for each that was not opened."""
    values = [[p["party"], p["value"] or default_of(p["commitment"])] for p in parties]
    return _digest(["cogov draw", "seed", inputs, card, values])


def default_of(commitment: str) -> str:
    """Give the value that stands in for one that was not opened."""
    return _digest(["cogov draw", "default", commitment])


def trust_of(parties: Sequence[Record]) -> str:
    """Say how far a draw can be trusted: by how many parties opened what they committed to."""
    return "parties" if sum(bool(p["value"]) for p in parties) >= ENOUGH else "committed"


def missing(record: Record) -> list[str]:
    """Name the parties that did not open their value."""
    return [p["party"] for p in record["parties"] if not p["value"]]


def problems(record: Record, inputs: str | None = None, card: str | None = None) -> list[str]:
    """
    List what is wrong with a finished draw, as codes; nothing where it holds.

    `inputs` and `card` are the digests it should be for, where they are known.
    """
    try:
        return _problems(record, inputs, card)
    except (KeyError, TypeError, AttributeError):
        return ["form"]


def _problems(record: Record, inputs: str | None, card: str | None) -> list[str]:
    found = []
    names = [p["party"] for p in record["parties"]]
    if record["cogov_draw"] != FORMAT or record["kind"] != "draw" or not names:
        found.append("form")
    if inputs is not None and record["inputs"] != inputs:
        found.append("inputs")
    if card is not None and record["card"] != card:
        found.append("card")
    if names != sorted(set(names)):
        found.append("parties")
    about = (record["inputs"], record["card"])
    found.extend(
        "commitment"
        for p in record["parties"]
        if p["value"] and p["commitment"] != _commit(*about, p["party"], p["nonce"], p["value"])
    )
    if not any(p["value"] for p in record["parties"]):
        found.append("opened")
    if record["seed"] != seed_of(record["inputs"], record["card"], record["parties"]):
        found.append("seed")
    if record["trust"] != trust_of(record["parties"]):
        found.append("trust")
    return found


def _refuse(commitments: Sequence[Record], opened: Sequence[Record]) -> None:
    """Refuse what does not make one draw."""
    if not commitments or not opened:
        raise _fault("nothing")
    about = {(c["inputs"], c["card"]) for c in (*commitments, *opened)}
    if len(about) != 1:
        raise _fault("other_data")
    known = {c["party"]: c["commitment"] for c in commitments}
    if len(known) != len(commitments) or len({o["party"] for o in opened}) != len(opened):
        raise _fault("twice")
    for o in opened:
        if commitment_of(o["inputs"], o["card"], o)["commitment"] != known.get(o["party"]):
            raise _fault("not_committed", party=o["party"])


def _fault(code: str, **values: str) -> InputError:
    return InputError([Issue(f"draw_{code}", Where("draw"), values)])


def _headed(kind: str, inputs: str, card: str) -> dict[str, Any]:
    return {"cogov_draw": FORMAT, "kind": kind, "inputs": inputs, "card": card}


def _commit(inputs: str, card: str, party: str, nonce: str, value: str) -> str:
    return _digest(["cogov draw", "commit", inputs, card, party, nonce, value])


def _digest(value: Any) -> str:
    return sha256(canonical_json(value)).hexdigest()
