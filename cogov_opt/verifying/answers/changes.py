"""What changes would serve a demand, from the weighings of an answer (convention S16.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import canonical, measures
from ..case import number
from .chains import AnswerError
from .families import KINDS, Ground, family

if TYPE_CHECKING:
    from ..priced import Key
    from .chains import Asked
    from .families import Member

CLAIM = frozenset({"changes", "none", "open", "absent"})
CHANGE = frozenset({"kind", "target", "size", "verdict", "weighing", "cost", "loss", "dropped"})
UNDER = frozenset({"under", "under_weighing"})
NOT = ("not_served", "no_better")


class Changes:
    """Checks the claim of a menu; `published` are the columns of the run's plan that are not 0."""

    def __init__(
        self, at: Ground, published: dict[Key, int], raw: list[dict[str, Any]], asked: list[Asked]
    ) -> None:
        if at.demand not in at.facts.demands or any(k[:2] == ("y", at.demand) for k in published):
            raise AnswerError("answer", "question")
        self.at, self.facts, self.card, self.demand = at, at.facts, at.card, at.demand
        self.published, self.raw, self.asked = published, raw, asked
        self.families: dict[str, list[Member]] = {}

    def check(self, claim: dict[str, Any]) -> None:
        """Hold every part of the claim against its proof."""
        if set(claim) != CLAIM:
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
        if "under" in told:
            if told["under"] not in NOT or not member.top or size < 2:
                raise AnswerError("answer_claim", where)
            self._hold(told["under_weighing"], member.edits(size - 1), (told["under"],), where)
        costs = self.card.raw.get("change_costs", {})
        plan = self.asked[told["weighing"]]
        dropped: list[str] = []
        if self.demand in plan.served:
            before = {key[1] for key in self.published if key[0] == "y"}
            dropped = sorted(before - plan.served)
        loss = sum(measures.points(self.card.points, self.facts.demands[d]) for d in dropped)
        right = [str(costs.get(told["kind"], 1)), str(loss), dropped]
        if [told["cost"], told["loss"], told["dropped"]] != right:
            raise AnswerError("answer_claim", where)

    def _none(self, kind: str, places: list[int]) -> None:
        """Of no use: all changes of the kind at once, or every one of them by itself."""
        members = self._family(kind)
        if not members:
            raise AnswerError("answer_claim", f"none {kind}")
        every = [edit for m in members for edit in m.edits(m.top)]
        if len(places) == 1 and _same(self.raw[places[0]]["edits"], every):
            self._hold(places[0], every, NOT, kind)
            return
        left = {m.target: m.edits(m.top) for m in members}
        for place in places:
            edits = self.raw[place]["edits"]
            target = next((t for t, e in left.items() if _same(edits, e)), None)
            if target is None:
                raise AnswerError("answer_claim", f"none {kind}")
            self._hold(place, left.pop(target), NOT, kind)
        if left:
            raise AnswerError("answer_claim", f"none {kind}: {min(left)}")

    def _hold(self, place: int, edits: list[Any], verdicts: tuple[str, ...], where: str) -> None:
        """Find that a weighing is of these edits and shows one of these verdicts."""
        raw, asked = self.raw[place], self.asked[place]
        if not _same(raw["edits"], edits):
            raise AnswerError("answer_edit", where)
        if not asked.planned or self._verdict(asked) not in verdicts:
            raise AnswerError("answer_claim", where)

    def _verdict(self, asked: Asked) -> str:
        """Say what a weighing shows: what S16.5 calls its verdict."""
        has = self.demand in asked.served
        if asked.ask == ["leave", self.demand] and has:
            return {"below": "served", "level": "matched"}.get(_sign(asked), "")
        if asked.ask == ["serve", self.demand] and not has:
            return {"below": "not_served", "level": "no_better"}.get(_sign(asked), "")
        if not asked.ask and has:
            known = {k: v for k, v in self.published.items() if k in asked.priced.columns}
            now = [
                sum(v * stage.costs.get(key, 0) for key, v in known.items())
                for stage in asked.priced.stages
            ]
            return "possible" if asked.targets > now else ""
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
