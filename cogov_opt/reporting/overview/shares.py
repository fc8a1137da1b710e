"""Who got what: by group, by area, by actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.explaining.answers import about, line_text
from cogov_opt.measuring import Share
from cogov_opt.reporting.overview.parts import ActorAccount, DemandAccount, Named, ShareRow
from cogov_opt.reporting.view import View


def rows(
    demands: Iterable[DemandAccount], key: Callable[[DemandAccount], Named]
) -> tuple[ShareRow, ...]:
    """Give a row for each value of a key, by name; demands without one come last."""
    found: dict[Named, list[DemandAccount]] = {}
    for demand in demands:
        found.setdefault(key(demand), []).append(demand)
    ordered = sorted(found, key=lambda named: (not named.id, named.name, named.id))
    return tuple(_row(named, found[named]) for named in ordered)


def _row(named: Named, members: Sequence[DemandAccount]) -> ShareRow:
    """Add up the demands of one group, area or actor."""
    served = [d for d in members if d.served]
    return ShareRow(
        of=named,
        demands=Share(len(members), len(served)),
        people=Share(sum(d.people for d in members), sum(d.reached for d in members)),
        points=Share(sum(d.points for d in members), sum(d.points for d in served)),
        attendances=sum(d.attendances for d in served),
        money=sum(d.money for d in served),
        members=tuple(members),
    )


def actor_accounts(view: View) -> tuple[ActorAccount, ...]:
    """Give what each actor that asked, got or gave anything asked, got and gave."""
    found = (_account(view, row) for row in view.run.table("actors"))
    return tuple(a for a in found if a.asked or any(a.gave.values()) or any(a.got.values()))


def _account(view: View, row: dict[str, str]) -> ActorAccount:
    actor = row["actor_id"]
    asked = [d for d in view.run.table("demands") if d["actor_id"] == actor]
    lines = about(view.run, actor).lines
    return ActorAccount(
        actor=Named(actor, view.name(actor)),
        kind=view.word(f"word.{row['kind']}", row["kind"]),
        asked=len(asked),
        served=sum(1 for d in asked if d["demand_id"] in view.served),
        gave=_units(view, "giver", actor),
        got=_units(view, "taker", actor),
        sentences=tuple(line_text(x, view.run, view.names, view.language) for x in lines),
    )


def _units(view: View, column: str, actor: str) -> dict[str, int]:
    """Add up what an actor gave or got, by kind of resource."""
    found = dict.fromkeys(RESOURCE_KINDS, 0)
    for row in view.run.allocation:
        if row[column] == actor and row["kind"]:
            found[row["kind"]] += int(row["quantity"])
    return found
