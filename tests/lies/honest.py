"""
What an honest packer writes for the same inputs, card, plan and prices: the judge of other runs.

An edited run that the verifier accepts must be, byte for byte, the run that the deciding side
writes from its inputs, its card, its plan and its prices; whoever chose these told the truth.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import cogov_opt as cg
from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import (
    Certificate,
    Forest,
    StageCertificate,
)
from cogov_opt.domain.decision import Decision, Draw, Outcome, Proof, Termination
from cogov_opt.domain.formulation import Formulation, Key, Stage
from cogov_opt.domain.instance import IntArray
from cogov_opt.formulating import formulate
from cogov_opt.formulating.completion import allocation_of
from cogov_opt.loading import load_policy_text
from cogov_opt.proving.parts import Parts, at_stages
from cogov_opt.proving.prices import certify_with_prices
from cogov_opt.proving.trees import Published, Question
from cogov_opt.proving.trees.evaluating import tree_of
from cogov_opt.recording.reading import read_run
from cogov_opt.recording.trees import tree_of_entry
from cogov_opt.solving.release import released
from cogov_opt.solving.stages import floor_of
from cogov_opt.strategies import optimum
from cogov_opt.strategies.draws import draw_of
from cogov_opt.strategies.payments import release_order
from tests.lies.told_runs import Told, UntrueError

NOT_COMPARED = {"checkpoint", "provenance.json", "inputs/repairs.jsonl"}
PROCEDURES = {"pb_greedy", "first_come"}


def differences(folder: Path) -> list[str]:
    """Name the files in which a run differs from what an honest packer writes; none if honest."""
    told = dict(read_run(folder).files)
    right = rewritten(folder)
    names = sorted((told.keys() | right.keys()) - NOT_COMPARED)
    return [name for name in names if told.get(name) != right.get(name)]


def rewritten(folder: Path, **changes: Any) -> Mapping[str, bytes]:
    """Write the run of a folder anew from its inputs, card, plan and prices."""
    header = json.loads((folder / "run.json").read_bytes())
    policy = load_policy_text((folder / "policy.toml").read_text(encoding="utf-8"))
    instance = cg.check(cg.load(folder / "inputs"), policy)
    if header["strategy"] in PROCEDURES:
        decision = cg.allocate(
            instance, policy, strategy=header["strategy"], options=header["options"],
            isolation="none",
        )  # fmt: skip
    else:
        decision = _optimum(folder, header, instance, policy, **changes)
    return cg.record(
        cg.explain(decision), attempt=header["attempt"], supersedes=header["supersedes"]
    ).files


def _optimum(
    folder: Path,
    header: dict[str, Any],
    instance: cg.Instance,
    policy: cg.Policy,
    vector: IntArray | None = None,
    prices: list[dict[Key, int]] | None = None,
) -> Decision:
    """Give the decision a run tells of, every consequence of plan and prices worked out anew."""
    if not header["options"].keys() <= optimum.OPTIONS.keys():
        raise UntrueError("an option that optimum does not have")
    f = formulate(instance, policy)
    certificate = json.loads((folder / "certificate.json").read_bytes())
    same_plan = vector is None
    if vector is None:
        vector = _vector(f, f.columns.index, (folder / "allocation.csv").read_bytes())
    vector = _released(f, vector, instance)
    told = Told(header, certificate, f, vector, same_plan, same_plan and prices is None)
    stages = _stages(f, certificate["stages"], told.own, vector, prices, same_plan=same_plan)
    outcome = Outcome(
        Termination(header["termination"]), allocation_of(f, vector), vector, header["route"], {},
        Proof(header["proof"]) if header["proof"] else None,
    )  # fmt: skip
    draw = _draw(header | {"draw": None} if told.undrawn else header, instance, policy)
    evidence, options = told.evidence(stages), told.options()
    return Decision(instance, policy, f, outcome, evidence, draw, header["strategy"], options)


def _released(f: Formulation, vector: IntArray, instance: cg.Instance) -> IntArray:
    """Give a plan whole, its money paid in release order (S6.8); it must keep every row."""
    whole = f.completed(vector)
    if f.violated(whole):
        raise UntrueError(f"the plan breaks {f.violated(whole)[:3]}")
    return released(f, whole, release_order(instance))


def _draw(header: dict[str, Any], instance: cg.Instance, policy: cg.Policy) -> Draw | None:
    """Give the draw a run tells of; what it says of itself must be what a solve says."""
    if header["draw"] is None:
        return None
    drawn = draw_of(instance, header["options"].get("seed"))
    again = cg.allocate(instance, policy, options=header["options"], isolation="none")
    if again.draw is None or again.draw.unique != header["draw"]["unique"]:
        raise UntrueError("the draw says another thing of itself")
    return Draw(drawn.seed, drawn.trust, header["draw"]["unique"], drawn.counter)


def _stages(
    f: Formulation,
    told: list[dict[str, Any]],
    own: list[IntArray],
    vector: IntArray,
    prices: list[dict[Key, int]] | None,
    *,
    same_plan: bool,
) -> list[StageCertificate]:
    """Certify every stage by the prices that are told, or by others."""
    found: list[StageCertificate] = []
    goals: list[Published] = []
    system, conditional = f, False
    for k, stage in enumerate(f.stages):
        entry = told[k]
        chosen = {tuple(name): int(y) for name, y in entry["prices"]}
        if prices is not None:
            chosen = prices[k]
        index = system.rows.index
        whole = np.zeros(len(system.row_lower), dtype=object)
        for key, price in chosen.items():
            whole[index[key]] = price
        proof = certify_with_prices(
            system, stage, own[k] if own else vector, vector, whole, int(entry["scale"]),
            conditional=conditional,
        )  # fmt: skip
        value = proof.value - stage.constant
        goals.append(Published(stage, value, proof.prices, proof.scale))
        if same_plan and prices is None and "parts" in entry.get("tree", {}):
            begun = replace(f, stages=f.stages[: k + 1])
            *_, at = at_stages(begun, Certificate((*found, proof)))
            proof = replace(proof, tree=_forest(at.parts, entry["tree"]["parts"]))
        elif same_plan and prices is None and "tree" in entry:
            proof = replace(proof, tree=_tree(system, stage, value, goals, entry["tree"]))
        goals[-1] = replace(goals[-1], floor=floor_of(stage, value))
        found.append(proof)
        conditional = conditional or not proof.certified_optimal
        system = system.with_stage_row(stage, floor_of(stage, proof.value - stage.constant))
    return found


def _tree(
    system: Formulation, stage: Stage, value: int, goals: list[Published], told: dict[str, Any]
) -> Tree:
    """Read the tree a run tells of, and say what it proves."""
    read = tree_of_entry(told, system.rows.index, system.columns.index, stage, value)
    return tree_of(Question(system, stage, value, tuple(goals)), read.root)


def _forest(parts: Parts, told: list[dict[str, Any]]) -> Forest:
    """Read the trees of the parts a stage falls into, and say what they prove."""
    trees = {}
    for entry in told:
        part = parts.part_of(entry["part"])
        q = parts.question(part)
        at = q.system.rows.index, q.system.columns.index
        trees[part] = tree_of(q, tree_of_entry(entry, *at, q.stage, q.value).root)
    return parts.forest(trees)


def _vector(f: Formulation, at: Mapping[Key, int], data: bytes) -> IntArray:
    """Read the plan of allocation.csv as a vector (S13.1)."""
    vector = np.zeros(len(f.columns), dtype=np.int64)
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")):
        vector[at["y", row["demand"], row["option"]]] = 1
        if not row["need"]:
            continue
        units = int(row["quantity"])
        if row["resource"]:
            key = ("x", row["need"], row["resource"], row["option"], row["agreement"])
            vector[at[key]] += units
        else:
            vector[at["own", row["need"], row["option"]]] += units
        if row["buys"] == "outside":
            vector[at["bought", row["need"], row["option"]]] += units
    return vector
