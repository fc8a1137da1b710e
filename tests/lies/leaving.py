"""Lies about what leaves the house: extracts and letters, and what the verifier makes of each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cogov_opt.domain.canonical import canonical_json
from cogov_opt.phrases import LANGUAGES
from cogov_opt.recording import Run, read_run
from cogov_opt.reporting.extracts import extract
from cogov_opt.reporting.letters import letters
from cogov_opt.verifying import digests, extract_file
from cogov_opt.verifying.findings import Findings
from cogov_opt.verifying.letters.checking import Given, check
from cogov_opt.verifying.reading import open_run
from tests.lies import about_extracts
from tests.lies.about_anything import alter
from tests.lies.honest_runs import honest_runs
from tests.properties.small_weeks import Dice

UNPROVEN = ("open", "left_out", "suppressed")
"""What an extract says without proof: lines told as such, and that something is kept back (S15.4).

So is the number of files a run has, which no root fixes and nothing follows from."""
SUBJECTS_A_RUN, LIES_A_SUBJECT, LETTERS_A_RUN, LIES_A_LETTER = 6, 8, 6, 8


@dataclass
class Told:
    """What became of lies about extracts, or about letters."""

    kinds: Counter[str] = field(default_factory=Counter)
    raw: int = 0
    repacked: int = 0
    by_root: int = 0
    unpacked: int = 0
    missed: list[str] = field(default_factory=list)

    def lines(self, what: str) -> list[str]:
        """Write the counts, class by class."""
        return [
            f"{self.told} lies about {what} in {len(self.kinds)} classes: {self.raw} found as they"
            f" are, {self.repacked} packed anew by arithmetic, {self.by_root} by the root held"
            f" elsewhere, {self.unpacked} that no packer takes, {len(self.missed)} missed",
            *(f"  {kind}: {count}" for kind, count in sorted(self.kinds.items())),
        ]

    @property
    def told(self) -> int:
        """Give the number of lies."""
        return self.kinds.total()


def codes_of(data: bytes, root: str | None = None) -> set[str]:
    """Give what is found in an extract, beside a root held elsewhere or without one."""
    findings = Findings()
    _, own = extract_file.check(data, findings)
    found = {finding.code for finding in findings.all()}
    return found | ({"root"} if root is not None and root != own else set())


def about_extract(data: bytes, dice: Dice) -> tuple[str, bytes] | None:
    """Tell one lie about an extract: one that is known by name, or any value another."""
    if dice.chance(50):
        name = dice.pick(sorted(about_extracts.LIES))
        found = about_extracts.tell(data, name, dice)
        return None if found is None else (name, found)
    value = json.loads(data)
    apart = {key: value.pop(key) for key in UNPROVEN}
    size = value["file"].pop("size")
    alter(value, dice)
    if isinstance(value.get("file"), dict):
        value["file"]["size"] = size
    found = canonical_json(value | apart) + b"\n"
    return None if found == data else ("any value", found)


def of_extracts(many: int, folder: Path, first: int) -> Told:
    """Tell so many lies about extracts: raw, and packed anew by an honest packer."""
    told, turn = Told(), 0
    for honest in honest_runs(folder, first):
        run, dice = read_run(honest.folder), Dice(first + turn)
        subjects = [*run.by_id("demands"), *run.by_id("volunteers")]
        for _ in range(min(SUBJECTS_A_RUN, len(subjects))):
            subject = dice.pick(subjects)
            data = extract(run, subject)
            assert not codes_of(data, run.root), (honest.name, subject)
            for _ in range(LIES_A_SUBJECT):
                turn += 1
                lie = about_extract(data, dice)
                if lie is not None:
                    _judge(told, f"{lie[0]}: {honest.name} {subject}", *lie, run)
                if told.told == many:
                    return told
    raise AssertionError("honest runs have no end")


def _judge(told: Told, name: str, kind: str, lie: bytes, run: Run) -> None:
    """Note what is found in one extract, as it is and packed anew."""
    told.kinds[kind] += 1
    if codes_of(lie):
        told.raw += 1
    else:
        told.missed.append(f"{name}: raw")
    try:
        again = about_extracts.resealed(lie)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        told.unpacked += 1
        return
    if codes_of(again) - {"root"}:
        told.repacked += 1
    elif codes_of(again, run.root):
        told.by_root += 1
    else:
        told.missed.append(f"{name}: packed anew")


Tell = Callable[[bytes, Dice], bytes]


def _left_out(page: bytes, dice: Dice) -> bytes:
    at = dice.number(0, len(page) - 1)
    return page[:at] + page[at + 1 :]


def _put_in(page: bytes, dice: Dice) -> bytes:
    at = dice.number(0, len(page))
    return page[:at] + dice.pick([b"x", b"0", b"-", b"<b>"]) + page[at:]


def _number(page: bytes, dice: Dice) -> bytes:
    numbers = list(re.finditer(rb"\d+", page))
    one = dice.pick(numbers)
    return page[: one.start()] + str(int(one[0]) + 1).encode() + page[one.end() :]


def _line_gone(page: bytes, dice: Dice) -> bytes:
    lines = page.split(b"\n")
    return b"\n".join(lines[: (at := dice.number(0, len(lines) - 1))] + lines[at + 1 :])


def _lines_swapped(page: bytes, dice: Dice) -> bytes:
    lines = page.split(b"\n")
    a, b = dice.number(0, len(lines) - 1), dice.number(0, len(lines) - 1)
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _line_twice(page: bytes, dice: Dice) -> bytes:
    lines = page.split(b"\n")
    at = dice.number(0, len(lines) - 1)
    return b"\n".join([*lines[:at], lines[at], *lines[at:]])


LETTER_LIES: dict[str, Tell] = {
    "sign left out": _left_out, "sign put in": _put_in, "number": _number,
    "line left out": _line_gone, "lines swapped": _lines_swapped, "line twice": _line_twice,
}  # fmt: skip


def of_letters(many: int, folder: Path, first: int) -> Told:
    """Tell so many lies about letters; a letter has no seal, so each is told once."""
    told = Told()
    for turn, honest in enumerate(honest_runs(folder / "honest", first)):
        run, dice = read_run(honest.folder), Dice(first + turn)
        found = letters(run, LANGUAGES[turn % len(LANGUAGES)])
        for name in [dice.pick(sorted(found)) for _ in range(LETTERS_A_RUN)]:
            page = found[name]
            assert not findings_of(run, page, folder), (honest.name, name)
            for kind, lie in _lies_about(page, dice):
                told.kinds[kind] += 1
                if findings_of(run, lie, folder):
                    told.raw += 1
                else:
                    told.missed.append(f"{kind}: {honest.name} {name}")
                if told.told == many:
                    return told
    raise AssertionError("honest runs have no end")


def _lies_about(page: bytes, dice: Dice) -> Iterator[tuple[str, bytes]]:
    for _ in range(LIES_A_LETTER):
        kind = dice.pick(sorted(LETTER_LIES))
        lie = LETTER_LIES[kind](page, dice)
        if lie != page:
            yield kind, lie


def findings_of(run: Run, page: bytes, folder: Path) -> set[str]:
    """Check a letter beside its run: codes of what is found, and whether it tells of a contact."""
    assert run.path is not None
    file = folder / "letter.html"
    file.write_bytes(page)
    findings = Findings()
    opened = open_run(run.path, findings)
    told = check(opened, digests.root(opened.leaves), file, Given(), findings)
    unchecked = {"unchecked"} if any(letter.get("unchecked") for letter in told) else set()
    return {finding.code for finding in findings.all()} | unchecked
