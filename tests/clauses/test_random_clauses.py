"""Random clauses over every field of random weeks: both sides build the same formulation."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cogov_opt.checking import check
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.policy import DEMAND_ENTITIES, MEASURES
from cogov_opt.errors import IssuesError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.loading.selectors import CANDIDATES, TABLE_OF, fields_of
from cogov_opt.verifying import formulation
from cogov_opt.verifying.policy import card_of
from tests.clauses.test_every_field import OPTION_WORDS
from tests.clauses.week import card_text
from tests.properties.both_sides import built, rebuilt, verifier_side
from tests.properties.small_weeks import Dice, small_week

ENTITIES = {
    "forbid": CANDIDATES, "require": CANDIDATES, "earmark": ("fund", "giver"),
    "pin": ("demand", "need", "option", "standing", "volunteer"),
}  # fmt: skip
PERIODS = ("", '; per = "day"', '; per = "week"', '; per = "month"', "; per = { days = 3 }")
CLAUSES_A_WEEK = 25


class Writer:
    """Writes random clauses about one week."""

    def __init__(self, seed: int, tables: Tables) -> None:
        self.dice = Dice(seed)
        self.tables = tables

    def words(self, entity: str, field: str) -> list[str]:
        """Give values of a field as TOML: those the week holds, and one it does not."""
        if entity == "option":
            return [f'"{w}"' for w in OPTION_WORDS]
        table = self.tables.tables.get(TABLE_OF[entity])
        name = next(iter(table.columns)) if table and field == "id" else field
        if table is None or name not in table.columns:
            return ['"x"', "1"]
        held = {w for cell in table.columns[name].cells() for w in cell.split(";") if w}
        return [w if w.isdecimal() else f'"{w}"' for w in sorted(held)] + ['"x"']

    def where(self, entities: tuple[str, ...]) -> str:
        """Write a selector of one line."""
        entity = self.dice.pick(list(entities))
        field = self.dice.pick(list(fields_of(entity)))
        a, b = (self.dice.pick(self.words(entity, field)) for _ in range(2))
        tests = (f"[{a}, {b}]", f"{{ not = {a} }}", f"{{ all = [{a}, {b}] }}",
                 f"{{ at_least = {a} }}", f"{{ at_most = {a}, at_least = {b} }}")  # fmt: skip
        return f"{{ {entity}.{field} = {self.dice.pick([a, *tests])} }}"

    def clause(self) -> tuple[str, str]:
        """Write a clause: its kind and its lines."""
        kind = self.dice.pick(["limit", "guarantee", "limit", "guarantee", *ENTITIES])
        if kind in ENTITIES:
            body = f"where = {self.where(ENTITIES[kind])}"
            second = {"require": "must", "earmark": "only"}.get(kind)
            return kind, body + (f"; {second} = {self.where(CANDIDATES)}" if second else "")
        return kind, self.bounded("most" if kind == "limit" else "least")

    def bounded(self, word: str) -> str:
        """Write the lines of a limit or guarantee."""
        dice, measure = self.dice, self.dice.pick(list(MEASURES))
        on_demands = measure in ("demands", "people", "points")
        entities = DEMAND_ENTITIES if on_demands else CANDIDATES
        each = [dice.pick(list(entities)) for _ in range(dice.number(0, 2))]
        fields = sorted({f'"{e}.{dice.pick(list(fields_of(e)))}"' for e in each})
        fields = [f for f in fields if f not in ('"option.id"', '"option.option_id"')]
        body = f'measure = "{measure}"; each = [{", ".join(fields)}]' + dice.pick(list(PERIODS))
        body += f"; where = {self.where(entities)}" if dice.chance(60) else ""
        if dice.chance(50):
            return f"{body}; at_{word} = {dice.number(0, 3)}"
        of = dice.pick(["asked", "available", "given"])
        return f'{body}; at_{word}_percent = {dice.pick([0, 33, 50, 100])}; of = "{of}"'


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_random_clauses_mean_the_same_on_both_sides(seed: int, tmp_path: Path) -> None:
    """Columns, rows and stages are equal for any clause a card may hold (S8)."""
    tables = small_week(seed)
    base = load_policy_text(card_text("forbid", 'where = { demand.id = "none" }'))
    try:
        instance = check(tables, base)
    except IssuesError:
        pytest.skip("this seed makes a week that the check refuses")
    facts, writer = verifier_side(instance, base, tmp_path)[0], Writer(seed, tables)
    for _ in range(CLAUSES_A_WEEK):
        kind, body = writer.clause()
        soft = kind != "earmark" and writer.dice.chance(40)
        text = card_text(kind, body, soft=soft)
        try:
            f = formulate(instance, load_policy_text(text))
        except IssuesError:
            continue
        theirs = rebuilt(formulation.build(facts, card_of(tomllib.loads(text))))
        assert built(f) == theirs, (kind, body, soft)
