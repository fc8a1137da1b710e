"""The frame around the commands: exit statuses, unknown commands, public names, doctor."""

import ast
import json
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import cogov_opt
from cogov_opt.cli import main as program
from cogov_opt.cli.exits import Exit, exit_for


def call(*arguments):
    return CliRunner().invoke(program.cli, arguments)


@pytest.fixture
def planted(monkeypatch):
    """Put a command into the table that does what the test says."""

    def plant(body):
        command = click.Command("planted", callback=body)
        monkeypatch.setattr(program, "planted", command, raising=False)
        monkeypatch.setitem(program.COMMANDS, "planted", (program.__name__, "planted", "Planted."))

    return plant


def raises(error):
    def body():
        raise error

    return body


def library_error(name, parent=Exception):
    """An error class that says it comes from the errors of the library."""
    return type(name, (parent,), {"__module__": "cogov_opt.errors"})


@pytest.mark.parametrize(
    ("outcome", "status"), [(None, 0), (Exit.INFEASIBLE, 4), (Exit.STOPPED_WITH_PLAN, 5)]
)
def test_what_a_command_returns_is_the_exit_status(planted, outcome, status):
    """Nothing returned is 0; an Exit is itself."""
    planted(lambda: outcome)

    assert call("planted").exit_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("InputError", 3),
        ("PolicyError", 3),
        ("UnsupportedError", 2),
        ("NotAllowedError", 8),
        ("SolverError", 6),
        ("RecordError", 7),
    ],
)
def test_errors_of_the_library_have_their_status(planted, name, status):
    """They are told on stderr as text, without a traceback; a subclass counts as its parent."""
    kind = library_error(name)
    planted(raises(library_error("Special", kind)("what went wrong")))

    result = call("planted")

    assert result.exit_code == status
    assert result.stderr == "what went wrong\n"


def test_other_errors_are_internal(planted):
    """A fault of ours ends with 1 and shows where it happened."""
    planted(raises(ZeroDivisionError("planted")))

    result = call("planted")

    assert result.exit_code == 1
    assert "Internal error" in result.stderr
    assert "ZeroDivisionError: planted" in result.stderr


def test_a_stranger_of_the_same_name_is_internal():
    """Only the library's own classes are known by name."""
    stranger = type("InputError", (Exception,), {})

    assert exit_for(stranger()) is None


def test_interrupted_is_130(planted):
    """As shells expect it."""
    planted(raises(KeyboardInterrupt()))

    assert call("planted").exit_code == 130


def test_an_unknown_command_offers_the_nearest():
    """A slip of the finger costs one look, and status 2."""
    result = call("polices")

    assert result.exit_code == 2
    assert "Did you mean 'policies'?" in result.stderr


def test_inside_another_program_errors_are_left_to_it(planted):
    """Without standalone mode nothing is caught, and the outcome is returned."""
    planted(lambda: Exit.INFEASIBLE)

    assert program.cli.main(["planted"], standalone_mode=False) is Exit.INFEASIBLE


@pytest.mark.parametrize("name", program.COMMANDS)
def test_each_command_of_the_table_is_there(name):
    """It can be imported, and its help begins as the table says."""
    module, attribute, short = program.COMMANDS[name]
    command = getattr(import_module(module), attribute)

    assert isinstance(command, click.Command)
    assert command.get_short_help_str(limit=200) == short


def test_doctor_tells_the_same_in_both_forms(monkeypatch):
    """Versions are in the text and in the JSON; a missing data folder is said to be missing."""
    monkeypatch.setenv("COGOV_DATA", "no/such/folder")

    text, found = call("doctor").stdout, json.loads(call("doctor", "--json").stdout)

    assert found["cogov_opt"] == cogov_opt.__version__
    assert found["data"] == {"path": "no/such/folder", "found": False}
    assert "no such folder" in text
    for name, version in {**found["packages"], **found["solvers"]}.items():
        assert version
        assert any(line.split() == [name, version] for line in text.splitlines())


@pytest.mark.parametrize("name", [name for name in cogov_opt.__all__ if name != "__version__"])
def test_each_public_name_is_there(name):
    """Whatever is promised can be imported."""
    assert getattr(cogov_opt, name) is not None


def test_public_names_are_told_once_to_people_and_to_checkers():
    """The list, the table of homes and the imports for type checkers agree."""
    tree = ast.parse(Path(cogov_opt.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    checked = {alias.name: node.module for node in block.body for alias in node.names}

    assert checked == cogov_opt._HOMES
    assert {*checked, "__version__"} == set(cogov_opt.__all__) == set(dir(cogov_opt))


def test_an_unknown_name_is_an_attribute_error():
    """As from any other module."""
    with pytest.raises(AttributeError, match="no attribute 'solve_everything'"):
        _ = cogov_opt.solve_everything
