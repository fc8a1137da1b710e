"""``cogov bench``: the benchmark cases of a checkout."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cogov_opt.cli import options
from cogov_opt.errors import UnsupportedError

CHECKOUT = Path(__file__).resolve().parents[2]


def cases_of(checkout: Path) -> tuple[Any, Any]:
    """
    Give the modules `benchmarks.registry` and `benchmarks.figures` of a checkout.

    Raises
    ------
    UnsupportedError
        There are none: an installed package carries no benchmarks.
    """
    if not (checkout / "benchmarks" / "registry.py").is_file():
        raise UnsupportedError(
            "the benchmarks are part of a checkout, not of the installed package."
            " Clone the repository and call 'make bench' there."
        )
    if str(checkout) not in sys.path:
        sys.path.insert(0, str(checkout))
    return import_module("benchmarks.registry"), import_module("benchmarks.figures")


def _list(cases: Iterable[Any], as_json: bool) -> None:
    """List the cases there are."""
    told = [{"name": case.name, "about": case.about} for case in cases]
    if as_json:
        options.write_json({"schema_version": options.SCHEMA_VERSION, "cases": told})
        return
    for case in told:
        click.echo(f"{case['name']:<12} {case['about']}")


EPILOG = """\b
Example:
  cogov bench                      the cases there are
  cogov bench gap --runs 1
"""


@click.command(epilog=EPILOG)
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--all", "everything", is_flag=True, help="Run every case; minutes, not seconds.")
@click.option(
    "--runs", type=click.IntRange(1), default=5, show_default=True, metavar="N",
    help="Runs of which the median is told.",
)  # fmt: skip
@click.option("--tiny", is_flag=True, help="Small sizes: a test of the cases, no figures.")
@options.as_json
def bench(cases: tuple[str, ...], everything: bool, runs: int, tiny: bool, as_json: bool) -> None:
    """
    Run benchmark CASEs, or list them when none is named.

    Figures are CPU seconds without imports, or ratios within one run; a lost target is a figure
    like any other and leaves the exit status 0. Benchmark data are found by COGOV_DATA.
    """
    registry, figures = cases_of(CHECKOUT)
    names = list(registry.CASES) if everything else list(cases)
    unknown = [name for name in names if name not in registry.CASES]
    if unknown:
        raise options.unknown("case", unknown[0], list(registry.CASES))
    if not names:
        _list(registry.CASES.values(), as_json)
        return
    ask = figures.Ask(runs=runs, tiny=tiny)
    found = registry.run(names, ask, lambda name: click.echo(f"{name} ...", err=True))
    if as_json:
        told = [figure.to_dict() for figure in found]
        options.write_json({"schema_version": options.SCHEMA_VERSION, "figures": told})
    else:
        click.echo(figures.table(found))
