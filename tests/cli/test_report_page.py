"""`cogov report --html`: what it writes, and what it refuses without writing anything."""

import shutil

import pytest

from cogov_opt.testing import reseal
from tests.cli.test_cli import call
from tests.reporting.weeks import KEPT


@pytest.fixture
def run(tmp_path):
    """A copy of the kept run."""
    return shutil.copytree(KEPT, tmp_path / "run")


@pytest.mark.parametrize(("language", "word"), [("en", "Who got what"), ("zh", "各方所得")])
def test_a_page_is_written(run, tmp_path, language, word):
    """The page of the run in the language asked for; the run itself stays as it is."""
    before = {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}
    call("report", run, "--html", tmp_path / "page.html", "--lang", language)

    assert word in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert before == {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}


def test_an_edited_run_is_refused(run, tmp_path):
    """One digit changed: exit 7, and no page."""
    table = run / "allocation.csv"
    table.write_bytes(table.read_bytes().replace(b",1,", b",2,", 1))

    call("report", run, "--html", tmp_path / "page.html", code=7)

    assert not (tmp_path / "page.html").exists()


def test_a_sealed_run_that_does_not_fit_together_is_refused(run, tmp_path):
    """Packed again after a demand was taken out: the root is right, the page cannot be."""
    table = run / "inputs" / "demands.csv"
    lines = table.read_bytes().splitlines(keepends=True)
    table.write_bytes(b"".join(lines[:1] + lines[2:]))
    reseal(run)

    call("report", run, "--html", tmp_path / "page.html", code=7)

    assert not (tmp_path / "page.html").exists()


def test_what_stands_already_is_left_alone(run, tmp_path):
    """A file of that name, or a folder that is not there: a usage error, nothing written."""
    (tmp_path / "page.html").write_text("mine")

    call("report", run, "--html", tmp_path / "page.html", code=2)
    call("report", run, "--html", tmp_path / "none" / "page.html", code=2)

    assert (tmp_path / "page.html").read_text() == "mine"
    assert not (tmp_path / "none").exists()


def test_contacts_stand_on_the_page_and_nowhere_else(run, tmp_path):
    """Names are joined when the page is written; the run folder and the answer hold none."""
    contacts = tmp_path / "contacts.csv"
    ids = sorted(
        row.split(",")[0] for row in (run / "inputs" / "volunteers.csv").read_text().split()
    )
    contacts.write_text("id,name\n" + "".join(f"{i},Canary {i}\n" for i in ids if i), "utf-8")

    told = call("report", run, "--html", tmp_path / "page.html", "--contacts", contacts, "--json")

    assert "Canary" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Canary" not in told.output
    assert not any(b"Canary" in p.read_bytes() for p in run.rglob("*") if p.is_file())
