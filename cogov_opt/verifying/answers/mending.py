"""Changes that mend what a resource fails, listed anew: skills, agreements, earmarks (S16.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .edits import text_of

if TYPE_CHECKING:
    from ..facts import Facts, Resource
    from .edits import Edit
    from .families import Ground

PERSONAL = frozenset({"skill", "level", "credential", "credential_expired", "language", "feature"})
OF_MONEY = {"purpose": "purposes", "cost_type": "cost_types", "group": "groups", "area": "areas"}
CODED = {"skill": "skills", "language": "languages", "tag": "tags"}
Listed = list[tuple[str, list["Edit"]]]


def skills(at: Ground) -> Listed:
    """For each person that lacks only what can be learnt: the fewest codes that mend one need."""
    best: dict[str, tuple[int, list[Edit]]] = {}
    for need, _, person, tests in at.pairs("volunteer"):
        if not tests or not tests <= PERSONAL:
            continue
        count, edits = _taught(at.facts, person, need.requires)
        if edits and (person.id not in best or count < best[person.id][0]):
            best[person.id] = (count, edits)
    return [(name, edits) for name, (_, edits) in best.items()]


def _taught(
    facts: Facts, person: Resource, requires: tuple[tuple[str, ...], ...]
) -> tuple[int, list[Edit]]:
    """Give how many codes a person gains, and the edits: the first alternative of each item."""
    cells = {column: list(person.row[column]) for column in CODED.values()}
    count, touched = 0, []
    edits: list[Edit] = []
    for item in requires:
        word, _, level = item[0].partition(":")
        if word in {"not", "seats"}:
            continue
        vocabulary = next(v for v in ("skill", "credential", "language", "tag")
                          if word in facts.codes.get(v, {}))  # fmt: skip
        if vocabulary == "credential":
            if (0, 10**7) not in person.credentials.get(word, []):
                edits.append(
                    ["add", "credentials", {"volunteer_id": person.id, "credential": word}]
                )
                count += 1
            continue
        column = CODED[vocabulary]
        held = [int(c.partition(":")[2] or 1) for c in cells[column] if c.partition(":")[0] == word]
        if not any(h >= int(level or 1) for h in held):
            cells[column] = [c for c in cells[column] if c.partition(":")[0] != word]
            cells[column].append(word if int(level or 1) <= 1 else f"{word}:{level}")
            count += 1
            if column not in touched:
                touched.append(column)
    taught = [["set", "volunteers", [person.id], c, ";".join(sorted(cells[c]))] for c in touched]
    return count, [*edits, *taught]


def agreements(at: Ground) -> Listed:
    """For each giver and kind where an agreement is all that lacks: an unlimited one."""
    performer = at.facts.demands[at.demand].performer
    found: dict[str, list[Edit]] = {}
    for kind in ("volunteer", "space", "service"):
        for _, _, resource, tests in at.pairs(kind):
            if tests == {"agreement"}:
                giver = resource.actor
                row = {
                    "agreement_id": f"NEW-{giver}-{kind}", "giver_id": giver,
                    "taker_id": performer, "kind": kind, "reference": "NEW",
                }  # fmt: skip
                found.setdefault(f"{giver} {kind}", [["add", "agreements", row]])
    return list(found.items())


def earmarks(at: Ground) -> Listed:
    """For each fund that only its ties keep away: the first need and option it may then pay."""
    asked = at.facts.demands[at.demand].row
    found: dict[str, list[Edit]] = {}
    for need, _, fund, tests in at.pairs("fund"):
        if not tests or not tests <= {*OF_MONEY, "period"} or fund.id in found:
            continue
        edits: list[Edit] = []
        for test, column in OF_MONEY.items():
            code = need.row["cost_type"] if test == "cost_type" else asked.get(test)
            if test in tests:
                cells = {*fund.row[column], code} if code else set()
                edits.append(["set", "funds", [fund.id], column, text_of(tuple(sorted(cells)))])
        if "period" in tests:
            edits += [["set", "funds", [fund.id], c, ""] for c in ("spend_from", "spend_until")]
        found[fund.id] = edits
    return list(found.items())
