"""What the draw settled: how many decisions, with which seed, how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogov_opt.phrases import Language, fill, phrase
from cogov_opt.recording import Run


def draw_told(run: Run) -> dict[str, Any] | None:
    """Give the draw of a run with the number of decisions it settled; None where there is none."""
    draw = run.header.get("draw")
    if not draw:
        return None
    found = {name: draw[name] for name in ("seed", "trust", "unique")}
    settled = sum(_by_lot(record) for record in run.records.values())
    return found | {"drawn": settled, "decisions": len(run.records)}


def _by_lot(record: Mapping[str, Any]) -> bool:
    """Tell whether a decision was settled by lot: by its reason, or a tie of its step."""
    return record["code"] == "tie_draw" or bool(record["values"].get("tie"))


def trust_words(run: Run, language: Language) -> str:
    """Say how far the seed of a run can be trusted, naming who drew lots for it."""
    trust = str(run.header["draw"]["trust"])
    if "draw.json" not in run.files:
        return phrase(f"trust.{trust}", language)
    parties = [str(p["party"]) for p in run.lots["parties"]]
    listed = phrase("label.list", language).join(parties)
    return fill(f"lots_trust.{trust}", {"count": len(parties), "list": listed}, language)


def share_line(run: Run, language: Language) -> str:
    """Say how many decisions the draw settled, and among what it drew."""
    told = draw_told(run)
    if told is None or not told["decisions"]:
        return ""
    tenths = (told["drawn"] * 1000 + told["decisions"] // 2) // told["decisions"]
    values = {"drawn": f"{told['drawn']:,}", "count": f"{told['decisions']:,}"}
    values["percent"] = f"{tenths // 10}.{tenths % 10}"
    return fill("lots.share_line", values, language)
