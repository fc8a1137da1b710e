"""Pabulib files become the canonical tables, and tables become Pabulib files (data.md 5)."""

import csv
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.errors import InputError, UnsupportedError
from cogov_opt.formats import pabulib

META = {"description": "Two gardens", "num_projects": "3", "num_votes": "3", "budget": "100"}
PROJECTS = [
    "project_id;cost;votes;name;category;selected",
    "p1;60;2;Garden;green;1",
    'p2;40.5;2;"Swings; slides";play;0',
    "p3;10;1;Bench;;2",
]


def text(vote_type: str, votes: list[str], meta: dict[str, str] | None = None) -> str:
    told = META | {"vote_type": vote_type} | (meta or {})
    lines = ["META", "key;value", *(f"{k};{v}" for k, v in told.items())]
    return "\n".join([*lines, "PROJECTS", *PROJECTS, "VOTES", *votes, ""])


def saved(folder: Path, content: str | bytes, name: str = "x.pb") -> Path:
    path = folder / name
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(raw)
    return path


def rows(table: Table) -> list[dict[str, str]]:
    columns = {**table.columns, **table.unknown}
    cells = [c.cells() for c in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def content(tables: Tables) -> object:
    """Everything that must survive a round trip; META and column orders included."""
    package = {k: v for k, v in tables.package.items() if k not in ("name", "title")}
    found = [
        (name, [(c, v.cells()) for c, v in [*table.columns.items(), *table.unknown.items()]])
        for name, table in tables.tables.items()
    ]
    return list(package["meta"].items()), package, found, tables.units


def again(tables: Tables, folder: Path) -> Tables:
    path = folder / "again.pb"
    pabulib.write(tables, path)
    return pabulib.read(path)


APPROVAL = ["voter_id;vote;age;sex", "v7;p1,p2;34;F", "v9;p1;;M", "v3;p2,p3;71;"]
BALLOTS = {
    "approval": (APPROVAL, ["1", "1", "1", "1", "1"]),
    "choose-1": (["voter_id;vote", "a;p1", "b;p1", "c;p3"], ["1", "1", "1"]),
    "cumulative": (["voter_id;vote;points", "a;p1,p2;7,3", "b;p3;10"], ["7", "3", "10"]),
    "scoring": (["voter_id;vote;points", "a;p1,p2;0,3", "b;p2;5"], ["0", "3", "5"]),
    "ordinal": (["voter_id;vote", "a;p3,p1,p2", "b;p2"], ["1", "2", "3", "1"]),
}


def test_a_project_becomes_a_demand_with_one_fund_need(tmp_path: Path) -> None:
    """One actor, one fund, one untimed demand a project, in file order (data.md 5)."""
    tables = pabulib.read(saved(tmp_path, text("approval", APPROVAL)))

    assert rows(tables.tables["funds"]) == [
        {"fund_id": "budget", "actor_id": "city", "amount": "100"}
    ]
    assert rows(tables.tables["demands"])[1] == {
        "demand_id": "p2", "actor_id": "city", "title": "Swings; slides", "points": "2",
        "position": "2", "category": "play", "selected": "0",
    }  # fmt: skip
    assert rows(tables.tables["needs"])[1] == {
        "need_id": "N-p2", "demand_id": "p2", "kind": "fund", "quantity": "40.50",
        "minimum": "40.50",
    }  # fmt: skip
    assert tables.trusted_ids


@pytest.mark.parametrize("vote_type", BALLOTS)
def test_ballots_hold_what_their_type_means(vote_type: str, tmp_path: Path) -> None:
    """Approval and choose-1 give 1, cumulative and scoring points, ordinal the position."""
    votes, points = BALLOTS[vote_type]

    table = pabulib.read(saved(tmp_path, text(vote_type, votes))).tables["ballots"]

    assert [r["points"] for r in rows(table)] == points
    named = [p for line in votes[1:] for p in line.split(";")[1].split(",")]
    assert [r["demand_id"] for r in rows(table)] == named


def test_voters_become_running_numbers(tmp_path: Path) -> None:
    """Nothing that names a voter is kept; other columns are, and written back (data.md 5)."""
    table = pabulib.read(saved(tmp_path, text("approval", APPROVAL))).tables["ballots"]

    assert [r["voter_id"] for r in rows(table)] == ["1", "1", "2", "3", "3"]
    assert [r["age"] for r in rows(table)] == ["34", "34", "", "71", "71"]


@pytest.mark.parametrize("vote_type", BALLOTS)
def test_a_round_trip_changes_nothing(vote_type: str, tmp_path: Path) -> None:
    """Reading what was written gives the same tables, META order and unused columns included."""
    meta = {"zzz": "last; of all", "comment": "a first", "date_begin": "21.08.2024"}
    before = pabulib.read(saved(tmp_path, text(vote_type, BALLOTS[vote_type][0], meta)))

    assert content(again(before, tmp_path)) == content(before)


def test_blank_ballots_survive_a_round_trip(tmp_path: Path) -> None:
    """A voter who names nobody is counted, and its other columns are written back."""
    votes = ["voter_id;vote;age", "a;;50", "b;p1;20", "c;;"]
    before = pabulib.read(saved(tmp_path, text("approval", votes)))

    assert not [n for n in before.notes if n.code == "pb_count"]
    assert content(again(before, tmp_path)) == content(before)


def test_points_of_an_ordinal_file_are_kept_beside_the_position(tmp_path: Path) -> None:
    """A column points with another meaning is kept under another name, and written back."""
    votes = ["voter_id;vote;points", "a;p3,p1;5,2", "b;p2;9"]
    before = pabulib.read(saved(tmp_path, text("ordinal", votes)))

    assert [r["pb_points"] for r in rows(before.tables["ballots"])] == ["5", "2", "9"]
    assert content(again(before, tmp_path)) == content(before)


def test_score_counts_before_votes(tmp_path: Path) -> None:
    """Points are the column score where there is one (data.md 5)."""
    raw = text("approval", APPROVAL).replace("votes;name", "score;name")
    raw = raw.replace("cost;", "cost;votes;").replace("p1;60;", "p1;60;1;")
    raw = raw.replace("p2;40.5;", "p2;40.5;1;").replace("p3;10;", "p3;10;1;")
    before = pabulib.read(saved(tmp_path, raw))

    assert [r["points"] for r in rows(before.tables["demands"])] == ["2", "2", "1"]
    assert content(again(before, tmp_path)) == content(before)


def test_without_votes_the_ballots_are_counted(tmp_path: Path) -> None:
    """A file with neither score nor votes is read, and says so."""
    bare = ["project_id;cost", "p1;60", "p2;40", "p3;10"]
    raw = text("cumulative", BALLOTS["cumulative"][0]).replace("\n".join(PROJECTS), "\n".join(bare))

    tables = pabulib.read(saved(tmp_path, raw))

    assert [r["points"] for r in rows(tables.tables["demands"])] == ["7", "3", "10"]
    assert "pb_votes_counted" in [n.code for n in tables.notes]


MESSY = (
    "META ;\nkey;value;;\n budget ; 1 910 663,83 ;;\nvote_type;Approval;\n\n"
    'comment;"one\ntwo ""three"""\nPROJECTS\n\nproject_id; cost ;votes;name;;\n'
    ' p 1 ;60,5;3;"a;b";;\np2;12.00;1\n\nVOTES;\nvoter_id;vote;;\n'
    '"1"; p 1 , p2, ;\n2;"p 1"\n3;\n\n\n'
)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_as_people_leave_them(ends: str, encoding: str, tmp_path: Path) -> None:
    """Marks, line ends, quotes, blank lines, stray semicolons and spaces, decimal commas."""
    tables = pabulib.read(saved(tmp_path, MESSY.replace("\n", ends).encode(encoding)))

    assert rows(tables.tables["funds"])[0]["amount"] == "1910663.83"
    assert tables.package["meta"]["comment"] == 'one\ntwo "three"'
    demands = rows(tables.tables["demands"])
    assert [(d["demand_id"], d["title"], d["points"]) for d in demands] == [
        ("p 1", "a;b", "3"),
        ("p2", "", "1"),
    ]
    assert [n["quantity"] for n in rows(tables.tables["needs"])] == ["60.50", "12"]
    named = [(r["voter_id"], r["demand_id"]) for r in rows(tables.tables["ballots"])]
    assert named == [("1", "p 1"), ("1", "p2"), ("2", "p 1")]
    assert [n.where.row for n in tables.notes if n.severity == "repair"] == [3, 11]


def test_a_project_named_twice_on_a_ballot_counts_once(tmp_path: Path) -> None:
    """The repeat is dropped, and the repair is told."""
    votes = ["voter_id;vote;sex", "a;p1,p2,p1;F", "b;p3;M"]

    tables = pabulib.read(saved(tmp_path, text("approval", votes)))

    assert [r["demand_id"] for r in rows(tables.tables["ballots"])] == ["p1", "p2", "p3"]
    assert [(n.code, n.values["used"]) for n in tables.notes if n.severity == "repair"] == [
        ("read_as", "p1,p2")
    ]
    assert content(again(tables, tmp_path)) == content(tables)


BROKEN = {
    "pb_section": (("VOTES", "BALLOTS"), 8),
    "pb_key": (("budget;100", "purse;100"), 1),
    "pb_key_twice": (("num_votes;3", "budget;90"), 6),
    "pb_header": (("category;selected", "votes;selected"), 9),
    "pb_quote": (('"Swings; slides"', '"Swings; slides'), 11),
    "pb_cells": (("p3;10;1;Bench;;2", "p3;10;1;Bench;;2;more"), 12),
    "pb_column": (("project_id;cost", "project_id;price"), 9),
    "pb_vote_type": (("vote_type;approval", "vote_type;dice"), 7),
    "pb_project_id": (("p3;10;1", ";10;1"), 12),
    "pb_project_twice": (("p2;40.5", "p1;40.5"), 11),
    "pb_unknown_project": (("v9;p1;", "v9;p11;"), 16),
    "pb_points": (("p2;40.5;2", "p2;40.5;2.5"), 11),
    "pb_money": (("p2;40.5", "p2;40.505"), 11),
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_cannot_be_read_is_told_by_line(code: str, tmp_path: Path) -> None:
    """Each fault has its code, its line and a sentence with a fix in both languages."""
    (old, new), line = BROKEN[code]
    raw = text("approval", APPROVAL)
    assert old in raw

    with pytest.raises(InputError) as caught:
        pabulib.read(saved(tmp_path, raw.replace(old, new, 1)))

    issue = next(i for i in caught.value.issues if i.code == code)
    assert (issue.where.file, issue.where.row) == ("x.pb", line)
    assert "Fix" in issue.text("en")
    assert "-" not in issue.values.values()
    assert "处理办法" in issue.text("zh")


@pytest.mark.parametrize(
    ("code", "votes"),
    [
        ("pb_column", ["voter_id;vote", "a;p1"]),
        ("pb_points_count", ["voter_id;vote;points", "a;p1,p2;3"]),
        ("pb_points", ["voter_id;vote;points", "a;p1;-3"]),
        ("pb_repeated", ["voter_id;vote;points", "a;p1,p1;3,4"]),
    ],
)
def test_points_that_cannot_be_meant(code: str, votes: list[str], tmp_path: Path) -> None:
    """Points are as many as projects, whole, and given once."""
    with pytest.raises(InputError) as caught:
        pabulib.read(saved(tmp_path, text("cumulative", votes)))

    assert [i.code for i in caught.value.issues] == [code]
    assert caught.value.issues[0].where.row in (14, 15)


@pytest.mark.parametrize("amount", ["1,234", "1.234", "1,234.50", "12e3", "-5", "", "ten"])
def test_amounts_are_never_guessed(amount: str, tmp_path: Path) -> None:
    """An amount that can be read in two ways, or in none, is refused."""
    raw = text("approval", APPROVAL, {"budget": amount})

    with pytest.raises(InputError) as caught:
        pabulib.read(saved(tmp_path, raw))

    assert [i.code for i in caught.value.issues] == ["pb_money"]


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    """Characters are never guessed."""
    with pytest.raises(InputError) as caught:
        pabulib.read(saved(tmp_path, text("approval", APPROVAL).encode() + b"\nv5;\xff"))

    assert [(i.code, i.where.row) for i in caught.value.issues] == [("pb_encoding", 19)]


def test_a_wrong_count_in_the_header_is_a_warning(tmp_path: Path) -> None:
    """The file is read; its header is told to be wrong."""
    tables = pabulib.read(saved(tmp_path, text("approval", APPROVAL, {"num_votes": "4"})))

    assert [(n.code, n.severity, n.values["found"]) for n in tables.notes] == [
        ("pb_count", "warning", 3)
    ]


def test_recognised_by_name_or_beginning(tmp_path: Path) -> None:
    """A file is one of this format if it says so, or begins like one."""
    raw = text("approval", APPROVAL)

    assert pabulib.recognise(saved(tmp_path, "", "a.pb"))
    assert pabulib.recognise(saved(tmp_path, b"\xef\xbb\xbf" + raw.encode(), "a.csv"))
    assert not pabulib.recognise(saved(tmp_path, raw[5:], "b.csv"))
    assert not pabulib.recognise(tmp_path)


def test_what_was_read_passes_the_check(tmp_path: Path) -> None:
    """The tables make an instance: costs in minor units, ids as they are (S1.1)."""
    instance = cg.check(
        cg.load(saved(tmp_path, text("approval", APPROVAL))), cg.load_policy("pb-greedy")
    )

    assert instance.needs.ints("quantity").tolist() == [6000, 4050, 1000]
    assert instance.package.meta["description"] == "Two gardens"


def test_sorted_tables_in_minor_units_are_written_in_file_order(tmp_path: Path) -> None:
    """Row order is no information: position, voter number and rank give it back (S2.1)."""
    votes = ["voter_id;vote", "a;p3,p1,p2", "b;p2", "c;p1,p3"]
    before = pabulib.read(saved(tmp_path, text("ordinal", votes)))
    mixed = {n: shuffled(t, 3) for n, t in before.tables.items()}
    for table, column in (("funds", "amount"), ("needs", "quantity"), ("needs", "minimum")):
        cells = mixed[table].columns[column].cells()
        minor = TextColumn.of([str(int(float(c) * 100)) for c in cells])
        mixed[table] = replaced(mixed[table], column, minor)

    after = again(Tables(before.package, mixed, "", units="minor", trusted_ids=True), tmp_path)

    assert content(after) == content(before)


def test_tables_that_are_no_election_are_refused(tmp_path: Path) -> None:
    """A file of this format has one fund and asks for money only."""
    before = pabulib.read(saved(tmp_path, text("approval", APPROVAL)))
    kinds = TextColumn(np.zeros(3, dtype=np.int32), ("space",))
    other = before.tables | {"needs": replaced(before.tables["needs"], "kind", kinds)}
    none = {n: t for n, t in before.tables.items() if n != "funds"}

    for tables in (other, none):
        with pytest.raises(UnsupportedError):
            pabulib.write(Tables(before.package, tables, ""), tmp_path / "no.pb")


def test_66000_votes_are_read_within_a_second(tmp_path: Path) -> None:
    """The work grows with columns, not with Python objects a vote."""
    rng = np.random.default_rng(1)
    lists = [
        ",".join(map(str, v))
        for v in rng.permuted(np.tile(np.arange(163), (500, 1)), axis=1)[:, :4]
    ]
    votes = [f"{k};{lists[k % 500]};{k % 90};F;internet" for k in range(66_000)]
    projects = [f"{k};{1000 + k};{k};Name {k}" for k in range(163)]
    raw = "\n".join(
        ["META", "key;value", "budget;9000", "vote_type;approval", "PROJECTS",
         "project_id;cost;votes;name", *projects, "VOTES",
         "voter_id;vote;age;sex;voting_method", *votes]
    )  # fmt: skip
    path = saved(tmp_path, raw)

    began = time.process_time()
    tables = pabulib.read(path)

    assert time.process_time() - began < 1
    assert len(tables.tables["ballots"]) == 264_000


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters=","), min_size=1, max_size=6
)
CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8).map(
    str.strip
)


@st.composite
def elections(draw: st.DrawFn) -> str:
    """Any election a file can hold, quoted as a spreadsheet would."""
    ids = draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    kind = draw(st.sampled_from(sorted(BALLOTS)))
    projects = [[p, str(draw(st.integers(0, 10**6))), "1", draw(CELLS), draw(CELLS)] for p in ids]
    votes = []
    for number in range(draw(st.integers(0, 5))):
        named = draw(st.lists(st.sampled_from(ids), unique=True, max_size=4))
        points = [str(draw(st.integers(0, 99))) for _ in named]
        votes.append([f"v{number}", ",".join(named), ",".join(points), draw(CELLS)])
    meta = [["note", draw(CELLS)], ["budget", "100"], ["vote_type", kind], ["last", draw(CELLS)]]
    lines: list[str] = []
    for name, header, cells in (
        ("META", ["key", "value"], meta),
        ("PROJECTS", ["project_id", "cost", "votes", "name", "area"], projects),
        ("VOTES", ["voter_id", "vote", "points", "age"], votes),
    ):
        quoted = (";".join('"' + c.replace('"', '""') + '"' for c in row) for row in cells)
        lines += [name, ";".join(header), *quoted]
    return "\n".join(lines)


@given(raw=elections())
def test_any_election_survives_a_round_trip(
    raw: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever stands in names, notes and unused columns, nothing is lost or changed."""
    folder = tmp_path_factory.mktemp("pb")
    before = pabulib.read(saved(folder, raw))

    assert content(again(before, folder)) == content(before)


@pytest.mark.data
def test_shared_files_hold_what_their_headers_say(data_folder: Path, tmp_path: Path) -> None:
    """Every unpacked benchmark election is read, counts as stated, and survives a round trip."""
    folder = data_folder / "pabulib"
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        index = {row["file"]: row for row in csv.DictReader(stream)}
    files = sorted((folder / "starter").glob("*.pb"))

    for path in files:
        tables = pabulib.read(path)
        told = index[path.name]
        assert len(tables.tables["demands"]) == int(told["num_projects"]), path.name
        assert voters(tables) == int(told["num_votes"]), path.name
        assert content(again(tables, tmp_path)) == content(tables), path.name
    assert len(files) == 92


def voters(tables: Tables) -> int:
    blank = len(tables.package.get("_blank_ballots", {}))
    return len(np.unique(tables.tables["ballots"].columns["voter_id"].codes)) + blank


def shuffled(table: Table, seed: int) -> Table:
    order = np.random.default_rng(seed).permutation(len(table))
    parts = [
        {n: TextColumn(c.codes[order], c.values) for n, c in found.items()}
        for found in (table.columns, table.unknown)
    ]
    return Table(table.name, parts[0], table.source, parts[1])


def replaced(table: Table, column: str, cells: TextColumn) -> Table:
    return Table(table.name, {**table.columns, column: cells}, table.source, table.unknown)
