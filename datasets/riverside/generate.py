"""
Make a week of riverside's kind: what a street office and its neighbours have, and what is asked.

Names, words, strings attached and kinds of activity stand in structure.toml and activities.toml;
people, times, amounts and demands are drawn from one seed. Every cell is invented. How scarce
things are stands in riverside_week/scarcity.py and may be given to `generate`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tomllib
from pathlib import Path
from random import Random  # noqa: TID251 -- a sample is drawn from its seed, not a decision

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:  # the parts lie beside this file, however it was reached
    sys.path.append(str(HERE))

from riverside_week.asking import add_demands  # noqa: E402
from riverside_week.people import add_volunteers  # noqa: E402
from riverside_week.scarcity import Scarcity  # noqa: E402
from riverside_week.settled import add_affinities, add_provenance, add_standing  # noqa: E402
from riverside_week.supplies import add_agreements, add_fixed, add_supplies  # noqa: E402
from riverside_week.week import COLUMNS, DAYS, Row, Week, day  # noqa: E402

STEPS = (
    add_fixed, add_volunteers, add_supplies, add_agreements, add_demands, add_standing,
    add_affinities, add_provenance,
)  # fmt: skip


def package() -> Row:
    """Describe the dataset: what it is called and how its cells are to be read."""
    return {
        "name": "riverside",
        "title": "河畔街道一周统筹（虚构）/ Riverside, one week (invented)",
        "cogov_format": 1,
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "language": "zh",
        "horizon": {"start": day(0), "end": day(DAYS)},
        "policy": "needs-first",
        "no_rows_means": {
            "volunteer": "closed",
            "space": "workdays",
            "service": "workdays",
            "fund": "always",
        },
        "resources": [{"name": name, "path": f"{name}.csv"} for name in COLUMNS],
    }


def make(seed: int = 1, scarcity: Scarcity | None = None) -> dict[str, list[Row]]:
    """Draw all tables of a week from one seed."""
    structure, activities = (
        tomllib.loads((HERE / name).read_text(encoding="utf-8"))
        for name in ("structure.toml", "activities.toml")
    )
    dice = Random(seed)  # noqa: S311 -- no secret is drawn
    week = Week(dice, scarcity or Scarcity(), structure, activities["kind"])
    for step in STEPS:
        step(week)
    return week.tables


def generate(folder: Path, seed: int = 1, scarcity: Scarcity | None = None) -> None:
    """Write datapackage.json and the tables of a week into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(package(), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    for name, rows in make(seed, scarcity).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Read the command line and write a week."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    generate(given.folder, given.seed)


if __name__ == "__main__":
    main()
