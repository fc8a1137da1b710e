"""A letter is what the records of its run say, written again by the verifier (convention S17)."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from cogov_opt.catalogue import letter_templates
from cogov_opt.phrases import LANGUAGES
from cogov_opt.recording import read_run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.editions import edition_of
from cogov_opt.reporting.letters import ALL, letters
from cogov_opt.verifying import digests
from cogov_opt.verifying.findings import Findings
from cogov_opt.verifying.letters.checking import Given, check
from cogov_opt.verifying.letters.forms import shipped
from cogov_opt.verifying.reading import open_run
from tests.cli.test_cli import call
from tests.reporting.payloads import trapped_run
from tests.reporting.weeks import KEPT, hopeless, kept, sample

RUNS = {"optimum": kept, "procedure": sample, "no plan": hopeless}
CONTACTS = {
    i: Contact(i, f"Name of {i} & co", f"Phone {i}", f"Street {i}\u3000<5>")
    for i in ("JD", "V-001", "A", "B", "D-001", "D0", "V0")
}


def written(run, folder):
    """Write a run that may be in memory; give its folder."""
    for path, data in run.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module", params=RUNS)
def run(request, tmp_path_factory):
    """A run of each kind, in a folder."""
    return read_run(written(RUNS[request.param](), tmp_path_factory.mktemp("run")))


def checked(run, data, tmp_path, **given):
    """Check a file of letters beside its run: what is told, and the findings."""
    file = tmp_path / "letter.html"
    file.write_bytes(data)
    findings = Findings()
    opened = open_run(run.path, findings)
    told = check(opened, digests.root(opened.leaves), file, Given(**given), findings)
    return told, findings.all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_again_alike(run, language, tmp_path):
    """All letters of a run in one file, and each alone: equal, and nothing is left unchecked."""
    found = letters(run, language)
    told, findings = checked(run, found[ALL], tmp_path)

    assert not findings
    assert len(told) == len(found) - 1 > 5
    assert all(one["equal"] and not one["unchecked"] for one in told)
    for name in sorted(found)[:: max(len(found) // 6, 1)]:
        assert not checked(run, found[name], tmp_path)[1], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_that_are_traps_are_written_again_alike(tmp_path_factory, language, tmp_path):
    """Titles and names that look like tags, places or formulas."""
    folder = tmp_path_factory.mktemp("traps")
    trapped = trapped_run(folder / "data")
    run = read_run(trapped.path or written(trapped, folder / "run"))
    told, findings = checked(run, letters(run, language)[ALL], tmp_path)

    assert told
    assert not findings


def test_an_actors_edition_is_written_again_alike(run, tmp_path):
    """The letters of one actor in one file, under its name."""
    for actor in run.by_id("actors"):
        data = edition_of(run, actor, "zh")
        if b"<article" in data:
            assert not checked(run, data, tmp_path)[1], actor


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_from_contacts_are_told_apart(run, language, tmp_path):
    """Not given, the lines with names are told as unchecked; given, they are compared too."""
    found = letters(run, language, CONTACTS)[ALL]
    told, findings = checked(run, found, tmp_path)
    assert not findings
    assert any(one["unchecked"] for one in told)

    table = tmp_path / "contacts.csv"
    rows = [f'{c.id},"{c.name}","{c.phone}","{c.address}"' for c in CONTACTS.values()]
    table.write_text("\n".join(["id,name,phone,address", *rows]), encoding="utf-8")
    told, findings = checked(run, found, tmp_path, contacts=table)
    assert not findings
    assert not any(one["unchecked"] for one in told)
    other = found.replace(b"Name of", b"Nome of")
    assert (checked(run, other, tmp_path, contacts=table)[1] != ()) is (other != found)


def reason_changed(page):
    return re.sub(rb"<p>([^<]{30,})</p>", lambda m: b"<p>" + m[1][:-9] + b"</p>", page, count=1)


def line_left_out(page):
    return re.sub(rb"<h2>[^<]*</h2>\n", b"", page, count=1)


def line_put_in(page):
    return page.replace(b"</article>", b"<p>And 5,000 yuan.</p>\n</article>", 1)


def listed_twice(page):
    return page.replace(b"</article>", b"<ul>\n<li>more</li>\n</ul>\n</article>", 1)


def other_root(page):
    return re.sub(rb"<footer>([^<]*)[0-9a-f]{8}</footer>", rb"<footer>\g<1>00000000</footer>", page)


def hidden_by_style(page):
    return page.replace(b"</style>", b"li { display: none; }</style>", 1)


def script_put_in(page):
    return page.replace(b"</head>", b"<script>1</script></head>", 1)


def told_outside(page):
    return page.replace(b"</body>", b"<p>You get more.</p></body>", 1)


def told_before(page):
    return re.sub(rb'(<body lang="[^"]*">\n)', rb"\1<p>You get more.</p>\n", page, count=1)


def other_title(page):
    return re.sub(rb"<title>[^<]*</title>", b"<title>Granted</title>", page)


def tag_in_a_name(page):
    return re.sub(rb'(<p class="to">)', rb"\1<b>Granted</b>", page, count=1)


def other_subject(page):
    ids = sorted(set(re.findall(rb'data-form="demand[^"]*" data-subject="([^"]*)"', page)))
    return page.replace(b'data-subject="%b"' % ids[0], b'data-subject="%b"' % ids[-1], 1)


def nobody(page):
    return re.sub(rb'data-subject="[^"]*"', b'data-subject="D-NONE"', page, count=1)


def other_form(page):
    return re.sub(rb'data-form="demand_\w+"', b'data-form="actor"', page, count=1)


def unsaid(page):
    return re.sub(rb' data-subject="[^"]*"', b"", page, count=1)


LIES = [
    reason_changed, line_left_out, line_put_in, listed_twice, other_root, hidden_by_style,
    script_put_in, told_outside, told_before, other_title, tag_in_a_name, other_subject, nobody,
    other_form, unsaid,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_an_altered_letter_is_rejected(tell, tmp_path):
    """Each lie is found as one about a letter, whether names may have been joined or not."""
    run = read_run(KEPT)
    for contacts in ({}, CONTACTS):
        honest = letters(run, "en", contacts)[ALL]
        lie = tell(honest)
        assert lie != honest
        _, findings = checked(run, lie, tmp_path)
        assert "letter" in {f.code for f in findings}


def test_no_single_change_goes_unseen(tmp_path):
    """A letter at one sign after another: left out, or another put in its place."""
    run = read_run(KEPT)
    page = letters(run, "en")["demand-D00.html"]
    for number, at in enumerate(range(0, len(page), max(len(page) // 120, 1))):
        other = page[:at] + (b"", b"x")[number % 2] + page[at + 1 :]
        assert other == page or checked(run, other, tmp_path)[1], page[at - 20 : at + 20]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_planners_own_template_is_given(tmp_path, language):
    """A template that is not ours: told as unknown, until it is given; then compared."""
    run, own = read_run(KEPT), tmp_path / "own"
    shutil.copytree(letter_templates(language), own)
    for file in own.iterdir():
        text = file.read_text(encoding="utf-8").replace("#", "# {{", 1)
        file.write_text(text + "\nOffice hours: 9 to 5.\n", encoding="utf-8")
    page = letters(run, language, {}, own)[ALL]

    told, findings = checked(run, page, tmp_path)
    assert {f.code for f in findings} == {"unknown"}
    assert not any(one["equal"] for one in told)
    told, findings = checked(run, page, tmp_path, templates=own)
    assert not findings
    assert all(one["equal"] for one in told)
    lie = page.replace(b"9 to 5", b"9 to 9", 1)
    assert {f.code for f in checked(run, lie, tmp_path, templates=own)[1]} == {"letter"}


def test_a_letter_of_another_run_is_rejected(tmp_path):
    """The same words under another run id and root."""
    page = letters(sample(), "en")[ALL]
    assert "letter" in {f.code for f in checked(read_run(KEPT), page, tmp_path)[1]}


def test_shipped_templates_and_sheets_are_known():
    """The verifier knows every template in models/letters and the sheet they are printed on."""
    from cogov_opt.reporting.letters.printing import head_of
    from cogov_opt.reporting.letters.templates import FORMS, read_templates

    known = shipped()
    for language in LANGUAGES:
        assert {t.digest for t in read_templates(language).values()} <= set(known["forms"])
        assert digests.sha256(head_of(language, "").encode()) in known["frames"]
    assert len(known["forms"]) >= len(FORMS) * len(LANGUAGES)


def test_the_command_says_where_it_differs(tmp_path):
    """Accepted with 0; an altered one with 7, the line and what it should be; no contact in it."""
    run = read_run(KEPT)
    found = letters(run, "en", CONTACTS)
    file = tmp_path / "all.html"
    file.write_bytes(found[ALL])
    told = call("verify", KEPT, "--letter", file).output
    assert "says what the records say" in told
    assert "Name of" not in told
    file.write_bytes(line_left_out(found[ALL]))
    told = json.loads(call("verify", KEPT, "--letter", file, "--json", code=7).output)
    assert told["verdict"] == "rejected"
    differs = [place for one in told["letters"] for place in one["differs"]]
    assert differs
    assert all(place["line"] and "should" in place for place in differs)
    assert "Name of" not in json.dumps(told)


def test_the_single_file_checks_letters(tmp_path):
    """The pyz alone, isolated: a letter is accepted, an altered one is not."""
    from tests.verifying.evidence.test_program import ROOT

    pyz, file = tmp_path / "v.pyz", tmp_path / "all.html"
    tool = [sys.executable, str(ROOT / "tools" / "make_pyz.py"), "--output", str(pyz)]
    subprocess.run(tool, check=True, capture_output=True)
    page = letters(read_run(KEPT), "zh")[ALL]
    for data, status in ((page, 0), (line_put_in(page), 7)):
        file.write_bytes(data)
        asked = [sys.executable, "-I", str(pyz), str(KEPT), "--letter", str(file)]
        assert subprocess.run(asked, capture_output=True, check=False).returncode == status


def test_all_records_of_random_weeks_are_said_alike(tmp_path):
    """Small weeks with clauses, money and times: their letters in both languages are equal."""
    from tests.properties.line import decided

    seen = 0
    for seed in range(24):
        line = decided(seed, tmp_path / str(seed))
        if line is None:
            continue
        run = read_run(line.folder)
        for language in LANGUAGES:
            told, findings = checked(run, letters(run, language)[ALL], tmp_path)
            assert not findings, (seed, language, findings, told)
        seen += 1
    assert seen > 10
