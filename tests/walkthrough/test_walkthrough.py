"""From a printed notice to a verified plan: three commands, and no normalised row is typed."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import cogov_opt as cg
from cogov_opt.cli.main import cli
from tests.walkthrough.typing_it import TYPED, type_in

HERE = Path(__file__).parent


def cogov(*args):
    told = CliRunner().invoke(cli, list(map(str, args)), standalone_mode=False)
    assert told.exception is None, told.exception
    return told


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.solver
def test_a_printed_notice_becomes_a_verified_plan(tmp_path, lang):
    """template, solve, verify: every activity is decided, and the run is accepted."""
    book, run = tmp_path / "week.xlsx", tmp_path / "run"
    began = time.process_time()
    cogov("template", book, "--simple", "--lang", lang)
    type_in(book, lang)
    solved = cogov("solve", book, "-o", run, "--json")
    verified = cogov("verify", run, "--json")
    spent = time.process_time() - began

    answer = json.loads(solved.stdout)
    print(f"{lang}: {spent:.1f} s of CPU here, {answer['totals']}")
    assert answer["termination"] == "optimal"
    assert answer["totals"]["demands"] == 15
    assert answer["totals"]["served"] >= 12
    assert json.loads(verified.stdout)["verdict"] == "accepted"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_typed_is_what_is_printed(lang):
    """Fifteen activities, each of them in the notice."""
    notice = (HERE / f"notice.{lang}.txt").read_text(encoding="utf-8")
    rows = TYPED[lang]["sheets"][0]["rows"]
    titles = [row["活动名称" if lang == "zh" else "title"] for row in rows]

    assert len(titles) == 15
    assert all(title in notice for title in titles)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_check_of_what_was_typed_has_no_error(tmp_path, lang):
    """Repairs say how each word was read; nothing is an error."""
    book = tmp_path / "week.xlsx"
    cogov("template", book, "--simple", "--lang", lang)
    type_in(book, lang)
    told = cogov("check", book, "--lang", lang, "--json", "--annotate", tmp_path / "marked.xlsx")

    assert not told.return_value
    issues = json.loads(told.stdout)["issues"]
    assert not [i for i in issues if i["severity"] == "error"]


def test_an_empty_book_says_what_to_fill_and_no_more(tmp_path):
    """Fresh from `cogov template --simple`: the requests and the horizon, not what they make."""
    book = tmp_path / "book.xlsx"
    cogov("template", book, "--simple")

    with pytest.raises(cg.InputError) as caught:
        cg.check(cg.load(book))
    assert sorted(i.code for i in caught.value.issues if i.severity == "error") == [
        "missing_key", "no_rows",
    ]  # fmt: skip
