"""The city of the speed figures: many volunteers, slots on a disjoint grid, one stage."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2026, 9, 28)  # noqa: DTZ001  # local by definition
PERIOD_HOURS = 6
Row = tuple[object, ...]


@dataclass(frozen=True)
class City:
    """How large a city is, and how its candidates are spread."""

    volunteers: int = 50_000
    slots: int = 10_000
    skills: int = 100
    periods_each: int = 4
    seed: int = 1

    @property
    def name(self) -> str:
        """Name the city by its size."""
        return f"grid_{self.volunteers}x{self.slots}"


CARD = """
id = "grid"
version = "1.0.0"
status = "draft"
title = { en = "Grid", zh = "网格" }
[points]
priority = { 1 = 100, 2 = 60, 3 = 30, 4 = 10, 5 = 5 }
[[objective]]
sense = "minimise"
terms = [ { term = "unmet_points", weight = 1000 }, { term = "distance", weight = 1 } ]
"""


def write_city(folder: Path, city: City) -> None:
    """Write the tables of a city: each volunteer one a period and two a week, one or two skills."""
    rng = np.random.default_rng(city.seed)
    folder.mkdir(parents=True, exist_ok=True)
    package = {
        "name": city.name, "title": city.name, "cogov_format": 1, "currency": "CNY",
        "timezone": "Asia/Shanghai", "language": "en",
        "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    actors = [("A000", "office", "subdistrict_office", "")]
    actors += [(f"A{i:03d}", f"group {i}", "volunteer_group", "A000") for i in range(1, 41)]
    _write(folder, "actors", ["actor_id", "name", "kind", "parent_id"], actors)
    _write(
        folder,
        "codes",
        ["vocabulary", "code"],
        [("skill", f"s{k:03d}") for k in range(city.skills)],
    )
    _volunteers(folder, city, rng)
    _slots(folder, city, rng)


def _volunteers(folder: Path, city: City, rng: np.random.Generator) -> None:
    n, width = city.volunteers, len(str(city.volunteers))
    first = rng.integers(city.skills, size=n)
    second = (first + rng.integers(1, city.skills, size=n)) % city.skills
    two = rng.random(n) < 0.5
    lat, lon = rng.uniform(31.1, 31.3, n), rng.uniform(121.3, 121.6, n)
    owner = rng.integers(1, 41, size=n)
    rows = [
        (
            f"V{i:0{width}d}", f"A{owner[i]:03d}",
            f"s{first[i]:03d};s{second[i]:03d}" if two[i] else f"s{first[i]:03d}",
            2, f"{lat[i]:.6f}", f"{lon[i]:.6f}",
        )
        for i in range(n)
    ]  # fmt: skip
    _write(
        folder,
        "volunteers",
        ["volunteer_id", "actor_id", "skills", "max_slots", "lat", "lon"],
        rows,
    )
    periods = 7 * 24 // PERIOD_HOURS
    open_in = np.argsort(rng.random((n, periods)), axis=1)[:, : city.periods_each]
    texts = [(_text(p), _text(p + 1)) for p in range(periods)]
    shifts = [(f"V{i:0{width}d}", *texts[p]) for i in range(n) for p in sorted(open_in[i].tolist())]
    _write(folder, "availability", ["resource_id", "start", "end"], shifts)


def _slots(folder: Path, city: City, rng: np.random.Generator) -> None:
    n, width = city.slots, len(str(city.slots))
    period = rng.integers(7 * 24 // PERIOD_HOURS, size=n)
    skill, priority = rng.integers(city.skills, size=n), rng.integers(1, 6, size=n)
    lat, lon = rng.uniform(31.1, 31.3, n), rng.uniform(121.3, 121.6, n)
    ids = [f"D{i:0{width}d}" for i in range(n)]
    asked = [
        (d, "A000", int(priority[i]), f"{lat[i]:.6f}", f"{lon[i]:.6f}") for i, d in enumerate(ids)
    ]
    _write(folder, "demands", ["demand_id", "actor_id", "priority", "lat", "lon"], asked)
    _write(
        folder, "options", ["demand_id", "option_id", "start", "end"],
        [(d, "a", _text(period[i]), _text(period[i] + 1)) for i, d in enumerate(ids)],
    )  # fmt: skip
    _write(
        folder, "needs", ["need_id", "demand_id", "kind", "quantity", "requires"],
        [(f"{d}.1", d, "volunteer", 1, f"s{skill[i]:03d}") for i, d in enumerate(ids)],
    )  # fmt: skip


def _text(period: int) -> str:
    return f"{START + timedelta(hours=PERIOD_HOURS * int(period)):%Y-%m-%d %H:%M}"


def _write(folder: Path, name: str, header: list[str], rows: Sequence[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
