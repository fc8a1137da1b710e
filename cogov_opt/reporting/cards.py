"""A policy card in words: goals in their order, points, and each clause as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cogov_opt.domain.policy import Clause, Line, Objective, Policy, Term
from cogov_opt.phrases import Language, fill, phrase, phrase_set

MAJOR = 100
"""Money bounds of a card's clauses stand in minor units once read."""

CHOSEN = ("status", "unspent", "kind")
"""Fields whose values are words of a closed list."""


def card_text(card: Policy, language: Language) -> str:
    """Write a card as sentences."""
    return "\n".join(CardWords(language).lines(card)) + "\n"


class CardWords:
    """
    Words for cards in one language.

    `words` maps ids and codes of a dataset to what they are called; a card alone has none.
    """

    def __init__(self, language: Language, words: Mapping[str, str] | None = None) -> None:
        self.language = language
        self.words = words or {}

    def say(self, path: str, **values: object) -> str:
        """Give a phrase, filled."""
        return fill(path, values, self.language)

    def lines(self, card: Policy) -> Iterator[str]:
        """Give the card, line by line."""
        title = card.title.get(self.language) or next(iter(card.title.values()), card.id)
        yield self.say("card.heading", title=title, id=card.id, version=card.version)
        status = phrase(f"card_status.{card.status}", self.language)
        yield "  " + self.say("card.status", status=status)
        if card.authority:
            yield "  " + self.say("card.authority", authority=card.authority)
        yield "  " + self.say("card.strategy", strategy=self._strategy(card.strategy))
        yield from self._points(card)
        if card.objectives:
            yield self.say("card.goals")
        for number, objective in enumerate(card.objectives, start=1):
            yield f"  {self._goal(number, objective)}"
        yield self.say("card.clauses" if card.clauses else "card.no_clauses")
        for clause in card.clauses:
            yield f"  {self._clause(clause)}"
        if card.change_costs:
            yield self._change_costs(card.change_costs)

    def _change_costs(self, costs: Mapping[str, int]) -> str:
        """Say what a change of each kind is held to cost."""
        parts = (
            self.say("change.cost_item", kind=self.say(f"change_kind.{kind}"), cost=cost)
            for kind, cost in costs.items()
        )
        return self.say("change.costs", list=self.say("label.list").join(parts))

    def _strategy(self, name: str) -> str:
        try:
            return phrase(f"strategy.{name}", self.language)
        except KeyError:
            return name

    def _points(self, card: Policy) -> Iterator[str]:
        """Say how priority, people and tags become points."""
        table = card.points
        found = [
            *(self.say("card.priority", level=k, points=v) for k, v in table.priority.items()),
            *(self.say("card.per_person", level=k, points=v) for k, v in table.per_person.items()),
            *(self.say("card.tag", tag=k, points=v) for k, v in table.tags.items()),
        ]
        if found:
            yield self.say("card.points")
            yield "  " + self.say("label.list").join(found)

    def _goal(self, number: int, objective: Objective) -> str:
        """Say one goal: its terms, its sense, what later goals may take back."""
        give = ""
        if objective.give_points:
            give = self.say("card.give_points", give=objective.give_points)
        elif objective.give_percent:
            give = self.say("card.give_percent", give=objective.give_percent)
        terms = " + ".join(self._term(t) for t in objective.terms)
        sense = self.say(f"sense.{objective.sense}")
        return self.say("card.goal", n=number, terms=terms, sense=sense, give=give)

    def _term(self, term: Term) -> str:
        text = self.say(f"term.{term.term}", currency="1/100")
        if term.where:
            text = self.say("card.where", term=text, where=self.where(term.where))
        return text if term.weight == 1 else self.say("card.weight", weight=term.weight, term=text)

    def _clause(self, clause: Clause) -> str:
        """Say one clause: what it asks, at what penalty, who set it, why, and where that stands."""
        firm = self.say(f"answer.{clause.firmness}")
        text = self.say("card.clause", id=clause.id, firmness=firm, sentence=self.sentence(clause))
        if clause.soft:
            text += self.say("card.penalty", penalty=clause.penalty, stage=clause.stage)
        if clause.owner:
            text += self.say("card.set_by", owner=clause.owner)
        because = clause.because.get(self.language)
        if because:
            text += self.say("card.because", because=because)
        return text + (self.say("card.source", source=clause.source) if clause.source else "")

    def sentence(self, clause: Clause) -> str:
        """Say what a clause asks, by its kind."""
        p: Any = clause.parameters
        where = self.where(clause.where)
        if clause.kind in ("limit", "guarantee"):
            return self._bounded(clause, where)
        if clause.kind == "award":
            bounds = self.say("label.list").join(
                self.say(f"clause.award.{name}", amount=_major(getattr(p, name)))
                for name in ("min", "max", "step")
                if getattr(p, name) is not None
            )
            return self.say("clause.award.sentence", where=where, bounds=bounds)
        must = self.where(p.must) if clause.kind == "require" else ""
        only = self.where(p.only) if clause.kind == "earmark" else ""
        return self.say(f"clause.{clause.kind}.sentence", where=where, must=must, only=only)

    def _bounded(self, clause: Clause, where: str) -> str:
        """Say a limit or a guarantee."""
        p: Any = clause.parameters
        if p.percent is not None:
            base = self.say(f"base.{p.of}")
            bound = self.say("selector.percent", percent=p.percent, base=base)
        else:
            bound = _major(p.bound) if p.measure == "money" else f"{p.bound:,}"
        rolling = isinstance(p.per, int)
        per = self.say("period.rolling", days=p.per) if rolling else self.say(f"period.{p.per}")
        fields = self.say("label.list").join(self.column(*f.split(".", 1)) for f in p.each)
        return self.say(
            f"clause.{clause.kind}.sentence",
            where=where,
            each=self.say("selector.each", fields=fields) if p.each else "",
            per=per,
            measure=self.say(f"measure.{p.measure}"),
            bound=bound,
        )

    def where(self, lines: Sequence[Line]) -> str:
        """Say a selector."""
        if not lines:
            return self.say("selector.everywhere")
        return self.say("selector.and").join(self._line(line) for line in lines)

    def column(self, entity: str, name: str) -> str:
        """Say what a line asks about; a column without a word stands by its own name."""
        if name == "id":
            return self.say(f"entity.{entity}")
        try:
            word = phrase(f"field.{name}", self.language)
        except KeyError:
            word = name
        return self.say("field.join", entity=self.say(f"entity.{entity}"), field=word)

    def _line(self, line: Line) -> str:
        """Say one line of a selector, with the table's own column name."""
        what = self.column(line.entity, line.field)
        if line.test == "range":
            low, high = line.values
            name = "range_low" if high is None else "range_high" if low is None else "range"
            return self.say(f"selector.{name}", what=what, low=low, high=high)
        joint = "selector.and" if line.test == "all" else "selector.or"
        values = self.say(joint).join(self._value(line, v) for v in line.values)
        return self.say(f"selector.{line.test}", what=what, values=values)

    def _value(self, line: Line, value: object) -> str:
        """Say a value: words of closed lists in words, codes as the data has them."""
        if line.entity == "need" and line.field == "kind":
            return self.say(f"kind.{value}")
        known = phrase_set(self.language)["word"] if line.field in CHOSEN else {}
        return self.words.get(str(value)) or str(known.get(str(value), value))


def _major(minor: int) -> str:
    """Write money of a card in major units, without a currency: a card has none."""
    whole, rest = divmod(minor, MAJOR)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
