"""Why there is no plan, in words: clauses with who set them, places, and what is too little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cogov_opt.explaining.names import code_words, names_of, requirements
from cogov_opt.explaining.subjects import clauses_of, run_authority
from cogov_opt.phrases import LANGUAGES, Language, fill, phrase
from cogov_opt.recording import Run
from cogov_opt.units import money_text

Names = Mapping[str, str]
SHOWN = 12
"""Most things of one kind that a sentence lists."""


def conflict_of(run: Run) -> Mapping[str, Any] | None:
    """Give what the run tells of its conflict, None where there is none."""
    if run.has_plan or "certificate.json" not in run.files:
        return None
    found: Mapping[str, Any] | None = run.certificate.get("detail", {}).get("conflict")
    return found


def conflict_answer(run: Run) -> dict[str, Any] | None:
    """Give the conflict of a run as JSON-ready values with its text in both languages."""
    told = conflict_of(run)
    if told is None:
        return None
    kept = {k: v for k, v in told.items() if k != "witnesses"}
    texts = {x: conflict_text(run, names_of(run, x), x) for x in LANGUAGES}
    return {**kept, "text": texts}


def conflict_text(run: Run, names: Names, language: Language) -> str:
    """Write the conflict of a run; nothing where there is none."""
    return "\n".join("  " * depth + text for depth, text in conflict_lines(run, names, language))


def proof_of(run: Run) -> list[tuple[tuple[str, ...], int]]:
    """Give the rows a proof speaks of with their integers, of a tree those of all its leaves."""
    detail = run.certificate_detail
    leaves = [node[1] for node in detail.get("tree", []) if node[0] == "leaf"]
    sums = [detail.get("farkas", []), *leaves]
    return list(dict.fromkeys((tuple(k), int(y)) for line in sums for k, y in line))


def conflict_lines(run: Run, names: Names, language: Language) -> list[tuple[int, str]]:
    """Write the conflict of a run as lines with their depth; none where there is none."""
    told = conflict_of(run)
    if told is None:
        return []
    teller = _Teller(run, told, names, language)
    return list(teller.lines())


class _Teller:
    """One conflict, put into words."""

    def __init__(self, run: Run, told: Mapping[str, Any], names: Names, language: Language) -> None:
        self.run, self.told, self.names, self.language = run, told, names, language
        self.proof = proof_of(run)
        self.clauses = clauses_of(run)

    def say(self, name: str, **values: object) -> str:
        return fill(f"conflict.{name}", values, self.language)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Say what cannot be kept, because of what, and how sure that is."""
        yield 0, self.say("set_proven" if self.proof else "set_claimed")
        for clause in self.told["clauses"]:
            yield 1, self._clause(clause)
            places = [p for p in self.told["parts"] if p[0] == clause and len(p) > 2]
            if places:
                yield 2, self.say("places", list=self._listed([self._place(p) for p in places]))
        if self.proof:
            yield 0, self._facts()
        yield from ((0, text) for text in self._sure())
        owners = dict.fromkeys(self._owner(c) for c in self.told["clauses"])
        yield 0, self.say("who", list=self._listed(list(owners)))

    def _clause(self, clause: str) -> str:
        line = self.clauses[clause]
        because = line.get("because") or {}
        text = because.get(self.language) or next(iter(because.values()), "")
        return self.say(
            "clause",
            id=clause,
            kind=phrase(f"clause_kind.{line['kind']}", self.language),
            owner=self._owner(clause),
            because=self.say("because", text=text) if text else "",
        )

    def _owner(self, clause: str) -> str:
        owner = str(self.clauses[clause].get("owner") or run_authority(self.run))
        return self.names.get(owner, owner)

    def _place(self, part: list[str]) -> str:
        """Name a row of a clause by its groups; its period where that is all there is."""
        shown = [self.names.get(p, p) for p in part[1:] if p not in ("", "horizon")]
        return phrase("label.list", self.language).join(shown)

    def _listed(self, items: list[str]) -> str:
        text = phrase("label.list", self.language).join(items[:SHOWN])
        more = len(items) - SHOWN
        return self.say("more", list=text, count=more) if more > 0 else text

    def _facts(self) -> str:
        """Say what is asked of whom, in numbers where the proof is a count or a sum of money."""
        asked, can = int(self.told["asked"]), int(self.told["can"])
        words = {"demands": self._listed(self._demands()), "asked": asked, "can": can}
        resources = self._resources()
        words["resources"] = self._listed(resources)
        words["needing"] = self._needing()
        if self.told["kind"] == "tree":
            return self._involved(words)
        if self.told["kind"] == "hall":
            return self.say("hall" if resources else "hall_law", **words)
        rate = self._of_money()
        if rate:
            currency = self.run.package["currency"]
            words["asked"] = money_text(-(-asked // rate), currency)
            words["can"] = money_text(can // rate, currency)
            return self.say("money", **words)
        return " ".join(filter(None, (self._alone(asked, can), self._involved(words))))

    def _alone(self, asked: int, can: int) -> str:
        """Say what the one guarantee asks for, and what is possible, where there is only one."""
        floors = [(key, y) for key, y in self.proof if y < 0 and key[0] in self.clauses]
        others = [key for key, y in self.proof if y > 0 and key[0] in self.clauses]
        if len(floors) != 1 or others or self.clauses[floors[0][0][0]]["kind"] != "guarantee":
            return ""
        rate = -floors[0][1]
        clause = self.clauses[floors[0][0][0]]
        if asked % rate or clause.get("measure") == "money" or "at_least" not in clause:
            return ""
        return self.say("alone", clause=floors[0][0][0], asked=asked // rate, can=can // rate)

    def _involved(self, words: Mapping[str, Any]) -> str:
        """Name what the proof turns on, where its numbers say nothing to people."""
        found = [self.say(n, list=words[n]) for n in ("demands", "resources") if words[n]]
        listed = phrase("label.semicolon", self.language).join(found)
        return self.say("involved", list=listed) if found else ""

    def _of_money(self) -> int:
        """Give how often the proof counts each unit of money, 0 if it is not about funds alone."""
        limits = [(k, y) for k, y in self.proof if y > 0 and k[0].startswith("law.capacity")]
        others = [k for k, y in self.proof if y > 0 and not k[0].startswith("law.")]
        funds = self.run.by_id("funds")
        if others or not limits or any(k[2] not in funds for k, _ in limits):
            return 0
        rates = {y for _, y in limits}
        held = sum(
            max(int(funds[k[2]]["amount"]) - int(funds[k[2]]["committed"] or 0), 0)
            for k, _ in limits
        )
        rate = rates.pop()
        return rate if not rates and held * rate == int(self.told["can"]) else 0

    def _needs(self) -> list[Mapping[str, str]]:
        """Give the needs the proof speaks of."""
        needs = self.run.by_id("needs")
        keys = (key for key, _ in self.proof if key[0] in ("law.set", "law.money"))
        return [needs[n] for n in sorted({k[2] for k in keys if len(k) > 2}) if n in needs]

    def _needing(self) -> str:
        """Say what all these needs require, where they require the same."""
        words = code_words(self.run, self.language)
        found = {requirements(need, words, self.language) for need in self._needs()}
        what = found.pop() if found else ""
        return self.say("needing", what=what) if what and not found else ""

    def _demands(self) -> list[str]:
        """Name the demands whose needs the proof speaks of."""
        found = {need["demand_id"] for need in self._needs()}
        return [self.names.get(d, d) for d in sorted(found)]

    def _resources(self) -> list[str]:
        """Name the resources whose limits the proof speaks of."""
        place = {"law.capacity": 2, "law.no_overlap": 1, "law.agreement": 1}
        found = {
            key[3 if key[1] == "used" else place[key[0]]]
            for key, _ in self.proof
            if key[0] in place
        }
        return [self.names.get(r, r) for r in sorted(found)]

    def _sure(self) -> Iterator[str]:
        """Say whether anything could be left out."""
        if not self.told["minimal"]:
            yield self.say("not_minimal")
        else:
            yield self.say("minimal_one" if len(self.told["clauses"]) == 1 else "minimal")
        places = [p for p in self.told["parts"] if len(p) > 1]
        if self.told["parts_minimal"] and len(places) > 1:
            yield self.say("parts_minimal", count=len(places))
