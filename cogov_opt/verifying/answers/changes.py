"""What changes would serve a demand, from the weighings of an answer (convention S16.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import canonical, measures
from ..case import number
from . import reaching
from .chains import AnswerError, worth
from .families import KINDS, Ground, family

if TYPE_CHECKING:
    from ..priced import Key, Priced
    from .chains import Asked
    from .families import Member

CLAIM = frozenset({"changes", "none", "open", "absent"})
CHANGE = frozenset({"kind", "target", "size", "verdict", "weighing", "cost", "loss", "dropped"})
UNDER = frozenset({"under", "under_weighing"})
JOINT = frozenset({"parts", "verdict", "weighing", "cost", "loss", "dropped"})
SHOWN = ("served", "possible", "matched")
NOT = ("not_served", "no_better")


class Changes:
    """Checks the claim of a menu; `published` are the columns of the run's plan that are not 0."""

    def __init__(
        self, at: Ground, published: dict[Key, int], raw: list[dict[str, Any]],
        asked: list[Asked], unchanged: Priced,
    ) -> None:  # fmt: skip
        if at.demand not in at.facts.demands or any(k[:2] == ("y", at.demand) for k in published):
            raise AnswerError("answer", "question")
        self.at, self.facts, self.card, self.demand = at, at.facts, at.card, at.demand
        self.published, self.raw, self.asked = published, raw, asked
        self.unchanged = unchanged
        self.families: dict[str, list[Member]] = {}

    def check(self, claim: dict[str, Any]) -> None:
        """Hold every part of the claim against its proof."""
        if set(claim) - {"joint"} != CLAIM:
            raise AnswerError("unknown", "claim")
        told = [c["kind"] for c in claim["changes"]]
        named = {*told, *claim["none"], *claim["open"], *claim["absent"]}
        apart = [*claim["none"], *claim["open"], *claim["absent"]]
        if named - set(KINDS) or len(apart) != len(set(apart)):
            raise AnswerError("answer_claim", "kinds")
        for change in claim["changes"]:
            self._change(change)
        for kind in claim["absent"]:
            if self._family(kind):
                raise AnswerError("answer_claim", f"absent {kind}")
        for kind, places in claim["none"].items():
            self._none(kind, places)
        if "joint" in claim:
            self._joint(claim["joint"])

    def _family(self, kind: str) -> list[Member]:
        if kind not in self.families:
            self.families[kind] = family(self.at, kind)
        return self.families[kind]

    def _change(self, told: dict[str, Any]) -> None:
        """One change: there is such a one, its proof shows the verdict, and what it costs."""
        if set(told) - CHANGE - UNDER or CHANGE - set(told):
            raise AnswerError("unknown", "change")
        size, where = number(told["size"]), f"{told['kind']} {told['target']}"
        member = next((m for m in self._family(told["kind"]) if m.target == told["target"]), None)
        fits = member and (1 <= size <= member.top if member.top else size == member.size)
        if member is None or not fits:
            raise AnswerError("answer_edit", where)
        self._hold(told["weighing"], member.edits(size), (told["verdict"],), where)
        if told["verdict"] not in ("served", "possible", "matched"):
            raise AnswerError("answer_claim", where)
        if ("under" in told) != ("under_weighing" in told):
            raise AnswerError("unknown", "change")
        if "under" in told:
            if told["under"] not in NOT or not member.top or size < 2:
                raise AnswerError("answer_claim", where)
            self._hold(told["under_weighing"], member.edits(size - 1), (told["under"],), where)
        self._cost(told, [told["kind"]], where)

    def _cost(self, told: dict[str, Any], kinds: list[str], where: str) -> None:
        """Hold what changes of some kinds cost, and whom the plan of their weighing leaves out."""
        costs = self.card.raw.get("change_costs", {})
        plan = self.asked[told["weighing"]]
        dropped: list[str] = []
        if self.demand in plan.served:
            before = {key[1] for key in self.published if key[0] == "y"}
            dropped = sorted(before - plan.served)
        loss = sum(measures.points(self.card.points, self.facts.demands[d]) for d in dropped)
        right = [str(sum(costs.get(kind, 1) for kind in kinds)), str(loss), dropped]
        if [told["cost"], told["loss"], told["dropped"]] != right:
            raise AnswerError("answer_claim", where)

    def _joint(self, told: dict[str, Any]) -> None:
        """Several changes at once: those named serve the demand, or all there are do not."""
        if set(told) != JOINT:
            raise AnswerError("unknown", "joint")
        edits, seen = [], set()
        for kind, target, text in told["parts"]:
            member = next((m for m in self._family(kind) if m.target == target), None)
            size = number(text)
            fits = member and (1 <= size <= member.top if member.top else size == member.size)
            if member is None or not fits or (kind, target) in seen:
                raise AnswerError("answer_edit", f"joint {kind} {target}")
            seen.add((kind, target))
            edits += member.edits(size)
        if len(seen) == 1 or told["verdict"] not in (SHOWN if seen else NOT):
            raise AnswerError("answer_claim", "joint")
        if not seen:
            members = [(k, m) for k in KINDS for m in self._family(k)]
            edits = [e for k, m in members if not self._soft(k, m) for e in m.edits(m.top)]
        self._hold(told["weighing"], edits, (told["verdict"],), "joint")
        self._cost(told, [kind for kind, _, _ in told["parts"]], "joint")

    def _soft(self, kind: str, member: Member) -> bool:
        """Tell whether a change lifts a soft clause: that is weighed by itself only."""
        return kind == "clause" and any(c.id == member.target and c.soft for c in self.card.clauses)

    def _none(self, kind: str, places: list[int]) -> None:
        """Of no use: each change of the kind is in a weighing, by itself or among others."""
        left = {m.target: m for m in self._family(kind)}
        if not left:
            raise AnswerError("answer_claim", f"none {kind}")
        for place in places:
            edits = self.raw[place]["edits"]
            covered = self._covered(edits)
            if not any(k == kind for k, _ in covered):
                raise AnswerError("answer_claim", f"none {kind}")
            self._hold(place, edits, NOT, kind)
            self._of_parts(place, covered)
            for _, target in (c for c in covered if c[0] == kind):
                left.pop(target, None)
        if left:
            raise AnswerError("answer_claim", f"none {kind}: {min(left)}")

    def _of_parts(self, place: int, covered: list[tuple[str, str]]) -> None:
        """Where goals give, more changes reach more: a proof of all holds of each only so."""
        tops = [m.top for k, t in covered for m in self._family(k) if m.target == t]
        alone = len(tops) == 1 and tops[0] <= 1
        if alone or not reaching.gives(self.unchanged):
            return
        if not reaching.of_parts(self.asked[place], self.unchanged, self.demand):
            raise AnswerError("answer_claim", f"parts {place}")

    def _covered(self, edits: list[Any]) -> list[tuple[str, str]]:
        """Name the changes whose edits, at their largest sizes, make up some edits; no more."""
        texts = {canonical.encode(edit) for edit in edits}
        found, used = [], set()
        for kind in KINDS:
            for member in self._family(kind):
                mine = {canonical.encode(edit) for edit in member.edits(member.top)}
                if mine <= texts:
                    found.append((kind, member.target))
                    used |= mine
                    if self._soft(kind, member) and mine != texts:
                        raise AnswerError("answer_claim", f"soft {member.target}")
        if used != texts or len(texts) != len(edits):
            raise AnswerError("answer_edit", "none")
        return found

    def _hold(self, place: int, edits: list[Any], verdicts: tuple[str, ...], where: str) -> None:
        """Find that a weighing is of these edits and shows one of these verdicts."""
        if type(place) is not int or place < 0:
            raise AnswerError("answer_claim", where)
        raw, asked = self.raw[place], self.asked[place]
        if not _same(raw["edits"], edits):
            raise AnswerError("answer_edit", where)
        if not asked.planned or self._verdict(asked) not in verdicts:
            raise AnswerError("answer_claim", where)

    def _verdict(self, asked: Asked) -> str:
        """Say what a weighing shows: what S16.5 calls its verdict."""
        has = self.demand in asked.served
        giving = reaching.gives(self.unchanged)
        sign = reaching.sign(asked) if giving else _sign(asked)
        if asked.ask == ["leave", self.demand] and has:
            return {"below": "served", "level": "matched"}.get(sign, "")
        if asked.ask == ["serve", self.demand] and not has:
            return {"below": "not_served", "level": "no_better"}.get(sign, "")
        if not asked.ask and has:
            known = {k: v for k, v in self.published.items() if k in asked.priced.columns}
            now = [worth(stage, known) for stage in asked.priced.stages]
            better = reaching.before(asked, known) if giving else asked.targets > now
            return "possible" if better else ""
        return ""


def _sign(asked: Asked) -> str:
    """Compare all plans that do what is asked with the plan: below, level, or nothing shown."""
    for ceiling, target in zip(asked.ceilings, asked.targets, strict=False):
        if ceiling is None or ceiling < target:
            return "below"
        if ceiling > target:
            return ""
    return "level" if len(asked.ceilings) == len(asked.targets) else ""


def _same(one: list[Any], other: list[Any]) -> bool:
    """Tell whether two lists hold the same edits."""
    return sorted(map(canonical.encode, one)) == sorted(map(canonical.encode, other))
