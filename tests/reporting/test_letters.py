"""Letters say what the records say, name nobody but their reader, and follow the planner's text."""

import json
import re
import shutil
from html import unescape

import pytest

from cogov_opt.catalogue import letter_templates
from cogov_opt.errors import InputError
from cogov_opt.phrases import LANGUAGES, phrase_set
from cogov_opt.phrases.reasons import reason_what
from cogov_opt.recording import Run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.letters import ALL, letters
from cogov_opt.reporting.letters.templates import FORMS, read_templates
from cogov_opt.reporting.view import View
from tests.reporting.payloads import trapped_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose texts are traps."""
    return trapped_run(tmp_path_factory.mktemp("traps") / "data")


def text_of(page):
    """The text of a letter without its tags."""
    body = page.decode().partition("<body")[2]
    return unescape(re.sub(r"<[^>]*>", "", body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_demand_volunteer_and_actor_has_a_letter(run, language):
    """Nobody is left without, each bears run id and root, and all stand together in one file."""
    found = letters(run, language)
    demands = {f"demand-{row['demand_id']}.html" for row in run.table("demands")}

    assert demands <= set(found)
    assert {"volunteer-V-001.html", "volunteer-V-002.html", "actor-JW.html", ALL} <= set(found)
    for page in found.values():
        assert run.run_id in text_of(page)
        assert run.root in text_of(page)
    assert found == letters(run, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_the_recorded_reason(run, language):
    """The sentence of a refused demand is the one of its record, and says who can change it."""
    view, found = View(run, language), letters(run, language)
    refused = [row for row in run.unmet if row["demand"] not in view.served]
    records = [run.records[row["record"]] for row in refused]

    assert records
    for record in records:
        told = text_of(found[f"demand-{record['about']['demand']}.html"])
        said = reason_what(record, view.names, view.currency, language)
        assert said in told or record["code"] == "set_incomplete"
        assert record["record"] in told


def test_chinese_letters_use_the_words_of_the_list(run):
    """Neither 价格 nor 积分 is in a letter, and no place was left unfilled."""
    for page in letters(run, "zh").values():
        told = text_of(page)

        assert "价格" not in told
        assert "积分" not in told
        assert "{" not in told.replace("{=1+1}", "")


def test_only_the_reader_is_named(run):
    """A name from the contacts stands in the letter to that person, and in no other."""
    contacts = {
        "V-001": Contact("V-001", "李小满", "13800000000", "北社区1号"),
        "V-002": Contact("V-002", "赵秀兰", "13900000000", "南社区2号"),
    }
    found = {n: text_of(p) for n, p in letters(run, "zh", contacts).items() if n != ALL}
    with_first = {n for n, t in found.items() if "李小满" in t or "北社区1号" in t}

    assert with_first == {"volunteer-V-001.html"}
    assert not [n for n, t in found.items() if "13800000000" in t]
    assert "李小满" not in "".join(map(text_of, letters(run, "zh").values()))


def test_titles_cannot_become_markup(tmp_path):
    """What people typed is shown, never interpreted."""
    view = trapped_run(tmp_path / "data")
    pages = b"".join(letters(view, "en").values())

    assert b"<script" not in pages
    assert b"&#x27; /C calc&#x27;" in pages


def test_an_unknown_place_is_told_with_line_and_closest_name(tmp_path):
    """A slip in a template names file, line, and what was probably meant."""
    shutil.copytree(letter_templates("zh"), tmp_path / "own")
    file = tmp_path / "own" / "demand_served.txt"
    file.write_text("# 题\n\n{承办单未}：{\n", encoding="utf-8")
    (tmp_path / "own" / "demand_serve.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_templates("zh", tmp_path / "own")
    found = {(i.code, i.where.file, i.where.row, i.values["closest"]) for i in caught.value.issues}

    assert ("unknown_place", str(file), 3, "{承办单位}") in found
    assert ("unknown_template", str(file.with_name("demand_serve.txt")), None,
            "demand_served.txt") in found  # fmt: skip
    assert len(found) == 3


def test_a_planner_may_write_one_letter_anew(run, tmp_path):
    """One template of one's own is used; the shipped ones serve for the rest."""
    own = "# My title\nDear {addressee}, {{really}}:\n- {short}\nPlain\n"
    (tmp_path / "demand_unserved.txt").write_text(own, encoding="utf-8")
    found = letters(run, "en", None, tmp_path)
    refused = next(r["demand"] for r in run.unmet if r["demand"] not in View(run, "en").served)

    assert "My title" in text_of(found[f"demand-{refused}.html"])
    assert "{really}" in text_of(found[f"demand-{refused}.html"])
    assert "My title" not in text_of(found["volunteer-V-001.html"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_templates_are_whole(language):
    """Every form is shipped in both languages, and says decision, reasons, remedy and run."""
    templates = read_templates(language)

    assert set(templates) == set(FORMS)
    for form, template in templates.items():
        places = {place for line in template.lines for place in line.places}
        assert {"run_id", "root", "office", "card_title", "addressee"} <= places
        assert {"reasons", "who", "sure", "records"} <= places or form == "actor"


def test_a_line_that_introduces_nothing_goes_with_its_list():
    """`Less than asked:` does not stand alone where nothing is less."""
    form = read_templates("en")["demand_served"]
    values = dict.fromkeys(phrase_set("en")["letter_field"], "x")
    full = form.filled({**values, "short": ("one", "two")})
    none = form.filled({**values, "short": ()})

    assert len(full) - len(none) == 3
    assert not [text for _, text in none if text.startswith("Less")]


def test_without_a_plan_a_letter_says_so(run):
    """A run that could not decide tells each applicant what was asked for, and that nothing was."""
    files = dict(run.files)
    header = json.loads(files["run.json"]) | {"termination": "limit"}
    for name in ("allocation.csv", "unmet.csv"):
        files[name] = files[name].split(b"\n")[0] + b"\n"
    bare = Run({**files, "records.jsonl": b"", "run.json": json.dumps(header).encode()})
    told = text_of(letters(bare, "en")["demand-D-00.html"])

    assert View(bare, "en").label("no_plan") in told
    assert "nothing of 50.00 CNY" in told
    assert "Who can change it" in told
