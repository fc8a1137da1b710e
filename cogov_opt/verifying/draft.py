"""A formulation in the making: columns, rows, and the auxiliary columns made when first needed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from . import candidates, measures
from .priced import Definition, Key, Priced, Row, Terms

if TYPE_CHECKING:
    from .facts import Demand, Facts, Need, Option
    from .policy import Card, Clause

BINARY = (0, 1)
MOST_TERMS = 40_000_000
"""Terms of all rows together, at most (S5.6)."""


class TooLargeError(ValueError):
    """A formulation beyond what this verifier follows."""


class Draft:
    """
    What the modules of rows write into.

    `uses` holds the x terms of each resource and `times`, in the same order, their options;
    `shares` the x terms of each need at each option, `awards` those of each (fund, demand), `under`
    those of each agreement. The term of an x column is one object in all of them.
    """

    def __init__(self, facts: Facts, card: Card) -> None:
        self.facts = facts
        self.card = card
        self.priced = Priced(facts, card, candidates.of(facts))
        self.columns = self.priced.columns
        self.uses: dict[str, Terms] = self.priced.uses
        self.times: dict[str, list[Option]] = defaultdict(list)
        self.shares: dict[tuple[str, str], Terms] = {}
        self.awards: dict[tuple[str, str], Terms] = {}
        self.under: dict[str, Terms] = {}
        self.size = 0

    def column(self, key: Key, lower: int, upper: int, definition: Definition | None = None) -> Key:
        """Add a column once."""
        if key not in self.columns:
            self.columns[key] = BINARY if (lower, upper) == BINARY else (lower, upper)
            if definition:
                self.priced.definitions[key] = definition
        return key

    def row(
        self, key: Key, lower: int | None, upper: int | None, terms: Terms, of: str = ""
    ) -> None:
        """Add a row; terms of 0 are left out, a row without terms only if it is broken (S7.1)."""
        kept = [term for term in terms if term[1]]
        self.size += len(kept)
        if self.size > MOST_TERMS:
            raise TooLargeError(f"more than {MOST_TERMS} terms")
        if kept or (lower or 0) > 0 or (upper or 0) < 0:
            self.priced.rows.append(Row(key, lower, upper, kept, of))

    def need(self, key: Key) -> Need:
        """Give the need of an x column."""
        return self.facts.needs[key[1]]

    def option(self, key: Key) -> Option:
        """Give the option of an x column."""
        return self.facts.option(self.need(key).demand, key[3])

    def most(self, terms: Terms) -> int:
        """Give the greatest value of a sum within the columns' bounds."""
        return sum(c * self.columns[key][1 if c > 0 else 0] for key, c in terms)

    def least(self, terms: Terms) -> int:
        """Give the least value of a sum within the columns' bounds."""
        return sum(c * self.columns[key][0 if c > 0 else 1] for key, c in terms)

    def indicator(self, key: Key) -> Key:
        """Give the column that is 1 iff x is above 0 (S8.4)."""
        cap = self.columns[key][1]
        if cap <= 1:
            return key
        use = ("use", *key[1:])
        if use not in self.columns:
            self.column(use, 0, 1, Definition("any", [(key, 1)]))
            self.row(("law.set", "use_most", *key[1:]), None, 0, [(key, 1), (use, -cap)])
            self.row(("law.set", "use_least", *key[1:]), 0, None, [(key, 1), (use, -1)])
        return use

    def award(self, fund: str, demand: str) -> Key:
        """Give the column that is 1 iff the fund awards the demand anything (S6.5)."""
        key = ("award", fund, demand)
        if key not in self.columns:
            terms = self.awards[fund, demand]
            self.column(key, 0, 1, Definition("any", terms))
            most = [*terms, (key, -self.top(fund, demand))]
            self.row(("law.money", "award_most", fund, demand), None, 0, most)
            self.row(("law.money", "award_least", fund, demand), 0, None, [*terms, (key, -1)])
        return key

    def top(self, fund: str, demand: str) -> int:
        """Give the sum of the caps of a pair's candidates (S6.5)."""
        return self.most(self.awards[fund, demand])

    def award_rows(
        self,
        law: str,
        words: tuple[str, ...],
        pair: tuple[str, str],
        bounds: tuple[int, int, int | None],
    ) -> None:
        """
        Add the rows of a fund's step, least and greatest award (S6.6, S8.9).

        `words` are the second parts of the keys of greatest, least and step; `bounds` their
        amounts as least, step, greatest.
        """
        terms = self.awards[pair]
        least, step, most = bounds
        if most is not None:
            self.row((law, words[0], *pair), None, most, terms)
        if least > 1:
            self.row((law, words[1], *pair), 0, None, [*terms, (self.award(*pair), -least)])
        if step > 1:
            steps = ("steps", law, *pair)
            self.column(steps, 0, self.top(*pair) // step, Definition("floor", terms, 1, step))
            self.row((law, words[2], *pair), 0, 0, [*terms, (steps, -step)])

    def people(self, demand: Demand, option: Option) -> tuple[Key, int]:
        """Give the column and coefficient by which a demand's people count (S8.3)."""
        need = measures.partly_counted(demand)
        if need is None:
            return ("y", demand.id, option.id), demand.people
        key = ("people", demand.id, option.id)
        if key not in self.columns:
            given = self.given(need, option)
            self.column(
                key, 0, demand.people, Definition("floor", given, demand.people, need.quantity)
            )
            terms = [(x, demand.people * c) for x, c in given] + [(key, -need.quantity)]
            self.row(("law.set", "people", demand.id, option.id), 0, need.quantity - 1, terms)
        return key, 1

    def given(self, need: Need, option: Option) -> Terms:
        """Give the x terms of a need at an option, in the order of its candidates."""
        return self.shares[need.id, option.id]

    def bounded(
        self,
        clause: Clause,
        parts: Key,
        terms: Terms,
        upper: int | None,
        lower: int | None,
        unit: int = 1,
        *,
        always: bool = False,
    ) -> None:
        """
        Add a clause's row, with its slack where the clause is soft (S8.11); one side is None.

        `always`: also without terms, as a guarantee to a group that nobody can serve (S8.6).
        """
        key = (clause.id, *parts)
        if not clause.soft or not (always or any(c for _, c in terms)):
            self.row(key, lower, upper, terms)
            return
        over, bound = (-1, lower) if lower is not None else (1, upper or 0)
        worst = bound - self.least(terms) if over < 0 else self.most(terms) - bound
        slack = ("slack", *key)
        definition = Definition("slack", terms, unit, over, bound)
        self.column(slack, 0, max(0, -(-worst // unit)), definition)
        self.row(key, lower, upper, [*terms, (slack, -over * unit)])
        costs = self.priced.stages[clause.stage - 1].costs
        costs[slack] = costs.get(slack, 0) - clause.penalty
