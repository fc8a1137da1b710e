"""Lots by commitment and reveal: made, taken into a run, and every lie about them found (S11.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.cli.main import cli
from cogov_opt.domain import lots
from cogov_opt.domain.canonical import canonical_json
from cogov_opt.domain.loaded import Tables
from cogov_opt.domain.policy import Policy
from cogov_opt.errors import InputError, UnsupportedError
from cogov_opt.explaining.lots import draw_told
from cogov_opt.explaining.rebuilding import decision_of
from cogov_opt.recording import read_run
from cogov_opt.recording.digests import digest
from cogov_opt.recording.inputs import digest_of_inputs
from cogov_opt.reporting import report
from cogov_opt.testing import reseal
from tests.properties.flow_weeks import flow_card, flow_week

pytestmark = pytest.mark.solver
PARTIES = ("JWH", "NGO", "FIRM")
Record = dict[str, Any]


def week() -> tuple[Tables, Policy]:
    return flow_week(3, 6), cg.load_policy_text(flow_card(3))


def record_of(inputs: str, card: str, *, opened: int = 3) -> Record:
    """Draw lots among three parties, the first so many of whom open their value."""
    pairs = [lots.committed(inputs, card, p) for p in PARTIES]
    return dict(lots.drawn([c for c, _ in pairs], [s for _, s in pairs][:opened]))


def recorded(folder: Path, *, opened: int = 3, **asked: Any) -> Path:
    tables, policy = week()
    instance = cg.check(tables, policy)
    record = record_of(digest_of_inputs(instance), digest(policy.text), opened=opened)
    decision = cg.allocate(instance, policy, options={"lots": record}, isolation="none", **asked)
    cg.record(cg.explain(decision), folder)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("lots") / "run")


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5, unique=True), st.data())
@settings(max_examples=40, deadline=None)
def test_every_draw_that_is_made_holds(parties: list[str], data: st.DataObject) -> None:
    """Whoever takes part, in whatever order the files come, and whoever does not open."""
    pairs = [lots.committed("in", "card", p) for p in parties]
    opened = data.draw(st.lists(st.sampled_from(pairs), min_size=1, unique_by=id))
    order = data.draw(st.permutations(pairs))
    record = lots.drawn([c for c, _ in order], [s for _, s in opened])

    assert not lots.problems(record, "in", "card")
    assert record == lots.drawn([c for c, _ in pairs], [s for _, s in reversed(opened)])
    assert (record["trust"] == "parties") == (len(opened) >= 3)
    assert len(lots.missing(record)) == len(parties) - len(opened)
    assert lots.problems(record, "other", "card") == ["inputs"]


def test_one_value_changes_the_seed() -> None:
    """Each party's value counts, opened or not (negative control)."""
    first, second = record_of("in", "card"), record_of("in", "card")
    assert first["seed"] != second["seed"]
    pairs = [lots.committed("in", "card", p) for p in PARTIES]
    whole = lots.drawn([c for c, _ in pairs], [s for _, s in pairs])
    less = lots.drawn([c for c, _ in pairs], [s for _, s in pairs[:2]])
    assert whole["seed"] != less["seed"]


def test_what_was_not_committed_to_is_refused() -> None:
    """A party cannot open another value once it knows those of the others."""
    pairs = [lots.committed("in", "card", p) for p in PARTIES]
    other = dict(pairs[0][1]) | {"value": "00"}
    with pytest.raises(InputError) as refused:
        lots.drawn([c for c, _ in pairs], [other, pairs[1][1]])
    assert [i.code for i in refused.value.issues] == ["draw_not_committed"]


def test_a_run_with_lots_is_accepted_and_says_who_drew(run: Path) -> None:
    """Seed and trust stand in the run; the summary names the parties and what the draw settled."""
    found = read_run(run)

    assert cg.verify(run).accepted
    assert found.header["draw"]["trust"] == "parties"
    assert "FIRM, JWH, NGO; it may be called impartial" in report(found, "en", width=250)
    assert "可称为公正" in report(found, "zh", width=250)
    told = draw_told(found)
    assert told is not None
    assert told["decisions"] == len(found.records)


def test_two_opened_values_are_not_impartial(tmp_path: Path) -> None:
    """With fewer than three the run says so, and is accepted as what it says."""
    run = recorded(tmp_path / "run", opened=2)

    assert cg.verify(run).accepted
    assert read_run(run).header["draw"]["trust"] == "committed"
    assert "may not be called impartial" in report(read_run(run), "en", width=250)


def test_lots_stand_in_a_rebuilt_decision(run: Path) -> None:
    """A decision rebuilt from its folder has the same lots."""
    assert decision_of(read_run(run)).lots == read_run(run).lots


def test_first_come_takes_lots_too(tmp_path: Path) -> None:
    """A procedure that breaks ties uses the same seed."""
    run = recorded(tmp_path / "run", strategy="first_come")

    assert cg.verify(run).accepted
    assert read_run(run).header["draw"]["seed"] == read_run(run).lots["seed"]


def test_lots_for_other_data_are_refused() -> None:
    """A draw made before the data changed cannot be used for what it is now."""
    tables, policy = week()
    instance = cg.check(tables, policy)
    record = record_of("00", digest(policy.text))
    with pytest.raises(InputError) as refused:
        cg.allocate(instance, policy, options={"lots": record}, isolation="none")
    assert [i.code for i in refused.value.issues] == ["draw_wrong_inputs"]


def test_a_seed_beside_lots_is_refused() -> None:
    """Only one of them can decide."""
    tables, policy = week()
    instance = cg.check(tables, policy)
    with pytest.raises(UnsupportedError, match="lots"):
        cg.allocate(instance, policy, options={"lots": {}, "seed": "x"}, isolation="none")


def value_changed(lie: Record, header: Record) -> None:
    lie["parties"][0]["value"] = "00" * 32


def commitment_changed(lie: Record, header: Record) -> None:
    lie["parties"][0]["commitment"] = "00" * 32


def party_dropped(lie: Record, header: Record) -> None:
    lie["parties"].pop()


def party_renamed(lie: Record, header: Record) -> None:
    lie["parties"][0]["party"] = "AAA"


def party_silenced(lie: Record, header: Record) -> None:
    lie["parties"][0] |= {"nonce": "", "value": ""}


def seed_chosen(lie: Record, header: Record) -> None:
    lie["seed"] = "11" * 32
    header["draw"]["seed"] = lie["seed"]


def made_for_other_data(lie: Record, header: Record) -> None:
    lie["inputs"] = "22" * 32


def made_for_another_card(lie: Record, header: Record) -> None:
    lie["card"] = "22" * 32


def made_anew_for_other_data(lie: Record, header: Record) -> None:
    lie |= record_of("33" * 32, lie["card"])
    header["draw"] |= {"seed": lie["seed"], "trust": lie["trust"]}


def trust_raised(lie: Record, header: Record) -> None:
    lie["trust"] = header["draw"]["trust"] = "beacon"


def another_seed_used(lie: Record, header: Record) -> None:
    header["draw"]["seed"] = "44" * 32


def trust_of_the_run_lowered(lie: Record, header: Record) -> None:
    header["draw"]["trust"] = "committed"


def option_left_out(lie: Record, header: Record) -> None:
    del header["options"]["lots"]


LIES = [
    value_changed, commitment_changed, party_dropped, party_renamed, party_silenced, seed_chosen,
    made_for_other_data, made_for_another_card, made_anew_for_other_data, trust_raised,
    another_seed_used, trust_of_the_run_lowered, option_left_out,
]  # fmt: skip


@pytest.mark.parametrize("tell", LIES, ids=lambda f: f.__name__)
def test_a_lie_about_the_lots_is_found(
    run: Path, tell: Callable[[Record, Record], None], tmp_path: Path
) -> None:
    """Sealed again by an honest packer, it still fails where the draw is checked."""
    for path in [p for p in run.rglob("*") if p.is_file()]:
        target = tmp_path / path.relative_to(run)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    record = json.loads((tmp_path / "draw.json").read_bytes())
    header = json.loads((tmp_path / "run.json").read_bytes())
    tell(record, header)
    text = canonical_json(record)
    (tmp_path / "draw.json").write_bytes(text)
    if "lots" in header["options"]:
        header["options"]["lots"] = digest(text)
    (tmp_path / "run.json").write_bytes(canonical_json(header))

    assert "root" in {f.code for f in cg.verify(tmp_path).findings}
    reseal(tmp_path)
    assert "draw" in {f.code for f in cg.verify(tmp_path).findings}


def test_the_record_may_not_be_missing(run: Path, tmp_path: Path) -> None:
    """A run that claims parties without their record is rejected."""
    for path in [p for p in run.rglob("*") if p.is_file() and p.name != "draw.json"]:
        target = tmp_path / path.relative_to(run)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    reseal(tmp_path)
    assert "draw" in {f.code for f in cg.verify(tmp_path).findings}


def test_the_three_commands_make_a_draw_that_solve_takes(tmp_path: Path) -> None:
    """commit, reveal, check by three parties on the sample week."""

    def call(*words: object, code: int = 0) -> str:
        result = CliRunner().invoke(cli, [str(w) for w in words])
        assert result.exit_code == code, result.output
        return result.stdout

    public, private = [], []
    for party in PARTIES:
        public.append(tmp_path / f"{party}.json")
        private.append(tmp_path / f"{party}.secret.json")
        call("draw", "commit", "riverside", "-p", "efficient", "--party", party,
             "-o", public[-1], "--secret", private[-1])  # fmt: skip
    assert private[0].stat().st_mode & 0o077 == 0
    record = tmp_path / "lots.json"
    call("draw", "reveal", *public, *private[:2], "-o", record, "--json")
    answer = json.loads(call("draw", "check", record, "riverside", "-p", "efficient", "--json"))
    assert answer["missing"] == ["FIRM"]
    assert not answer["impartial"]
    assert "for another card" in call("draw", "check", record, "riverside", "-p",
                                      "needs-first", code=7)  # fmt: skip
    call("draw", "reveal", public[0], private[1], "-o", tmp_path / "no.json", code=3)
