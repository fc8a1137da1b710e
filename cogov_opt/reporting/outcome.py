"""How a decision came about and ended: card, goals, certainty, totals (part of the summary)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogov_opt.explaining.goals import stage_unit, terms_text
from cogov_opt.explaining.lots import share_line, trust_words
from cogov_opt.explaining.names import one_language
from cogov_opt.explaining.subjects import softened
from cogov_opt.phrases.columns import pad, width, wrap
from cogov_opt.reporting.worth import points
from cogov_opt.units import money_text

if TYPE_CHECKING:
    from cogov_opt.reporting.view import View

OPEN_NAMED = 3
"""So many places are named where what is open lies."""
CUT_SHORT = ("limit", "cancelled")
"""How a proof may end before its work is done."""
SUBJECT_AT = {"y": 1, "x": 2, "award": 1, "law.capacity": 2, "law.no_overlap": 1}
"""Where the keys of columns and rows name a demand or resource."""


def facts(view: View, pairs: list[tuple[str, str]]) -> list[str]:
    """Set names and values in two columns."""
    places = max(width(name) for name, _ in pairs)
    hang = " " * (places + 4)
    lines: list[str] = []
    for name, value in pairs:
        lines.extend(wrap(value, view.places, f"  {pad(name, places)}  ", hang))
    return lines


def result_lines(view: View) -> list[str]:
    """Say under which card, set by whom, what came out, and how it ended."""
    lines = facts(view, result_facts(view))
    return lines if view.run.has_plan else [f"  {view.label('no_plan')}", *lines]


def result_facts(view: View) -> list[tuple[str, str]]:
    """Give what came out, under which card, and how it ended, as names and values."""
    header, card = view.run.header, view.run.header["card"]
    title = view.card.get("title", {})
    status = view.word(f"card_status.{card['status']}", card["status"])
    named = title.get(view.language) or next(iter(title.values()), "") if title else ""
    line = view.label("card_line", **{**card, "status": status, "title": named})
    authority = one_language(view.card.get("authority", ""), view.language)
    by = view.label("set_by", owner=authority) if authority else view.label("no_authority")
    way = view.word(f"strategy.{header['strategy']}", header["strategy"])
    return [
        *_served(view),
        (view.label("card"), f"{line}{view.label('semicolon')}{by}"),
        (view.label("way"), way),
        (view.label("ended"), view.say(f"termination.{_ended(header)}")),
        *_softened(view),
        *_draw(view),
        *_conflict(view),
    ]


def _softened(view: View) -> list[tuple[str, str]]:
    """Name the clauses that were made soft for this run."""
    found = softened(view.run)
    items = [
        view.say("soften.item", id=c, owner=_owner(view, c), penalty=f"{p:,}")
        for c, p in found.items()
    ]
    if not items:
        return []
    listed = view.label("list_comma").join(items)
    return [(view.say("soften.name"), view.say("soften.line", list=listed))]


def _conflict(view: View) -> list[tuple[str, str]]:
    """Name the clauses whose rows together prove that there is no plan."""
    if view.run.header["termination"] != "infeasible":
        return []
    proof = view.run.certificate.get("detail", {}).get("farkas", [])
    found = dict.fromkeys(key[0] for key, _ in proof if key[0] in view.clauses)
    if not proof:
        return []
    comma = view.label("list_comma")
    told = [view.label("conflict_clause", id=c, owner=_owner(view, c)) for c in found]
    listed = comma.join(told) if told else view.label("conflict_law")
    return [(view.label("conflict"), view.label("conflict_line", list=listed))]


def _owner(view: View, clause: str) -> str:
    owner = view.clauses[clause].get("owner", "")
    return view.names.get(owner, owner) or view.label("no_owner")


def _ended(header: dict[str, Any]) -> str:
    """Name how it ended; a plan a solver calls best is not called proven unless it is."""
    ended, proof = str(header["termination"]), header.get("proof", "")
    if ended != "optimal" or header["all_certified"]:
        return ended
    return f"optimal_{proof}" if proof in CUT_SHORT else "optimal_open"


def _served(view: View) -> list[tuple[str, str]]:
    """Say how much is served and how much is not."""
    if not view.run.has_plan:
        return []
    worth = points(view.run, view.card)
    people = {d["demand_id"]: int(d["people"] or 0) for d in view.run.table("demands")}
    asked = {"points_asked": sum(worth.values()), "people_asked": sum(people.values())}
    numbers = {**view.run.header["totals"], **asked, "points": sum(worth[d] for d in view.served)}
    form = "line" if asked["people_asked"] else "plain"
    pairs = [(view.label("served"), view.label(f"served_{form}", **_thousands(numbers)))]
    left = people.keys() - view.served
    if left:
        numbers = {"count": len(left), "points": sum(worth[d] for d in left)}
        numbers["people"] = sum(people[d] for d in left)
        pairs.append(
            (view.label("unserved"), view.label(f"unserved_{form}", **_thousands(numbers)))
        )
    return pairs


def _thousands(numbers: dict[str, Any]) -> dict[str, str]:
    """Write whole numbers with separators."""
    return {k: f"{int(v):,}" for k, v in numbers.items()}


def _draw(view: View) -> list[tuple[str, str]]:
    draw = view.run.header.get("draw")
    if not draw:
        return []
    words = {
        "seed": draw["seed"],
        "trust": trust_words(view.run, view.language),
        "unique": view.word(f"unique.{draw['unique']}", str(draw["unique"])),
    }
    share = share_line(view.run, view.language)
    found = [(view.label("draw"), view.label("draw_line", **words))]
    return [*found, *([(view.say("lots.share"), share)] if share else [])]


def stage_lines(view: View) -> list[str]:
    """Say what each goal reached, what bound is certified, and what is merely claimed."""
    header = view.run.header
    if not header["stages"]:
        texts = procedure_texts(view)
        return [line for text in texts for line in wrap(text, view.places, "  ", "  ")]
    lines = []
    for stage in header["stages"]:
        lines.extend(wrap(goal_text(view, stage), view.places, "  ", "     "))
        text = reached_text(view, stage) + sure_text(view, stage)
        lines.extend(wrap(text, view.places, "     ", "     "))
    return lines + wrap(view.label("prices_are"), view.places, "  ", "  ")


def goal_text(view: View, stage: dict[str, Any]) -> str:
    """Name a goal: its terms and its sense."""
    terms = terms_text(stage, view.run, view.language)
    sense = view.say(f"sense.{stage['sense']}")
    return view.label("stage_goal", n=stage["index"], terms=terms, sense=sense)


def reached_text(view: View, stage: dict[str, Any]) -> str:
    """Say what the plan reaches, and what later goals took back."""
    name = "stage_reached" if stage["value"] == stage["published"] else "stage_given"
    numbers = {k: counted(view, stage, int(stage[k])) for k in ("value", "published")}
    return view.label(name, **numbers)


def sure_text(view: View, stage: dict[str, Any]) -> str:
    """Say what is proven of a goal, what the solver merely claims, and what is left open."""
    worst = "over" if stage["sense"] == "maximise" else "under"
    numbers = {k: counted(view, stage, int(stage[k])) for k in ("value", "bound", "gap")}
    before = "as_before" if stage["conditional"] else "as_it_is"
    proven = view.label(f"{before}_{worst}", **numbers)
    if stage["optimal"]:
        return proven + view.label("sure_best") + tree_text(view, stage)
    claim = claim_text(view, stage)
    left = view.label("sure_open" if claim else "sure_open_alone", **numbers)
    return proven + claim + left + tree_text(view, stage) + open_text(view, stage)


def tree_text(view: View, stage: dict[str, Any]) -> str:
    """Say what prices leave open and branch trees close, where a goal has any (S10.6, S10.13)."""
    proof = _proof(view, stage)
    tree = proof.get("tree")
    if tree is None:
        return ""
    gaps = {"prices": int(proof["gap"]), "gap": int(tree["gap"])}
    numbers = {name: counted(view, stage, gap) for name, gap in gaps.items()}
    counts = {name: f"{int(tree[name]):,}" for name in ("leaves", "open")}
    if "parts" not in tree:
        return view.label("tree_best" if tree["optimal"] else "tree_open", **numbers, **counts)
    counts["parts"] = f"{len(tree['parts']):,}"
    return view.label("trees_best" if tree["optimal"] else "trees_open", **numbers, **counts)


def open_text(view: View, stage: dict[str, Any]) -> str:
    """Say with which demands and resources most of the open part lies, at the prices (S10.2)."""
    sums: dict[str, int] = {}
    for key, share in _proof(view, stage).get("shares", []):
        subject = _subject(key)
        if subject:
            sums[subject] = sums.get(subject, 0) + int(share)
    largest = sorted(sums, key=lambda one: (-sums[one], one))[:OPEN_NAMED]
    if not largest:
        return ""
    named = view.label("list").join(view.names.get(one, one) for one in largest)
    return view.label("open_at", list=named)


def _proof(view: View, stage: dict[str, Any]) -> dict[str, Any]:
    """Give what certificate.json holds of a goal."""
    if "certificate.json" not in view.run.files:
        return {}
    told: list[dict[str, Any]] = view.run.certificate.get("stages", [])
    return next((s for s in told if s["index"] == str(stage["index"])), {})


def _subject(key: list[str]) -> str:
    """Name the demand or resource that a column or row speaks of, "" for others."""
    place = SUBJECT_AT.get(key[0])
    return key[place] if place is not None and place < len(key) else ""


def claim_text(view: View, stage: dict[str, Any]) -> str:
    """Say what the solver claims of a goal, if it does."""
    told = view.run.provenance.get("claimed_bounds", {}).get(str(stage["index"]))
    if told is None:
        return ""
    claimed, value = round(float(told)), int(stage["value"])
    if claimed == value:
        return view.label("claims_best", value=counted(view, stage, value))
    return view.label("claims_bound", bound=counted(view, stage, claimed))


def counted(view: View, stage: dict[str, Any], number: int) -> str:
    """Write a value of a goal with its unit, where it has one."""
    unit = stage_unit(stage, view.run)
    if unit == "money":
        return money_text(number, view.currency)
    return view.label(f"in_{unit or 'count'}", number=f"{number:,}")


def procedure_texts(view: View) -> list[str]:
    """Say what a procedure claims, and which hard clauses it does not keep."""
    header = view.run.header
    texts = [view.label("by_procedure")] if header["termination"] == "done" else []
    broken = sorted({clause for clause, _ in header["breaks"]})
    if broken:
        texts.append(view.label("breaks", list=view.label("list").join(broken)))
    return texts


def run_lines(view: View) -> list[str]:
    """Name the run, its root and its place, and what may be done next."""
    run = view.run
    place = str(run.path) if run.path else view.label("memory")
    lines = [*wrap(f"{run.run_id}  {place}", view.places, "  ")]
    lines += facts(view, [(view.label("root"), run.root)])
    if run.path is None:
        return lines
    unmet = next((r["demand"] for r in run.unmet if r["demand"] not in view.served), None)
    some = unmet or next(iter(run.by_id("demands")), "ID")
    mend = [(f"cogov explain {run.path} --exact", view.say("mend.next"))]
    commands = [
        *(mend if run.certificate_detail.get("conflict") else []),
        (f"cogov explain {run.path} --about {some}", view.label("next_explain")),
        (f"cogov verify {run.path}", view.label("next_verify")),
    ]
    return [*lines, *(f"  {c}  # {w}" for c, w in commands)]
