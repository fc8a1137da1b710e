"""What was read otherwise than given is told by cell, and what a run can tell is checked (S2.6)."""

import json

import pytest

import cogov_opt as cg
from cogov_opt.testing import reseal
from cogov_opt.verifying import verify
from tests.checking import samples

FILE = "inputs/repairs.jsonl"
SLOPPY = {
    "volunteers": {
        2: "V-001,JW,first_aid:2;driver,vetted,４８０,３１.20049,121.5,",
        3: "v-002 ,NGO,,,,,,",
    },
    "funds": {2: "F-1,JD,１０００,100,meals,2026年1月1日,2026-12-31"},
    "credentials": {2: "V-001,health,2026年1月1日,2026-12-31"},
}
DAY = {"start": "2026年9月28日", "end": "2026-10-05"}


def run_of(tmp_path, name="data", encoding=None):
    """Record a week that was typed sloppily."""
    data = samples.write(tmp_path / name, SLOPPY, {"horizon": DAY, "policy": "needs-first"})
    if encoding:
        place = data / "demands.csv"
        place.write_bytes(place.read_text(encoding="utf-8").encode(encoding))
    policy = cg.load_policy("needs-first")
    decision = cg.allocate(cg.check(cg.load(data), policy), policy, isolation="none")
    return cg.record(cg.explain(decision), tmp_path / f"run of {name}")


def lines_of(run):
    return [json.loads(line) for line in run.files[FILE].splitlines()]


def test_each_change_is_told_by_its_cell(tmp_path):
    """Table, row and column name the canonical cell; of what is private the place alone."""
    lines = lines_of(run_of(tmp_path, encoding="gb18030"))
    told = {(k["table"], k["row"], k["id"], k["column"], k["code"]): k["values"] for k in lines}

    assert told["volunteers", 1, "V-001", "max_minutes", "read_as"] == {"read": "４８０"}
    assert told["funds", 1, "F-1", "spend_from", "read_as"] == {"read": "2026年1月1日"}
    assert told["volunteers", 1, "V-001", "lat", "private_read_as"] == {}
    assert told["credentials", 1, "", "valid_from", "private_read_as"] == {}
    assert told["volunteers", 0, "", "", "places_rounded"] == {"columns": "lat, lon", "count": "1"}
    assert told["", 0, "", "", "read_encoding"]["used"].lower() == "gb18030"
    assert told["", 0, "", "", "read_as"] == {
        "key": "horizon.start", "read": "2026年9月28日", "used": "2026-09-28"
    }  # fmt: skip


def test_where_data_lay_is_no_part_of_a_run(tmp_path):
    """The same tables in another folder make the same run; places of cells stand beside it."""
    here, there = run_of(tmp_path, "here"), run_of(tmp_path, "there")

    assert here.files["checkpoint"] == there.files["checkpoint"]
    places = here.provenance["repairs"]
    assert [1, len(lines_of(here))] == [places[0][0], places[-1][0]]
    assert ["funds.csv", "", 2, "spend_from", ""] in [place[1:] for place in places]
    assert str(tmp_path) not in json.dumps(here.provenance)


def changed(n, **fields):
    """Change fields of the n-th line about a cell that is not private."""

    def change(lines):
        cells = [line for line in lines if line["row"] and line["code"] == "read_as"]
        cells[n].update(fields)

    return change


def of(told, /, **fields):
    """Change fields of the first line of a code."""

    def change(lines):
        next(line for line in lines if line["code"] == told).update(fields)

    return change


OTHER_DAY = {"key": "horizon.start", "read": "2026年9月28日", "used": "2026-09-27"}
LIES = {
    "another row": (changed(0, row=2), "input"),
    "no such row": (changed(0, row=9), "input"),
    "another id": (changed(0, id="V-002"), "input"),
    "a table without rows": (changed(0, table="ballots", column="points"), "input"),
    "no such column": (changed(0, column="colour"), "unknown"),
    "no such table": (changed(0, table="people"), "unknown"),
    "no such code": (changed(0, code="guessed"), "unknown"),
    "what it was read as": (changed(0, values={"read": "１", "used": "7"}), "format"),
    "a number": (changed(0, values={"read": 7}), "format"),
    "a line too much": (lambda lines: lines.append(dict(lines[0])), "format"),
    "a field too much": (of("read_as", why="x"), "format"),
    "another order": (lambda lines: lines.reverse(), "format"),
    "a private cell told": (of("private_read_as", code="read_as", values={"read": "x"}), "private"),
    "kept secret": (changed(0, code="private_read_as", values={}), "input"),
    "more rows than there are": (
        of("places_rounded", values={"columns": "lat, lon", "count": "3"}), "input"),
    "other columns": (of("places_rounded", values={"columns": "lat", "count": "1"}), "input"),
    "another day": (of("read_as", values=OTHER_DAY), "input"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sloppy(tmp_path_factory):
    """A run of a week that was typed sloppily."""
    return run_of(tmp_path_factory.mktemp("sloppy"))


@pytest.mark.parametrize("lie", LIES)
def test_lies_about_changes_are_found(sloppy, tmp_path, lie):
    """Packed honestly again, each is told under the code of what it is false about."""
    change, code = LIES[lie]
    lines = lines_of(sloppy)
    change(lines)
    if lie != "another order" and lie != "a line too much":
        lines.sort(key=packed)
    for name, content in (sloppy.files | {FILE: b"".join(map(packed, lines))}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    reseal(tmp_path)

    assert verify(sloppy.path).accepted
    assert {(f.code, f.file) for f in verify(tmp_path).findings} == {(code, FILE)}


def packed(line):
    return (
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    )
