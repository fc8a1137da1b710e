"""
An empty workbook to be filled in: labels and ids, drop-downs, notes, one example a sheet.

Cells hold text and numbers only, never formulas. Drop-downs offer the codes of the sheet
`codes` (its names in the language asked for), words of closed lists, and ids of other sheets;
what can hold several items may be typed over.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from cogov_opt.domain import labels
from cogov_opt.domain.fields import (
    Choice,
    Code,
    Codes,
    Date,
    Field,
    Integer,
    Moment,
    Money,
    Quantity,
    Reference,
    Stamp,
)  # fmt: skip
from cogov_opt.domain.tables import contracts
from cogov_opt.formats.workbook_package import TABLE as PACKAGE
from cogov_opt.formats.workbook_sheets import EXAMPLE
from cogov_opt.formats.workbook_writing import Pages
from cogov_opt.phrases import Language, phrase_set

if TYPE_CHECKING:
    from pathlib import Path

SIMPLE = ("requests", "volunteers", "spaces", "funds", "codes")
_BODY = 2
_LAST = 2000
"""The last row that has drop-downs."""
_WIDE = {"title": 30, "name": 30, "volunteers": 26, "space": 26, "money": 26, "alternatives": 26}
_REQUESTED = {"group": "group", "purpose": "purpose", "place": "area"}
_LISTED = {
    "volunteers": "skill", "service": "service_type", "space": "space_kind", "money": "cost_type",
}  # fmt: skip
_NEEDED = ("title", "actor")
_SEATS = re.compile(r"seats:(\d+)")
_CODE = re.compile("[a-z][a-z_]+")
_LINE, _NARROW = 112, 0x2E7F
"""Letters on a line of the first sheet, of which Chinese ones count twice."""
_FACT_WORDS = {"shared": ["yes", "no"], "language": ["en", "zh"]}


def write_template(path: Path, *, simple: bool = False, language: Language = "zh") -> None:
    """
    Write an empty workbook with every table, or with those a short plan needs.

    Raises
    ------
    UnsupportedError
        The path does not end in `.xlsx`.
    """
    others = [n for n in contracts() if n != "codes"]
    names = SIMPLE if simple else ("requests", *others, "codes")
    book = _Template(Pages(path), names, language, simple=simple)
    book.write()
    book.pages.book.close()


@cache
def _names() -> Mapping[str, str]:
    """Give the Chinese name of each code an empty workbook begins with."""
    return {code: zh for codes in starter()["codes"].values() for code, _, zh, *_ in codes}


@cache
def starter() -> Mapping[str, Any]:
    """Give what an empty workbook begins with."""
    text = resources.files("cogov_opt.domain.labels").joinpath("starter.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


class _Template:
    """A template being written."""

    def __init__(
        self, pages: Pages, names: tuple[str, ...], language: Language, *, simple: bool
    ) -> None:
        self.pages, self.names, self.language, self.simple = pages, names, language, simple
        self.grey = pages.book.add_format({"font_color": "#7F7F7F", "italic": True})
        self.wrapped = pages.book.add_format({"text_wrap": True, "valign": "top"})

    def title(self, name: str) -> str:
        """Give the name of a sheet."""
        label = labels.tables()[name]
        return label.zh if self.language == "zh" else label.en

    def write(self) -> None:
        """Write every sheet."""
        sheet = self.pages.sheet(self.title("readme"))
        sheet.set_column(0, 0, 110, self.wrapped)
        first = ("zh", "en") if self.language == "zh" else ("en", "zh")
        more = starter()["readme_simple"] if self.simple else {"zh": "", "en": ""}
        lines = [x for lang in first for x in (*starter()["readme"][lang], more[lang], "")]
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self.wrapped)
            wide = sum(1 + (ord(letter) > _NARROW) for letter in line)
            sheet.set_row(row, 17 * -(-max(1, wide) // _LINE))
        _printed(sheet)
        self._package()
        for name in self.names:
            self._table(name)

    def _package(self) -> None:
        """Write the facts to be filled in."""
        sheet = self.pages.sheet(self.title(PACKAGE))
        known = labels.columns(PACKAGE)
        for column, key in enumerate(("_key", "_value")):
            sheet.write_string(0, column, known[key].both(), self.pages.formats["label"])
        facts = {**starter()["package"], "language": self.language}
        facts |= starter()["package_simple"] if self.simple else {}
        for row, (key, value) in enumerate(facts.items(), 1):
            star = " *" if key.startswith("horizon.") else ""
            sheet.write_string(row, 0, known[key].both() + star)
            silence = key.startswith("no_rows_means.")
            shown = self._word(value) if silence or key == "shared" else value
            if isinstance(shown, int):
                sheet.write_number(row, 1, shown)
            elif shown:
                sheet.write_string(row, 1, shown)
            sheet.write_string(row, 2, known[key].note(self.language), self.grey)
            self._fact_list(sheet, row, key)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 24, self.pages.formats["text"])
        sheet.set_column(2, 2, 80)
        sheet.freeze_panes(1, 0)
        _printed(sheet)

    def _fact_list(self, sheet: Any, row: int, key: str) -> None:
        """Offer the words a fact may be."""
        silence = key.startswith("no_rows_means.")
        words = ["closed", "workdays", "always"] if silence else _FACT_WORDS.get(key, [])
        if words:
            shown = words if key == "language" else [self._word(w) for w in words]
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": shown})

    def _word(self, word: str) -> str:
        """Give a word of a closed list in the language of the book."""
        found: str = phrase_set("zh")["word"].get(word, word) if self.language == "zh" else word
        return found

    def _table(self, name: str) -> None:
        """Write one sheet: header, notes, example, drop-downs."""
        sheet = self.pages.sheet(self.title(name))
        fields = contracts()[name].fields if name in contracts() else {}
        needed = contracts()[name].required if name in contracts() else _NEEDED
        example = starter()["examples"].get(name, {})
        left_out = starter()["left_out"].get(name, []) if self.simple else []
        shown_labels = [x for x in labels.columns(name).values() if x.id not in left_out]
        for column, label in enumerate(shown_labels):
            field = fields.get(label.id)
            star = " *" if label.id in needed else ""
            sheet.write_string(0, column, label.both() + star, self.pages.formats["label"])
            sheet.write_string(1, column, label.id, self.pages.formats["id"])
            note = label.note(self.language) or _note(field, self.language)
            if note:
                sheet.write_comment(0, column, note, {"x_scale": 1.6, "author": ""})
            text = EXAMPLE if column == 0 else self._example(example.get(label.id, ""))
            if text:
                sheet.write_string(_BODY, column, text, self.grey)
            shown = self._column_format(field, requests=name == "requests" and label.id != "people")
            sheet.set_column(column, column, _WIDE.get(label.id, 15), shown)
            self._drop_down(sheet, column, name, label.id, field)
        if name == "codes":
            self._codes(sheet)
        sheet.freeze_panes(_BODY, 1)
        sheet.set_row(0, 32)
        sheet.repeat_rows(0, _BODY - 1)
        _printed(sheet)

    def _example(self, text: str) -> str:
        """Give an example in the language of the book: codes by their names in a Chinese one."""
        zh, _, en = text.partition(" / ")
        if self.language != "zh":
            return en or zh
        named = _SEATS.sub(r"\1座", zh)
        return _CODE.sub(lambda code: _names().get(code[0], self._word(code[0])), named)

    def _column_format(self, field: Field | None, *, requests: bool) -> Any:
        """Give the format of a column, so that ids stay text and days become days."""
        if isinstance(field, Date):
            return self.pages.formats["date"]
        if isinstance(field, Moment | Stamp):
            return self.pages.formats["moment"]
        plain = isinstance(field, Integer | Money | Quantity)
        return None if plain and not requests else self.pages.formats["text"]

    def _drop_down(
        self, sheet: Any, column: int, name: str, title: str, field: Field | None
    ) -> None:
        """Offer what a cell may hold, where that is known."""
        source, strict = self._source(name, title, field)
        if not source:
            return
        rule: dict[str, Any] = {"validate": "list", "source": source, "error_type": "warning"}
        rule["show_error"] = strict
        sheet.data_validation(_BODY + 1, column, _LAST, column, rule)

    def _source(self, name: str, title: str, field: Field | None) -> tuple[str | list[str], bool]:
        """Give the source of a drop-down, and whether other text is warned of."""
        if name == "requests" and title in _REQUESTED:
            return self._of_codes(_REQUESTED[title]), True
        if name == "requests" and title in _LISTED:
            return self._of_codes(_LISTED[title]), False
        if name == "requests" and title in ("actor", "performer") and "actors" in self.names:
            return self._of_ids("actors"), False
        if title == "priority":
            return [str(k) for k in range(1, 6)], False
        if isinstance(field, Choice):
            # Vocabularies stay ids: the drop-downs find the codes of a vocabulary by them.
            keep = title == "vocabulary"
            return [w if keep else self._word(w) for w in field.words], True
        if isinstance(field, Code):
            return self._of_codes(field.vocabulary), True
        if isinstance(field, Codes):
            return self._of_codes(field.vocabulary), False
        if isinstance(field, Reference) and len(field.tables) == 1:
            table = field.tables[0]
            return (self._of_ids(table) if table in self.names else ""), False
        return "", False

    def _of_ids(self, table: str) -> str:
        """Give the ids of a sheet as the source of a drop-down."""
        return f"='{self.title(table)}'!$A${_BODY + 2}:$A${_LAST}"

    def _of_codes(self, vocabulary: str) -> str:
        """Give the codes of a vocabulary, whose rows stand together, as such a source."""
        codes = f"'{self.title('codes')}'!"
        column = "E" if self.language == "zh" else "B"
        place = f'MATCH("{vocabulary}",{codes}$A$1:$A${_LAST},0)-1'
        count = f'COUNTIF({codes}$A$1:$A${_LAST},"{vocabulary}")'
        return f"=OFFSET({codes}${column}$1,{place},0,{count},1)"

    def _codes(self, sheet: Any) -> None:
        """Write the codes a book begins with."""
        row = _BODY + 1
        for vocabulary, codes in starter()["codes"].items():
            for code, en, zh, *parent in codes:
                cells = (vocabulary, code, *(parent or [""]), en, zh)
                for column, text in enumerate(cells):
                    if text:
                        sheet.write_string(row, column, text)
                row += 1


def _printed(sheet: Any) -> None:
    """Let a sheet be printed on A4, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)


def _note(field: Field | None, language: Language) -> str:
    """Say how the cells of a column are written, by what they hold."""
    for kind, (en, zh) in _NOTES.items():
        if isinstance(field, kind):
            return zh if language == "zh" else en
    return ""


_NOTES: dict[type[Field], tuple[str, str]] = {
    Money: ("In yuan, at most two decimals.", "以元为单位，最多两位小数。"),
    Moment: (
        "2026-10-18 09:00; a date alone is the whole day.",
        "2026-10-18 09:00；只填日期表示全天。",
    ),
    Stamp: ("2026-10-18 09:00", "2026-10-18 09:00"),
    Date: ("2026-10-18", "2026-10-18"),
    Code: ("A code of the sheet Codes, or its name.", "填代码表中的代码或名称。"),
    Codes: ("Codes separated by semicolons.", "可填多项，用分号隔开。"),
}
