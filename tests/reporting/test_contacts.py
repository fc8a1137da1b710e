"""Contacts are read from what people have, and refused where they are no list of contacts."""

import pytest
import xlsxwriter

from cogov_opt.errors import InputError
from cogov_opt.reporting.contacts import Contact, read_contacts

ROWS = [["V-001", "张三", "138 0000 0000", "柳岸1号"], ["", "nobody", "", ""], ["JD", "李四"]]
WANTED = {
    "V-001": Contact("V-001", "张三", "138 0000 0000", "柳岸1号"),
    "JD": Contact("JD", "李四"),
}
HEADS = [
    ["id", "name", "phone", "address"],
    ["编号", "姓名", "电话", "地址"],
    ["编号 / Id", "姓名 / Name", "电话 / Telephone", "地址 / Address"],
]


@pytest.mark.parametrize("heads", HEADS, ids=str)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_list_is_read(tmp_path, heads, encoding):
    """By ids or labels, in the encodings that spreadsheets write."""
    file = tmp_path / "contacts.csv"
    file.write_bytes("\n".join(",".join(row) for row in [heads, *ROWS]).encode(encoding))

    assert read_contacts(file) == WANTED


@pytest.mark.parametrize("sheets", [["Sheet1"], ["readme", "联系方式"], ["contacts", "demands"]])
def test_a_workbook_is_read(tmp_path, sheets):
    """The sheet of contacts among others, or the only sheet there is."""
    book = xlsxwriter.Workbook(tmp_path / "book.xlsx")
    for name in sheets:
        sheet = book.add_worksheet(name)
        if name in ("Sheet1", "联系方式", "contacts"):
            for i, row in enumerate([HEADS[1], *ROWS]):
                sheet.write_row(i, 0, row)
    book.close()

    assert read_contacts(tmp_path / "book.xlsx") == WANTED


def test_what_is_no_list_of_contacts_is_refused(tmp_path):
    """No file, no column of names, no rows at all: an issue with its place."""
    (tmp_path / "ids.csv").write_text("id,phone\nV-1,1\n")
    (tmp_path / "empty.csv").write_text("")
    for name, code in (("none.csv", "missing_file"), ("ids.csv", "missing_column"),
                       ("empty.csv", "missing_column")):  # fmt: skip
        with pytest.raises(InputError) as error:
            read_contacts(tmp_path / name)
        assert [i.code for i in error.value.issues] == [code]
