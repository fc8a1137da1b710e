"""Honest runs to lie about: coupled weeks, flows and procedures, each accepted before any lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cogov_opt.domain.loaded import Tables
from tests.lies.copies import Honest
from tests.lies.large_money import CARD, money_week
from tests.properties.districts import districts_card, districts_week
from tests.properties.line import decided, flow_decided, found
from tests.properties.small_cards import small_card
from tests.properties.small_weeks import Dice, Rows, small_week, tables_of

KINDS = ("coupled", "sets", "flow", "pb_greedy", "first_come", "sets", "apart")


def sets_week(seed: int) -> Tables:
    """Make a small week like the sample one: sets of needs, paid persons, earmarked funds."""
    return money_week(seed, 100, 4 + seed % 5, rich=True)


def sets_card(seed: int) -> str:
    """Write a card with one stage, every other time with a draw."""
    return CARD if seed % 2 else CARD.replace("draw = false\n", "")


def votes_week(seed: int) -> Tables:
    """Make a small participatory budget: one fund, and projects with equal votes among them."""
    d = Dice(30_000_000 + seed)
    rows: Rows = {"actors": [{"actor_id": "A", "name": "A", "kind": "ngo"}]}
    count = d.number(2, 6)
    rows["funds"] = [{"fund_id": "F", "actor_id": "A", "amount": d.number(5, 20)}]
    rows["demands"] = [
        {
            "demand_id": f"D{i}", "actor_id": "A", "points": d.number(1, 4),
            "position": d.number(1, 3), "people": d.maybe(50, 4),
        }
        for i in range(count)
    ]  # fmt: skip
    rows["needs"] = [
        {"need_id": f"N{i}", "demand_id": f"D{i}", "kind": "fund", "quantity": d.number(2, 9)}
        for i in range(count)
    ]
    tables = tables_of(rows)
    package = dict(tables.package) | {"no_rows_means": {"fund": "always"}}
    return Tables(package, tables.tables, "votes", units="minor")


def votes_card(seed: int) -> str:
    """Write a card of pb_greedy with one of its variants and ways to break ties."""
    d = Dice(40_000_000 + seed)
    variant = d.pick(["skip", "stop", "threshold"])
    ties = d.pick(['["position"]', "[]", '["draw"]'])
    least = "threshold = 2\n" if variant == "threshold" else ""
    return (
        'id = "votes"\nversion = "1.0.0"\nstatus = "draft"\ntitle = { en = "v", zh = "票" }\n'
        f'[strategy]\nname = "pb_greedy"\nvariant = "{variant}"\ntie_break = {ties}\n{least}'
    )


def counter_card(seed: int) -> str:
    """Write a card of first_come: points and clauses of a small card, without its objectives."""
    head, *rest = small_card(seed).split("[[objective]]\n")
    last = rest[-1]
    clauses = last[last.find("[[clause]]") :] if "[[clause]]" in last else ""
    clauses = clauses.replace('firmness = "soft"', 'firmness = "hard"')
    kept = [line for line in clauses.split("\n") if not line.startswith(("penalty = ", "stage = "))]
    top, points = head.split("[points]\n")
    strategy = '[strategy]\nname = "first_come"\n'
    return f"{top}{strategy}[points]\n{points}" + "\n".join(kept)


def honest_run(seed: int, folder: Path) -> Honest | None:
    """Give the run of a seed; None where the week is refused or there is no plan."""
    kind = KINDS[seed % len(KINDS)]
    asked = {"options": {"seed": "lies"}} if seed % 3 else {}
    if kind == "flow":
        options = {**asked.get("options", {}), **({"regrets": True} if seed % 4 else {})}
        line = flow_decided(seed, folder, size=4, options=options)
    elif kind == "pb_greedy":
        line = decided(seed, folder, votes_week, votes_card)
    elif kind == "sets":
        options = {**asked.get("options", {}), **({} if seed % 4 == 1 else {"cuts": False})}
        line = decided(seed, folder, sets_week, sets_card, options=options)
    elif kind == "apart":
        line = decided(seed, folder, districts_week, districts_card, **asked)
    elif kind == "first_come":
        line = decided(seed, folder, small_week, counter_card, **asked)
    else:
        line = decided(seed, folder, **asked)
    if line is None or line.decision.outcome.vector is None:
        return None
    assert not found(folder), (seed, kind, found(folder)[:3])
    return Honest(f"{kind} {seed}", folder, line.decision)


def honest_runs(folder: Path, first: int = 0) -> Iterator[Honest]:
    """Give honest runs without end, from a seed on."""
    seed = first
    while True:
        run = honest_run(seed, folder / str(seed))
        if run is not None:
            yield run
        seed += 1
