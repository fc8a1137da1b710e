"""What a run's own files tell of single units, as lines (S13.8, S13.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cogov_opt.explaining.limits import YUAN
from cogov_opt.explaining.subjects import Line
from cogov_opt.recording import Run

Row = Mapping[str, str]
EXACT = {"more": "gained", "less": "lost"}


def told_units(run: Run, kind: str, resource: str) -> Iterator[Line]:
    """Say what one unit more of a resource gains and one less loses, or between what ends."""
    money = "_money" if kind == "fund" else ""
    common: dict[str, Any] = {"resource": resource} | ({"amount": YUAN} if money else {})
    for change in ("more", "less"):
        row = (run.units or {}).get((resource, change))
        name = _name(change, row)
        yield Line(f"units.{name}{money}", common | _values(change, row), 1)
        if name != "less_open":
            yield Line(*_sure(resource, row), 2)


def _name(change: str, row: Row | None) -> str:
    """Name the phrase of a value."""
    if row is None:
        return f"{change}_none"
    if row["proven"] == "exact":
        return change
    if change == "more":
        return "more_within"
    if row["least"] != "0":
        return "less_least"
    return "less_within" if row["most"] else "less_open"


def _values(change: str, row: Row | None) -> dict[str, Any]:
    """Give what a value's phrase tells."""
    if row is None:
        return {}
    least, most = int(row["least"]), int(row["most"] or 0)
    told = {EXACT[change]: least} if row["proven"] == "exact" else {"least": least, "most": most}
    return {"stage": int(row["stage"]), "scale": 1, **told}


def _sure(resource: str, row: Row | None) -> tuple[str, dict[str, str]]:
    """Say how sure a value is."""
    if row is None or row["proven"] == "exact":
        return "units.sure", {}
    return f"units.sure_{row['proven']}", {"resource": resource}


def told_chances(run: Run, rows: Sequence[Row]) -> Iterator[Line]:
    """Say what would have served short needs, or given them more."""
    if rows and rows[0]["proven"] == "bound":
        yield from _bounded(rows[0])
        return
    for row in rows:
        if row["rise"]:
            code = "units.rise_none" if row["rise"] == "none" else "units.rise"
            values = {"demand": row["demand"]}
            if row["rise"] != "none":
                values["points"] = f"{int(row['rise']):,}"
            yield Line(code, values, 1)
        yield from _chance(run, row)
        yield Line("units.sure", depth=2)


def _bounded(row: Row) -> Iterator[Line]:
    """Say which rises could not have served a demand of a coupled plan."""
    never = row["rise"] == "none"
    values = {"demand": row["demand"]} | ({} if never else {"points": f"{int(row['rise']):,}"})
    yield Line("units.rise_never" if never else "units.rise_least", values, 1)
    yield Line("units.sure_bound", depth=2)


def _chance(run: Run, row: Row) -> Iterator[Line]:
    """Name the single units that would have served a need for certain, or say why none would."""
    served = any(r["demand"] == row["demand"] for r in run.allocation)
    form = "_more" if served else ""
    if row["units"] != "0":
        named = row["named"].split(";")
        values = {"list": named, "others": int(row["units"]) - len(named)}
        yield Line(f"units.every{form}", values, 1)
    elif row["others"] == "tied":
        yield Line("units.tied", depth=1)
    else:
        yield Line(f"units.none{form}", depth=1)
