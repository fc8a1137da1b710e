"""A verdict in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import extract_words
from .findings import MEANINGS

if TYPE_CHECKING:
    from .verdict import Verdict

TEXTS = {
    "en": {
        "accepted": "Accepted", "rejected": "Rejected", "incomplete": "Incomplete",
        "colon": ": ",
        "equal": "Letter {subject}: says what the records say",
        "other": "Letter {subject}: does not say what the records say",
        "should": "  line {line} should be: {should}",
        "unchecked": "  from contacts, so not checked: lines {lines}",
        "yes": "authenticated", "no": "consistent, not authenticated", "not": "not authenticated",
    },
    "zh": {
        "accepted": "核验通过", "rejected": "核验未通过", "incomplete": "核验不完整",
        "colon": "：",
        "equal": "信函 {subject}：与记录一致",
        "other": "信函 {subject}：与记录不一致",
        "should": "  第{line}行应为：{should}",
        "unchecked": "  来自通讯录、未核对的行：{lines}",
        "yes": "与外部留存的摘要或签名一致",
        "no": "档案内容前后一致，尚未与外部留存的摘要或签名核对",
        "not": "未与外部留存的摘要或签名核对",
    },
}  # fmt: skip


def lines(verdict: Verdict, language: str) -> list[str]:
    """Give the verdict as lines of text."""
    texts = TEXTS[language]
    seal = "yes" if verdict.authenticated else "no" if verdict.accepted else "not"
    found = [f"{texts[verdict.verdict]}{texts['colon']}{texts[seal]}"]
    if verdict.extract:
        found += extract_words.lines(verdict.extract, language)
    for letter in verdict.letters:
        found += _letter(letter, texts)
    for finding in verdict.findings:
        meaning = MEANINGS[finding.code]
        place = " ".join(part for part in (finding.file, finding.id) if part)
        found += [f"{finding.code}  {place}", f"  {meaning.zh if language == 'zh' else meaning.en}"]
    return [_one_line(text) for text in found]


def _one_line(text: str) -> str:
    """Give a line without signs that would end it or move on a screen: a file may hold any."""
    return "".join(c if c.isprintable() or c == "\u3000" else "\ufffd" for c in text)


def _letter(letter: dict[str, Any], texts: dict[str, str]) -> list[str]:
    """Say whether a letter is equal to what the records say, and where it is not."""
    found = [texts["equal" if letter["equal"] else "other"].format(**letter)]
    found += [texts["should"].format(**place) for place in letter.get("differs", ())]
    if letter.get("unchecked"):
        lines = ", ".join(str(n) for n in letter["unchecked"])
        found.append(texts["unchecked"].format(lines=lines))
    return found
