"""A folder is read strictly: encodings are told, broken files refused, places kept (I2-I4)."""

import json

import numpy as np
import pytest

import cogov_opt as cg
from cogov_opt import formats
from cogov_opt.domain.loaded import TextColumn

PACKAGE = {
    "name": "t", "currency": "CNY", "timezone": "Asia/Shanghai",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
}  # fmt: skip
ROWS = "".join(
    f"A{i},{name},ngo\n"
    for i, name in enumerate(
        ["河畔街道社区服务中心", "邻里互助社", "青年志愿服务队", "老年大学", "居民议事会"] * 4
    )
)
ACTORS = "actor_id,name,kind\n" + ROWS


def folder(tmp_path, **files):
    """Write a folder of files given as bytes."""
    (tmp_path / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    for name, data in files.items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    return tmp_path


@pytest.mark.parametrize(
    ("encoding", "noted"),
    [("utf-8", False), ("utf-8-sig", False), ("gb18030", True), ("gbk", True), ("utf-16", True)],
)
def test_encodings_are_read_and_told(tmp_path, encoding, noted):
    """Anything but UTF-8 is read only when certain, and is a stated repair."""
    tables = cg.load(folder(tmp_path, actors=ACTORS.encode(encoding)))

    assert tables.tables["actors"].columns["name"][0] == "河畔街道社区服务中心"
    assert [n.code for n in tables.notes] == (["read_encoding"] if noted else [])


def test_big5_is_not_mistaken(tmp_path):
    """Traditional text in Big5 is read as such and never as something else in silence."""
    text = "actor_id,name,kind\n" + "".join(
        f"A{i},社區關懷據點與長者共餐服務協會,ngo\n" for i in range(20)
    )
    tables = cg.load(folder(tmp_path, actors=text.encode("big5")))

    assert [n.values["used"] for n in tables.notes] == ["big5"]
    assert tables.tables["actors"].columns["name"][0] == "社區關懷據點與長者共餐服務協會"


@pytest.mark.parametrize("place", [40, 200, -4])
def test_damaged_utf8_is_refused(tmp_path, place):
    """A multibyte character cut in two is damage, not another encoding; the row is told."""
    data = bytearray(ACTORS.encode())
    while data[place] < 0xE0:
        place += 1
    del data[place + 1]
    with pytest.raises(cg.InputError) as raised:
        cg.load(folder(tmp_path, actors=bytes(data)))

    (issue,) = raised.value.issues
    assert issue.code == "bad_encoding"
    assert issue.where.row == data[:place].count(b"\n") + 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'actor_id,name,kind\nA1,"open,ngo\n', "bad_csv"),
        (b"actor_id,name,kind\nA1," + b"x" * 300_000 + b",ngo\n", "bad_csv"),
        (b"\x81\x82\xff\xfe\x00\xd8\xdc" * 40, "bad_encoding"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, data, code):
    """An unclosed quote, an endless cell and random bytes are issues of their file."""
    with pytest.raises(cg.InputError) as raised:
        cg.load(folder(tmp_path, actors=data))

    assert [i.code for i in raised.value.issues] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1]", "bad_package"), ("{", "bad_package"), ('{"a": NaN}', "bad_package"),
        ('{"currency": "CNY", "currency": "EUR"}', "bad_package"), ("[" * 10**5, "bad_package"),
    ],
)  # fmt: skip
def test_a_bad_package_is_refused(tmp_path, text, code):
    """datapackage.json is an object without NaN, keys given twice, or endless nesting."""
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(cg.InputError) as raised:
        cg.load(tmp_path)

    assert [i.code for i in raised.value.issues] == [code]


def test_a_folder_without_package_is_refused(tmp_path):
    """A folder without datapackage.json, and a path that is not there, are issues."""
    for path, code in ((tmp_path, "missing_package"), (tmp_path / "no", "missing_file")):
        with pytest.raises(cg.InputError) as raised:
            cg.load(path)
        assert [i.code for i in raised.value.issues] == [code]


def test_blank_rows_keep_the_numbers_of_the_others(tmp_path):
    """Rows are told by the number their author sees, whatever was left out between."""
    data = b"actor_id,name,kind\n,,\nA1,x,ngo\n\n , ,\nA2,y,wrong\n"
    with pytest.raises(cg.InputError) as raised:
        cg.check(cg.load(folder(tmp_path, actors=data)))

    assert [i.where.row for i in raised.value.issues if i.code == "unknown_word"] == [6]


def test_unknown_columns_and_tables_survive_a_round_trip(tmp_path):
    """What nobody knows is kept, named and written back."""
    data = b"actor_id,name,kind,Mascot\nA1,x,ngo,heron\n"
    tables = cg.load(folder(tmp_path, actors=data))
    formats.write(tables, tmp_path / "out")
    again = cg.load(tmp_path / "out")

    assert again.tables["actors"].unknown["Mascot"].cells() == ["heron"]
    assert (tmp_path / "out" / "actors.csv").read_bytes() == data


def test_contacts_are_never_read(tmp_path):
    """Private tables do not become part of Tables."""
    data = b"id,name,phone\nV-1,x,13912345678\n"

    assert "contacts" not in cg.load(folder(tmp_path, contacts=data)).tables


def test_parquet_is_the_same_dataset(tmp_path):
    """A folder written as Parquet loads to the same text."""
    tables = cg.load(folder(tmp_path, actors=ACTORS.encode()))
    formats.write(tables, tmp_path / "parquet", "parquet")
    again = cg.load(tmp_path / "parquet")

    assert (tmp_path / "parquet" / "actors.parquet").is_file()
    for name, column in tables.tables["actors"].columns.items():
        assert again.tables["actors"].columns[name].cells() == column.cells()


def test_parquet_types_become_what_a_person_would_type(tmp_path):
    """Typed Parquet columns become plain text: whole floats, dates, nulls."""
    import polars

    frame = polars.DataFrame(
        {"fund_id": ["F1", "F2"], "actor_id": ["A", "A"], "amount": [840.0, 12.5],
         "committed": [None, 3], "spend_from": np.array(["2026-01-01", "NaT"], "datetime64[D]")}
    )  # fmt: skip
    frame.write_parquet(folder(tmp_path) / "funds.parquet")
    columns = cg.load(tmp_path).tables["funds"].columns

    assert columns["amount"].cells() == ["840", "12.5"]
    assert columns["committed"].cells() == ["", "3"]
    assert columns["spend_from"].cells() == ["2026-01-01", ""]


def test_formats_are_named_or_refused(tmp_path):
    """An unknown format, and a path no format recognises, are refused as unsupported."""
    strange = tmp_path / "x.doc"
    strange.write_bytes(b"\x00\x01")
    with pytest.raises(cg.UnsupportedError):
        formats.read(strange)
    with pytest.raises(cg.UnsupportedError):
        formats.read(strange, "papyrus")


FRAME = {
    "fund_id": ["F1", "F2"], "actor_id": ["A1", "A1"],
    "amount_fen": np.array([84_000, 5], dtype=np.int64), "committed_fen": [None, 3.0],
}  # fmt: skip


def _structured():
    rows = [("F1", "A1", 84_000, 0), ("F2", "A1", 5, 3)]
    kinds = [("fund_id", "U4"), ("actor_id", "U4"), ("amount_fen", "i8"), ("committed_fen", "i8")]
    return np.array(rows, dtype=kinds)


def _polars():
    import polars

    return polars.DataFrame(FRAME, strict=False)


def _pandas():
    return pytest.importorskip("pandas").DataFrame(FRAME)


@pytest.mark.parametrize("make", [lambda: FRAME, _structured, _polars, _pandas])
def test_frames_of_any_kind_are_read_in_minor_units(make):
    """Mappings, structured arrays, polars and pandas frames give the same amounts (data.md 2)."""
    actors = {"actor_id": ["A1"], "name": ["x"], "kind": ["ngo"]}
    demands = {"demand_id": ["D1"], "actor_id": ["A1"], "lat": [31.2], "lon": [121.5]}
    needs = {"need_id": ["N1"], "demand_id": ["D1"], "kind": ["fund"], "quantity": [500]}
    tables = {"actors": actors, "demands": demands, "needs": needs, "funds": make()}
    instance = cg.check(cg.from_frames(tables, PACKAGE))

    assert instance.funds.ints("amount").tolist() == [84_000, 5]
    assert instance.funds.ints("committed").tolist()[1] == 3
    assert instance.needs.ints("quantity").tolist() == [500]
    assert instance.demands.ints("lat").tolist() == [31_200_000]


def test_frames_say_their_unit():
    """An amount without a unit in its name, and columns of unequal length, are issues."""
    frames = {
        "funds": {"fund_id": ["F"], "actor_id": ["A"], "amount": [1]},
        "actors": {"a": [1], "b": []},
    }
    with pytest.raises(cg.InputError) as raised:
        cg.check(cg.from_frames(frames, PACKAGE))

    assert {"unnamed_unit", "bad_frame"} <= {i.code for i in raised.value.issues}


def test_long_columns_hold_each_value_once(tmp_path):
    """A column keeps its distinct values and a code for each row."""
    column = cg.load(folder(tmp_path, actors=ACTORS.encode())).tables["actors"].columns["kind"]

    assert isinstance(column, TextColumn)
    assert (column.values, len(column)) == (("ngo",), 20)
