"""The heading of a group of refusals is as sure as all of them are, and no surer."""

import pytest

from cogov_opt.phrases import LANGUAGES, phrase
from cogov_opt.reporting.refused import head_text
from cogov_opt.reporting.view import View
from tests.reporting.weeks import kept


def record(proven, code="at_prices", **values):
    """A record of a refusal as far as a heading looks at it."""
    return {"code": code, "proven": proven, "values": {"margin": "0", **values}}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", ["unserved", "partly"])
@pytest.mark.parametrize("code", ["at_prices", "gap"])
@pytest.mark.parametrize(
    ("records", "sure"),
    [
        ([("bound", {}), ("bound", {})], True),
        ([("bound", {}), ("prices", {})], False),
        ([("prices", {}), ("bound", {})], False),
        ([("prices", {})], False),
        ([("bound", {}), ("prices", {"refused": True})], True),
    ],
)
def test_a_heading_is_as_sure_as_all_of_its_records(language, of, code, records, sure):
    """Proven of all: it says so. Of some only: it says what holds of all."""
    view = View(kept(), language)
    found = [record(proven, code, **values) for proven, values in records]
    form = f"{code}_bound" if sure else code

    assert head_text(view, found, of) == phrase(f"group_{of}.{form}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_without_words_of_its_own_for_it_keeps_its_heading(language):
    """What is proven of every kind of record anyway has one heading."""
    view = View(kept(), language)
    found = [record("bound", "outpriced")]

    assert head_text(view, found, "unserved") == phrase("group_unserved.outpriced", language)
