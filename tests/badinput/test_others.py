"""Cards, benchmark files and typed cells of workbooks: each fault told in both languages."""

import datetime as dt
from contextlib import suppress

import pytest
import xlsxwriter

import cogov_opt as cg
from tests.badinput import cells
from tests.badinput.sentences import assert_said
from tests.checking import samples

TOPIC = cells.topic("others")


def changed(kind, piece, by):
    """Give the good file with the first such piece replaced."""
    good = TOPIC[kind]["good"].lstrip("\n")
    assert piece in good, piece
    return good.replace(piece, by, 1)


@pytest.mark.parametrize(("piece", "by", "code"), TOPIC["cards"]["refused"])
def test_cards(piece, by, code):
    """One fault in a card is that code among its issues, at its key."""
    text = changed("cards", piece, by)
    if code == "read":
        with suppress(cg.PolicyError):
            cg.load_policy_text(text)
        return
    with pytest.raises(cg.PolicyError) as raised:
        cg.load_policy_text(text)
    assert code in {i.code for i in raised.value.issues}
    for issue in raised.value.issues:
        assert_said(issue)


@pytest.mark.parametrize(
    ("kind", "piece", "by", "code"),
    [(k, *line) for k in ("pb", "gap") for line in TOPIC[k]["refused"]],
)
def test_benchmark_files(tmp_path, kind, piece, by, code):
    """One fault in a file is that code among its issues, at its line."""
    path = tmp_path / f"x.{kind}"
    path.write_text(changed(kind, piece, by), encoding="utf-8")
    try:
        tables = cg.load(path, format="pabulib" if kind == "pb" else "gap")
        issues = list(tables.notes)
        cg.check(tables)
    except cg.InputError as error:
        issues = list(error.issues)
    assert issues or code == "read"
    assert code == "read" or code in {i.code for i in issues}
    for issue in issues:
        assert_said(issue)


def test_the_good_ones_are_good(tmp_path):
    """So that each issue comes from its change."""
    cg.load_policy_text(TOPIC["cards"]["good"])
    for kind, name in (("pb", "pabulib"), ("gap", "gap")):
        path = tmp_path / f"x.{kind}"
        path.write_text(TOPIC[kind]["good"].lstrip("\n"), encoding="utf-8")
        assert cg.load(path, format=name).notes == ()


TYPED = TOPIC["typed"]["cells"]
HEADER = (
    "volunteer_id", "actor_id", "skills", "max_minutes", "consent_until", "submitted_at",
    "cost_per_slot", "max_slots",
)  # fmt: skip


def typed_book(path, found):
    """A book with a row of volunteers a case, its cell of the kind it says."""
    book = xlsxwriter.Workbook(str(path))
    shown = {k: book.add_format({"num_format": v}) for k, v in
             (("d", "yyyy-mm-dd"), ("m", "yyyy-mm-dd hh:mm"), ("t", "hh:mm"))}  # fmt: skip
    tables = {n: [line.split(",") for line in lines] for n, lines in samples.GOOD.items()}
    facts = [("horizon.start", "2026-09-28"), ("horizon.end", "2026-10-05"), ("currency", "CNY"),
             ("timezone", "Asia/Shanghai")]  # fmt: skip
    for name, rows in {"package": facts, **tables}.items():
        sheet = book.add_worksheet(name)
        if name != "volunteers":
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, text)
            continue
        for number, row in enumerate([HEADER, ("V-001", "JW", "first_aid:2"), ("V-002", "NGO")]):
            sheet.write_row(number, 0, row)
        for number, (column, kind, value, *_) in enumerate(found, 3):
            sheet.write_row(number, 0, [f"W-{number}", "JW"])
            _write(sheet, (number, HEADER.index(column)), kind, value, shown.get(kind))
    book.close()
    return path


def _write(sheet, at, kind, value, shown):
    """Write a cell as what it says it is."""
    if kind == "n":
        sheet.write_number(*at, float(value), shown)
    elif kind in "dm":
        sheet.write_datetime(*at, dt.datetime.fromisoformat(value), shown)
    elif kind == "t":
        sheet.write_datetime(*at, dt.time.fromisoformat(value), shown)
    elif kind == "b":
        sheet.write_boolean(*at, value == "TRUE")
    else:
        sheet.write_formula(*at, "=1+1", None, value)


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """All typed cells at once: issues by row, and the texts that were read."""
    path = typed_book(tmp_path_factory.mktemp("typed") / "t.xlsx", TYPED)
    tables = cg.load(path)
    with pytest.raises(cg.InputError) as error:
        cg.check(tables)
    return tables.tables["volunteers"], [*tables.notes, *error.value.issues]


@pytest.mark.parametrize("number", range(len(TYPED)), ids=lambda k: "-".join(TYPED[k][:3]))
def test_typed_cells(typed, number):
    """The code expected at the cell (repairs once a column), or the text it was read as."""
    table, issues = typed
    column, _, _, code, text = TYPED[number]
    row = number + 4
    here = {i.code for i in issues if i.where.row == row and i.where.column == column}
    once = {i.code for i in issues if i.severity == "repair" and i.where.column in (column, None)}

    assert not code or code in here | once
    assert code or not here
    assert not text or table.columns[column][number + 2] == text
    for issue in issues:
        assert_said(issue)
