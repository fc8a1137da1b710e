"""Every bad input is a located issue or a stated repair; none is taken in silence (I1-I5)."""

from pathlib import Path

import pytest

import cogov_opt as cg
from tests.checking import samples

HEADER = "demand_id,actor_id,{},area,group,people,priority,tags,purpose,x"

# table, row number, line, code, column, severity
CASES = [
    # numbers
    ("demands", 2, "D-1,JW,x,north,elderly,１２,1,,,", "read_as", "people", "repair"),
    ("demands", 2, 'D-1,JW,x,north,elderly,"1,200",1,,,', "read_as", "people", "repair"),
    ("demands", 2, "D-1,JW,x,north,elderly,20.0,1,,,", "read_as", "people", "repair"),
    ("demands", 2, "D-1,JW,x,north,elderly,20.5,1,,,", "not_whole", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,NaN,1,,,", "not_a_number", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,inf,1,,,", "not_a_number", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,1e999,1,,,", "not_a_number", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,True,1,,,", "not_a_number", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,1_000,1,,,", "not_a_number", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,-3,1,,,", "out_of_range", "people", "error"),
    ("demands", 2, f"D-1,JW,x,,,{'9' * 30},1,,,", "out_of_range", "people", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,20,6,,,", "out_of_range", "priority", "error"),
    ("demands", 2, "D-1,JW,x,north,elderly,20,特急,,,", "read_as", "priority", "repair"),
    ("demands", 2, "D-1,JW,x,north,elderly,一二,1,,,", "not_a_number", "people", "error"),
    # money
    ("funds", 2, "F-1,JD,1000.555,,,,", "third_decimal", "amount", "error"),
    ("funds", 2, 'F-1,JD,"1,000.00",,,,', "read_as", "amount", "repair"),
    ("funds", 2, "F-1,JD,￥1000,,,,", "read_as", "amount", "repair"),
    ("funds", 2, "F-1,JD,1000元,,,,", "read_as", "amount", "repair"),
    ("funds", 2, "F-1,JD,1e3,,,,", "not_money", "amount", "error"),
    ("funds", 2, "F-1,JD,nan,,,,", "not_money", "amount", "error"),
    ("funds", 2, "F-1,JD,-5,,,,", "out_of_range", "amount", "error"),
    ("funds", 2, "F-1,JD,99999999999999,,,,", "out_of_range", "amount", "error"),
    ("funds", 2, "F-1,JD,,,,,", "blank_cell", "amount", "error"),
    ("funds", 2, "F-1,JD,100,200,,,", "committed_over_amount", "committed", "error"),
    ("funds", 2, "F-1,JD,100,,,2026-12-31,2026-01-01", "from_after_until", "spend_from", "error"),
    # durations, places
    ("volunteers", 2, "V-001,JW,,,eight,,,", "not_a_duration", "max_minutes", "error"),
    ("volunteers", 2, "V-001,JW,,,1h90,,,", "not_a_duration", "max_minutes", "error"),
    ("volunteers", 2, "V-001,JW,,,９０,,,", "read_as", "max_minutes", "repair"),
    ("volunteers", 2, "V-001,JW,,,,95.0,121,", "out_of_range", "lat", "error"),
    ("volunteers", 2, "V-001,JW,,,,north,121,", "not_degrees", "lat", "error"),
    ("volunteers", 2, "V-001,JW,,,,31.23041678,121,", "private_read_as", "lat", "repair"),
    ("volunteers", 2, "V-001,JW,,,,31.2,,", "half_place", "lat", "error"),
    # dates and moments
    ("credentials", 2, "V-001,health,2026/1/1,", "private_read_as", "valid_from", "repair"),
    ("credentials", 2, "V-001,health,2026年1月1日,", "private_read_as", "valid_from", "repair"),
    ("credentials", 2, "V-001,health,3/1/26,", "not_a_date", "valid_from", "error"),
    ("credentials", 2, "V-001,health,45000,", "not_a_date", "valid_from", "error"),
    ("credentials", 2, "V-001,health,2026-02-29,", "no_such_date", "valid_from", "error"),
    ("credentials", 2, "V-001,health,2027-01-01,2026-01-01", "from_after_until", "valid_from",
     "error"),
    ("options", 2, "D-1,a,2026-09-28 9am,2026-09-28 11:00", "not_a_moment", "start", "error"),
    ("options", 2, "D-1,a,2026-09-28 25:00,2026-09-29 11:00", "not_a_moment", "start", "error"),
    ("options", 2, "D-1,a,2026-09-28 11:00,2026-09-28 09:00", "end_before_start", "end", "error"),
    ("options", 2, "D-1,a,2026-09-28 11:00,", "half_interval", "start", "error"),
    ("options", 2, "D-1,a,2026-10-05 09:00,2026-10-05 10:00", "outside_horizon", "start", "error"),
    ("options", 2, "D-1,a,1926-09-28 09:00,1926-09-28 10:00", "out_of_reach", "start", "error"),
    ("options", 3, "D-1,b,,", "half_interval", "start", "error"),
    ("availability", 2, "V-001,2026-09-30,2026-09-28", "end_before_start", "end", "error"),
    # words, codes, references
    ("actors", 4, "NGO,x,社会组织,,", "read_as", "kind", "repair"),
    ("actors", 4, "NGO,x,n.g.o,,", "unknown_word", "kind", "error"),
    ("actors", 4, "NGO,x,ngo,nroth,", "unknown_code", "area", "error"),
    ("actors", 4, "NGO,x,ngo,elderly,", "wrong_vocabulary", "area", "error"),
    ("actors", 4, "NGO,x,ngo,,XX", "unknown_reference", "parent_id", "error"),
    ("actors", 2, "JD,x,ngo,,JW", "circle", "parent_id", "error"),
    ("codes", 8, "area,town,north,,", "circle", "parent", "error"),
    ("codes", 9, "area,north,twon,,", "unknown_code", "parent", "error"),
    ("codes", 6, "tag,driver,,,", "ambiguous_code", "requires", "error"),
    ("codes", 6, "tag,seats,,,", "reserved_code", "code", "error"),
    ("spaces", 2, "R-1,JW,room,R-2,60,,", "circle", "part_of", "error"),
    ("volunteers", 2, "V-001,JW,first_aid；driver,,,,,", "private_read_as", "skills", "repair"),
    ("volunteers", 2, "V-001,JW,急救:2,,,,,", "private_read_as", "skills", "repair"),
    ("volunteers", 2, "V-001,JW,first_aid:x,,,,,", "bad_level", "skills", "error"),
    ("volunteers", 2, "V-001,JW,driver:1;driver:2,,,,,", "two_levels", "skills", "error"),
    ("volunteers", 2, "V-001,JW,diver,,,,,", "unknown_code", "skills", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,first_ade,,,", "unknown_code", "requires", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,sink,,,", "wrong_vocabulary", "requires", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,driver:,,,", "bad_requirement", "requires", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,seats:20,,,", "seats_elsewhere", "requires", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,vetted:2,,,", "level_elsewhere", "requires", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,急救：2,,,", "read_as", "requires", "repair"),
    # ids
    ("volunteers", 3, "V-001,NGO,,,,,,", "duplicate_id", "volunteer_id", "error"),
    ("volunteers", 3, "Ｖ-001,NGO,,,,,,", "duplicate_id", "volunteer_id", "error"),
    ("volunteers", 3, "R-1,NGO,,,,,,", "id_in_two_tables", "space_id", "error"),
    ("volunteers", 3, "V;2,NGO,,,,,,", "bad_id", "volunteer_id", "error"),
    ("volunteers", 3, "13912345678,NGO,,,,,,", "personal_id", "volunteer_id", "error"),
    ("volunteers", 3, "110101199003078888,NGO,,,,,,", "personal_id", "volunteer_id", "error"),
    ("volunteers", 3, "1.39E+10,NGO,,,,,,", "mangled_id", "volunteer_id", "error"),
    ("volunteers", 3, "\u200bV-002,NGO,,,,,,", "read_as", "volunteer_id", "repair"),
    ("options", 4, "D-1,b,2026-09-29 09:00,2026-09-29 11:00", "duplicate_row", None, "error"),
    ("demands", 3, "D-2,JD,王秀英阿姨家探访,,,30,,,,", "person_in_title", "title", "warning"),
    ("demands", 3, "D-2,JD,电话13912345678,,,30,,,,", "personal_number", "title", "warning"),
    ("demands", 3, "D-2,JD,\x07,,,30,,,,", "control_character", "title", "error"),
    # quantities and money that follows what it buys
    ("needs", 2, "N-1,D-1,volunteer,2,3,,,,", "minimum_over_quantity", "minimum", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2.5,,,,,", "not_whole", "quantity", "error"),
    ("needs", 4, "N-3,D-1,fund,50.555,,,meal,N-2,", "third_decimal", "quantity", "error"),
    ("needs", 4, "N-3,D-1,fund,50,,,meal,,", "unpaid_cost", "pays_for", "error"),
    ("needs", 4, "N-3,D-1,fund,50,,,meal,N-2；N-4,", "pays_elsewhere", "pays_for", "error"),
    ("needs", 4, "N-3,D-1,fund,50,,,meal,N-3;N-2,", "pays_a_fund", "pays_for", "error"),
    ("needs", 4, "N-3,D-1,fund,50,,,meal,none,", "none_for_fund", "pays_for", "error"),
    ("needs", 3, "N-2,D-1,service,20,10,lunch,,none,", "paid_and_none", "pays_for", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,,,N-2,", "not_for_kind", "pays_for", "error"),
    ("needs", 2, "N-1,D-1,volunteer,2,1,,,,5", "not_for_kind", "own_limit", "error"),
    ("needs", 6, "N-5,D-1,fund,50,,,meal,N-2,", "paid_twice", "need_id", "error"),
    ("needs", 5, "N-4,D-1,space,1,,room,,,", "empty_demand", "demand_id", "error"),
    ("needs", 2, "N-1,D-1,volunteer,,,,,,", "blank_cell", "quantity", "error"),
    ("affinities", 2, "V-001,D-1,5,2", "not_for_kind", "use_units", "error"),
    ("agreements", 2, "G-1,JD,*,service,S-1,x", "not_the_givers", "resource_id", "error"),
    ("agreements", 2, "G-1,NGO,*,space,S-1,x", "wrong_kind", "kind", "error"),
    ("standing", 2, "D-2,,N-1,V-001,1,pinned", "need_elsewhere", "need_id", "error"),
    ("standing", 2, "D-1,c,N-1,V-001,1,pinned", "unknown_option", "option_id", "error"),
    ("standing", 2, "D-1,a,N-1,R-1,1,pinned", "wrong_kind", "resource_id", "error"),
    # shape
    ("demands", 3, "D-2,JD,x", "ragged_row", None, "error"),
    ("demands", 3, "D-2,JD,x,,,,,,,,7", "ragged_row", None, "error"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "line", "code", "column", "severity"), CASES)
def test_a_bad_cell_is_told_at_its_place(tmp_path, table, row, line, code, column, severity):
    """One changed line gives one issue of the code, at its column, in its severity."""
    folder = samples.write(tmp_path, {table: {row: line}})

    found = [i for i in samples.issues_of(folder) if i.code == code]

    assert found, samples.issues_of(folder)
    assert any(i.where.column == column for i in found)
    assert {i.severity for i in found} == {severity}
    assert all(i.where.file.endswith(".csv") and i.where.row for i in found)


@pytest.mark.parametrize(("above", "told"), [(50, False), (51, True)])
def test_a_chain_of_parents_has_an_end(tmp_path, above, told):
    """Fifty may stand above an actor, and no more (S2.7)."""
    chain = [f"C{n:02d},x,ngo,,{f'C{n - 1:02d}' if n else ''}" for n in range(above + 1)]
    table = "\n".join([*samples.GOOD["actors"], *chain, ""]).encode()

    issues = samples.issues_of(samples.write(tmp_path, {"actors": table}))

    assert [i.code for i in issues] == ["deep_chain"] * told


def test_the_good_dataset_has_no_issue(tmp_path):
    """The dataset the cases are made from is good, so each issue comes from its change."""
    assert samples.issues_of(samples.write(tmp_path)) == []


def test_every_issue_of_every_table_is_told_at_once(tmp_path):
    """Faults in four tables and the package come in one error, each with row and column."""
    folder = samples.write(
        tmp_path,
        {
            "demands": {2: "D-1,JW,x,nroth,,many,9,,,"},
            "funds": {2: "F-1,XX,12.345,,,,"},
            "needs": {2: "N-1,D-9,volunteer,0.5,,,,,"},
        },
        {"currency": "yuan"},
    )

    found = {(Path(i.where.file).name, i.where.column) for i in samples.issues_of(folder)}

    assert found >= {
        ("demands.csv", "area"), ("demands.csv", "people"), ("demands.csv", "priority"),
        ("funds.csv", "actor_id"), ("funds.csv", "amount"), ("needs.csv", "demand_id"),
        ("needs.csv", "quantity"), ("datapackage.json", "currency"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"needs": None}, "missing_table"),
        ({"demnads": {1: "a,b", 2: "1,2"}}, "unknown_table"),
        ({"calendar": {1: "date,day_kind", 2: "2026-10-01,public_holiday"}}, "later"),
        ({"demands": {1: HEADER.format("series")}}, "later"),
        ({"demands": {1: HEADER.replace("actor", "aktor")}}, "missing_column"),
        ({"demands": {1: HEADER.replace("people", "poeple")}}, "unknown_column"),
        ({"demands": {1: HEADER.replace("group", "area")}}, "duplicate_header"),
        ({"demands": {1: HEADER.replace("group", "")}}, "blank_header"),
        ({"demands": b"demand_id,actor_id\n"}, "no_rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_told(tmp_path, changes, code):
    """Tables and columns that are missing, unknown, doubled or of a later version are named."""
    found = samples.issues_of(samples.write(tmp_path, changes))

    assert code in {i.code for i in found}


@pytest.mark.parametrize(
    ("package", "code", "key"),
    [
        ({"currency": None}, "missing_key", "currency"),
        ({"currency": "元"}, "bad_key", "currency"),
        ({"timezone": "Asia/Shanghia"}, "unknown_timezone", "timezone"),
        ({"horizon": None}, "missing_key", "horizon"),
        ({"horizon": {"start": "2026-09-28"}}, "bad_key", "horizon.end"),
        ({"horizon": {"start": "2026-09-28", "end": "2026-09-28"}}, "bad_horizon", "horizon"),
        ({"no_rows_means": {"volunteer": "open"}}, "bad_key", "no_rows_means"),
        ({"cogov_format": 2}, "unknown_format", "cogov_format"),
        ({"no_row_means": {}}, "unknown_key", "no_row_means"),
        ({"resources": [{"name": "x", "path": "../x.csv"}]}, "bad_key", None),
    ],
)
def test_what_is_wrong_with_the_package_is_told(tmp_path, package, code, key):
    """Keys that are missing, unknown or impossible are named."""
    found = samples.issues_of(samples.write(tmp_path, package=package))

    assert (code, key) in {(i.code, i.where.column) for i in found}


def test_a_time_the_clocks_leap_over_is_refused(tmp_path):
    """02:30 does not exist on the day clocks are put forward, and is never moved in silence."""
    package = {
        "timezone": "Europe/Paris",
        "horizon": {"start": "2026-03-23", "end": "2026-04-06"},
    }
    options = {
        2: "D-1,a,2026-03-29 02:30,2026-03-29 05:00",
        3: "D-1,b,2026-03-30 02:30,2026-03-30 05:00",
        4: "D-1,c,2026-03-29 01:30,2026-03-29 03:30",
    }
    times = {"options": options, "availability": {2: "V-001,2026-03-28,2026-03-29"}}

    found = samples.issues_of(samples.write(tmp_path, times, package))

    assert [(i.code, i.where.row) for i in found] == [("no_such_time", 2)]


def test_an_amount_typed_in_fen_is_a_warning(tmp_path):
    """A fund need a hundred times off the rest of its purpose is warned of."""
    rows = {5 + i: f"M-{i},D-1,fund,{300 + i},,,meal,," for i in range(1, 5)}
    rows[10] = "M-9,D-1,fund,30500,,,meal,,"

    found = samples.issues_of(samples.write(tmp_path, {"needs": rows}))

    assert [(i.code, i.where.row) for i in found] == [("unusual_amount", 10)]


def test_a_cost_that_nobody_can_choose_needs_no_payer(tmp_path):
    """unpaid_cost is told only where a resource with a cost could be chosen (data.md 3)."""
    unpaid = {4: "N-3,D-1,fund,50,,,meal,,"}
    other = {"needs": unpaid, "agreements": {2: "G-1,NGO,JD,volunteer,,x"}}
    no_agreement = samples.issues_of(samples.write(tmp_path / "a", other))
    says_none = {**unpaid, 3: "N-2,D-1,service,20,10,lunch,,none,"}
    none = samples.issues_of(samples.write(tmp_path / "b", {"needs": says_none}))

    assert "unpaid_cost" not in {i.code for i in [*no_agreement, *none]}


def test_a_priority_needs_a_line_in_the_card_unless_it_has_points(tmp_path):
    """A demand whose priority the card gives no points for is refused."""
    card = cg.load_policy_text(
        'id = "a"\nversion = "1"\nstatus = "draft"\n[points]\npriority = { 1 = 10 }\n'
        '[[objective]]\nsense = "maximise"\nterms = [{ term = "served_points" }]\n'
    )
    found = samples.issues_of(samples.write(tmp_path), card)

    assert [(i.code, i.where.row) for i in found] == [("priority_without_line", 3)]


def test_many_bad_rows_are_counted_beyond_the_first_thousand(tmp_path):
    """A value that is wrong in every row does not bury the rest of the report."""
    rows = {r: f"D-{r},JD,x,nowhere,,,,,," for r in range(4, 1604)}
    found = samples.issues_of(samples.write(tmp_path, {"demands": rows}))
    of_area = [i for i in found if i.where.column == "area"]

    assert len(of_area) == 1001
    assert of_area[-1].values["count"] == 600
