"""What an Instance is: sorted, complete, the same whatever the order of rows (S2, S3)."""

from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError

import cogov_opt as cg
from cogov_opt.checking import cells
from cogov_opt.checking.columns import Context, read_numbers
from cogov_opt.checking.findings import Findings
from cogov_opt.domain.calendar import Calendar
from cogov_opt.domain.canonical import canonical_json, canonical_tables, row_of
from cogov_opt.domain.fields import BLANK, Choice, Integer, Minutes, Money
from cogov_opt.domain.instance import Ragged
from cogov_opt.domain.loaded import Table, Tables, TextColumn
from cogov_opt.domain.tables import contracts
from tests.checking import samples


def same(one, other):
    """Compare two instances column by column, issues aside."""
    if one.package != other.package or one.resources.ids != other.resources.ids:
        return False
    pairs = [(one.tables[t].columns[c], other.tables[t].columns[c])
             for t in one.tables for c in one.tables[t].columns]  # fmt: skip
    options = ("demand", "of_demand", "first", "starts", "ends", "days")
    pairs += [(getattr(one.options, o), getattr(other.options, o)) for o in options]
    pairs += [(one.needs_of, other.needs_of)]
    return one.options.ids == other.options.ids and all(_same(a, b) for a, b in pairs)


def _same(a, b):
    if isinstance(a, TextColumn):
        return a.values == b.values and np.array_equal(a.codes, b.codes)
    if isinstance(a, Ragged):
        return np.array_equal(a.starts, b.starts) and np.array_equal(a.values, b.values)
    return np.array_equal(a, b)


@pytest.fixture
def instance(tmp_path):
    """The small dataset, checked."""
    return cg.check(cg.load(samples.write(tmp_path / "small")))


def test_columns_hold_integers(instance):
    """Money is in minor units, time in minutes from the start, place in microdegrees (S1.1)."""
    assert instance.funds.ints("amount").tolist() == [100_000]
    assert instance.services.ints("cost_per_unit").tolist() == [1250]
    assert instance.needs.ints("quantity").tolist() == [2, 20, 5000, 1]
    assert instance.needs.ints("own_limit").tolist() == [BLANK, BLANK, 2000, BLANK]
    assert instance.volunteers.ints("lat").tolist() == [31_200_000, BLANK]
    assert instance.availability.ints("end").tolist() == [20 * 60, 3 * 24 * 60]


def test_references_are_rows_or_resources(instance):
    """A reference is a row of its table, one to a resource its number among all; `*` is -2."""
    assert instance.resources.ids == ("V-001", "V-002", "F-1", "R-1", "R-2", "S-1")
    assert instance.availability.ints("resource_id").tolist() == [3, 0]
    assert instance.agreements.ints("taker_id").tolist() == [-2]
    assert instance.demands.ints("performer_id").tolist() == [-1, -1]
    codes = instance.codes.index
    assert instance.demands.ints("area").tolist() == [codes["area:north"], -1]
    assert instance.volunteers.lists("skills").row(0).tolist() == [
        codes["skill:driver"], codes["skill:first_aid"],
    ]  # fmt: skip


def test_options_gather_sessions(instance):
    """Sessions of one option stand together; a demand without rows has one option "" (S3.2)."""
    o = instance.options

    assert o.ids == ("a", "b", "")
    assert o.sessions.tolist() == [1, 2, 0]
    assert o.slots.tolist() == [1, 2, 1]
    assert o.minutes.tolist() == [120, 240, 0]
    assert o.of_demand.tolist() == [0, 2, 3]
    assert [date.fromordinal(d).day for d in o.days.tolist()] == [28, 29, 30]


def test_arrays_are_read_only(instance):
    """Nobody can change a checked column."""
    with pytest.raises(ValueError, match="read-only"):
        instance.needs.ints("quantity")[0] = 1


def test_a_row_is_its_contract(instance):
    """One row comes back as its pydantic contract, with texts in place of indices."""
    row = instance.volunteers["V-001"]

    assert (row.actor_id, row.skills, row.max_minutes) == ("JW", ("driver", "first_aid:2"), 480)
    assert instance.needs["N-1"].requires == ("driver|first_aid:2",)
    assert instance.needs["N-3"].pays_for == ("N-2",)
    assert instance.agreements["G-1"].taker_id == "*"
    assert row_of(instance.options and instance.tables["options"], 0).start == (
        "2026-09-28T09:00+08:00"
    )


def test_row_order_never_matters(tmp_path):
    """Rows of every table reversed or shuffled give the same instance, byte for byte (S2.1)."""
    first = cg.check(cg.load(samples.write(tmp_path / "a")))
    rng = np.random.default_rng(7)
    for trial in range(5):
        changes = {}
        for name, lines in samples.GOOD.items():
            order = rng.permutation(len(lines) - 1)
            changes[name] = {i + 2: lines[1 + k] for i, k in enumerate(order.tolist())}
        other = cg.check(cg.load(samples.write(tmp_path / f"b{trial}", changes)))

        assert same(first, other)
        assert canonical_tables(first) == canonical_tables(other)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Paris", "America/St_Johns"])
def test_a_canonical_folder_loads_to_the_same_instance(tmp_path, zone):
    """load(inputs/) is the instance it was written from (S2)."""
    package = {"timezone": zone, "meta": {"b": "1.5", "a": 2}, "policy": "needs-first"}
    first = cg.check(cg.load(samples.write(tmp_path / "a", package=package)))
    (tmp_path / "inputs").mkdir()
    for name, data in canonical_tables(first).items():
        (tmp_path / "inputs" / name).write_bytes(data)
    again = cg.check(cg.load(tmp_path / "inputs"))

    assert same(first, again)
    assert canonical_tables(first) == canonical_tables(again)
    assert again.repairs == again.warnings == ()


def test_canonical_cells(instance):
    """Cells are written as S2.3 says."""
    files = canonical_tables(instance)

    assert b"N-1,D-1,volunteer,2,1,driver|first_aid:2,,,,\n" in files["needs.csv"]
    assert b"N-4,D-2,space,1,,room;seats:20,,,,\n" in files["needs.csv"]
    assert files["availability.csv"].splitlines()[1:] == [
        b"R-1,2026-09-28T08:00+08:00,2026-09-28T20:00+08:00",
        b"V-001,2026-09-28T00:00+08:00,2026-10-01T00:00+08:00",
    ]
    assert b'"start_moment":"2026-09-28T00:00+08:00"' in files["datapackage.json"]
    assert "ballots.csv" not in files


def test_canonical_json_holds_no_float():
    """Big integers are text, keys sorted, floats refused (S13.6)."""
    assert canonical_json({"b": 2**53 + 1, "a": ["é", None]}) == (
        '{"a":["é",null],"b":"9007199254740993"}'.encode()
    )
    with pytest.raises(TypeError):
        canonical_json([1.0])


def test_voters_become_running_numbers(tmp_path):
    """A voter's id leaves no trace in the instance (data.md 5)."""
    ballots = b"voter_id,demand_id,points\nzed,D-1,1\nann,D-1,2\nann,D-2,1\n"
    instance = cg.check(cg.load(samples.write(tmp_path, {"ballots": ballots})))

    assert instance.ballots.text("voter_id").cells() == ["1", "1", "2"]


def _cell_of(field, value):
    """Write a value as a person would, for a field."""
    return f"{value // 100}.{value % 100:02d}" if isinstance(field, Money) else str(value)


NUMBERS = [
    (t, c) for t, contract in contracts().items() for c, f in contract.fields.items()
    if isinstance(f, Integer | Money | Minutes)
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), NUMBERS)
@pytest.mark.parametrize("value", [-1, 0, 1, 5, 6, 100, 101, 10**6, 10**8, 10**12])
def test_row_contract_and_columns_agree(table, column, value):
    """
    The vectorised check and the value-by-value check give one verdict, by the field's own bounds.
    """
    field = contracts()[table].fields[column]
    low = getattr(field, "low", 0)
    expected = low <= value <= field.high
    calendar = Calendar(date(2026, 9, 28), date(2026, 10, 5), "Asia/Shanghai")
    context = Context(Findings(), calendar)
    verdicts = []
    for cell in (_cell_of(field, value), f" {_cell_of(field, value)}"):
        text = TextColumn.of([cell, ""])
        read, problems = read_numbers(field, column, text, context)
        verdicts.append(not [p for p in problems if p.severity == "error"])
        assert read.values[1] == BLANK
        assert not verdicts[-1] or read.values[0] == value

    assert verdicts == [expected, expected]


def test_every_checked_row_satisfies_its_contract(instance):
    """Every row of every table passes its pydantic contract, which forbids the unknown."""
    for name, table in instance.tables.items():
        for index in range(len(table)):
            row = row_of(table, index)
            assert set(type(row).model_fields) == set(contracts()[name].fields)
            assert type(row).model_validate(row.model_dump()) == row


@pytest.mark.parametrize(("table", "column"), [
    (t, c) for t, k in contracts().items() for c in k.fields if c in k.required
])  # fmt: skip
def test_what_the_contract_requires_the_check_requires(tmp_path, instance, table, column):
    """A required cell left blank fails both the pydantic contract and the check."""
    lines = samples.GOOD.get(table)
    if lines is None:
        pytest.skip("the small dataset has no such table")
    header = lines[0].split(",")
    if column not in header:
        pytest.skip("the column is optional there")
    cells_of_row = lines[1].split(",")
    cells_of_row[header.index(column)] = ""
    folder = samples.write(tmp_path, {table: {2: ",".join(cells_of_row)}})
    values = row_of(instance.tables[table], 0).model_dump() | {column: None}

    codes = {(i.code, i.where.column) for i in samples.issues_of(folder)}

    assert ("blank_cell", column) in codes
    with pytest.raises(ValidationError):
        contracts()[table].row(**values)


def test_choices_are_read_in_both_languages():
    """Every code word of a closed list has a word in both phrase files."""
    from cogov_opt.phrases import phrase

    for contract in contracts().values():
        for field in contract.fields.values():
            if isinstance(field, Choice):
                assert all(phrase(f"word.{w}", lang) for w in field.words for lang in ("en", "zh"))


@pytest.mark.parametrize(("text", "minutes"), [
    ("90", 90), ("8h", 480), ("1h30", 90), ("8小时", 480), ("1小时30分", 90), ("1个小时", 60),
    ("30分钟", 30), ("45min", 45), ("1h05m", 65),
])  # fmt: skip
def test_durations(text, minutes):
    """Durations are read as people write them."""
    assert cells.duration(10**6)(text)[0] == minutes


@pytest.mark.parametrize(("text", "closing", "minute"), [
    ("2026-09-28", False, 0), ("2026-09-28", True, 1440), ("2026-09-28 24:00", False, 1440),
    ("2026-09-28 09:00", False, 540), ("2026/9/28 9:00", False, 540),
    ("2026年9月28日 09:00", False, 540), ("2026-09-28T09:00+08:00", False, 540),
    ("2026-09-28T01:00Z", False, 540), ("2026-09-28T09:00", False, 540),
    ("2026-09-28 09:00:00", False, 540), ("２０２６-09-28 09：00", False, 540),
])  # fmt: skip
def test_moments(text, closing, minute):
    """Moments are minutes from the first midnight; a date alone is the whole day (S3.1)."""
    calendar = Calendar(date(2026, 9, 28), date(2026, 10, 5), "Asia/Shanghai")

    assert cells.moment(calendar, closing=closing)(text)[0] == minute


def _issues(tables):
    """Give the errors of a check, none if it gives an instance."""
    try:
        cg.check(tables)
    except cg.InputError as error:
        return error.issues
    return ()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Paris", "America/Sao_Paulo"])
def test_moments_read_by_numpy_are_those_read_one_by_one(zone):
    """The fast reading of moments agrees with the reading of single cells, errors included."""
    calendar = Calendar(date(2018, 10, 20), date(2018, 11, 20), zone)
    rng = np.random.default_rng(3)
    texts = {
        f"{rng.integers(2017, 2020)}-{rng.integers(0, 14):02d}-{rng.integers(0, 33):02d} "
        f"{rng.integers(0, 26):02d}:{rng.integers(0, 62):02d}"
        for _ in range(3000)
    } | {f"2018-{m}-{d:02d} 0{h}:30" for m in (10, 11) for d in range(1, 31) for h in range(4)}
    column = TextColumn.of(sorted(texts))
    field = contracts()["options"].fields["start"]
    read, problems = read_numbers(field, "start", column, Context(Findings(), calendar))
    told = {p.value: p.code for p in problems if p.code != "out_of_reach"}

    for k, text in enumerate(column.values):
        try:
            expected = cells.moment(calendar, closing=False)(text)[0]
        except cells.UnreadableError as error:
            expected = error.code
        assert told.get(k, int(read.values[k])) in (expected, BLANK), text


def test_any_cell_may_be_anything(tmp_path):
    """Whatever stands in a cell, the check ends with an instance or with issues (I1)."""
    rng = np.random.default_rng(11)
    odd = (
        "", " ", "NaN", "９", "-1", "1e9", "*", "none", "\u200b", "a;b;a", "V-001", "D-1", "无",
        "2026-09-28", "2026-13-45", "x|y", "not:", "not:driver", "seats:0", ":", "，", "N-1",
    )  # fmt: skip
    good = cg.load(samples.write(tmp_path))
    for _ in range(100):
        tables = dict(good.tables)
        for _ in range(int(rng.integers(1, 4))):
            name = str(rng.choice(sorted(tables)))
            table = tables[name]
            column = str(rng.choice(sorted(table.columns)))
            listed = table.columns[column].cells()
            listed[int(rng.integers(len(listed)))] = str(rng.choice(odd))
            columns = {**table.columns, column: TextColumn.of(listed)}
            tables[name] = Table(name, columns, table.source)
        if rng.integers(5) == 0:
            tables.pop(str(rng.choice(sorted(tables))))
        issues = _issues(Tables(good.package, tables, "x"))
        assert all(i.text("en") and i.text("zh") for i in issues)
