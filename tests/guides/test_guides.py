"""What the guides tell people to type works, and prints what they say it prints."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from cogov_opt.cli.main import cli
from cogov_opt.loading import load_policy_text
from tests.guides.typing_in import type_in

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(p for p in DOCS.glob("*/*.md") if p.parent.name in ("en", "zh"))
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```(?:text|csv) (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CARD = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name_of(path):
    return path.relative_to(DOCS).as_posix()


def steps(page):
    """Give each command of a page with the lines it says are printed."""
    for block in CONSOLE.findall(page):
        told = []
        for line in block.splitlines():
            if line.startswith("$ "):
                told.append((line.removeprefix("$ "), []))
            else:
                told[-1][1].append(line)
        yield from told


def printed(output, expected):
    """Tell whether lines are printed in this order; `...` stands for any text or lines."""
    pattern = "\n".join(re.escape(line).replace(r"\.\.\.", "(?s:.*)") for line in expected)
    return re.fullmatch(pattern, output.rstrip("\n")) is not None


@pytest.mark.parametrize("path", GUIDES, ids=name_of)
def test_the_commands_of_a_guide_do_what_it_says(path, tmp_path, monkeypatch):
    """Every command succeeds; files it shows are there, tables are typed in after the template."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = path.read_text(encoding="utf-8")
    for name, text in FILE.findall(page):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command, expected in steps(page):
        words = shlex.split(command)
        assert words[0] == "cogov"
        result = CliRunner().invoke(cli, words[1:])
        assert result.exception is None or result.exit_code == 0, (command, result.output)
        assert printed(result.stdout, expected), (command, result.output)
        if words[1] == "template":
            type_in(words[2], page)


@pytest.mark.parametrize("path", [p for p in GUIDES if p.name == "cards.md"], ids=name_of)
def test_the_card_of_the_guide_can_be_read(path):
    """The parts of the card, put together, are a card."""
    card = "\n".join(CARD.findall(path.read_text(encoding="utf-8")))

    assert tomllib.loads(card)["id"] == "autumn"
    assert len(load_policy_text(card).clauses) == 2


def test_each_guide_is_there_in_both_languages():
    """A page of one language has its twin, with the same commands and as many headings."""
    english = {p.name for p in DOCS.glob("en/*.md")}

    assert english == {p.name for p in DOCS.glob("zh/*.md")}
    for name in english:
        pages = [(DOCS / lang / name).read_text(encoding="utf-8") for lang in ("en", "zh")]
        assert len({len(re.findall(r"^#+ ", page, re.MULTILINE)) for page in pages}) == 1, name
        commands = [
            [c.replace(" --lang zh", "") for c, _ in steps(page)] for page in pages
        ]  # fmt: skip
        assert commands[0] == commands[1], name


def test_the_letters_of_the_guide_are_altered_and_found(tmp_path, monkeypatch):
    """What the guide says of a changed letter holds of the one it makes."""
    monkeypatch.chdir(tmp_path)
    for words in ("solve riverside -p first-come -o runs/week",
                  "report runs/week --letters letters"):  # fmt: skip
        assert CliRunner().invoke(cli, words.split()).exit_code == 0
    file = tmp_path / "letters" / "demand-D-001.html"
    file.write_text(file.read_text("utf-8").replace("24 people", "42 people"), encoding="utf-8")
    asked = ["verify", "runs/week", "--letter", str(file)]
    done = CliRunner().invoke(cli, asked, standalone_mode=False)

    assert done.return_value == 7
    assert "should be: " in done.output
    assert "24 people" in done.output


def test_a_step_that_prints_something_else_is_seen():
    """The check of what is printed can fail."""
    assert printed("a\nb\nc\n", ["a", "...", "c"])
    assert not printed("a\nb\nd\n", ["a", "...", "c"])
    assert not printed("accepted: 1 warning\n", ["accepted: no errors, ..."])
