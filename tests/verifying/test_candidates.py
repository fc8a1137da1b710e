"""The candidates found by index are those of the double loop over all pairs (S4)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from cogov_opt.verifying import candidates, eligibility
from cogov_opt.verifying.facts import Facts, FactsError
from cogov_opt.verifying.priced import Candidate
from tests.verifying.tiny import at, facts_of
from tests.verifying.worlds import ACTORS, CODES, worlds


def double_loop(facts: Facts) -> dict[tuple[str, str], list[Candidate]]:
    """Ask every pair at every option."""
    found: dict[tuple[str, str], list[Candidate]] = {}
    lists = candidates.of(facts)
    for need in facts.needs.values():
        demand = facts.demands[need.demand]
        for option in demand.options.values():
            here = []
            for resource in facts.resources.values():
                if resource.kind != need.kind:
                    continue
                if eligibility.failing_tests(facts, need, resource, option):
                    continue
                most = candidates.most_paid(facts, lists, need, option)
                cap = candidates.cap(facts, need, resource, most)
                cost = candidates.unit_cost(resource, option)
                here += [
                    Candidate(resource.id, g, cap, cost)
                    for g in eligibility.agreements(facts, resource, demand.performer, option.days)
                ]
            found[need.id, option.id] = sorted(here)
    return found


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_indexes_leave_out_nobody(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Every pair that passes the plain test is found, and no other (S4.1)."""
    with TemporaryDirectory() as folder:
        facts = facts_of(Path(folder), tables)
    found = {(n, o): c for n, options in candidates.of(facts).items() for o, c in options.items()}
    assert found == double_loop(facts)


def one(tmp_path: Path, **parts: Any) -> Facts:
    """A volunteer V of A, asked on Monday 09-11 by demand D of A; parts override cells."""
    tables: dict[str, list[dict[str, Any]]] = {
        "actors": ACTORS,
        "codes": CODES,
        "volunteers": [{"volunteer_id": "V", "actor_id": "A", **parts.get("volunteer", {})}],
        "availability": parts.get(
            "availability", [{"resource_id": "V", "start": at(0, "08:00"), "end": at(0, "18:00")}]
        ),
        "credentials": parts.get("credentials", []),
        "agreements": parts.get("agreements", []),
        "demands": [{"demand_id": "D", "actor_id": "A", **parts.get("demand", {})}],
        "options": [
            {"demand_id": "D", "option_id": "a", "start": at(0, "09:00"), "end": at(0, "11:00")}
        ],
        "needs": [
            {
                "need_id": "N",
                "demand_id": "D",
                "kind": "volunteer",
                "quantity": 1,
                **parts.get("need", {}),
            }
        ],
    }
    if parts.get("untimed"):
        tables["options"] = []
    return facts_of(tmp_path, tables)


HEALTH = {"volunteer_id": "V", "credential": "health"}
TESTED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"need": {"requires": "cook"}}, ["skill"]),
    ({"need": {"requires": "cook:2"}, "volunteer": {"skills": "cook"}}, ["level"]),
    ({"need": {"requires": "cook:2|drive"}, "volunteer": {"skills": "cook"}}, ["level"]),
    ({"need": {"requires": "cook|drive"}, "volunteer": {"skills": "drive"}}, []),
    ({"need": {"requires": "not:drive"}, "volunteer": {"skills": "drive"}}, ["skill"]),
    ({"need": {"requires": "health"}}, ["credential"]),
    ({"need": {"requires": "health"}, "credentials": [HEALTH]}, []),
    (
        {"need": {"requires": "health"}, "credentials": [{**HEALTH, "valid_until": "2026-09-27"}]},
        ["credential_expired"],
    ),
    (
        {"need": {"requires": "health"}, "credentials": [{**HEALTH, "valid_until": "2026-09-28"}]},
        [],
    ),
    (
        {"need": {"requires": "health"}, "credentials": [{**HEALTH, "valid_from": "2026-09-29"}]},
        ["credential_expired"],
    ),
    ({"need": {"requires": "zh;calm"}}, ["language", "feature"]),
    ({"availability": []}, ["no_answer"]),
    ({"availability": [], "untimed": True}, []),
    (
        {"availability": [{"resource_id": "V", "start": at(0, "09:30"), "end": at(0, "18:00")}]},
        ["availability"],
    ),
    ({"availability": [{"resource_id": "V", "start": at(0, "09:00"), "end": at(0, "11:00")}]}, []),
    ({"volunteer": {"consent_until": "2026-09-27"}}, ["consent"]),
    ({"volunteer": {"consent_until": "2026-09-28"}}, []),
    ({"volunteer": {"actor_id": "C"}}, ["agreement"]),
    ({"volunteer": {"actor_id": "B"}}, []),
    ({"demand": {"performer_id": "C"}}, ["agreement"]),
    (
        {
            "volunteer": {"actor_id": "C", "consent_until": "2026-09-27"},
            "need": {"requires": "cook"},
        },
        ["skill", "agreement", "consent"],
    ),
]


@pytest.mark.parametrize(("parts", "expected"), TESTED, ids=str)
def test_every_failing_test_is_reported(
    parts: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    """S4.3-S4.6, S4.9, in the order of S4.11."""
    facts = one(tmp_path, **parts)
    option = next(iter(facts.demands["D"].options.values()))
    found = eligibility.failing_tests(facts, facts.needs["N"], facts.resources["V"], option)
    assert found == expected


def test_silence_of_a_room_means_workdays(tmp_path: Path) -> None:
    """A space without rows is open from Monday to Friday, to the last minute of Friday (S4.5)."""
    spans = {
        "fri": (at(4, "09:00"), at(4, "10:00")), "late": (at(4, "22:00"), at(5, "00:00")),
        "over": (at(4, "22:00"), at(5, "00:01")), "sat": (at(5, "09:00"), at(5, "10:00")),
    }  # fmt: skip
    tables = {
        "spaces": [{"space_id": "R", "actor_id": "A"}],
        "demands": [{"demand_id": "D", "actor_id": "A"}],
        "options": [
            {"demand_id": "D", "option_id": o, "start": s, "end": e} for o, (s, e) in spans.items()
        ],
        "needs": [{"need_id": "N", "demand_id": "D", "kind": "space", "quantity": 1}],
    }
    for silence, expected in (
        ({}, {"fri", "late"}), ({"space": "always"}, set(spans)), ({"space": "closed"}, set()),
    ):  # fmt: skip
        facts = facts_of(tmp_path, tables, no_rows_means=silence)
        assert {o for o, found in candidates.of(facts)["N"].items() if found} == expected


def agreement(name: str, **parts: Any) -> dict[str, Any]:
    return {"agreement_id": name, "giver_id": "C", "taker_id": "A", "reference": "x", **parts}


AGREED: list[tuple[list[dict[str, Any]], str, list[str]]] = [
    ([], "A", []),
    ([agreement("G1")], "A", ["G1"]),
    ([agreement("G1")], "B", ["G1"]),
    ([agreement("G1", taker_id="B")], "A", []),
    ([agreement("G1", taker_id="*")], "B", ["G1"]),
    ([agreement("G2"), agreement("G1")], "A", ["G1"]),
    ([agreement("G1", quantity=1), agreement("G2")], "A", ["G2"]),
    ([agreement("G1", quantity=1), agreement("G2", share_percent=0)], "A", ["G1", "G2"]),
    ([agreement("G1", kind="space")], "A", []),
    ([agreement("G1", kind="volunteer")], "A", ["G1"]),
    ([agreement("G1", resource_id="V")], "A", ["G1"]),
    ([agreement("G1", resource_id="W")], "A", []),
    ([agreement("G1", valid_until="2026-09-27")], "A", []),
    ([agreement("G1", valid_from="2026-09-28", valid_until="2026-09-28")], "A", ["G1"]),
    ([agreement("G1", giver_id="B")], "A", []),
]


@pytest.mark.parametrize(("rows", "performer", "expected"), AGREED, ids=str)
def test_under_which_agreements(
    rows: list[dict[str, Any]], performer: str, expected: list[str], tmp_path: Path
) -> None:
    """S4.9: an unlimited one, lowest id first, else each limited one."""
    facts = one(
        tmp_path, volunteer={"actor_id": "C"}, demand={"performer_id": performer}, agreements=rows
    )
    assert [c.agreement for c in candidates.of(facts)["N"]["a"]] == expected


def test_a_code_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    """S4.3."""
    with pytest.raises(FactsError):
        one(tmp_path, need={"requires": "ramp"})
