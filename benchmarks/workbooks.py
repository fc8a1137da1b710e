"""Workbooks of fifty thousand rows read and checked, and the corpus of bad input."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import ROOT, cpu, fresh, medians

FULL, TINY = 50_000, 500
TARGET = 5.0
TABLES = ("volunteers", "requests")
BAD = 200
"""One row in so many has a cell that cannot be read."""
START = datetime(2026, 9, 28)  # noqa: DTZ001  # local by definition
VOLUNTEER = (
    "volunteer_id", "actor_id", "skills", "max_minutes", "min_minutes", "max_slots",
    "buffer_minutes", "cost_per_slot", "consent_until", "submitted_at",
)  # fmt: skip
REQUEST = (
    "title", "actor", "date", "start", "end", "people", "group", "volunteers", "space", "money",
    "minimum",
)  # fmt: skip


def write(path: str, table: str, count: int) -> dict[str, int]:
    """Write a workbook whose one large sheet has `count` rows, numbers and dates as such."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    facts = [("horizon.start", "2026-09-28"), ("horizon.end", "2026-10-05"), ("currency", "CNY"),
             ("timezone", "Asia/Shanghai"), ("shared", "yes")]  # fmt: skip
    actors = [(f"A{i:03d}", f"group {i}", "volunteer_group") for i in range(41)]
    codes = [("skill", f"s{k:03d}", f"技能{k}") for k in range(100)]
    codes += [("space_kind", "room", "活动室"), ("group", "elderly", "老年人")]
    codes += [("cost_type", "venue", "场地费")]
    few = [*_volunteers(50, spoiled=False)]
    big = _volunteers(count, spoiled=True) if table == "volunteers" else few
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "package": facts,
        "actors": [("actor_id", "name", "kind"), *actors],
        "codes": [("vocabulary", "code", "zh"), *codes],
        "spaces": [("space_id", "actor_id", "space_kind", "seats", "cost_per_hour"),
                   ("S1", "A001", "room", 60, 50)],
        "volunteers": [VOLUNTEER, *big],
    }  # fmt: skip
    if table == "requests":
        sheets["requests"] = [REQUEST, *_requests(count)]
    else:
        sheets["demands"] = [("demand_id", "actor_id"), ("D1", "A000")]
        sheets["needs"] = [("need_id", "demand_id", "kind", "quantity"),
                           ("D1.1", "D1", "space", 1), ("D1.2", "D1", "fund", 0)]  # fmt: skip
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, value, date)
                elif value != "":
                    sheet.write(number, column, value)
    book.close()
    return {"bad": count // BAD}


def _volunteers(count: int, *, spoiled: bool) -> Iterator[tuple[Any, ...]]:
    """Give volunteers of ten columns; a bad cell says something else each time."""
    for i in range(count):
        slots = i % 7 + 1
        most: Any = f"about {i}" if spoiled and i % BAD == 7 else 60 * slots
        moment = START - timedelta(minutes=i * 37 % 40_000)
        yield (
            f"V{i:07d}", f"A{i % 40 + 1:03d}", f"技能{i % 100}", most, 60, slots, 10, "",
            datetime(2026, 12, 31), f"{moment:%Y-%m-%d %H:%M}",  # noqa: DTZ001
        )  # fmt: skip


def _requests(count: int) -> Iterator[tuple[Any, ...]]:
    """Give activities as people type them: dates, weekdays, Chinese names, percentages."""
    days = ("2026-09-28", "周一、周三", "周六", "9月30日", "2026/10/1")
    for i in range(count):
        date: Any = START + timedelta(days=i % 7) if i % 2 else days[i // 2 % 5]
        people: Any = f"about {i}" if i % BAD == 7 else i % 90 + 5
        yield (
            f"活动{i}", f"A{i % 40 + 1:03d}", date, f"{8 + i % 4:02d}:00", f"{13 + i % 5}:30",
            people, "老年人", f"{i % 3 + 1}*技能{i % 100}", "活动室;30座", "场地费", "80%",
        )  # fmt: skip


def examine(path: str, warm: str) -> dict[str, Any]:
    """Time load and check, in CPU seconds (children included) and by the clock."""
    import cogov_opt as cg

    def issues(book: str) -> int:
        try:
            cg.check(cg.load(book))
        except cg.InputError as error:
            return len({i.where.row for i in error.issues if i.severity == "error"})
        return 0

    issues(warm)
    began, clock = cpu(), time.perf_counter()
    told = issues(path)
    return {"cpu": cpu() - began, "wall": time.perf_counter() - clock, "told": told}


def measure(ask: Ask) -> list[Figure]:
    """Check both books."""
    count, figures = (TINY if ask.tiny else FULL), []
    for table in TABLES:
        with tempfile.TemporaryDirectory() as place:
            fresh("benchmarks.workbooks:write", f"{place}/warm.xlsx", table, TINY)
            made = fresh("benchmarks.workbooks:write", f"{place}/full.xlsx", table, count)
            runs = [
                fresh("benchmarks.workbooks:examine", f"{place}/full.xlsx", f"{place}/warm.xlsx")
                for _ in range(ask.runs)
            ]
        found = medians(runs)
        name, note = "workbook-50k", f"{count:,} rows"
        figures += [
            Figure(name, f"load + check, {table}, CPU", found["cpu"], "s", "", TARGET, note=note),
            Figure(name, f"load + check, {table}, wall", found["wall"], "s", "", TARGET, note=note),
            Figure(name, f"bad rows told, {table}", found["told"], f"of {made['bad']}", "",
                   made["bad"], at_least=True),
        ]  # fmt: skip
    return figures


def corpus(ask: Ask) -> list[Figure]:
    """Run the corpus of bad input, and count the cases that came out as stated."""
    import re

    picked = ["tests/badinput/test_count.py"] if ask.tiny else ["tests/badinput"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", "-p", "no:cacheprovider",
         *picked],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    counted = re.search(r"\} (\d+)", done.stdout)
    total = int(counted[1]) if counted else 0
    good = total if done.returncode == 0 else 0
    note = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no tests here"
    return [Figure("corpus", "files and cells as stated", good, f"of {total}", "", 400,
                   at_least=True, note=note)]  # fmt: skip


CASES = (
    Case("workbook-50k", "a workbook of fifty thousand rows, loaded and checked", measure),
    Case("corpus", "bad and odd files and cells, each told or read as stated", corpus),
)
