"""All benchmark cases by name; each measures its phases, against rivals where there are any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import (
    assignment,
    awards,
    changes,
    conflicts,
    districts,
    grid,
    handover,
    regrets,
    riverside,
    rows,
    startup,
    trees,
    units,
    workbooks,
)
from benchmarks.figures import Ask, Case, Figure

CASES: dict[str, Case] = {
    case.name: case
    for family in (
        startup,
        riverside,
        handover,
        rows,
        grid,
        assignment,
        awards,
        changes,
        conflicts,
        districts,
        regrets,
        trees,
        units,
        workbooks,
    )
    for case in family.CASES
}


def run(names: Sequence[str], ask: Ask, tell: Callable[[str], None]) -> list[Figure]:
    """
    Run some cases one after the other, so that none takes the processor from another.

    Parameters
    ----------
    tell
        Told the name of each case as it begins.

    Raises
    ------
    KeyError
        There is no case of a name.
    """
    cases = [CASES[name] for name in names]
    found: list[Figure] = []
    for case in cases:
        tell(case.name)
        found += case.run(ask)
    return found
