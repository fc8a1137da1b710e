"""What each clause, each term and the law make of three rows, as files that people review."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cogov_opt.domain.clauses import KINDS, NEVER_SOFT
from cogov_opt.domain.policy import TERMS
from tests.golden.render import Rendered, page
from tests.golden.three_rows import SOFT, objective, under

HERE = Path(__file__).parent
CLAUSES = {
    "require": ['where = { need.kind = "volunteer" }; must = { volunteer.area = "north" }'],
    "forbid": ['where = { demand.area = "south" }', 'where = { giver.id = "B" }'],
    "earmark": ['where = { fund.id = "F1" }; only = { option.weekday = "mon" }'],
    "limit": [
        'measure = "minutes"; each = ["volunteer.id"]; per = "day"; at_most = 60',
        'measure = "money"; at_most = "1.50"',
        'measure = "units"; each = ["demand.area"]; at_most_percent = 40; of = "given"',
    ],
    "guarantee": [
        'measure = "demands"; each = ["demand.area"]; per = "week"; at_least = 1',
        'measure = "minutes"; where = { demand.id = "D2" }; at_least_percent = 25; of = "asked"',
    ],
    "award": ['where = { fund.id = "F1" }; min = "1.20"; max = "2.00"; step = "0.40"'],
    "pin": ["where = { }"],
}  # fmt: skip
SERVED = "served_points"
STAGES = {
    SERVED: ("maximise", "weight = 2"),
    "unmet_points": ("minimise", "weight = 2"),
    "units_points": ("maximise", "weight = 2"),
    "cost": ("minimise", "weight = 2"),
    "distance": ("minimise", "weight = 2"),
    "preference": ("maximise", "weight = 2"),
    "max_min_share": ("maximise", 'weight = 1, each = ["demand.area"], measure = "people"'),
}


def compare(name: str, text: str) -> None:
    """Hold a text against its golden file; with GOLDEN=1 in the environment write it instead."""
    path = HERE / f"{name}.txt"
    if os.environ.get("GOLDEN") == "1":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path.name} differs; GOLDEN=1 writes it anew"


def clause_page(kind: str) -> str:
    """Write the golden page of a clause kind: each example hard, then soft where it may be."""
    said = {}
    for example in CLAUSES[kind]:
        each = re.search(r"each = \[(.*?)\]", example)
        fields = tuple(re.findall(r'"(.*?)"', each[1])) if each else ()
        for firm in ("hard",) if kind in NEVER_SOFT else ("hard", "soft"):
            lines = f'kind = "{kind}"; {example}' + (f"; {SOFT}" if firm == "soft" else "")
            shown = Rendered(under(lines), fields)
            found = shown.columns("slack", "steps", "use")
            found += [r for r in shown.rows("law.set") if "[use_" in r]
            found += shown.rows("C") + shown.costs("slack")
            said[f"{firm}: {example}"] = found
    return page(f"clause C {kind}   convention S8", said)


def term_page(term: str) -> str:
    """Write the golden page of a term: what it adds to a stage, and the columns it needs."""
    sense, rest = STAGES[term]
    line = f'terms = [ {{ term = "{term}", {rest} }} ]'
    shown = Rendered(under(stages=objective(sense, line)))
    made = shown.columns("level", "major", "use")
    rows = shown.rows("term.level")
    rows += [r for r in shown.rows("law.set") if "[major" in r]
    return page(f"term {term}   convention S9", {f"{sense}: {rest}": made + rows + shown.costs()})


def law_page() -> str:
    """Write the golden page of what holds under every card."""
    shown = Rendered(under())
    said = {"columns (S4.10, S5.1, S6)": shown.columns("y", "x", "bought", "own", "award")}
    for head, title in (
        ("law.set", "sets (S5)"), ("law.money", "money (S6)"), ("law.capacity", "capacity (S7.1)"),
        ("law.no_overlap", "no overlap (S7.3)"), ("law.agreement", "agreements (S7.5)"),
    ):  # fmt: skip
        said[title] = shown.rows(head)
    return page("the law on three rows   convention S4-S7", said)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_makes_the_rows_that_were_reviewed(kind: str) -> None:
    """Rows, bounds of slack and costs of each kind stand in its golden file (S8)."""
    compare(kind, clause_page(kind))


@pytest.mark.parametrize("term", TERMS)
def test_a_term_makes_the_costs_that_were_reviewed(term: str) -> None:
    """Coefficients, columns and rows of each term stand in its golden file (S9)."""
    compare(term, term_page(term))


def test_the_law_makes_the_rows_that_were_reviewed() -> None:
    """Choice, needs, money, capacity, overlap and agreement of three rows (S5-S7)."""
    compare("law", law_page())
