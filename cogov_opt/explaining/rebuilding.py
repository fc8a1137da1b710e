"""A decision, rebuilt from its run alone: instance, formulation, plan and prices as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov_opt.checking import check
from cogov_opt.domain.branching import Tree
from cogov_opt.domain.certificate import (
    Certificate,
    Forest,
    StageCertificate,
    Trace,
    TraceStep,
)
from cogov_opt.domain.decision import Decision, Draw, Outcome, Termination
from cogov_opt.domain.formulation import Formulation, Key, Stage
from cogov_opt.domain.instance import Instance, IntArray
from cogov_opt.domain.loaded import Source, Table, Tables, TextColumn
from cogov_opt.domain.policy import Policy
from cogov_opt.domain.tables import contracts
from cogov_opt.errors import RecordError
from cogov_opt.explaining.subjects import softened
from cogov_opt.formulating import formulate
from cogov_opt.formulating.completion import allocation_of
from cogov_opt.loading import load_policy_text
from cogov_opt.proving.faces import tied_columns
from cogov_opt.proving.parts import AtStage, at_stages
from cogov_opt.proving.regrets import FlowPlan
from cogov_opt.recording import Run
from cogov_opt.recording.trees import tree_of_entry
from cogov_opt.solving import exact
from cogov_opt.solving.stages import floor_of

Row = Mapping[str, str]
OUTSIDE = "outside"


def decision_of(run: Run) -> Decision:
    """
    Give the decision that a run records, from the files of the run alone.

    Its formulation is built anew from inputs/ and policy.toml; plan, prices and draw are read.
    What was found on the way (a solver's claims, times) is not part of it.

    Raises
    ------
    RecordError
        The files do not make a decision together: the run was edited, or is of another version.
    """
    instance, policy = checked_inputs(tables_of(run), policy_of(run))
    formulation = formulate(instance, policy)
    header = run.header
    try:
        vector = vector_of(formulation, run.allocation) if run.has_plan else None
        evidence = _evidence(run, formulation, vector)
    except (KeyError, ValueError, IndexError) as error:
        raise RecordError(f"{run.path or 'the run'}: plan and prices do not fit: {error}") from None
    draw = header["draw"]
    return Decision(
        instance,
        policy,
        formulation,
        Outcome(
            Termination(header["termination"]),
            None if vector is None else allocation_of(formulation, vector),
            vector,
            str(header.get("route", "")),
        ),
        evidence,
        None if draw is None else Draw(**draw),
        header["strategy"],
        header["options"],
        lots=run.lots if "draw.json" in run.files else None,
    )


def flow_plan_of(decision: Decision) -> FlowPlan | None:
    """
    Give the faces of a decision of the flow route; None for any other.

    Raises
    ------
    RecordError
        The plan is not the best there is: it is not what the flow route decided.
    """
    try:
        return FlowPlan.of_decision(decision)
    except ValueError as error:
        raise RecordError("the run's plan is not the best there is: it was edited") from error


def tables_of(run: Run) -> Tables:
    """Give the canonical inputs of a run as loaded tables: minor units, ids trusted."""
    found = {name: table_of(name, run.table(name)) for name in contracts() if run.table(name)}
    return Tables(
        package=run.package, tables=found, source=str(run.path or run.run_id), units="minor",
        trusted_ids=True,
    )  # fmt: skip


def table_of(name: str, rows: Sequence[Row]) -> Table:
    """Give rows of a canonical table as a loaded one."""
    columns = {c: TextColumn.of([row[c] for row in rows]) for c in rows[0]}
    return Table(name, columns, Source(f"inputs/{name}.csv"))


def policy_of(run: Run) -> Policy:
    """Give the card of a run, with the clauses that were made soft for it."""
    card = load_policy_text(run.files["policy.toml"].decode("utf-8"))
    return card.softened(softened(run))


def checked_inputs(tables: Tables, policy: Policy) -> tuple[Instance, Policy]:
    """Check tables under a card."""
    return check(tables, policy), policy


def vector_of(formulation: Formulation, rows: Sequence[Row]) -> IntArray:
    """Give the full vector of the rows of an allocation.csv; KeyError for a column unknown."""
    index = formulation.columns.index
    x = np.zeros(len(formulation.columns), dtype=np.int64)
    for row in rows:
        x[index["y", row["demand"], row["option"]]] = 1
        for key in _columns_of(row):
            x[index[key]] += int(row["quantity"])
    return formulation.completed(x)


def _columns_of(row: Row) -> list[Key]:
    """Name the columns that one row of an allocation counts in (S13.1)."""
    if not row["need"]:
        return []
    place = (row["need"], row["option"])
    found: list[Key] = []
    if row["kind"] == "fund" and row["buys"] == OUTSIDE:
        found.append(("bought", *place))
    if row["resource"]:
        return [*found, ("x", row["need"], row["resource"], row["option"], row["agreement"])]
    return [*found, ("own", *place)]


def _evidence(
    run: Run, formulation: Formulation, vector: IntArray | None
) -> Certificate | Trace | None:
    """Give what the decision rests on: prices, a trace, or nothing where there is no plan."""
    if vector is None:
        return None
    if "trace.jsonl" in run.files:
        return _trace(run)
    told = run.certificate
    stages: list[StageCertificate] = []
    system = formulation
    for place, line in enumerate(told["stages"]):
        stage = formulation.stages[place]
        plan = told["plans"][place] if told.get("plans") else None
        found = replace(_stage(system, stage, line), own=_own(formulation, stage, vector, plan))
        stages.append(found)
        if "parts" in line.get("tree", {}):
            begun = replace(formulation, stages=formulation.stages[: place + 1])
            *_, at = at_stages(begun, Certificate(tuple(stages)))
            stages[place] = replace(found, tree=_forest(at, line["tree"]))
        system = system.with_stage_row(stage, floor_of(stage, found.value - stage.constant))
    tied = _tied(formulation, vector) if "ties" in told else None
    return Certificate(tuple(stages), before_draw=_before(formulation, vector, told), tied=tied)


def _tied(formulation: Formulation, vector: IntArray) -> NDArray[np.bool_] | None:
    """Give every tie of a flow's plan, found anew; ValueError where it is not the best (S10.7)."""
    flow = FlowPlan.of(formulation, vector)
    if flow is None:
        return None
    return tied_columns(formulation, flow.network, flow.flow, flow.faces[-1].after)


def _stage(system: Formulation, stage: Stage, told: Mapping[str, Any]) -> StageCertificate:
    """Read one stage; its reduced values are worked out anew from its prices (S10.1)."""
    scale = int(told["scale"])
    prices = prices_on(system, told["prices"])
    priced = exact.priced(system, stage.costs, prices, scale)
    value, published, bound = (
        stage.stated(int(told[name])) for name in ("value", "published", "bound")
    )
    return StageCertificate(
        index=stage.index,
        scale=scale,
        prices=priced.prices,
        row_keys=tuple(system.rows.key(i) for i in range(len(system.rows))),
        reduced=priced.reduced,
        bound_scaled=int(told["bound_scaled"]),
        excess=int(told["excess"]),
        taken_back=int(told["taken_back"]),
        step=exact.step(stage.costs),
        optimal=bool(told["optimal"]),
        conditional=bool(told["conditional"]),
        shares=tuple((tuple(key), int(share)) for key, share in told["shares"]),
        rounding=int(told["rounding"]),
        value=value,
        published=published,
        bound=bound,
        tree=_tree(system, stage, value, told),
    )


def _own(
    formulation: Formulation, stage: Stage, vector: IntArray, told: Sequence[Any] | None
) -> IntArray:
    """Give a stage's own plan: the one that is told, if it is worth more than the published."""
    if told is None:
        return vector
    own = filled(formulation, told, np.zeros_like(vector))
    return own if exact.value(stage.costs, own) > exact.value(stage.costs, vector) else vector


def _forest(at: AtStage, told: Mapping[str, Any]) -> Forest:
    """Read the trees of the parts a stage falls into (S10.13)."""
    trees = {}
    for entry in told["parts"]:
        part = at.parts.part_of(entry["part"])
        asked = at.parts.question(part)
        indexes = asked.system.rows.index, asked.system.columns.index
        trees[part] = tree_of_entry(entry, *indexes, asked.stage, asked.value)
    return at.parts.forest(trees)


def _tree(system: Formulation, stage: Stage, value: int, told: Mapping[str, Any]) -> Tree | None:
    """Read the branch tree of a stage, if it has one (S10.6)."""
    if "tree" not in told or "parts" in told["tree"]:
        return None
    indexes = system.rows.index, system.columns.index
    return tree_of_entry(told["tree"], *indexes, stage, value - stage.constant)


def prices_on(system: Formulation, told: Sequence[Sequence[Any]]) -> IntArray:
    """Give prices by key as one number a row; rows the formulation does not have are left out."""
    index = system.rows.index
    found = np.zeros(len(system.rows), dtype=object)
    for key, price in told:
        row = index.get(tuple(key))
        if row is not None:
            found[row] = int(price)
    small = max((abs(v) for v in found.tolist()), default=0) < 2**62
    return found.astype(np.int64) if small else found


def _before(formulation: Formulation, vector: IntArray, told: Mapping[str, Any]) -> IntArray | None:
    """Give the plan before the draw: the published one with the columns the draw changed."""
    if "before_draw" not in told:
        return None
    return formulation.completed(filled(formulation, told["before_draw"], vector.copy()))


def filled(formulation: Formulation, pairs: Sequence[Sequence[Any]], vector: IntArray) -> IntArray:
    """Put the numbers of [[column key, number]...] in their places of a vector; give it."""
    index = formulation.columns.index
    for key, number in pairs:
        vector[index[tuple(key)]] = int(number)
    return vector


def _trace(run: Run) -> Trace:
    """Read the steps of a procedure."""
    steps = []
    for line in run.trace:
        numbers = {k: v for k, v in line.items() if isinstance(v, int) and k != "step"}
        steps.append(
            TraceStep(line["step"], line["demand"], line["verdict"], numbers, tuple(line["tie"]))
        )
    breaks = tuple((str(c), tuple(k)) for c, k in run.header["breaks"])
    return Trace(run.header["strategy"], tuple(steps), breaks)
