"""What whoever signs a plan should look at first, each with the section that says more."""

from __future__ import annotations

from collections.abc import Iterator

from cogov_opt.reporting.page.words import Words

URGENT = 1
"""The priority whose refusals are told first."""
PARTIAL = ("derived", "chosen")
"""Seeds of a draw that nobody may call impartial."""


def notes(words: Words) -> Iterator[tuple[str, str]]:
    """Give sections and sentences, from what binds most to what binds least."""
    found, header = words.overview, words.overview.view.run.header
    if header["card"]["status"] == "draft":
        yield "clauses", words.say("report.draft")
    broken = sorted({clause for clause, _ in header["breaks"]})
    if broken:
        yield "clauses", words.say("label.breaks", list=words.joined(broken))
    own = [c.id for c in found.clauses if c.effects and c.effects.finding]
    if own:
        yield "clauses", words.text("note_owner_gains", list=words.joined(own))
    counts = {
        "unproven": ("sure", sum(1 for goal in found.goals if not goal.optimal)),
        "urgent": (
            "refused",
            sum(1 for d in found.demands.values() if not d.served and d.priority == URGENT),
        ),
        "partly": ("refused", sum(1 for d in found.served if d.partly)),
    }
    for name, (section, count) in counts.items():
        if count:
            yield section, words.text(f"note_{name}", count=words.number(count))
    returned = sum(f.left for f in found.funds if f.fund.id and f.unspent == "return")
    if returned:
        yield "money", words.text("note_returned", amount=words.amount(returned))
    draw = header.get("draw") or {}
    if draw.get("trust") in PARTIAL and _drawn(words):
        yield "check", words.text("note_drawn", count=words.number(_drawn(words)))


def _drawn(words: Words) -> int:
    """Count the decisions that a draw settled."""
    return sum(1 for r in words.overview.view.run.records.values() if r["code"] == "tie_draw")
