"""What every command offers: JSON with a schema, an example, help in both languages."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cogov_opt import catalogue
from cogov_opt.cli import main
from cogov_opt.cli.languages import language_of, texts, told_of
from cogov_opt.cli.progress import Progress
from cogov_opt.cli.schema import names, schema_of
from cogov_opt.domain.tables import contracts
from cogov_opt.solving.events import Event

COMMANDS = {name: main.cli.get_command(click.Context(main.cli), name) for name in main.COMMANDS}
NAMES = [name for group in names().values() for name in group]


def shown(*args, **env):
    """Run the program as a shell would; give what it prints."""
    runner = CliRunner(env=env)
    return runner.invoke(main.cli, list(args)).output


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_answers_in_json(name):
    """`--json` is there, and the answer's schema is published."""
    assert any("--json" in p.opts for p in COMMANDS[name].params)
    assert schema_of(name)["title"]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_shows_an_example(name):
    """The help ends with commands that can be typed."""
    epilog = COMMANDS[name].epilog or ""

    assert epilog.startswith("\b\nExample:\n  cogov " + name)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_is_there_in_chinese(name):
    """The command, its short help and every option have a text; no text is left over."""
    told = texts()[name]
    options = [p for p in COMMANDS[name].params if isinstance(p, click.Option)]
    own = {o.lstrip("-") for p in options for o in p.opts}

    assert told["short"].strip()
    assert told["help"].strip()
    assert all(told_of(option, told).strip() for option in options)
    assert set(told) - {"short", "help", "epilog"} <= own


def test_the_help_is_chinese_where_that_is_asked_for():
    """By COGOV_LANG, before the command or after it; examples stay as they are typed."""
    for text in (
        shown("solve", "--help", COGOV_LANG="zh"), shown("solve", "--lang", "zh", "--help"),
    ):  # fmt: skip
        assert text.startswith("用法：")
        assert "决定资源怎样分配" in text
        assert "cogov solve week.xlsx" in text
        assert "Show this message" not in text
    assert "决定资源怎样分配" in shown("--help", COGOV_LANG="zh")
    assert "Decide who gets what" in shown("--help", COGOV_LANG="en")


@pytest.mark.parametrize(
    ("words", "language"),
    [(["solve", "--lang", "zh"], "zh"), (["--lang=zh"], "zh"), (["--lang"], ""), ([], "en")],
)
def test_the_language_is_read_before_the_command(words, language, monkeypatch):
    """An option wins; without one the environment, else English."""
    monkeypatch.delenv("COGOV_LANG", raising=False)

    assert language_of(words) == language


def test_a_language_before_the_command_holds_for_its_answer(tmp_path):
    """`cogov --lang zh COMMAND` answers as `cogov COMMAND --lang zh` does."""
    before = shown("--lang", "zh", "verify", str(tmp_path))

    assert before == shown("verify", str(tmp_path), "--lang", "zh")
    assert before != shown("verify", str(tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_schemas(name):
    """Whatever `cogov schema` gives is a JSON Schema."""
    found = json.loads(shown("schema", name))

    Draft202012Validator.check_schema(found)


def test_shipped_cards_keep_to_the_schema_and_faults_do_not():
    """The schema of a card takes what ships, and refuses an unknown key, term and kind."""
    check = Draft202012Validator(schema_of("card"))
    card = tomllib.loads(catalogue.policy_path("needs-first").read_text(encoding="utf-8"))
    assert all(
        check.is_valid(tomllib.loads(catalogue.policy_path(n).read_text(encoding="utf-8")))
        for n in catalogue.policies()
    )

    assert not check.is_valid(card | {"weight": 3})
    assert not check.is_valid(card | {"clause": [{"id": "C1", "kind": "favour"}]})
    assert not check.is_valid(
        card | {"objective": [{"sense": "maximise", "terms": [{"term": "luck"}]}]}
    )


def test_rows_of_the_sample_keep_to_the_schemas_of_their_tables():
    """Each table of riverside, read as text, fits; a row without its id does not."""
    import csv

    folder = catalogue.dataset_path("riverside")
    for table in contracts():
        path = Path(folder) / f"{table}.csv"
        if not path.is_file():
            continue
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        check = Draft202012Validator(schema_of(f"tables.{table}"))
        assert all(check.is_valid(row) for row in rows)
        key = next(iter(contracts()[table].fields))
        assert not check.is_valid(rows[0] | {key: ""})


def test_an_unknown_schema_is_answered_with_the_closest():
    """A slip of the pen is recognised."""
    assert "Did you mean 'tables.demands'?" in shown("schema", "tables.demand")


def test_answers_of_small_commands_keep_to_their_schemas(tmp_path):
    """template, convert, policies, doctor, bench and schema say what they publish."""
    asked = {
        "template": ["template", str(tmp_path / "b.xlsx"), "--simple", "--json"],
        "convert": ["convert", "riverside", str(tmp_path / "copy"), "--json"],
        "policies": ["policies", "--json"],
        "doctor": ["doctor", "--json"],
        "bench": ["bench", "--json"],
        "schema": ["schema", "--json"],
    }
    for name, words in asked.items():
        Draft202012Validator(schema_of(name)).validate(json.loads(shown(*words)))
    one = json.loads(shown("policies", "needs-first", "--json"))
    Draft202012Validator(schema_of("policies")).validate(one)


class Terminal:
    """A standard error that says it is a terminal."""

    def __init__(self, there):
        self.there = there

    def isatty(self):
        return self.there


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("there", [True, False])
def test_a_search_moves_one_line_on_a_terminal_only(language, there, monkeypatch, capsys):
    """Goal, value, bound and gap are told while the search goes on; a pipe gets none of it."""
    said = []
    monkeypatch.setattr("cogov_opt.cli.progress.sys.stderr", Terminal(there))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(click, "echo", lambda text="", **_: said.append(text))
    progress = Progress(language, verbose=False, quiet=False)

    progress(Event("search", {"stage": 2, "value": 3522, "bound": 3527, "gap": 5}))
    progress(Event("stage", {"stage": 2, "value": 3524}))

    moved = [text for text in said if "3,522" in text and "3,527" in text]
    assert len(moved) == int(there)
    assert all(text.startswith("\r") for text in moved)
    assert sum("3,524" in text for text in said) == int(there)


def test_completion_offers_commands_and_cards():
    """The shell completes what the program knows."""
    from click.shell_completion import ShellComplete

    complete = ShellComplete(main.cli, {}, "cogov", "_COGOV_COMPLETE")

    assert {"solve", "schema"} <= {c.value for c in complete.get_completions([], "s")}
    cards = {c.value for c in complete.get_completions(["policies"], "needs")}
    assert cards == {"needs-first"}


def test_the_reference_is_what_the_commands_say():
    """docs/reference follows the help in both languages: run `make reference` where it does not."""
    tool = Path(__file__).parents[2] / "tools" / "make_reference.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
