"""Ids that people type are pseudonyms; titles name activities, not persons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cogov_opt.checking.drafts import Draft, tell
from cogov_opt.checking.parsed import Problem, Texts
from cogov_opt.domain.fields import Identifier, Text

if TYPE_CHECKING:
    from cogov_opt.checking.references import Drafts

_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
_SPREADSHEET = re.compile(r"(?m)^\d(?:\.\d+)?[Ee]\+?\d{1,2}$")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_PERSON = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:先生|女士|老师|阿姨|大爷|大妈|奶奶|爷爷|叔叔|同志|师傅)"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][a-z]+"
)


class _Sign(NamedTuple):
    """What gives a private fact away, and how long a text must be to hold it."""

    code: str
    shortest: int
    patterns: tuple[re.Pattern[str], ...]
    severity: str = "error"


_IN_IDS = (
    _Sign("personal_id", 11, (_IDENTITY, _PHONE)),
    _Sign("mangled_id", 3, (_SPREADSHEET,)),
)
_IN_TEXTS = (_Sign("personal_number", 11, (_IDENTITY, _PHONE), "warning"),)
_IN_TITLES = (*_IN_TEXTS, _Sign("person_in_title", 3, (_PERSON,), "warning"))


def check_privacy(drafts: Drafts, *, trusted: bool) -> None:
    """Refuse ids that look like personal numbers; warn of numbers and names in text."""
    for found in drafts.values() if not trusted else ():
        for column, metadata in found.contract.fields.items():
            if isinstance(metadata, Identifier):
                _search(found, column, _IN_IDS)
            elif isinstance(metadata, Text):
                _search(found, column, _IN_TITLES if column == "title" else _IN_TEXTS)


def _search(found: Draft, column: str, signs: tuple[_Sign, ...]) -> None:
    """Search all distinct texts of a column at once; the value itself is never repeated."""
    parsed = found.parsed.get(column)
    if not isinstance(parsed, Texts) or not len(found):
        return
    longest = max(map(len, parsed.values), default=0)
    joined = ""
    for code, shortest, patterns, severity in signs:
        if longest < shortest:
            continue
        joined = joined or "\n".join(parsed.values)
        if not any(p.search(joined) for p in patterns):
            continue
        hits = [k for k, v in enumerate(parsed.values) if any(p.search(v) for p in patterns)]
        problems = [Problem(k, code, {"column": column}, severity) for k in hits]
        tell(found, column, found.text(column), problems)
