"""
What is private stays where the law allows it: every command and output, default deny.

A new command, option of `cogov report`, file of a run or private column without a line in the
tables below fails.
"""

import click
import pytest

from cogov_opt.cli.main import COMMANDS, cli
from cogov_opt.domain.tables import contracts
from cogov_opt.recording import read_run
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.letters import ALL, letters
from tests.privacy.canaries import CONTACTS as CONTACTS_OF
from tests.privacy.canaries import (
    GROUPS,
    PRIVATE,
    TYPED,
    contacts_of,
    content_of,
    heard,
    plant,
    run,
    write_week,
)  # fmt: skip

DATASET = ("private", "typed", "planner", "voter")
INPUTS = ("private", "planner")
# file of a run -> what may stand in it
RUN_FILES = {
    "run.json": (), "policy.toml": (), "allocation.csv": (), "unmet.csv": (), "records.jsonl": (),
    "phrases.json": (), "certificate.json": (), "accounts.json": (), "draw.json": (),
    "units.csv": (), "chances.csv": (),
    "extracts.json": (), "checkpoint": (), "provenance.json": (),
    "trace.jsonl": (), "regrets.csv": (),
}  # fmt: skip
# commands that take no data of anybody
WITHOUT_DATA = {"demo", "template", "policies", "schema", "bench", "doctor"}
# what is asked -> the file or folder it writes (None: it prints), and what may stand there
RUN, DATA, OUT, CONTACTS = "{run}", "{data}", "{out}", "{contacts}"
ASKED = {
    "check": (["check", DATA], ()),
    "check --verbose": (["check", DATA, "-v"], ()),
    "check --json": (["check", DATA, "--json"], ()),
    "check --annotate": (["check", DATA, "--annotate", "{out}.xlsx"], DATASET),
    "convert": (["convert", DATA, OUT], DATASET),
    "convert to a workbook": (["convert", DATA, "{out}.xlsx"], DATASET),
    "solve": (["solve", DATA, "-p", "needs-first", "-v", "-o", OUT], "run"),
    "solve --json": (["solve", DATA, "-p", "needs-first", "--json", "-o", OUT], "run"),
    "solve by turns": (["solve", DATA, "-p", "first-come", "-o", OUT], "run"),
    "explain": (["explain", RUN], ()),
    "explain --json": (["explain", RUN, "--json"], ()),
    **{
        f"explain --about {i}": (["explain", RUN, "--about", i, "--json"], ())
        for i in ("D-1", "D-2", "V-001", "V-002", "N-1", "F-1", "R-1", "JW", "NGO")
    },
    "explain --why-not": (["explain", RUN, "--why-not", "V-002", "D-1"], ()),
    "explain --why-not --json": (["explain", RUN, "--why-not", "V-001", "D-1", "--json"], ()),
    "explain --changes": (["explain", RUN, "--changes"], ()),
    "explain --changes --json": (["explain", RUN, "--changes", "--json"], ()),
    "verify": (["verify", RUN, "--json"], ()),
    "verify --letter": (["verify", RUN, "--json", "--letter", "{letter}"], ()),
    "draw": (["draw", "commit", DATA, "-p", "needs-first", "--party", "JW", "-o", "{out}.json",
              "--secret", "{out}.secret"], ()),
    "report --html": (["report", RUN, "--html", OUT], ()),
    "report --html --contacts": (["report", RUN, "--html", OUT, "--contacts", CONTACTS],
                                 ("contacts",)),
    "report --xlsx": (["report", RUN, "--xlsx", "{out}.xlsx", "--json"], ()),
    "report --xlsx --contacts": (
        ["report", RUN, "--xlsx", "{out}.xlsx", "--contacts", CONTACTS], ("contacts",)),
    "report --ics": (["report", RUN, "--ics", OUT], ()),
    "report --ics --contacts": (["report", RUN, "--ics", OUT, "--contacts", CONTACTS],
                                ("contacts",)),
    "report --letters": (["report", RUN, "--letters", OUT], ()),
    "report --letters --templates": (["report", RUN, "--letters", OUT, "--templates", "{empty}"],
                                     ()),
    "report --letters --contacts": (["report", RUN, "--letters", OUT, "--contacts", CONTACTS],
                                    ("contacts",)),
    "report --edition public": (["report", RUN, "--html", OUT, "--edition", "public"], ()),
    "report --edition auditor": (["report", RUN, "--html", OUT, "--edition", "auditor"], ()),
    "report --edition ACTOR": (["report", RUN, "--html", OUT, "--edition", "JW"], ()),
    "report --extract of a demand": (["report", RUN, "--extract", "D-1", OUT], ("planner",)),
    "report --extract of a volunteer": (["report", RUN, "--extract", "V-001", OUT], ("private",)),
    "report --answer": (["report", RUN, "--html", OUT, "--answer", "{broken}"], ()),
    "report, contacts unreadable": (["report", RUN, "--html", OUT, "--contacts", "{broken}"], ()),
}  # fmt: skip
FAILS = {"report, contacts unreadable": 3, "report --answer": 7}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """The week, its contacts, its run, and a list of contacts with a slip in its header."""
    home = tmp_path_factory.mktemp("canaries")
    data = write_week(home / "data")
    (home / "contacts.csv").write_bytes(contacts_of())
    (home / "broken.csv").write_bytes(contacts_of().replace(b'"name"', b'"nome"'))
    (home / "empty").mkdir()
    made = home / "run"
    told, status = run("solve", data, "-p", "needs-first", "-o", made)
    assert status == 0, told.decode()
    known = {"V-001": Contact("V-001", *CONTACTS_OF.values())}
    (home / "letter.html").write_bytes(letters(read_run(made), "en", known)[ALL])
    return {"home": home, "data": data, "run": made, "contacts": home / "contacts.csv",
            "letter": home / "letter.html", "broken": home / "broken.csv",
            "empty": home / "empty"}  # fmt: skip


def test_the_canaries_are_there(places):
    """The week holds every canary, so that silence elsewhere says something."""
    written = b"\n".join(content_of(places["data"]).values()).decode()
    files = content_of(places["run"])
    inputs = "\n".join(d.decode() for f, d in files.items() if f.startswith("inputs/"))
    assert "CANARY-NAME" in written
    assert not [k for k, words in TYPED.items() if words[0] not in written]
    deciding = {key: words for key, words in PRIVATE.items() if words and key[0] != "ballots"}
    assert not [key for key, words in deciding.items() if words[0] not in inputs]


@pytest.mark.parametrize("carrier", ["plain", "json", "packed", "folded"])
def test_a_leak_is_heard(tmp_path, carrier):
    """A canary planted in a text, in JSON, in a packed book or in a folded calendar is heard."""
    for group, words in GROUPS.items():
        for word in words:
            place = plant(tmp_path / "leak", f"before {word} after", carrier)
            (data,) = content_of(place).values()
            assert word in heard(data), (carrier, word)
            assert word not in heard(data, (group,))
    assert not heard(next(iter(content_of(plant(tmp_path / "none", "a b", carrier)).values())))


@pytest.mark.parametrize("name", ASKED)
def test_nothing_sings_where_it_may_not(places, name):
    """What a command prints, on both streams, and what it writes hold no other canary."""
    words, allowed = ASKED[name]
    out = places["home"] / f"out-{list(ASKED).index(name):02}"
    known = {**places, "out": out}
    told, status = run(*(word.format(**known) for word in words))

    assert status == FAILS.get(name, 0), told.decode()
    assert not heard(told), name
    written = [p for p in places["home"].glob(f"{out.name}*") if p.exists()]
    assert written or "{out}" not in "".join(words) or name in FAILS
    for path in written:
        for file, data in content_of(path).items():
            assert not heard(data, _allowed(file, allowed)), (name, file)


def _allowed(file, allowed):
    """What may stand in a file; of a run, a file nobody knows may hold nothing and is a fault."""
    if allowed != "run":
        return allowed
    if file.startswith("inputs/"):
        return INPUTS
    return RUN_FILES.get(file, ())


def test_every_file_of_a_run_is_known(places):
    """A new file of a run needs a line in the table."""
    found = {p for p in read_run(places["run"]).files if not p.startswith("inputs/")}

    assert found <= set(RUN_FILES)


def test_every_command_and_output_is_driven():
    """A new command, or a new thing that `cogov report` writes, needs a line in the table."""
    driven = {words[0] for words, _ in ASKED.values()}
    report = cli.get_command(click.Context(cli), "report")
    options = {p.opts[0] for p in report.params if isinstance(p, click.Option)}
    told = {word for words, _ in ASKED.values() if words[0] == "report" for word in words}

    assert set(COMMANDS) == driven | WITHOUT_DATA
    assert options - told <= {"--lang", "--help"}


def test_every_private_column_has_a_canary():
    """A column that becomes private, or a new one, needs a canary."""
    private = {
        (name, column)
        for name, contract in contracts().items()
        for column, field in contract.fields.items()
        if field.visibility == "private"
    }

    assert private == set(PRIVATE)


def test_a_letter_names_its_reader_alone(places):
    """With contacts, a letter holds the contact of the one it is for, and no other's."""
    contacts = places["home"] / "each.csv"
    rows = b"id,name,phone,address\n" + b"".join(
        f"{i},NAME-OF-{i},PHONE-OF-{i},PLACE-OF-{i}\n".encode()
        for i in ("V-001", "V-002", "JW", "NGO", "JD")
    )
    contacts.write_bytes(rows)
    out = places["home"] / "letters-each"
    _, status = run("report", places["run"], "--letters", out, "--contacts", contacts)
    office = "JD"  # its own letters tell how to reach it

    assert status == 0
    for file, data in content_of(out).items():
        if file != "all.html":
            who = file.partition("-")[2].removesuffix(".html")
            named = {i for i in ("V-001", "V-002", "JW", "NGO") if f"NAME-OF-{i}".encode() in data}
            phones = {
                i for i in ("V-001", "V-002", "JW", "NGO") if f"PHONE-OF-{i}".encode() in data
            }
            owner = {"D-1": "JW", "D-2": office}.get(who, who)
            assert named <= {owner}, file
            assert not phones, file
