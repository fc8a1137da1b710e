"""Every field a card may name, as a line and as a group: both sides build the same rows."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from cogov_opt.errors import PolicyError
from cogov_opt.formulating import formulate
from cogov_opt.loading import load_policy_text
from cogov_opt.loading.selectors import CANDIDATES, TABLE_OF, fields_of
from cogov_opt.verifying import formulation
from cogov_opt.verifying.policy import card_of
from tests.clauses.week import ROWS, card_text, week
from tests.properties.both_sides import built, rebuilt

OPTION_WORDS = ("mon", "tue", "2026-09-29", "workday", "rest_day", "09:00", "10:00", "a", "b")


def both(kind: str, body: str) -> bool:
    """Build one clause on both sides and compare all; False where the card is refused."""
    text = card_text(kind, body)
    try:
        card = load_policy_text(text)
    except PolicyError:
        return False
    instance, facts = week()
    mine = built(formulate(instance, card))
    theirs = rebuilt(formulation.build(facts, card_of(tomllib.loads(text))))
    assert mine == theirs, body
    return True


def words(entity: str, field: str) -> list[str]:
    """Give values to ask a field for, as TOML: those the week holds, and one it does not."""
    if entity == "option":
        return [f'"{w}"' for w in OPTION_WORDS]
    rows = ROWS[TABLE_OF[entity]]
    name = next(iter(rows[0])) if field == "id" else field
    held = {w for row in rows for w in str(row.get(name, "")).split(";") if w}
    return [w if w.isdecimal() else f'"{w}"' for w in sorted(held)] + ['"none"', "1"]


@pytest.mark.parametrize("entity", CANDIDATES)
def test_lines_on_every_field_are_read_alike(entity: str) -> None:
    """Equal, any of, all of, not, bounds: the same candidates match on both sides (S8.2)."""
    asked = 0
    for field in fields_of(entity):
        for word in words(entity, field):
            for spec in (word, f"{{ not = {word} }}", f"{{ all = [{word}] }}",
                         f"{{ at_least = {word} }}", f"{{ at_most = {word} }}"):  # fmt: skip
                if entity == "option" and word == "1":
                    continue
                asked += both("require", f"must = {{ {entity}.{field} = {spec} }}")
    assert asked > 20


@pytest.mark.parametrize("measure", ["units", "money", "minutes", "demands"])
@pytest.mark.parametrize("entity", CANDIDATES)
def test_groups_by_every_field_are_made_alike(entity: str, measure: str) -> None:
    """Limits and percentages of what is asked have the same groups on both sides (S8.5-S8.7)."""
    for field in fields_of(entity):
        each = f'measure = "{measure}"; each = ["{entity}.{field}"]'
        both("limit", f"{each}; at_most = 1")
        both("guarantee", f'{each}; at_least_percent = 40; of = "asked"')


def test_a_blank_option_id_is_the_group_none() -> None:
    """An option without an id is in the group `(none)` on both sides (S8.5)."""
    both("limit", 'measure = "demands"; each = ["option.id"]; at_most = 1')


def test_standing_money_is_no_base_of_units() -> None:
    """A percentage of standing units leaves standing money out (S8.7)."""
    both("limit", 'measure = "units"; each = ["demand.id"]; at_most_percent = 50; of = "standing"')


def test_pins_on_every_field_of_standing_rows_are_read_alike() -> None:
    """The same standing rows are pinned on both sides (S8.10)."""
    for field in fields_of("standing"):
        for word in words("standing", field):
            for spec in (word, f"{{ not = {word} }}", f"{{ at_least = {word} }}"):
                both("pin", f"where = {{ standing.{field} = {spec} }}")


def test_the_week_is_the_one_the_cases_are_written_for() -> None:
    """Its first day is a Monday: the cases name weekdays."""
    assert date(2026, 9, 28).isoweekday() == 1
    assert week()[0].calendar.start == date(2026, 9, 28)
