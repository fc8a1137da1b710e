"""The commands: what they answer, what they refuse, and how they end."""

import json
import signal
import threading
from importlib import resources

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cogov_opt.cli.main import cli
from cogov_opt.cli.progress import interruptible
from cogov_opt.cli.schema import answers, schema_of
from cogov_opt.recording import read_run

VOTES = """META
key;value
description;Two projects, money for one
country;Nowhere
unit;Small town
instance;2026
num_projects;2
num_votes;2
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;name
p1;60;2;Park
p2;50;1;Bench
VOTES
voter_id;vote
v1;p1,p2
v2;p1
"""
# Two agents, three jobs: costs, weights, capacities.
GAP = "2 3\n 4 7 1\n 3 2 9\n 2 2 2\n 2 2 2\n 4 2\n"
SCHEMAS = answers()


def call(*args, code=0):
    """Run a command as the shell would; hold it to its exit status."""
    from cogov_opt.cli.main import _status_of

    runner = CliRunner()
    found = {}

    def run():
        result = runner.invoke(cli, [str(a) for a in args], standalone_mode=False)
        found["result"] = result
        if result.exception is not None:
            raise result.exception
        return result.return_value

    status = _status_of(run)
    result = found["result"]
    assert status == code, (status, result.output, result.exception)
    return result


@pytest.fixture
def votes(tmp_path):
    """A small participatory budget."""
    path = tmp_path / "small.pb"
    path.write_text(VOTES, encoding="utf-8")
    return path


@pytest.fixture
def run(votes, tmp_path):
    """A recorded run of it."""
    call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "run")
    return tmp_path / "run"


def valid(name, text):
    """Parse a JSON answer and hold it to its published schema."""
    schema = json.loads(
        resources.files("cogov_opt.cli").joinpath(f"schemas/{name}.json").read_text()
    )
    answer = json.loads(text)
    Draft202012Validator(schema).validate(answer)
    return answer


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_valid_and_say_their_version(name):
    """Every published schema is one, and every answer carries the version it belongs to."""
    schema = json.loads(
        resources.files("cogov_opt.cli").joinpath(f"schemas/{name}.json").read_text()
    )

    Draft202012Validator.check_schema(schema)
    assert '"schema_version"' in json.dumps(schema)


def test_the_demo_answers_as_solve_does_with_a_verdict():
    """One schema follows from the other; repairs of a conflict are for solve alone."""
    of = {name: set(schema_of(name)["properties"]) for name in ("solve", "demo")}

    assert of["demo"] == of["solve"] - {"repairs"} | {"verdict"}


def test_solve_shows_the_summary_and_writes_the_run(votes, tmp_path):
    """The answer goes to stdout, which card was taken unasked to stderr."""
    result = call("solve", votes, "-o", tmp_path / "out")

    assert "Park" in result.stdout
    assert "pb-greedy" in result.stderr
    assert (tmp_path / "out" / "run.json").is_file()


def test_solve_answers_in_json(votes, tmp_path):
    """The JSON answer keeps to its schema."""
    result = call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "out", "--json")
    answer = valid("solve", result.stdout)

    assert answer["exit"] == 0
    assert answer["unmet"][0]["code"] == "budget"


@pytest.mark.solver
def test_a_generalised_assignment_file_is_solved_directly(tmp_path):
    """`cogov solve gap.txt` needs nothing else, and the proof stands in the answer."""
    path = tmp_path / "gap.txt"
    path.write_text(GAP, encoding="utf-8")

    result = call("solve", path, "-o", tmp_path / "out", "--json")
    answer = valid("solve", result.stdout)

    assert answer["termination"] == "optimal"
    assert answer["stages"][0]["published"] == "7"


def test_an_existing_run_is_refused_before_any_work(run, votes):
    """A run is never overwritten: a usage error."""
    result = call("solve", votes, "-p", "pb-greedy", "-o", run, code=2)

    assert "never overwritten" in result.stderr or result.exception


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["solve"], 2),
        (["solve", "nothing-here"], 3),
        (["solve", "DATA", "-p", "no-such-card"], 3),
        (["solve", "DATA", "-s", "no-such-strategy", "-p", "pb-greedy"], 2),
        (["solve", "DATA", "--set", "novalue"], 2),
        (["explain", "nothing-here"], 7),
        (["explain", "RUN", "--about", "p1"], 0),
        (["explain", "RUN", "--about", "p9"], 2),
        (["verify", "nothing-here"], 7),
        (["no-such-command"], 2),
    ],
)
def test_exit_codes(args, code, run, votes, tmp_path):
    """Each way to end has its own exit status (design.md 3)."""
    places = {"DATA": str(votes), "RUN": str(run)}
    more = ["-o", str(tmp_path / "new")] if args[0] == "solve" and len(args) > 1 else []

    call(*(places.get(a, a) for a in args), *more, code=code)


def test_an_unknown_id_is_answered_with_the_closest(run):
    """The message names what comes closest."""
    result = call("explain", run, "--about", "p3", code=2)

    assert "p1" in str(result.exception)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_explain_tells_one_thing(run, language):
    """Why a demand got nothing, in both languages."""
    text = call("explain", run, "--about", "p2", "--lang", language).stdout

    assert {"en": "Who can change it", "zh": "可改变者"}[language] in text
    assert "{" not in text


def test_needs_of_one_reason_are_told_together():
    """Without a question every unmet need is told once, and no reason, word by word, twice."""
    run = read_run("tests/compat/format_1")
    blocks = call("explain", run.path).stdout.strip().split("\n\n")
    heads, reasons = zip(*(block.split("\n", 1) for block in blocks), strict=True)

    assert sorted(", ".join(heads).split(", ")) == sorted(r["record"] for r in run.unmet)
    assert len(set(reasons)) == len(reasons) < len(run.unmet)


@pytest.mark.parametrize("subject", [None, "p1", "p2", "budget", "city", "A-000001", "N-p1"])
def test_explain_answers_in_json(run, subject):
    """Demand, fund, actor, record and need: all keep to the schema."""
    about = ["--about", subject] if subject else []
    result = call("explain", run, *about, "--json")

    valid("explain", result.stdout)


def test_check_lists_issues_at_once(votes):
    """Data without errors is accepted; the answer counts its rows."""
    answer = valid("check", call("check", votes, "--json").stdout)

    assert answer["accepted"]
    assert answer["rows"]["demands"] == 2


def test_check_refuses_bad_data_with_every_issue(tmp_path):
    """Rejected data ends with 3, and stdout holds the issues: they are the answer."""
    path = tmp_path / "bad.pb"
    path.write_text(VOTES.replace("p2;50;", "p2;fifty;"), encoding="utf-8")

    result = call("check", path, "--json", code=3)
    answer = valid("check", result.stdout)

    assert not answer["accepted"]
    assert answer["issues"]


def test_verify_answers_in_json(run):
    """The verdict keeps to its schema; an edited run is not accepted."""
    (run / "allocation.csv").write_bytes((run / "allocation.csv").read_bytes() + b"\n")
    result = call("verify", run, "--json", code=7)

    answer = valid("verify", result.stdout)
    assert answer["verdict"] != "accepted"


def test_verify_imports_click_and_the_standard_library_only():
    """S: an auditor needs no solver, no array library, none of the code that decided."""
    import subprocess
    import sys

    program = (
        "import sys\nfrom cogov_opt.cli.main import cli\n"
        "cli(['verify', 'nothing'], standalone_mode=False)\n"
        "import json; print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))

    third = (
        loaded - set(sys.stdlib_module_names) - {"cogov_opt", "click", "__main__", "sitecustomize"}
    )
    assert not {n for n in third if not n.startswith(("_", "colorama"))}


def test_convert_refuses_an_existing_target(votes, tmp_path):
    """What stands already is never overwritten."""
    (tmp_path / "out.pb").write_text("", encoding="utf-8")

    call("convert", votes, tmp_path / "out.pb", code=2)


def test_convert_keeps_the_data(votes, tmp_path):
    """A dataset converted decides the same."""
    call("convert", votes, tmp_path / "folder")
    direct = call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "a", "--json").stdout
    through = call(
        "solve", tmp_path / "folder", "-p", "pb-greedy", "-o", tmp_path / "b", "--json"
    ).stdout

    assert json.loads(direct)["unmet"] == json.loads(through)["unmet"]


def test_policies_are_listed_and_told_in_both_languages():
    """Every shipped card is named; one card is told in words."""
    assert "needs-first" in call("policies").stdout
    text = call("policies", "needs-first").stdout
    assert "Goals, in this order" in text
    assert "优先目标，依次如下" in text
    assert "demand.priority" not in text
    assert json.loads(call("policies", "--json").stdout)["cards"]


def test_progress_is_silent_without_a_terminal_unless_asked_for(votes, tmp_path):
    """stderr holds progress only with -v here; -q silences it."""
    quiet = call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "a")
    loud = call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "b", "-v")

    assert quiet.stderr == ""
    assert "loaded" in loud.stderr


def test_the_first_interrupt_asks_to_stop_the_second_ends():
    """Ctrl-C sets the token; another one raises; the handler is put back."""
    before = signal.getsignal(signal.SIGINT)
    with interruptible("en") as cancel:
        signal.raise_signal(signal.SIGINT)
        assert cancel.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before


def test_interrupts_are_left_alone_outside_the_main_thread():
    """A service thread may use the pipeline: no handler is installed there."""
    seen = []

    def work():
        with interruptible("en") as cancel:
            seen.append(cancel.is_set())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert seen == [False]


def test_an_interrupted_solve_leaves_a_whole_run_or_none(votes, tmp_path, monkeypatch):
    """Cancelled before it began: exit 130, and what stands is a complete run."""
    from cogov_opt import pipeline
    from cogov_opt.domain.decision import Cancel

    original = pipeline.allocate

    def cancelled(*args, **kwargs):
        token = Cancel()
        token.set()
        return original(*args, **(kwargs | {"cancel": token}))

    monkeypatch.setattr(pipeline, "allocate", cancelled)
    call("solve", votes, "-p", "pb-greedy", "-o", tmp_path / "out", code=130)

    left = sorted(p.name for p in tmp_path.iterdir())
    assert left in (["small.pb"], ["out", "small.pb"])
    if "out" in left:
        assert (tmp_path / "out" / "checkpoint").is_file()
