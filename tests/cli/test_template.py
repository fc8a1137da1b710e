"""An empty workbook can be filled in by a person and is read without a normalised row typed."""

import zipfile
from datetime import date, time

import openpyxl
import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.domain import labels
from cogov_opt.domain.tables import contracts

FACTS = {"开始日期": date(2026, 10, 12), "结束次日": date(2026, 10, 19), "标题": "重阳节前一周"}
VOLUNTEERS = [
    ("007", "柳岸社区居委会", "助餐服务；急救:2", "8h", 40),
    ("008", "柳岸社区居委会", "助餐服务、驾驶", "480", None),
    ("V-3", "荷风社区居委会", "课业辅导:2", "1小时30分", None),
    ("V-4", "荷风社区居委会", "课业辅导;急救", 600, None),
    ("V-5", "苔花助老社", "倾听疏导;助餐服务", 600, None),
]
SPACES = [
    ("S-1", "柳岸社区居委会", "食堂", 80, 55),
    ("S-2", "荷风社区居委会", "活动室", 30, None),
    ("S-3", "街道办事处", "大厅", 200, 120.5),
]
FUNDS = [
    ("F-1", "街道办事处", 6000, "", "物料费;场地费;餐费;志愿者补贴"),
    ("F-2", "苔花助老社", "1,500", "为老服务", ""),
]
MONDAY = date(2026, 10, 12)
ACTIVITIES = [
    # title, actor, date, start, end, alternatives, people, group, volunteers, space, money, minimum
    ("重阳午餐会", "柳岸社区居委会", date(2026, 10, 18), time(10), time(13), "2026-10-17", 60,
     "老年人", "2*助餐服务;1*急救", "食堂;seats:60", "场地费;物料费:300", "60%"),
    ("作业辅导", "荷风社区居委会", "一;三", "16:00", "17:30", "二+四", 12, "未成年人",
     "1*课业辅导:2", "活动室", "", ""),
    ("健康讲座", "苔花助老社", "2026-10-14", "14:00", "15:30", "", 50, "老年人", "1", "大厅",
     "场地费", ""),
    ("消防演练", "街道办事处", "10月13日", "9点半", "11点", "", 80, "", "", "大厅;60座",
     "场地费;物料费:120.50", ""),
    ("陪聊日", "苔花助老社", "周一至周三", "09:00", "10:00", "", 5, "老年人",
     "倾听疏导", "", "", ""),
    ("理发", "柳岸社区居委会", MONDAY, "下午2点", "下午4点", "", 10, "老年人",
     "1名急救", "", "", ""),
    ("读书会", "荷风社区居委会", "2026/10/15", "19:00-20:30", "", "", 15, "", "",
     "活动室", "", ""),
    ("电影", "柳岸社区居委会", "六", "19:00", "21:00", "日", 100, "社区居民", "1",
     "大厅", "场地费", ""),
    ("清洁日", "街道办事处", "2026-10-17", "08:00", "10:00", "", 30, "", "3", "",
     "物料费:200", "volunteers:1"),
    ("急救课", "荷风社区居委会", "四", "10:00", "11:30", "五 10:00-11:30", 20, "", "1*急救",
     "活动室", "", ""),
    ("慰问", "柳岸社区居委会", "", "", "", "", 8, "困难家庭", "", "", "物料费:800", ""),
    ("棋赛", "苔花助老社", "2026-10-16；2026-10-17", "09:00", "11:00", "", 16, "老年人", "",
     "活动室", "", ""),
    ("手工", "荷风社区居委会", "三", "14:00", "15:00", "14:00-15:00;四", 12, "未成年人",
     "1*课业辅导", "活动室", "物料费:60", ""),
    ("合唱", "柳岸社区居委会", "二", "15:00", "16:00", "", 25, "老年人", "", "大厅", "场地费", ""),
    ("议事会", "街道办事处", "五", "14:00", "16:00", "", 40, "社区居民", "", "大厅;40座",
     "场地费", ""),
]  # fmt: skip
COLUMNS = (
    "title", "actor", "date", "start", "end", "alternatives", "people", "group", "volunteers",
    "space", "money", "minimum",
)  # fmt: skip


def cogov(*args):
    return CliRunner().invoke(cli, list(map(str, args)), standalone_mode=False)


def fill(sheet, rows, columns):
    """Type rows below the example, each cell under the id of its column."""
    ids = {c.value: c.column for c in sheet[2]}
    for number, row in enumerate(rows, 4):
        for name, value in zip(columns, row, strict=True):
            if value not in (None, ""):
                sheet.cell(number, ids[name], value)


@pytest.fixture
def book(tmp_path):
    """A short workbook, filled in by a person."""
    path = tmp_path / "week.xlsx"
    assert cogov("template", path, "--simple", "--lang", "zh").exception is None
    typed = openpyxl.load_workbook(path)
    for row in typed["基本信息"].iter_rows(min_row=2):
        key = row[0].value.partition(" /")[0]
        if key in FACTS:
            row[1].value = FACTS[key]
    fill(typed["活动申请表"], ACTIVITIES, COLUMNS)
    people = ("volunteer_id", "actor_id", "skills", "max_minutes", "cost_per_slot")
    fill(typed["志愿者"], [(*v[:4], None) for v in VOLUNTEERS], people)
    spaces = ("space_id", "actor_id", "space_kind", "seats", "cost_per_hour")
    fill(typed["场地与设备"], SPACES, spaces)
    fill(typed["资金"], FUNDS, ("fund_id", "actor_id", "amount", "purposes", "cost_types"))
    typed.save(path)
    return path


def test_fifteen_activities_become_an_instance(book):
    """Fifteen printed activities typed into the short book are checked, and nothing is lost."""
    tables = cg.load(book)
    try:
        week = cg.check(tables, cg.load_policy("needs-first"))
    except cg.InputError as error:
        pytest.fail(str(error))

    assert len(week.tables["demands"]) == 15
    assert [t for t in ("volunteers", "spaces", "funds") if len(week.tables[t])] != []
    assert "007" in week.tables["volunteers"].index
    assert set(week.tables["actors"].index) == {a[1] for a in ACTIVITIES} | {f[1] for f in FUNDS}
    assert {"R-004", "R-018"} <= set(week.tables["demands"].index)
    assert week.package.title == "重阳节前一周"
    assert any(r.code == "actors_made" for r in week.repairs)
    assert any(r.code == "shared_made" for r in week.repairs)


def test_an_example_is_never_read(book):
    """The rows marked as examples are told of and stay out."""
    tables = cg.load(book)

    assert {n.where.sheet for n in tables.notes if n.code == "example_rows"} == {
        "活动申请表", "志愿者", "场地与设备", "资金", "代码表",
    }  # fmt: skip
    assert "willow_bank" not in tables.tables["codes"].columns["code"].cells()


def test_the_expansion_can_be_looked_at(book, tmp_path):
    """Converted to a folder, requests are demands, options and needs; and check the same."""
    folder = tmp_path / "week"

    assert cogov("convert", book, folder).exception is None
    there = cg.check(cg.load(folder))
    assert not (folder / "requests.csv").exists()
    assert len(there.tables["needs"]) == len(cg.check(cg.load(book)).tables["needs"])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("simple", [True, False])
def test_templates_hold_no_formula(tmp_path, lang, simple):
    """Cells are text and numbers; panes are frozen; each table has a sheet."""
    path = tmp_path / "b.xlsx"
    cogov("template", path, "--lang", lang, *(["--simple"] if simple else []))
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]
    names = openpyxl.load_workbook(path).sheetnames
    wanted = (
        ["requests", "volunteers", "spaces", "funds", "codes", "package"]
        if simple
        else ["requests", "package", *contracts()]
    )

    assert not any(b"<f>" in s or b"<f " in s for s in sheets)
    assert sum(b'state="frozen"' in s for s in sheets) == len(wanted)
    assert {labels.find("tables", n) for n in names} == {*wanted, "readme"}
    assert sum(b"<dataValidation " in s for s in sheets) >= 5


def test_an_existing_file_is_left_alone(tmp_path):
    """A template is never written over anything, and only as .xlsx."""
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"mine")

    assert isinstance(cogov("template", path).exception, cg.UnsupportedError)
    assert path.read_bytes() == b"mine"
    assert isinstance(cogov("template", tmp_path / "b.ods").exception, cg.UnsupportedError)


def test_codes_of_the_template_are_a_good_table():
    """Starter codes have parents that exist, and labels in both languages."""
    from cogov_opt.formats.workbook_template import starter

    for vocabulary, codes in starter()["codes"].items():
        known = {c[0] for c in codes}
        assert len(known) == len(codes), vocabulary
        assert all(len(c) >= 3 and set(c[3:]) <= known for c in codes), vocabulary
    for table in starter()["examples"]:
        assert set(starter()["examples"][table]) <= set(labels.columns(table)), table


def test_cells_like_formulas_are_warned_of_in_csv(tmp_path):
    """CSV keeps what was typed, and says that a spreadsheet program would compute it."""
    book = tmp_path / "b.xlsx"
    cogov("template", book, "--simple", "--lang", "zh")
    typed = openpyxl.load_workbook(book)
    typed["基本信息"]["B3"], typed["基本信息"]["B4"] = "2026-10-12", "2026-10-19"
    sheet = typed["活动申请表"]
    fill(
        sheet, [("=cmd|' /C calc'!A0", "甲"), ("+86 热线", "甲"), ("-3", "甲")], ("title", "actor")
    )
    for row in (4, 5, 6):
        sheet.cell(row, 2).data_type = "s"
    typed.save(book)

    told = cogov("convert", book, tmp_path / "out", "--lang", "zh")
    assert told.exception is None
    assert "有2个单元格以 = + - @ 开头" in told.stderr
    assert "=cmd|" in (tmp_path / "out" / "demands.csv").read_text("utf-8")
    assert "公式" not in cogov("convert", book, tmp_path / "out.xlsx", "--lang", "zh").stderr
