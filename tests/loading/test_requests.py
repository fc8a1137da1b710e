"""Requests typed as people do become demands, options and needs; issues point to what was typed."""

import json

import openpyxl
import pytest

import cogov_opt as cg
from cogov_opt.loading.requests_items import ItemError, minima, read_people, read_spaces
from cogov_opt.loading.requests_times import TimeError, horizon_of, read_clock, read_days

PACKAGE = {
    "name": "t", "currency": "CNY", "timezone": "Asia/Shanghai",
    "horizon": {"start": "2026-09-28", "end": "2026-10-12"},
}  # fmt: skip
TABLES = {
    "actors": "actor_id,name,kind\nJW,北社区居委会,residents_committee\nNGO,互助社,ngo\n"
    "X1,同名,ngo\nX2,同名,ngo\n",
    "codes": "vocabulary,code,zh\nskill,tutoring,课业辅导\nskill,first_aid,急救\n"
    "service_type,meal,热餐\nunit,portion,份\nspace_kind,dining,食堂\nspace_kind,room,活动室\n"
    "feature,sink,水槽\narea,north,北社区\ngroup,elderly,老年人\npurpose,care,为老服务\n"
    "cost_type,food,餐费\ncost_type,materials,物料费\ncost_type,venue,场地费\n",
    "volunteers": "volunteer_id,actor_id,skills\nV-1,JW,tutoring:2;first_aid\n",
    "spaces": "space_id,actor_id,space_kind,seats,cost_per_hour\nS-1,JW,dining,80,50\n"
    "S-2,NGO,room,20,\n",
    "services": "service_id,actor_id,service_type,unit,capacity,cost_per_unit\n"
    "P-1,JW,meal,portion,100,12\n",
}
USUAL = {
    "title": "午餐会", "actor": "JW", "date": "2026-10-01", "start": "10:00", "end": "12:00",
    "volunteers": "1",
}  # fmt: skip


def dataset(folder, *rows, package=None, **tables):
    """Write a folder with requests; each row changes a usual one."""
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE | (package or {})), "utf-8")
    for name, text in {**TABLES, **tables}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, "utf-8")
    rows = [{**USUAL, **row} for row in rows]
    names = list(dict.fromkeys(n for row in rows for n in row))
    lines = [names, *([row.get(n, "") for n in names] for row in rows)]
    text = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in line) for line in lines)
    (folder / "requests.csv").write_text(text + "\n", "utf-8")
    return folder


def table(tables, name, *columns):
    """Give some columns of a table as rows."""
    found = tables.tables[name]
    cells = {**found.columns, **found.unknown}
    return list(zip(*(cells[c].cells() for c in columns), strict=True))


def issues(tables):
    try:
        week = cg.check(tables)
    except cg.InputError as error:
        return [i for i in error.issues if i.severity == "error"]
    return [w for w in week.warnings if w.code not in ("unknown_column",)]


def test_one_row_becomes_a_demand(tmp_path):
    """The whole row of data.md 1: who, when, where, for whom, with what, paid by what."""
    full = {
        "performer": "互助社", "alternatives": "2026-10-02;10-3月;14:00-16:00", "place": "北社区",
        "people": "60", "group": "elderly", "purpose": "care", "priority": "紧急",
        "volunteers": "3*tutoring:1；1*first_aid", "service": "60*meal",
        "space": "dining;seats:60", "money": "food(service);venue;materials:300.5",
        "minimum": "80%", "remark": "轮椅",
    }  # fmt: skip
    tables = cg.load(dataset(tmp_path, full | {"alternatives": "2026-10-02;14:00-16:00"}))

    assert issues(tables) == []
    assert table(tables, "demands", "demand_id", "actor_id", "performer_id", "area", "remark") == [
        ("R-002", "JW", "NGO", "北社区", "轮椅")
    ]
    assert table(tables, "options", "option_id", "start", "end") == [
        ("a", "2026-10-01 10:00", "2026-10-01 12:00"),
        ("b", "2026-10-02 10:00", "2026-10-02 12:00"),
        ("c", "2026-10-01 14:00", "2026-10-01 16:00"),
    ]
    columns = ("need_id", "kind", "quantity", "minimum", "requires", "cost_type", "pays_for")
    assert table(tables, "needs", *columns) == [
        ("R-002.1", "volunteer", "3", "3", "tutoring:1", "", ""),
        ("R-002.2", "volunteer", "1", "1", "first_aid", "", ""),
        ("R-002.3", "service", "60", "48", "meal", "", ""),
        ("R-002.4", "space", "1", "", "dining;seats:60", "", ""),
        ("R-002.5", "fund", "0", "", "", "food", "R-002.3"),
        ("R-002.6", "fund", "0", "", "", "venue", "R-002.4"),
        ("R-002.7", "fund", "300.5", "", "", "materials", ""),
    ]
    assert "requests" not in tables.tables


HORIZON = horizon_of(PACKAGE)
DAYS = {
    "2026-10-01": ["2026-10-01"],
    "2026/10/1；2026年10月3日": ["2026-10-01", "2026-10-03"],
    "10月3日": ["2026-10-03"],
    "mon": ["2026-09-28", "2026-10-05"],
    "一;三": ["2026-09-28", "2026-09-30", "2026-10-05", "2026-10-07"],
    "周六、星期日": ["2026-10-03", "2026-10-04", "2026-10-10", "2026-10-11"],
    "周一至周三": [f"2026-{d}" for d in ("09-28", "09-29", "09-30", "10-05", "10-06", "10-07")],
    "fri-sat": ["2026-10-02", "2026-10-03", "2026-10-09", "2026-10-10"],
    "２０２６－１０－０１": ["2026-10-01"],
}
CLOCKS = {
    "9:00": "09:00", "09:30": "09:30", "９：３０": "09:30", "9点": "09:00", "9点半": "09:30",
    "14时15分": "14:15", "下午2点": "14:00", "晚上7点半": "19:30", "中午12点": "12:00",
    "2:30pm": "14:30", "9am": "09:00", "14": "14:00", "24:00": "24:00", "9:00:00": "09:00",
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_days(text):
    """Dates, days of the period and weekdays, in either language."""
    assert list(read_days(text, HORIZON)) == DAYS[text]


@pytest.mark.parametrize("text", CLOCKS)
def test_clocks(text):
    """Times of day as people write them."""
    assert read_clock(text) == CLOCKS[text]


@pytest.mark.parametrize(
    "text", ["3/1/26", "10-1", "明天", "周八", "2026-02-30", "46296", "1月1日"]
)
def test_days_that_are_not_certain(text):
    """Two-digit years, numbers and days outside the period are refused."""
    with pytest.raises(TimeError):
        read_days(text, HORIZON)


@pytest.mark.parametrize("text", ["25:00", "9:75", "早", "9-11", "", "24:30"])
def test_clocks_that_are_none(text):
    """What is no time of day is refused."""
    with pytest.raises(TimeError):
        read_clock(text)


PEOPLE = {
    "3*tutoring:1;1*first_aid": [("3", "tutoring:1"), ("1", "first_aid")],
    "3": [("3", "")],
    "tutoring": [("1", "tutoring")],
    "2×课业辅导：2、1名急救": [("2", "课业辅导：2"), ("1", "急救")],
    "３＊tutoring+vetted": [("3", "tutoring;vetted")],
    "2*tutoring|first_aid:2": [("2", "tutoring|first_aid:2")],
    "3人": [("3", "")],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("text", PEOPLE)
def test_people(text):
    """Numbers, codes and levels, in either way of writing them."""
    assert [(i.quantity, i.requires) for i in read_people(text)] == PEOPLE[text]


def test_spaces():
    """One booking meets everything on its line; further lines are further bookings."""
    found = [(i.quantity, i.requires) for i in read_spaces("食堂；60座\n2*room;水槽")]

    assert found == [("1", "食堂;seats:60"), ("2", "room;水槽")]


def test_minima():
    """Percentages, one number, kinds and codes; nothing that could mean two needs."""
    needs = [("volunteer", 3, "tutoring:1"), ("volunteer", 1, ""), ("service", 50, "meal")]

    assert minima("50%", needs) == {0: "2", 1: "1", 2: "25"}
    assert minima("40", needs) == {2: "40"}
    assert minima("服务:40；tutoring:2", needs) == {2: "40", 0: "2"}
    assert minima("1", needs[:1]) == {0: "1"}
    for text in ("volunteers:1", "1;x:2", "abc", "-1"):
        with pytest.raises(ItemError):
            minima(text, needs if text != "1;x:2" else needs[:2])


MONEY = [
    # money, what each fund need has: quantity, cost type, what it pays for
    ("food", [("0", "food", "R-002.1;R-002.2")]),
    ("materials:300", [("300", "materials", "R-002.1;R-002.2")]),
    ("food;materials:300", [("0", "food", "R-002.1;R-002.2"), ("300", "materials", "")]),
    ("food(service);venue", [("0", "food", "R-002.1"), ("0", "venue", "R-002.2")]),
    ("餐费（服务+场地）", [("0", "餐费", "R-002.1;R-002.2")]),
    ("venue(space):20;food(服务)", [("20", "venue", "R-002.2"), ("0", "food", "R-002.1")]),
]


@pytest.mark.parametrize(("money", "made"), MONEY)
def test_money_pays_for_what_the_plan_uses(tmp_path, money, made):
    """Without an amount a cost type pays for services and spaces that cost something."""
    row = {"service": "10*meal", "space": "dining", "volunteers": "", "money": money}
    tables = cg.load(dataset(tmp_path, row))
    found = table(tables, "needs", "kind", "quantity", "cost_type", "pays_for")

    assert [f[1:] for f in found if f[0] == "fund"] == made
    assert issues(tables) == []


def test_what_nobody_pays_for_is_told(tmp_path):
    """Costs without money are the check's `unpaid_cost`, never assumed away."""
    (issue,) = issues(cg.load(dataset(tmp_path, {"space": "dining"})))

    assert (issue.code, issue.where.row) == ("unpaid_cost", 2)


BAD = [
    # changes, column of the issue, code
    ({"date": "3/1/26"}, "date", "request_days"),
    ({"date": "2026-02-30"}, "date", "no_such_date"),
    ({"date": "1月1日"}, "date", "request_no_day"),
    ({"date": ""}, "date", "request_no_date"),
    ({"start": "早上"}, "start", "request_clock"),
    ({"end": "26:00"}, "end", "request_clock"),
    ({"end": ""}, "end", "request_no_end"),
    ({"start": ""}, "start", "request_no_end"),
    ({"alternatives": "改天"}, "alternatives", "request_days"),
    ({"volunteers": "3tutoring"}, "volunteers", "request_item"),
    ({"service": "60"}, "service", "request_item"),
    ({"space": "3dining"}, "space", "request_item"),
    ({"money": "300"}, "money", "request_item"),
    ({"money": "food(others)"}, "money", "request_item"),
    ({"money": "food(service)"}, "money", "request_money_kind"),
    ({"service": "10*meal", "money": "food;venue"}, "money", "request_money_unclear"),
    ({"minimum": "service:5"}, "minimum", "request_minimum_unclear"),
    ({"minimum": "half"}, "minimum", "request_item"),
]
LATER = [
    # changes, column typed, code of the check
    ({"actor": "同名"}, "actor", "unknown_reference"),
    ({"actor": ""}, "actor", "blank_cell"),
    ({"performer": "没有"}, "performer", "unknown_reference"),
    ({"end": "09:00"}, "end", "end_before_start"),
    ({"date": "2027-09-28"}, "start", "outside_horizon"),
    ({"alternatives": "2026-09-01"}, "alternatives", "outside_horizon"),
    ({"place": "south"}, "place", "unknown_code"),
    ({"group": "meal"}, "group", "wrong_vocabulary"),
    ({"people": "many"}, "people", "not_a_number"),
    ({"priority": "9"}, "priority", "out_of_range"),
    ({"volunteers": "2*swimming"}, "volunteers", "unknown_code"),
    ({"volunteers": "1*tutoring:x"}, "volunteers", "bad_requirement"),
    ({"money": "gold:30"}, "money", "unknown_code"),
    ({"money": "materials:30.555"}, "money", "third_decimal"),
    ({"volunteers": "2", "minimum": "3"}, "minimum", "minimum_over_quantity"),
    ({"volunteers": ""}, "demand_id", "empty_demand"),
    ({"service": "10*meal"}, "money", "unpaid_cost"),
]


@pytest.mark.parametrize(("changes", "column", "code"), BAD)
def test_bad_cells_are_told_where_they_were_typed(tmp_path, changes, column, code):
    """Every cell that cannot be understood is one issue, at its row and column."""
    found = issues(cg.load(dataset(tmp_path, {}, changes)))

    assert [(i.code, i.where.row, i.where.column) for i in found[:1]] == [(code, 3, column)]
    # Where it is not clear who pays, nobody does, and the check says so too.
    assert [i.code for i in found[1:]] == ["unpaid_cost"] * (code == "request_money_unclear")
    assert all(i.text("zh") and i.text("en") for i in found)


@pytest.mark.parametrize(("changes", "column", "code"), LATER)
def test_what_the_check_finds_leads_back_to_the_typed_cell(tmp_path, changes, column, code):
    """Rows made at load know the row typed for them, and each column the one typed."""
    tables = cg.load(dataset(tmp_path, {}, changes))
    (issue, *more) = issues(tables)
    typed = {
        made.source.where(r, issue.where.column).column
        for made in (tables.tables[n] for n in ("demands", "options", "needs"))
        for r in range(len(made))
        if issue.where.column in made.columns and made.source.row_number(r) == 3
    }

    assert (issue.code, issue.where.row, more) == (code, 3, [])
    assert issue.where.file.endswith("requests.csv")
    assert column in typed | {issue.where.column}


def test_cells_of_a_workbook_are_named_by_their_letters(tmp_path):
    """On a sheet the place of a made cell is the cell that was typed: G2, not a row of needs."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    facts = [["horizon.start", "2026-09-28"], ["horizon.end", "2026-10-05"], ["currency", "CNY"]]
    sheets = {
        "package": [*facts, ["timezone", "Asia/Shanghai"]],
        "活动申请表": [
            ["活动名称", "申请单位", "日期", "开始时间", "结束时间", "备选时间", "志愿者"],
            ["课", "JW", "一", "9点", "10:00", "二;坏", "1*画画"],
        ],
        "actors": [["actor_id", "name", "kind"], ["JW", "居委会", "other"]],
    }  # fmt: skip
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "b.xlsx")
    tables = cg.load(tmp_path / "b.xlsx")

    assert [(n.code, n.where.cell, n.where.sheet) for n in tables.notes] == [
        ("read_as", "D2", "活动申请表"), ("request_days", "F2", "活动申请表"),
    ]  # fmt: skip
    assert tables.tables["needs"].source.where(0, "requires").cell == "G2"
    assert tables.tables["demands"].source.where(0, "actor_id").cell == "B2"
    (issue,) = [i for i in issues(tables) if i.code == "unknown_code"]
    assert (issue.where.sheet, issue.where.row) == ("活动申请表", 2)


def test_actors_are_made_where_there_is_no_table_of_them(tmp_path):
    """Every actor named becomes one, and a repair lists them; nothing else is shared."""
    week = cg.check(cg.load(dataset(tmp_path, {"actor": " 北街 "}, actors=None)))
    (note,) = [r for r in week.repairs if r.code == "actors_made"]

    assert set(week.tables["actors"].index) == {"北街", "JW", "NGO"}
    assert (note.values["count"], note.where.row, note.where.column) == (3, 2, "actor")
    assert len(week.tables["agreements"]) == 0


@pytest.mark.parametrize(
    ("word", "made", "codes"),
    [("yes", 2, []), ("是", 2, []), (True, 2, []), ("no", 0, []), ("", 0, []),
     ("vielleicht", 0, ["request_shared"])],
)  # fmt: skip
def test_resources_are_shared_where_the_dataset_says_so(tmp_path, word, made, codes):
    """`shared` makes an agreement for each owner, kept beside those there are, and only then."""
    agreed = "agreement_id,giver_id,taker_id,reference\nG-1,JW,NGO,信\n"
    tables = cg.load(dataset(tmp_path, {}, package={"shared": word}, agreements=agreed))

    assert [i.code for i in issues(tables)] == codes
    assert len(tables.tables["agreements"]) == 1 + made


def test_requests_and_demands_are_not_mixed(tmp_path):
    """Either the one or the other, so that nothing is asked for twice."""
    demands = "demand_id,actor_id\nD-1,JW\n"
    needs = "need_id,demand_id,kind,quantity\nN-1,D-1,volunteer,1\n"
    found = issues(cg.load(dataset(tmp_path, {}, demands=demands, needs=needs)))

    assert {i.code for i in found} == {"requests_and_tables"}
    assert {i.values["table"] for i in found} == {"demands", "needs"}


def test_an_empty_table_of_requests_is_told(tmp_path):
    """With neither requests nor demands the sheet to fill in is named."""
    found = issues(cg.load(dataset(tmp_path)))

    assert ("no_rows", "requests") in {(i.code, i.values.get("table")) for i in found}


def test_money_without_anything_to_pay_for_is_told(tmp_path):
    """A cost type without an amount, where nothing used has a cost, is warned of."""
    (warning,) = issues(cg.load(dataset(tmp_path, {"money": "food"})))

    assert (warning.code, warning.severity) == ("request_money_idle", "warning")
    assert (warning.where.row, warning.where.column) == (2, "money")
