"""Canonical tables and allocation.csv, read as the convention says (S2, S3, S13.1)."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cogov_opt.verifying.facts as facts_module
from cogov_opt.verifying import calendar_days, clauses, law
from cogov_opt.verifying.facts import Facts, FactsError
from cogov_opt.verifying.plan import plan_of, read_plan
from tests.verifying.tiny import at, card, facts_of
from tests.verifying.world import town

HEADER = (
    "demand,option,start,end,need,kind,resource,quantity,unit,cost,cost_type,buys,giver,taker,payee,"
    "agreement,origin,record"
)


def test_times_are_minutes_from_the_first_midnight() -> None:
    """S3.1, S3.3."""
    option = town().option("D1", "b")
    assert (option.sessions[0].start, option.sessions[0].end) == (1440 + 540, 1440 + 600)
    assert (option.slots, option.minutes) == (1, 60)
    assert calendar_days.day_text(option.days[0]) == "2026-09-29"


def test_a_demand_without_options_has_one(tmp_path: Path) -> None:
    """S3.2: one option "", one slot of 0 minutes on the first day of the horizon."""
    tables = {
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "needs": [{"need_id": "N", "demand_id": "D", "kind": "volunteer", "quantity": 3}],
    }
    facts = facts_of(tmp_path, tables)
    option = facts.option("D", "")
    assert (option.sessions, option.slots, option.minutes) == ((), 1, 0)
    assert option.days == (facts.first_day,)
    assert facts.needs["N"].minimum == 3


def test_sessions_stand_in_order(tmp_path: Path) -> None:
    """Several rows of one option are its sessions, by start (S2.2)."""
    tables = {
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "options": [
            {"demand_id": "D", "option_id": "o", "start": at(d, "22:00"), "end": at(d + 1, "00:00")}
            for d in (3, 1)
        ],
        "needs": [],
    }
    option = facts_of(tmp_path, tables).option("D", "o")
    assert [s.day for s in option.sessions] == [s.last_day for s in option.sessions]
    assert (option.start, option.end) == (at(1, "22:00"), at(4, "00:00"))


@pytest.mark.parametrize(
    ("per", "keys"),
    [
        ("day", [f"2026-09-{d}" for d in (28, 29, 30)] + [f"2026-10-0{d}" for d in range(1, 5)]),
        ("week", ["2026-09-28"]),
        ("month", ["2026-09", "2026-10"]),
        ("year", ["2026"]),
        ("horizon", ["horizon"]),
    ],
)
def test_periods_with_a_day_of_the_horizon(per: str, keys: list[str]) -> None:
    """S3.4."""
    assert [span.key for span in town().periods(per)] == keys


def test_two_resources_of_one_name_are_refused(tmp_path: Path) -> None:
    """Ids of volunteers, funds, spaces and services share one namespace."""
    tables = {
        "volunteers": [{"volunteer_id": "X", "actor_id": "A"}],
        "spaces": [{"space_id": "X", "actor_id": "A"}],
    }
    with pytest.raises(FactsError):
        facts_of(tmp_path, tables)


def row(**cells: str) -> dict[str, str]:
    return {**dict.fromkeys(HEADER.split(","), ""), "quantity": "0", **cells}


FULL = [
    row(
        demand="D1",
        option="a",
        need="N1",
        kind="volunteer",
        resource="V2",
        quantity="1",
        agreement="G1",
    ),
    row(demand="D2", option="a", need="N2", kind="service", resource="S1", quantity="2"),
    row(
        demand="D2", option="a", need="N3", kind="fund", resource="F1", quantity="1", buys="outside"
    ),
]


def test_a_plan_of_allocation_rows(tmp_path: Path) -> None:
    """S13.1."""
    lines = [HEADER, *(",".join(r.values()) for r in FULL)]
    (tmp_path / "allocation.csv").write_text("\n".join(lines) + "\n", "utf-8")
    plan = read_plan(tmp_path, town())
    assert plan.served == {"D1": "a", "D2": "a"}
    assert plan.given == {
        ("N1", "V2", "a", "G1"): 1, ("N2", "S1", "a", ""): 2, ("N3", "F1", "a", ""): 1,
    }  # fmt: skip
    assert plan.bought == {("N3", "a"): 1}
    assert law.holds(town(), plan) == []
    assert clauses.holds(town(), card(), plan) == []


LIES = [
    ("resource", "V1", 0, "law.eligibility"),
    ("agreement", "", 0, "law.eligibility"),
    ("quantity", "2", 0, "law.set"),
    ("quantity", "3", 1, "law.set"),
    ("quantity", "-1", 1, "law.set"),
    ("quantity", "2", 2, None),
    ("quantity", "3", 2, "law.capacity"),
    ("resource", "S1", 0, "law.eligibility"),
    ("resource", "", 2, "law.money"),
    ("buys", "N2", 2, "law.money"),
    ("kind", "fund", 1, None),
    ("need", "N2", 2, "law.eligibility"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "number", "broken"), LIES)
def test_a_changed_cell_breaks_the_law(
    column: str, cell: str, number: int, broken: str | None
) -> None:
    """Each lie is named by the law that owns the fact (S4-S7)."""
    rows = [dict(r) for r in FULL]
    rows[number][column] = cell
    told = {key[0] for key in law.holds(town(), plan_of(rows, town()))}
    assert (broken in told) if broken else not told


@pytest.mark.parametrize(
    "cells",
    [{"demand": "D9"}, {"option": "z"}, {"need": "N9"}, {"need": "N2"}, {"resource": "V9"}],
)
def test_unknown_ids_are_refused(cells: dict[str, str]) -> None:
    """A plan speaks of known things only."""
    with pytest.raises(FactsError):
        plan_of([{**FULL[0], **cells}], town())


def test_a_demand_at_two_options_is_refused() -> None:
    """S5.2."""
    with pytest.raises(FactsError):
        plan_of([FULL[0], {**FULL[0], "option": "b"}], town())


def test_the_modules_run_from_a_zip_of_another_name(tmp_path: Path) -> None:
    """Relative imports only, standard library only: the package may be called `verifying`."""
    package = Path(facts_module.__file__).parent
    archive = tmp_path / "verify.zip"
    with zipfile.ZipFile(archive, "w") as found:
        for path in sorted(package.rglob("*.py")):
            found.write(path, Path("verifying") / path.relative_to(package))
        if not (package / "__init__.py").exists():
            found.writestr("verifying/__init__.py", "")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import verifying.formulation, verifying.law, verifying.facts;"
        "assert not any(m.split('.')[0] in ('numpy', 'pydantic', 'cogov_opt') for m in sys.modules)"
    )
    subprocess.run([sys.executable, "-I", "-c", program, str(archive)], check=True)


def test_facts_know_the_first_actor() -> None:
    """The town's rows are kept as they stand."""
    facts: Facts = town()
    assert facts.actors["A"]["area"] == "north"
    assert facts.tables["needs"][0]["requires"] == ("cook",)
