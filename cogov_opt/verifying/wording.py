"""A verdict in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import extract_words
from .findings import MEANINGS

if TYPE_CHECKING:
    from .verdict import Verdict

TEXTS = {
    "en": {
        "accepted": "Accepted", "rejected": "Rejected", "incomplete": "Incomplete",
        "colon": ": ",
        "yes": "authenticated", "no": "consistent, not authenticated", "not": "not authenticated",
    },
    "zh": {
        "accepted": "核验通过", "rejected": "核验未通过", "incomplete": "核验不完整",
        "colon": "：",
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
    for finding in verdict.findings:
        meaning = MEANINGS[finding.code]
        place = " ".join(part for part in (finding.file, finding.id) if part)
        found += [f"{finding.code}  {place}", f"  {meaning.zh if language == 'zh' else meaning.en}"]
    return found
