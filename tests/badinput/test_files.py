"""Files that are damaged, odd, or in another encoding: a located issue, or read as stated."""

import codecs
import json
import time
from pathlib import Path

import pytest

import cogov_opt as cg
from tests.badinput import cells
from tests.badinput.sentences import assert_said
from tests.checking import samples

TOPIC = cells.topic("files")
ENCODED = [
    (name, text, rows)
    for name in TOPIC["encodings"]["names"]
    for text in TOPIC["encodings"]["texts"]
    for rows in (1, 40)
]


def bytes_of(name, text):
    """Put text into an encoding; None where it has no such characters."""
    marks = {"+bom": {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}}
    plain = name.removesuffix("+bom")
    try:
        data = text.encode(plain)
    except UnicodeEncodeError:
        return None
    return marks["+bom"][plain] + data if name.endswith("+bom") else data


KNOWN = [c for c in ENCODED if bytes_of(c[0], c[1]) is not None]


def actors(folder: Path, data: bytes):
    """Load a dataset whose table of actors is some bytes; give tables and issues."""
    samples.write(folder, dict.fromkeys(samples.GOOD) | {"actors": data})
    try:
        tables = cg.load(folder)
    except cg.InputError as error:
        return None, list(error.issues)
    return tables, list(tables.notes)


def table(text, rows):
    return "actor_id,name,kind\n" + "".join(f"A{i},{text},ngo\n" for i in range(rows))


@pytest.mark.parametrize(("name", "text", "rows"), KNOWN)
def test_no_encoding_is_guessed_in_silence(tmp_path, name, text, rows):
    """The text itself, told if it was not UTF-8; or a refusal. Never other characters."""
    data = bytes_of(name, table(text, rows))
    tables, issues = actors(tmp_path, data)

    for issue in issues:
        assert_said(issue)
    if tables is None:
        assert {i.code for i in issues} == {"bad_encoding"}
        return
    read = tables.tables["actors"].columns["name"][0]
    is_utf8 = data.decode("utf-8", "ignore").encode() == data.removeprefix(codecs.BOM_UTF8)
    if read != text:
        # Another encoding gives these very bytes a meaning: then it is at least said.
        assert [i.code for i in issues] == ["read_encoding"]
        assert not is_utf8
    elif not is_utf8 and not name.startswith("utf-8"):
        assert [i.code for i in issues] == ["read_encoding"]


CUTS = [
    (encoding, text, where)
    for encoding in ("utf-8", "gb18030", "big5", "utf-16")
    for text in ("河畔街道社區服務中心", "邻里互助社与老年大学")
    for where in ("end", "middle", "mixed")
    if bytes_of(encoding, text) is not None
]


@pytest.mark.parametrize(("encoding", "text", "where"), CUTS)
def test_cut_and_mixed_characters_are_refused_or_told(tmp_path, encoding, text, where):
    """A character cut in two, or two encodings in one file: refused, or said to be no UTF-8."""
    data = bytes_of(encoding, table(text, 20))
    first = data.find(text.encode(encoding.replace("utf-16", "utf-16-le"))) + 3
    if where == "end":
        data = data[: data.rfind(b"ngo") if encoding == "utf-16" else -6]
        data = data[: data.rfind(b",")][:-1] if encoding != "utf-16" else data[:-1]
    elif where == "middle":
        data = data[: first + 1] + data[first + 2 :]
    else:
        other = "gb18030" if encoding == "utf-8" else "utf-8"
        data += "Z,混合的编码与文字,ngo\n".encode(other)
    tables, issues = actors(tmp_path, data)
    if tables is not None and issues == []:
        bad = [v for v in tables.tables["actors"].columns["name"].values if v != text]
        assert bad == []
    for issue in issues:
        assert_said(issue)
    assert tables is None or {i.code for i in issues} <= {"read_encoding", "ragged_row"}


@pytest.mark.parametrize(("text", "code", "key"), TOPIC["packages"]["refused"])
def test_packages_that_are_none(tmp_path, text, code, key):
    """datapackage.json is one strict JSON object with what is needed."""
    samples.write(tmp_path)
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    told = samples.issues_of(tmp_path)

    assert (code, key or None) in {(i.code, i.where.column) for i in told}
    for issue in told:
        assert_said(issue)


@pytest.mark.parametrize(("changes", "code", "key"), TOPIC["packages"]["changed"])
def test_keys_that_cannot_be(tmp_path, changes, code, key):
    """Each key of the package that is impossible is named."""
    samples.write(tmp_path)
    package = {**samples.PACKAGE, **json.loads(changes)}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    told = samples.issues_of(tmp_path)

    assert (code, key or None) in {(i.code, i.where.column) for i in told}
    for issue in told:
        assert_said(issue)


@pytest.mark.parametrize(("changes", "key", "used"), TOPIC["packages"]["read"])
def test_dates_of_the_package_in_other_forms(tmp_path, changes, key, used):
    """A date that can be read in one way only is read, and that is told."""
    told = samples.issues_of(samples.write(tmp_path, package=json.loads(changes)))

    (repair,) = told
    assert (repair.code, repair.where.column, repair.values["used"]) == ("read_as", key, used)
    assert_said(repair)


@pytest.mark.parametrize(("text", "code", "row"), TOPIC["tables"]["refused"])
def test_tables_that_are_none(tmp_path, text, code, row):
    """Headers, rows and quotes that cannot be: told with the file and the row."""
    samples.write(tmp_path, {"actors": text.encode()})
    told = samples.issues_of(tmp_path)
    for issue in told:
        assert_said(issue)
    if code == "read":
        return
    mine = [i for i in told if "actors" in i.where.file]

    assert (code, row or None) in {(i.code, i.where.row) for i in mine}


@pytest.mark.parametrize(("text", "first"), TOPIC["tables"]["read"])
def test_tables_in_other_forms(tmp_path, text, first):
    """Line ends, marks, quotes, blank columns, another order: read as they are."""
    tables, issues = actors(tmp_path, text.encode())

    assert issues == []
    assert tables.tables["actors"].columns["actor_id"].cells() == [first]


HUGE = {
    "a line of two million letters": b"actor_id,name,kind\nJW," + b"x" * 2_000_000 + b",ngo\n",
    "a header of a hundred thousand names": b",".join(b"c%d" % i for i in range(100_000)) + b"\n",
    "two hundred thousand blank rows": b"actor_id,name,kind\n" + b",,\n" * 200_000,
    "a row of a hundred thousand cells": b"actor_id,name,kind\nJW,x,ngo" + b",x" * 100_000 + b"\n",
    "a million quotes": b'actor_id,name,kind\nJW,"' + b'""' * 500_000 + b'",ngo\n',
    "bytes of every value": b"actor_id,name,kind\n" + bytes(range(256)) * 50,
    "zeros": b"\x00" * 100_000,
    "one open quote": b'"' + b"a,b\n" * 100_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_files_end_soon(tmp_path, name):
    """Within seconds, as an issue or as rows; never a traceback."""
    began = time.process_time()
    samples.write(tmp_path, {"actors": HUGE[name]})
    for issue in samples.issues_of(tmp_path)[:20]:
        assert_said(issue)

    assert time.process_time() - began < 10
