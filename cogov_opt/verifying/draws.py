"""The draw: its seed, and the rank it gives a column (convention S11)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from . import canonical, digests

if TYPE_CHECKING:
    from .findings import Findings
    from .priced import Key
    from .reading import RunFolder

BITS = 20
FIELDS = frozenset({"seed", "trust", "unique", "counter"})
TRUST = frozenset({"derived", "chosen", "committed", "parties"})
OF_LOTS = frozenset({"committed", "parties"})
"""What only a record of lots can bear out (S11.3)."""
FLOW = frozenset(["unique", "not_unique"])
"""What the draw of the flow route says of itself (S11.2)."""
UNIQUE = FLOW | {"plans_found"}


def default_seed(input_digest: str) -> str:
    """Give the seed that follows from the input digest (S11.2)."""
    return digests.sha256(input_digest.encode("ascii"))[:16]


def rank(seed: str, counter: int, parts: tuple[str, str, str], bits: int = BITS) -> int:
    """Give the rank of (n, r, o), or of ("", d, o) for a y column, centred on 0 (S11.1)."""
    text = canonical.encode([seed, "rank", counter, *parts])
    first = int.from_bytes(hashlib.sha256(text).digest(), "big") >> (256 - bits)
    return first - (1 << (bits - 1))


def rank_of(seed: str, counter: int, key: Key, position: int = 0, bits: int = BITS) -> int:
    """Give the rank of an x or y column; `position` is that of its agreement by id (S11.1)."""
    if key[0] == "y":
        return rank(seed, counter, ("", key[1], key[2]), bits)
    return rank(seed, counter, (key[1], key[2], key[3]), bits) - position


def check(opened: RunFolder, findings: Findings) -> None:
    """Compare a derived seed with the inputs; what this verifier cannot judge is unknown."""
    run, draw = opened.run, opened.run.get("draw")
    drawn = "route" in run and run["strategy"] == "optimum" and bool(run["stages"])
    if drawn and bool(draw) == (run["options"].get("draw") is False):
        # Whether ties are drawn is an option like every other (S11.2).
        findings.add("draw", "run.json", "options.draw")
    if not draw:
        if draw is not None:
            findings.add("draw", "run.json", "draw")
        return
    seed, counter = draw.get("seed"), draw.get("counter")
    if not isinstance(seed, str) or type(counter) is not int or counter < 0:
        findings.add("draw", "run.json", "seed")
        return
    if draw.get("trust") == "derived" and seed != default_seed(
        digests.input_digest(opened.digests)
    ):
        findings.add("draw", "run.json", seed)
    if (draw.get("trust") in OF_LOTS) != (opened.lots is not None):
        findings.add("draw", "run.json", "trust")
    typed = opened.run["options"].get("seed")
    chosen = draw.get("trust") == "chosen"
    if (typed is not None) != chosen or (chosen and seed != typed):
        findings.add("draw", "run.json", "options.seed")
    if "route" in opened.run and (draw.get("unique") in FLOW) != (opened.run["route"] == "flow"):
        findings.add("draw", "run.json", f"unique {draw.get('unique')}")
    for name, words in (("trust", TRUST), ("unique", UNIQUE)):
        if draw.get(name) not in words:
            findings.add("unknown", "run.json", f"draw.{name} {draw.get(name)}")
    if counter and draw.get("unique") not in FLOW:
        # Only the draw of a flow is made again, and has to show why (S11.3).
        findings.add("draw", "run.json", f"counter {counter}")
    for name in sorted(set(draw) - FIELDS):
        findings.add("unknown", "run.json", f"draw.{name}")
