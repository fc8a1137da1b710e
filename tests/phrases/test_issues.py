"""Issues are told in whole sentences, with every value in words."""

import re

import pytest

from cogov_opt.domain.justification import FAILING_TESTS
from cogov_opt.errors import PolicyError
from cogov_opt.loading import load_policy_text
from cogov_opt.phrases import LANGUAGES, issue_text, phrase

CARD = """
id = "c"
version = "1.0.0"
status = "draft"
title = { en = "C", zh = "办法" }

[[objective]]
sense = "maximise"
terms = [ { term = "served_points", weight = 1 } ]

[[clause]]
id = "C1"
kind = "limit"
measure = "people"
at_most_percent = 50
of = "available"
"""
UNFILLED = re.compile(r"(^|[\s（(：，“'])-($|[\s）)。：，.,”'])")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pinned_row_that_may_not_be_used_says_why_in_words(language):
    """S8.10: need, resource and every failing test, none as a bare code."""
    values = {"need": "D-1.1", "resource": "V-1", "tests": ", ".join(FAILING_TESTS)}

    text = issue_text("pinned_ineligible", values, language)

    assert "D-1.1" in text
    assert "V-1" in text
    assert all(phrase(f"test.{t}.text", language) in text for t in FAILING_TESTS)
    assert "no_answer" not in text
    assert not UNFILLED.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pinned_row_of_another_kind(language):
    """Where no test fails, the resource is of another kind than the need."""
    text = issue_text(
        "pinned_ineligible", {"need": "N", "resource": "R", "tests": "kind"}, language
    )

    assert phrase("test.kind.text", language) in text


def test_a_share_of_what_is_available_names_the_measure():
    """S8.7: people, demands and points are never counted in resources."""
    with pytest.raises(PolicyError) as caught:
        load_policy_text(CARD)

    (issue,) = caught.value.issues
    assert issue.code == "available_of_demands"
    for language in LANGUAGES:
        assert not UNFILLED.search(issue.text(language)), issue.text(language)
