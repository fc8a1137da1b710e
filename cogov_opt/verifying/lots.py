"""Lots drawn by commitment and reveal: the record, its seed and how far to trust it (S11.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import canonical, digests

if TYPE_CHECKING:
    from .findings import Findings
    from .reading import RunFolder

FILE = "draw.json"
HEAD = frozenset(["cogov_draw", "kind", "inputs", "card", "parties", "seed", "trust"])
PARTY = frozenset(["party", "commitment", "nonce", "value"])
ENOUGH = 3


def check(opened: RunFolder, findings: Findings) -> None:
    """Check that the seed of a run is the one its record of lots gives, and made for this run."""
    asked = opened.run["options"].get("lots")
    if asked is None and opened.lots is None:
        return
    if opened.lots is None or asked != opened.digests.get(FILE):
        findings.add("draw", FILE, "options.lots")
        return
    for about in _faults(opened, opened.lots):
        findings.add("draw", FILE, about)
    draw = opened.run.get("draw")
    if opened.run["options"].get("seed") is not None:
        findings.add("draw", "run.json", "options.seed")
    if draw and (draw.get("seed"), draw.get("trust")) != (
        opened.lots.get("seed"), opened.lots.get("trust"),
    ):  # fmt: skip
        findings.add("draw", "run.json", "seed")


def _faults(opened: RunFolder, lots: dict[str, Any]) -> list[str]:
    """Name what does not hold of a record."""
    found = []
    parties = lots["parties"]
    if set(lots) != HEAD or lots["cogov_draw"] != 1 or lots["kind"] != "draw":
        found.append("form")
    if lots["inputs"] != digests.input_digest(opened.digests):
        found.append("inputs")
    if lots["card"] != opened.digests.get("policy.toml"):
        found.append("card")
    names = [p["party"] for p in parties]
    if names != sorted(set(names)) or any(set(p) != PARTY for p in parties):
        found.append("parties")
    if any(not isinstance(text, str) for p in parties for text in p.values()):
        found.append("text")
    if any(p["nonce"] and not p["value"] for p in parties):
        found.append("opened")
    values, shown = [], 0
    for p in parties:
        made = ["cogov draw", "commit", lots["inputs"], lots["card"], p["party"], p["nonce"]]
        if not p["value"]:
            stands_in = _digest(["cogov draw", "default", p["commitment"]])
            values.append([p["party"], stands_in])
            continue
        shown += 1
        values.append([p["party"], p["value"]])
        if _digest([*made, p["value"]]) != p["commitment"]:
            found.append(f"commitment {p['party']}")
    if not shown:
        found.append("opened")
    if lots["seed"] != _digest(["cogov draw", "seed", lots["inputs"], lots["card"], values]):
        found.append("seed")
    if lots["trust"] != ("parties" if shown >= ENOUGH else "committed"):
        found.append("trust")
    return found


def _digest(value: Any) -> str:
    return digests.sha256(canonical.encode(value))
