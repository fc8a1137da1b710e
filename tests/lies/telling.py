"""
The registry of lies: each a small edit of one fact, by class, with the findings that own the fact.

A lie gives False where a run has nothing to tell it about. Honest numbers around it are left as
they were: it is the check of this fact that must tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cogov_opt.domain.canonical import canonical_json
from tests.lies.copies import Copy, Rows

Tell = Callable[[Copy], bool]


def words(text: str) -> frozenset[str]:
    """Give the words of a line."""
    return frozenset(text.split())


ANY = words(
    "account allocation agreement bound breaks candidate capacity card clause draw eligibility"
    " format give"
    " input money overlap plan price record regret sentence set share stage_order tie total"
    " trace tree unit unknown unmet value"
)
"""Any finding but those of seals: what a change of inputs or card leads to is not one fact."""
PROCEDURES = ("pb_greedy", "first_come")
CERTIFICATE, RUN, ALLOCATION = "certificate.json", "run.json", "allocation.csv"
REGRETS = "regrets.csv"
UNMET, RECORDS, TRACE, CARD = "unmet.csv", "records.jsonl", "trace.jsonl", "policy.toml"


@dataclass(frozen=True)
class Lie:
    """One kind of lie: its class, its name, which findings own the fact, and how it is told."""

    kind: str
    name: str
    owners: frozenset[str]
    tell: Tell


LIES: list[Lie] = []


def lie(kind: str, owners: str | frozenset[str]) -> Callable[[Tell], Tell]:
    """Register a lie of a class."""
    owned = words(owners) if isinstance(owners, str) else owners

    def register(tell: Tell) -> Tell:
        LIES.append(Lie(kind, tell.__name__, owned, tell))
        return tell

    return register


def optimised(c: Copy) -> bool:
    """Tell whether the run is one with prices and a plan."""
    return CERTIFICATE in c.files and bool(c.json(CERTIFICATE)["stages"])


def other(c: Copy, number: Any) -> str:
    """Give another number near one."""
    step = c.dice.pick([-2, -1, 1, 2, 7, -10, 10**6])
    return str(int(number) + step)


def in_stage(c: Copy, path: str, change: Callable[[dict[str, Any]], bool]) -> bool:
    """Change one stage of certificate.json or run.json."""
    if not optimised(c):
        return False
    value = c.json(path)
    if not change(c.dice.pick(value["stages"])):
        return False
    c.put(path, value)
    return True


def field(name: str, path: str) -> Tell:
    """Make a lie about one number of a stage."""

    def tell(c: Copy) -> bool:
        def change(stage: dict[str, Any]) -> bool:
            stage[name] = other(c, stage[name])
            return True

        return in_stage(c, path, change)

    tell.__name__ = f"{name}_in_{path.split('.')[0]}"
    return tell


def with_row(
    c: Copy, path: str, change: Callable[[dict[str, str], Rows], bool],
    wanted: Callable[[dict[str, str]], bool] = lambda _: True,
) -> bool:  # fmt: skip
    """Change one row of a CSV file, or the list of them."""
    rows = c.rows(path)
    places = [i for i, row in enumerate(rows) if wanted(row)]
    if not places:
        return False
    if not change(rows[c.dice.pick(places)], rows):
        return False
    c.put_rows(path, rows)
    return True


def used(c: Copy, kind: str) -> list[dict[str, str]]:
    """Give the lines of allocation.csv that use a kind of resource."""
    return [r for r in c.rows(ALLOCATION) if r["kind"] == kind and r["resource"]]


def text_of(c: Copy, old: str, new: str) -> bool:
    """Replace a piece of the card, once."""
    text = c.files[CARD].decode("utf-8")
    if old not in text:
        return False
    c.files[CARD] = text.replace(old, new, 1).encode("utf-8")
    return True


def table_of(kind: str) -> str:
    """Give the file of a kind of resource."""
    return f"inputs/{kind}s.csv"


def encoded(value: Any) -> bytes:
    """Give what keys are sorted by."""
    return canonical_json(value)
