"""
Participatory-budgeting files of Pabulib (`.pb`), read into the canonical tables (data.md 5).

A project is an untimed demand of the actor `city` with one fund need, paid by the fund `budget`;
its points are the column `score` where there is one, else `votes`. All META keys stand in the
package under `meta`, in order; the remaining columns of PROJECTS and VOTES are unknown columns:
written back, never used. Voters become running numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.formats.pabulib_ballots import VOTE_TYPES, WITH_POINTS, kept_name, read_ballots
from cogov_opt.formats.pabulib_sections import Findings, Section, columns, cut, pairs, text_of
from cogov_opt.formats.pabulib_writing import write

NAME = "pabulib"
EXTENSIONS = (".pb",)
ACTOR = "city"
FUND = "budget"

__all__ = ["ACTOR", "EXTENSIONS", "FUND", "NAME", "read", "recognise", "write"]

Meta = Mapping[str, tuple[str, int]]


def recognise(path: Path) -> bool:
    """Tell whether a file is named `.pb`, or begins with the section META."""
    if not path.is_file():
        return False
    if path.suffix.lower() in EXTENSIONS:
        return True
    with path.open("rb") as stream:
        head = stream.read(200).decode("utf-8-sig", errors="replace")
    return re.match(r"\s*META[ \t;]*\r?\n\s*key;value", head, re.IGNORECASE) is not None


def read(path: Path) -> Tables:
    """
    Read a file into tables, money in major units as text.

    Raises
    ------
    InputError
        The file cannot be read; every issue names its line.
    """
    findings = Findings(path.name)
    parts = cut(text_of(path, findings), findings)
    meta = pairs(*parts["META"], findings)
    projects = columns("PROJECTS", *parts["PROJECTS"], findings)
    votes = columns("VOTES", *parts["VOTES"], findings)
    _required(meta, projects, votes, findings)
    findings.stop()
    ids = _project_ids(projects, findings)
    ballots, blank = read_ballots(votes, ids, meta["vote_type"][0].lower(), findings)
    amount = money(meta["budget"][0], meta["budget"][1], "budget", findings)
    tables = [
        Table("actors", _same(1, actor_id=ACTOR, name=_actor_name(meta), kind="public_institution"),
              Source(path.name, first_row=1)),
        Table("funds", _same(1, fund_id=FUND, actor_id=ACTOR, amount=amount),
              Source(path.name, first_row=meta["budget"][1])),
        _demands(projects, ballots, meta, findings),
        _needs(projects, findings),
        ballots,
    ]  # fmt: skip
    _compare_counts(meta, projects, votes, findings)
    findings.stop()
    package = _package(path, meta) | ({"_blank_ballots": blank} if blank else {})
    return Tables(
        package=package,
        tables={t.name: t for t in tables},
        source=str(path),
        units="major",
        trusted_ids=True,
        notes=tuple(findings.issues),
    )


def money(text: str, line: int, column: str, findings: Findings) -> str:
    """Give an amount in major units with a point and at most two decimals, exactly."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    hit = re.fullmatch(r"([0-9]{1,18})(?:[.,]([0-9]{0,18}))?", plain)
    cents = (hit[2] or "").rstrip("0") if hit else ""
    # A comma with three digits behind it may also divide thousands: never guessed.
    thousands = re.search(r",[0-9]{3}$", plain) is not None
    if hit is None or len(cents) > 2 or thousands:
        findings.wrong("pb_money", line, column, read=text)
        return "0"
    used = f"{int(hit[1])}.{cents:0<2}" if cents else str(int(hit[1]))
    if "," in plain or plain != text:
        findings.repaired("read_as", line, column, read=text, used=used)
    return used


def _required(meta: Meta, projects: Section, votes: Section, findings: Findings) -> None:
    """Note the keys and columns without which nothing can be read."""
    for key in ("budget", "vote_type"):
        if key not in meta:
            findings.wrong("pb_key", 1, key, key=key)
    kind = meta.get("vote_type", ("approval", 0))
    if kind[0].lower() not in VOTE_TYPES:
        findings.wrong(
            "pb_vote_type", kind[1], "vote_type", read=kind[0], known=", ".join(VOTE_TYPES)
        )
    asked = [(projects, "project_id"), (projects, "cost"), (votes, "vote")]
    if kind[0].lower() in WITH_POINTS:
        asked.append((votes, "points"))
    for section, column in asked:
        if column not in section.columns:
            line = section.header_line
            findings.wrong("pb_column", line, column, section=section.name, missing=column)


def _project_ids(projects: Section, findings: Findings) -> dict[str, int]:
    """Give each project its place in the file; an id stands once and holds no comma."""
    ids: dict[str, int] = {}
    lines = projects.lines.tolist()
    for place, project in enumerate(projects.columns["project_id"]):
        line = lines[place]
        if not project or "," in project:
            findings.wrong("pb_project_id", line, "project_id", read=project)
        elif project in ids:
            first = lines[ids[project]]
            findings.wrong("pb_project_twice", line, "project_id", read=project, first=first)
        ids.setdefault(project, place)
    findings.stop()
    return ids


def _demands(projects: Section, ballots: Table, meta: Meta, findings: Findings) -> Table:
    """Make a demand of every project; columns nobody uses are kept as they are."""
    given, count = projects.columns, len(projects)
    found = {"demand_id": TextColumn.of(given["project_id"]), **_same(count, actor_id=ACTOR)}
    if "name" in given:
        found["title"] = TextColumn.of(given["name"])
    earned = next((c for c in ("score", "votes") if c in given), None)
    if earned:
        found["points"] = TextColumn.of(_points(projects, earned, findings))
    else:
        found["points"] = _counted(ballots, count, meta["vote_type"][0].lower())
        findings.warn("pb_votes_counted", projects.header_line, "votes")
    found["position"] = TextColumn.of(map(str, range(1, count + 1)))
    used = {"project_id", "cost", "name", earned}
    kept = {kept_name("demands", c): TextColumn.of(v) for c, v in given.items() if c not in used}
    if earned == "score":
        kept["score"] = found["points"]
    return Table("demands", found, Source(findings.file, rows=projects.lines), kept)


def _points(projects: Section, column: str, findings: Findings) -> list[str]:
    """Give the points of each project as whole numbers; `12.0` is 12."""
    found = []
    for text, line in zip(projects.columns[column], projects.lines.tolist(), strict=True):
        hit = re.fullmatch(r"([0-9]{1,18})(?:[.,]0*)?", text)
        if hit is None:
            findings.wrong("pb_points", line, column, read=text)
        found.append(str(int(hit[1])) if hit else "0")
    return found


def _counted(ballots: Table, count: int, vote_type: str) -> TextColumn:
    """Add up each project's ballots: points where voters gave points, else one a ballot."""
    codes, points = ballots.columns["demand_id"].codes, ballots.columns["points"]
    worth = np.ones(len(codes), dtype=np.int64)
    if vote_type in WITH_POINTS and len(points.values):
        worth = np.array(list(map(int, points.values)), dtype=np.int64)[points.codes]
    totals = np.zeros(count, dtype=np.int64)
    np.add.at(totals, codes, worth)
    return TextColumn.of(map(str, totals.tolist()))


def _needs(projects: Section, findings: Findings) -> Table:
    """Ask for the whole cost of each project from a fund."""
    ids, count = projects.columns["project_id"], len(projects)
    lines = projects.lines.tolist()
    costs = zip(projects.columns["cost"], lines, strict=True)
    cost = TextColumn.of([money(text, line, "cost", findings) for text, line in costs])
    found = {
        "need_id": TextColumn.of(f"N-{p}" for p in ids),
        "demand_id": TextColumn.of(ids),
        **_same(count, kind="fund"),
        "quantity": cost,
        "minimum": cost,
    }
    return Table("needs", found, Source(findings.file, rows=projects.lines))


def _compare_counts(meta: Meta, projects: Section, votes: Section, findings: Findings) -> None:
    """Note a header whose counts are not those of the file."""
    for key, section in (("num_projects", projects), ("num_votes", votes)):
        told, line = meta.get(key, (str(len(section)), 0))
        if told != str(len(section)):
            findings.warn("pb_count", line, key, read=told, found=len(section))


def _package(path: Path, meta: Meta) -> dict[str, Any]:
    """Give what stands in datapackage.json; the horizon is the year of the election."""
    told = {key: value for key, (value, _) in meta.items()}
    dated = f"{told.get('date_begin', '')} {told.get('instance', '')}"
    years = map(int, re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", dated))
    year = next((y for y in years if 1970 <= y <= 2900), 2000)
    currency = told.get("currency", "").upper()
    return {
        "name": path.stem,
        "title": told.get("description") or path.stem,
        "cogov_format": 1,
        "currency": currency if re.fullmatch("[A-Z]{3}", currency) else "XXX",
        "timezone": "UTC",
        "language": "zh" if told.get("language", "").lower().startswith("zh") else "en",
        "horizon": {"start": f"{year}-01-01", "end": f"{year + 1}-01-01"},
        "policy": "pb-greedy",
        "format": NAME,
        "meta": told,
    }


def _actor_name(meta: Meta) -> str:
    """Name the city by the unit of the election."""
    return meta.get("unit", ("", 0))[0] or ACTOR


def _same(count: int, **cells: str) -> dict[str, TextColumn]:
    """Make columns that hold the same cell in every row."""
    return {
        name: TextColumn(np.zeros(count, dtype=np.int32), (cell,) if count else ())
        for name, cell in cells.items()
    }
