"""Every issue code in the code has a sentence in both languages, and no sentence is left over."""

import re
from pathlib import Path

import pytest

import cogov_opt
from cogov_opt.phrases import phrase_set

HOME = Path(cogov_opt.__file__).parent
SOURCES = {p.relative_to(HOME): p.read_text("utf-8") for p in sorted(HOME.rglob("*.py"))}
EVERYTHING = "\n".join(SOURCES.values())
TELLING = "\n".join(t for p, t in SOURCES.items() if p.parts[0] in ("checking", "loading"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_belongs_to_a_code(language):
    """A code of the phrase files stands in the sources, whole or as a prefix and its rest."""
    codes = phrase_set(language)["issue"]

    assert [c for c in codes if not any(map(_stands, _ways(c)))] == []
    assert all(set(p) == {"what", "fix"} for p in codes.values())


def test_both_languages_have_the_same_codes():
    """The two languages tell the same codes, the Chinese one from values the English one has."""
    en, zh = (phrase_set(lang)["issue"] for lang in ("en", "zh"))

    assert set(en) == set(zh)
    assert [c for c in en if not _holes(zh[c]) <= _holes(en[c]) | {"low", "high"}] == []


def _ways(code):
    """A code as one word in quotes, or put together: f"draw_{...}" and "twice"."""
    cuts = [at + 1 for at, sign in enumerate(code) if sign == "_"]
    return [[f'"{code}"'], *([f'f"{code[:at]}{{', f'"{code[at:]}"'] for at in cuts)]


def _stands(words):
    return all(word in EVERYTHING for word in words)


def _holes(phrases):
    return set(re.findall(r"{(\w+)}", " ".join(phrases.values())))


def test_every_code_raised_has_a_sentence():
    """Codes given to issues, problems and notes are in the phrase files."""
    told = r'(?:Issue|Problem\(\w+|UnreadableError|_Sign|\.add|\.wrong)\(?\s*[,(]?\s*"(\w+)"'
    raised = set(re.findall(told, TELLING))

    assert raised - set(phrase_set("en")["issue"]) == set()
    assert len(raised) > 40
