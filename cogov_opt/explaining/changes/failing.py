"""Changes that mend what a resource fails: skills, agreements, what money may pay (S16.5)."""

from __future__ import annotations

from collections.abc import Iterator

from cogov_opt.domain.requirements import parse_requirement
from cogov_opt.domain.tables import RESOURCE_KINDS
from cogov_opt.explaining.asking.edits import Edit
from cogov_opt.explaining.changes.change import Change, Family
from cogov_opt.explaining.why_not import Asked

PERSONAL = frozenset({"skill", "level", "credential", "credential_expired", "language", "feature"})
"""What a person can learn or be given."""
OF_MONEY = {"purpose": "purposes", "cost_type": "cost_types", "group": "groups", "area": "areas"}
"""The tests of money that its giver can relax, and the columns they read."""
TIED = frozenset({*OF_MONEY, "period"})
CODED = {"skill": "skills", "language": "languages", "tag": "tags"}
NEW = "NEW"


def _pairs(about: Asked, demand: str, kind: str) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """List need, option, resource and failing tests of every pair of a kind for a demand."""
    instance, facts = about.decision.instance, about.plan.facts
    place = RESOURCE_KINDS.index(kind)
    row = instance.demands.index[demand]
    of_demand = facts.options.of_demand
    for need in instance.needs_of.row(row).tolist():
        if int(facts.need_kind[need]) != place:
            continue
        for option in range(int(of_demand[row]), int(of_demand[row + 1])):
            masks = about.failures.masks(need, option)
            for at, resource in enumerate(instance.resources.ids[instance.resources.span(kind)]):
                tests = frozenset(t for t, mask in masks.items() if mask[at])
                yield instance.needs.ids[need], instance.options.ids[option], resource, tests


def skill_family(about: Asked, demand: str) -> Family:
    """Give a person what they lack for one need, where that is all they lack."""
    needs, people = about.run.by_id("needs"), about.run.by_id("volunteers")
    found: dict[str, Change] = {}
    for need, _, person, tests in _pairs(about, demand, "volunteer"):
        if tests and tests <= PERSONAL:
            edits, codes = _taught(about, people[person], needs[need]["requires"])
            key = f"{person} {' '.join(codes)}"
            if edits:
                found.setdefault(
                    key,
                    Change("skill", person, edits, people[person]["actor_id"], {"codes": codes}),
                )
    return Family("skill", _mergeable(list(found.values())))


def _mergeable(changes: list[Change]) -> list[Change]:
    """Keep one change a person that covers the most: edits of one cell cannot stand twice."""
    best: dict[str, Change] = {}
    for change in changes:
        kept = best.get(change.target)
        if kept is None or len(change.values["codes"]) < len(kept.values["codes"]):
            best[change.target] = change
    return list(best.values())


def _taught(about: Asked, person: dict[str, str], requires: str) -> tuple[list[Edit], list[str]]:
    """Give the edits by which a person holds the first alternative of each item they fail."""
    name = person["volunteer_id"]
    cells = {c: [x for x in person[c].split(";") if x] for c in CODED.values()}
    touched: dict[str, None] = {}
    edits: list[Edit] = []
    codes: list[str] = []
    for item in parse_requirement(requires):
        atom = item[0]
        if atom.negated or atom.is_seats:
            continue
        vocabulary = _vocabulary(about, atom.code)
        if vocabulary == "credential":
            if not _holds_credential(about, name, atom.code):
                row = {"volunteer_id": name, "credential": atom.code}
                edits.append(["add", "credentials", row])
                codes.append(atom.code)
            continue
        column = CODED[vocabulary]
        if not _holds(cells[column], atom.code, atom.level):
            cells[column] = [x for x in cells[column] if x.partition(":")[0] != atom.code]
            cells[column].append(atom.code if atom.level <= 1 else f"{atom.code}:{atom.level}")
            touched[column] = None
            codes.append(atom.code)
    taught = [["set", "volunteers", [name], c, ";".join(sorted(cells[c]))] for c in touched]
    return [*edits, *taught], codes


def _vocabulary(about: Asked, code: str) -> str:
    """Find the vocabulary of a code a need of volunteers may ask for (S4.3)."""
    held = about.plan.facts.code_index
    return next(v for v in ("skill", "credential", "language", "tag") if (v, code) in held)


def _holds(cells: list[str], code: str, level: int) -> bool:
    """Tell whether a list of codes holds one at a level."""
    for cell in cells:
        name, _, at = cell.partition(":")
        if name == code and int(at or 1) >= level:
            return True
    return False


def _holds_credential(about: Asked, person: str, code: str) -> bool:
    """Tell whether a person holds a credential without end; any other is renewed."""
    return any(
        (r["volunteer_id"], r["credential"]) == (person, code)
        and not r["valid_from"] and not r["valid_until"]
        for r in about.run.table("credentials")
    )  # fmt: skip


def agreement_family(about: Asked, demand: str) -> Family:
    """Let the performer use what a giver has of a kind, where an agreement is all that lacks."""
    row = about.run.by_id("demands")[demand]
    performer = row["performer_id"] or row["actor_id"]
    instance = about.decision.instance
    actors = instance.actors.ids
    found: dict[tuple[str, str], Change] = {}
    for kind in ("volunteer", "space", "service"):
        for _, _, resource, tests in _pairs(about, demand, kind):
            if tests != {"agreement"}:
                continue
            place = instance.resources.ids.index(resource)
            giver = actors[int(instance.resources.actor[place])]
            told = {
                "agreement_id": f"{NEW}-{giver}-{kind}", "giver_id": giver, "taker_id": performer,
                "kind": kind, "reference": NEW,
            }  # fmt: skip
            found.setdefault(
                (giver, kind),
                Change("agreement", f"{giver} {kind}", [["add", "agreements", told]], giver,
                       {"giver": giver, "taker": performer, "kinds": [kind]}),
            )  # fmt: skip
    return Family("agreement", list(found.values()))


def earmark_family(about: Asked, demand: str) -> Family:
    """Let a fund pay for the demand, where what it is tied to is all that is in the way."""
    found: dict[str, Change] = {}
    needs, funds = about.run.by_id("needs"), about.run.by_id("funds")
    row = about.run.by_id("demands")[demand]
    for need, _, fund, tests in _pairs(about, demand, "fund"):
        if not tests or not tests <= TIED or fund in found:
            continue
        asks = {
            "purpose": row["purpose"], "group": row["group"], "area": row["area"],
            "cost_type": needs[need]["cost_type"],
        }  # fmt: skip
        edits: list[Edit] = []
        for test, column in OF_MONEY.items():
            if test in tests:
                cells = {x for x in funds[fund][column].split(";") if x} | {asks[test]}
                wider = "" if not asks[test] else ";".join(sorted(cells))
                edits.append(["set", "funds", [fund], column, wider])
        if "period" in tests:
            edits += [["set", "funds", [fund], c, ""] for c in ("spend_from", "spend_until")]
        owner = funds[fund]["actor_id"]
        found[fund] = Change("earmark", fund, edits, owner, {"tests": sorted(tests)})
    return Family("earmark", list(found.values()))
