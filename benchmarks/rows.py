"""Checking a million rows, six in a thousand of them bad, with a message for each."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Ask, Case, Figure
from benchmarks.measuring import Laps, fresh

FULL, TINY = 1_000_000, 5_000
TARGET = 0.7e6
BAD_CELL, BAD_PAIR = 200, 1000
"""One row in so many has an unreadable cell; one in so many breaks a rule between cells."""
TABLES = ("volunteers", "availability")
ORDERS = ("in id order", "shuffled")
START = datetime(2026, 9, 28)  # noqa: DTZ001  # local by definition
VOLUNTEER = (
    "volunteer_id", "actor_id", "skills", "max_minutes", "min_minutes", "max_slots",
    "buffer_minutes", "cost_per_slot", "consent_until", "submitted_at",
)  # fmt: skip


def write(folder: str, table: str, order: str, count: int) -> dict[str, int]:
    """Write a dataset whose one large table holds `count` rows; the bad ones are known."""
    import numpy as np

    place = Path(folder)
    place.mkdir(parents=True)
    package = {
        "name": "rows", "title": "rows", "cogov_format": 1, "currency": "CNY",
        "timezone": "Asia/Shanghai", "language": "en",
        "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    }  # fmt: skip
    (place / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    actors = [("A000", "office", "subdistrict_office")]
    actors += [(f"A{i:03d}", f"group {i}", "volunteer_group") for i in range(1, 41)]
    _write(place / "actors.csv", ("actor_id", "name", "kind"), actors)
    codes = [("skill", f"s{k:03d}") for k in range(100)]
    _write(place / "codes.csv", ("vocabulary", "code"), codes)
    _write(place / "demands.csv", ("demand_id", "actor_id"), [("D1", "A000")])
    _write(place / "options.csv", ("demand_id", "option_id"), [("D1", "a")])
    needs = [("D1.1", "D1", "volunteer", 1)]
    _write(place / "needs.csv", ("need_id", "demand_id", "kind", "quantity"), needs)
    people = count if table == "volunteers" else max(count // 4, 1)
    rng = np.random.default_rng(1)
    rows = list(_volunteers(rng, people, spoiled=table == "volunteers"))
    if order == "shuffled" and table == "volunteers":
        rng.shuffle(rows)
    _write(place / "volunteers.csv", VOLUNTEER, rows)
    if table == "availability":
        shifts = list(_shifts(rng, people, count))
        if order == "shuffled":
            rng.shuffle(shifts)
        _write(place / "availability.csv", ("resource_id", "start", "end"), shifts)
    return {"bad": count // BAD_CELL + count // BAD_PAIR}


def _volunteers(rng: Any, count: int, *, spoiled: bool) -> Iterator[tuple[object, ...]]:
    """Give volunteers of ten columns; a bad cell says something else each time."""
    owner, skill = rng.integers(1, 41, count).tolist(), rng.integers(0, 100, count).tolist()
    slots, minute = rng.integers(1, 8, count).tolist(), rng.integers(0, 40_000, count).tolist()
    for i in range(count):
        cost: object = f"{slots[i] * 5}.00"
        least, most = 60, 60 * slots[i]
        if spoiled and i % BAD_CELL == 7:
            cost = f"about {i}"
        if spoiled and i % BAD_PAIR == 11:
            least, most = 60_000 + i, 60 * slots[i]
        moment = START - timedelta(minutes=minute[i])
        yield (
            f"V{i:07d}", f"A{owner[i]:03d}", f"s{skill[i]:03d}", most, least, slots[i], 10, cost,
            "2026-12-31", f"{moment:%Y-%m-%d %H:%M}",
        )  # fmt: skip


def _shifts(rng: Any, people: int, count: int) -> Iterator[tuple[object, ...]]:
    """Give shifts, four a volunteer on days of their own; bad ones as in `_volunteers`."""
    hour, length = rng.integers(6, 18, count).tolist(), rng.integers(1, 5, count).tolist()
    for i in range(count):
        begin = START + timedelta(days=i % 4, hours=hour[i])
        end = begin + timedelta(hours=length[i])
        start, close = f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"
        if i % BAD_CELL == 7:
            start = f"at {i}"
        if i % BAD_PAIR == 11:
            start, close = close, start
        yield f"V{min(i // 4, people - 1):07d}", start, close


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def examine(folder: str, warm: str) -> dict[str, Any]:
    """Time load and check, and count the rows that got a message with place, value and fix."""
    import cogov_opt as cg

    _issues(cg.load(warm))
    laps = Laps()
    with laps.lap("load"):
        tables = cg.load(folder)
    with laps.lap("check"):
        issues = _issues(tables)
    with laps.lap("texts"):
        texts = [issue.text() for issue in issues]
    rows = {(i.where.file, i.where.row) for i in issues}
    codes = Counter(issue.code for issue in issues)
    return laps.seconds | {"told": len(rows), "texts made": len(texts), "codes": dict(codes)}


def _issues(tables: Any) -> list[Any]:
    import cogov_opt as cg

    try:
        cg.check(tables)
    except cg.InputError as error:
        return list(error.issues)
    return []


def measure(ask: Ask) -> list[Figure]:
    """Check both tables in both orders."""
    count, figures = (TINY if ask.tiny else FULL), []
    for table in TABLES:
        for order in ORDERS:
            with tempfile.TemporaryDirectory() as place:
                fresh("benchmarks.rows:write", f"{place}/warm", table, order, TINY)
                made = fresh("benchmarks.rows:write", f"{place}/full", table, order, count)
                runs = [
                    fresh("benchmarks.rows:examine", f"{place}/full", f"{place}/warm")
                    for _ in range(ask.runs)
                ]
            figures += _figures(f"{table}, {order}", runs, count, int(made["bad"]))
    return figures


def _figures(what: str, runs: list[dict[str, Any]], count: int, bad: int) -> list[Figure]:
    """Give rows a second: of the check, and of load and check together."""
    checked = count / median(r["check"] + r["texts"] for r in runs)
    whole = count / median(r["load"] + r["check"] + r["texts"] for r in runs)
    told = min(r["told"] for r in runs)
    return [
        Figure("rows-1m", f"check {what}", checked, "rows/s", "", TARGET, at_least=True),
        Figure("rows-1m", f"load + check {what}", whole, "rows/s"),
        Figure("rows-1m", f"bad rows told, {what}", told, f"of {bad}", "", bad, at_least=True,
               note=" ".join(f"{k}={v}" for k, v in sorted(runs[0]["codes"].items()))),
    ]  # fmt: skip


CASES = (Case("rows", "checking a million rows, with a message for each bad one", measure),)
