"""Repairs of a conflict: what each changes, that it mends, and that less does not (S16.6)."""

from __future__ import annotations

import csv
import io
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from .. import measures, planless
from ..case import number
from . import reaching
from .chains import AnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading import RunFolder
    from .chains import Asked

FIELDS = frozenset(
    ["kind", "target", "part", "size", "before", "after", "owner", "least", "values"]
)
KINDS = {"volunteers": "volunteer_id", "funds": "fund_id", "spaces": "space_id",
         "services": "service_id"}  # fmt: skip
NUMBERS = ("at_least", "at_most", "at_least_percent", "at_most_percent")
TERMS = ("purposes", "cost_types", "groups", "areas", "spend_from", "spend_until")
TWINS = (
    ("credentials", "volunteer_id"), ("availability", "resource_id"), ("affinities", "resource_id"),
)  # fmt: skip
Row = dict[str, str]


def claim(opened: RunFolder, told: dict[str, Any], asked: list[Asked]) -> dict[str, Any]:
    """Give what the weighings prove of the repairs told, each by its own edits, in their rank."""
    if opened.run["termination"] != planless.PROVED:
        raise AnswerError("answer", "the run has no conflict that is proved")
    weighed = list(zip(told["weighings"], asked, strict=True))
    tables = _tables(opened)
    free = _free(opened, weighed) if "free" in told["claim"] else None
    found, ranks = [], []
    for line in told["claim"]["repairs"]:
        if set(line) - {"others"} != FIELDS or (free is None and "others" in line):
            raise AnswerError("unknown", "repair")
        size = number(line["size"])
        if size > 1 and line["part"] == "twin" and size > _edited(weighed):
            raise AnswerError("answer_edit", line["target"])
        proof, at = _taken(weighed, _edits(opened, tables, line, size))
        if not at.planned or proof["ask"] or size < 1:
            raise AnswerError("answer_plan", line["target"])
        least = size == 1 or _refuted(weighed, _edits(opened, tables, line, size - 1))
        found.append({**line, **_own(opened, tables, line, size), "least": least,
                      "values": _values(at)})  # fmt: skip
        if free is not None and "others" in line:
            found[-1]["others"] = _others(free, at)
        ranks.append(_rank(opened, line, at))
    if weighed or ranks != sorted(ranks):
        raise AnswerError("answer_claim", "order")
    head = {} if free is None else {"free": {"values": _values(free), "exact": _exact(free)}}
    return head | {"repairs": found}


def _free(opened: RunFolder, weighed: list[Any]) -> Asked:
    """Take the plan that repairs are held against: all clauses of the conflict are lifted."""
    clauses = (opened.certificate or {})["detail"]["conflict"]["clauses"]
    proof, at = _taken(weighed, [["lift", clause] for clause in clauses])
    if not at.planned or proof["ask"]:
        raise AnswerError("answer_plan", "free")
    found: Asked = at
    return found


def _exact(at: Asked) -> str:
    """Count the goals, from the first, on which no plan reaches more than this one."""
    if reaching.gives(at.priced):
        return "0"
    pairs = zip(at.ceilings, at.targets, strict=False)
    return str(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _others(free: Asked, at: Asked) -> dict[str, Any]:
    """Name what a plan leaves out that the free plan serves, the other way round, and points."""
    dropped, gained = sorted(free.served - at.served), sorted(at.served - free.served)
    return {"dropped": dropped, "loss": _points(free, dropped),
            "gained": gained, "gain": _points(free, gained), "exact": _exact(at)}  # fmt: skip


def _points(at: Asked, demands: list[str]) -> str:
    """Give the points of some demands (S8.1)."""
    facts, rule = at.priced.facts, at.priced.card.points
    return str(sum(measures.points(rule, facts.demands[d]) for d in demands))


def _edited(weighed: list[Any]) -> int:
    """Give how many edits the next weighing holds: no fewer than the twins they add."""
    return len(weighed[0][0]["edits"]) if weighed else 0


def _taken(weighed: list[Any], edits: list[Any]) -> Any:
    """Take the next weighing, which must be of these edits."""
    if not weighed or weighed[0][0]["edits"] != edits:
        raise AnswerError("answer_edit", str(edits)[:100])
    return weighed.pop(0)


def _refuted(weighed: list[Any], edits: list[Any]) -> bool:
    """Tell whether the next weighing is of these edits and proves that no plan is left."""
    if not weighed or weighed[0][0]["edits"] != edits:
        return False
    proof, at = weighed.pop(0)
    return proof["plan"] is None and not proof["ask"] and at.ceilings == [None]


def _own(
    opened: RunFolder, tables: dict[str, list[Row]], line: dict[str, Any], size: int
) -> dict[str, str]:
    """Give who may grant a change, and its numbers."""
    if line["kind"] == "clause":
        clause = next(c for c in opened.card["clause"] if c["id"] == line["target"])
        owner, before = str(clause.get("owner") or ""), clause.get(line["part"], "")
        sign = -1 if line["part"].startswith("at_least") else 1
    else:
        row = _resource(tables, line["target"])[1]
        owner, before, sign = row["actor_id"], row.get(line["part"], ""), 1
        if line["kind"] == "earmark":
            before = ""
    sized = line["part"] not in ("lift", "twin") and line["kind"] != "earmark"
    after = str(int(before) + sign * size) if sized else ""
    return {"owner": owner, "before": str(before) if sized else "", "after": after}


def _edits(
    opened: RunFolder, tables: dict[str, list[Row]], line: dict[str, Any], size: int
) -> list[Any]:
    """Give the edits of a change of a size (S16.6)."""
    kind, target, part = line["kind"], line["target"], line["part"]
    after = _own(opened, tables, line, size)["after"]
    if kind == "clause" and part == "lift":
        return [["lift", target]]
    if kind == "clause" and part in NUMBERS:
        return [["clause", target, part, after]]
    table, _ = _resource(tables, target)
    if kind == "earmark" and table == "funds" and part in TERMS:
        return [["set", table, [target], part, ""]]
    if kind == "unit" and part == "twin" and table in ("volunteers", "spaces"):
        return [e for k in range(1, size + 1) for e in _twin(tables, table, target, k)]
    if (kind, table, part) in (("amount", "funds", "amount"), ("unit", "services", "capacity")):
        return [["set", table, [target], part, after]]
    raise AnswerError("unknown", f"{kind} {part}")


def _twin(tables: dict[str, list[Row]], table: str, name: str, count: int) -> Iterator[Any]:
    """Add a person or room like another, with its own credentials, times and affinities."""
    fresh = f"{name}+{count}"
    _, row = _resource(tables, name)
    cells = _filled(row) | {KINDS[table]: fresh}
    cells.pop("part_of", None)
    yield ["add", table, cells]
    for other, column in TWINS:
        for row in tables.get(other, []):
            if row[column] == name:
                yield ["add", other, _filled(row) | {column: fresh}]
    for row in tables.get("agreements", []):
        if row["resource_id"] == name:
            named = {"agreement_id": f"{row['agreement_id']}+{fresh}", "resource_id": fresh}
            yield ["add", "agreements", _filled(row) | named]


def _values(at: Asked) -> list[str]:
    """Give what the plan of a repair reaches at each goal, as the card states it."""
    found = []
    for stage, target in zip(at.priced.stages, at.targets, strict=True):
        whole = target + stage.constant
        found.append(str(-whole if stage.sense == "minimise" else whole))
    return found


def _rank(opened: RunFolder, line: dict[str, Any], at: Asked) -> Any:
    """Give the rank of a repair: what the card says it costs, then what the goals reach."""
    costs = opened.card.get("change_costs", {})
    reached = [
        -(target + stage.constant)
        for stage, target in zip(at.priced.stages, at.targets, strict=True)
    ]
    return [costs.get(line["kind"], 1), reached, line["kind"], line["target"], line["part"]]


def _tables(opened: RunFolder) -> dict[str, list[Row]]:
    """Read the tables that changes are made of, cells as text."""
    found = {}
    for name in (*KINDS, "credentials", "availability", "affinities", "agreements"):
        path = opened.folder / "inputs" / f"{name}.csv"
        if path.is_file():
            text = path.read_text("utf-8")
            found[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    return found


def _resource(tables: dict[str, list[Row]], name: str) -> tuple[str, Row]:
    """Give the table and the row of a resource."""
    for table, column in KINDS.items():
        for row in tables.get(table, []):
            if row[column] == name:
                return table, row
    raise AnswerError("answer", name)


def _filled(row: Row) -> Row:
    return {column: cell for column, cell in row.items() if cell}
