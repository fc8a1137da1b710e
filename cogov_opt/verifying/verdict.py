"""The whole verification: every check in turn, and what they say together (proof.md 6)."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import (
    accounts,
    allocation,
    answers,
    canonical_tables,
    certificates,
    changed_cells,
    collecting,
    digests,
    draws,
    extract_file,
    extracts,
    feasibility,
    formulation,
    header,
    known_card,
    letters,
    lots,
    package,
    planless,
    policy,
    reading,
    records,
    refusals,
    regrets,
    release,
    sentences,
    signatures,
    ties,
    totals,
    traces,
    uniqueness,
    units,
)  # fmt: skip
from .case import OPTIONS, PROCEDURES, STRATEGIES, Case
from .draft import TooLargeError
from .facts import Facts, FactsError, read_facts
from .findings import MEANINGS, UNKNOWN, Finding, Findings
from .greedy import UnknownVariantError
from .letters.checking import Given
from .plan import nonzero, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .policy import Card
    from .reading import RunFolder

T = TypeVar("T")
ACCEPTED, REJECTED, INCOMPLETE = "accepted", "rejected", "incomplete"
NOT_ACCEPTED = 7
ERRORS = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, StopIteration,
    RecursionError, OSError, MemoryError, csv.Error,
)  # fmt: skip
"""What a file made by anyone may lead a check into; it is a finding, never a traceback."""
TERMINATIONS = frozenset(
    {"optimal", "limit", "cancelled", "fault", "done", "infeasible", "infeasible_claimed"}
)
ROUTES = {"optimum": ("flow", "coupled"), **dict.fromkeys(PROCEDURES, ("procedure",))}
PROOFS = frozenset({"", "done", "limit", "cancelled"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier says of a run; authenticated only against a root or key held elsewhere."""

    verdict: str
    authenticated: bool
    findings: tuple[Finding, ...]
    extract: dict[str, Any] | None = None
    """What was read, where an extract was checked and could be."""
    letters: tuple[dict[str, Any], ...] = ()
    """Of each letter that was given: whether it is equal, where not, and what contacts gave."""

    @property
    def accepted(self) -> bool:
        """Whether nothing was found."""
        return self.verdict == ACCEPTED

    @property
    def status(self) -> int:
        """Give the exit status: 0, or 7 for everything but accepted."""
        return 0 if self.accepted else NOT_ACCEPTED

    def to_dict(self) -> dict[str, Any]:
        """Give the verdict as JSON-ready values."""
        told: dict[str, Any] = {
            "verdict": self.verdict,
            "authenticated": self.authenticated,
            "findings": [finding.to_dict() for finding in self.findings],
        }
        return told | ({"letters": list(self.letters)} if self.letters else {})


def verify(
    folder: Path | str,
    root: str | None = None,
    key: Path | str | None = None,
    answer: Path | str | None = None,
    letter: Path | str | None = None,
    template: Path | str | None = None,
    contacts: Path | str | None = None,
) -> Verdict:
    """
    Re-check a run folder from its own files, without a solver; or an extract, alone (S15.4).

    Parameters
    ----------
    folder
        The run folder, or the file of an extract.
    root
        A root held elsewhere (ledger, notice), in hex; with it the verdict is authenticated.
    key
        A file with the public key that signed the checkpoint; with it too.
    answer
        An answer file about the run, to be checked beside it (S16).
    letter
        A file of letters about the run, to be written again and compared (S17).
    template
        The planner's own template it was written from, or the folder of them.
    contacts
        The list (CSV) whose names it was printed with; without it they are not checked.
    """
    findings = Findings()
    if Path(folder).is_file():
        return _extract(Path(folder), findings, root, key)
    given = Given(*(Path(p) if p is not None else None for p in (template, contacts)))
    with collecting.paused():
        # What was read is let go within the call: a collector that runs again has nothing to walk.
        authenticated, told = _run(Path(folder), findings, root, key, answer, letter, given)
    return replace(_sum_up(findings, authenticated=authenticated), letters=tuple(told))


def _run(
    folder: Path, findings: Findings, root: str | None, key: Path | str | None,
    answer: Path | str | None, letter: Path | str | None, given: Given,
) -> tuple[bool, list[dict[str, Any]]]:  # fmt: skip
    """Check a run, and what lies beside it; whether it is authenticated, and the letters."""
    opened = reading.open_run(folder, findings)
    authenticated = _seals(opened, findings, root, key)
    _contents(opened, findings)
    whole = digests.root(opened.leaves)
    if answer is not None:
        answers.check(opened, whole, Path(answer), findings)
    told: list[dict[str, Any]] = []
    if letter is not None:
        told = letters.check(opened, whole, Path(letter), given, findings)
    return authenticated, told


def _extract(file: Path, findings: Findings, root: str | None, key: Path | str | None) -> Verdict:
    """Check an extract; a root or key held elsewhere is compared as for a run."""
    try:
        data = file.read_bytes()
    except OSError:
        findings.add("file", "extract")
        data = b""
    extract, own = extract_file.check(data, findings)
    held = root is not None and bool(own) and root.strip().lower() == own
    if root is not None and not held:
        findings.add("root", "checkpoint", "held elsewhere")
    note = extract.get("checkpoint", "")
    signed = key is not None and _signed(note, Path(key), findings)
    verdict = _sum_up(findings, authenticated=(held or signed) and not findings.all())
    return replace(verdict, extract=extract or None)


def _sum_up(findings: Findings, *, authenticated: bool) -> Verdict:
    found = findings.all()
    unknown = [f for f in found if MEANINGS[f.code].weight == UNKNOWN]
    verdict = REJECTED if len(unknown) < len(found) else INCOMPLETE if unknown else ACCEPTED
    return Verdict(verdict, authenticated, found)


def _seals(opened: RunFolder, findings: Findings, root: str | None, key: Path | str | None) -> bool:
    """Check root, checkpoint, signature and every digest in run.json (S13.4, S13.5)."""
    own = digests.root(opened.leaves)
    run_id = str(opened.run.get("run_id", ""))
    note = opened.checkpoint
    body = note.partition("\n\n")[0] + "\n" if "\n\n" in note else note
    if body != digests.checkpoint(run_id, own):
        findings.add("root", "checkpoint")
    held = root is not None and root.strip().lower() == own
    if root is not None and not held:
        findings.add("root", "checkpoint", "held elsewhere")
    signed = key is not None and _signed(note, Path(key), findings)
    if opened.run:
        _guard(findings, "digest", "run.json", lambda: _told_digests(opened, findings))
    return (held or signed) and not any(f.code in {"root", "signature"} for f in findings.all())


def _signed(note: str, key: Path, findings: Findings) -> bool:
    try:
        good = signatures.signed_by(note, signatures.read_key(key.read_bytes()))
    except (OSError, ValueError):
        good = False
    if not good:
        findings.add("signature", "checkpoint")
    return good


def _told_digests(opened: RunFolder, findings: Findings) -> None:
    run = opened.run
    right = digests.inputs(opened.digests)
    for path in sorted(right.keys() | run["inputs"].keys()):
        if run["inputs"].get(path) != right.get(path):
            findings.add("digest", "run.json", path)
    if run["card"].get("digest") != opened.digests.get("policy.toml"):
        findings.add("digest", "run.json", "policy.toml")
    if run["run_id"] != digests.run_id(
        opened.digests, run["strategy"], run["options"], run["attempt"]
    ):
        findings.add("run_id", "run.json", run["run_id"])


def _contents(opened: RunFolder, findings: Findings) -> None:
    """Check everything the files say, as far as they can be read."""
    _guard(findings, "format", "run.json", lambda: _known(opened, findings))
    _guard(findings, "format", "run.json", lambda: header.check(opened, findings))
    _guard(findings, "draw", "run.json", lambda: draws.check(opened, findings))
    _guard(findings, "draw", "draw.json", lambda: lots.check(opened, findings))
    _guard(findings, "sentence", "phrases.json", lambda: sentences.check(opened, findings))
    _guard(findings, "extract", "extracts.json", lambda: extracts.check(opened, findings))
    _guard(findings, "input", package.FILE, lambda: package.check(opened, findings))
    _guard(findings, "input", "inputs", lambda: canonical_tables.check(opened, findings))
    _guard(findings, "format", digests.REPAIRS, lambda: changed_cells.check(opened, findings))
    facts = _facts(opened, findings)
    card = _card(opened, findings)
    if facts is None or card is None or not opened.run or "allocation.csv" not in opened.digests:
        return
    case = _case(opened, findings, facts, card)
    if case is not None:
        _decision(case)
        case.face = None  # It holds the case: a circle would keep all that was read.


def _known(opened: RunFolder, findings: Findings) -> None:
    """Whatever this verifier has no meaning for makes the verdict incomplete."""
    run, package = opened.run, opened.package
    if not run:
        return
    if run["format"] != reading.FORMAT:
        findings.add("unknown", "run.json", f"format {run['format']}")
    for name in sorted(set(run) - set(reading.FIELDS) - reading.OTHER_FIELDS):
        findings.add("unknown", "run.json", name)
    if run["strategy"] not in STRATEGIES:
        findings.add("unknown", "run.json", f"strategy {run['strategy']}")
    for name in sorted(set(run["options"]) - OPTIONS.get(run["strategy"], frozenset())):
        findings.add("unknown", "run.json", f"options.{name}")
    if "route" in run and run["route"] not in ROUTES.get(run["strategy"], ()):
        findings.add("unknown", "run.json", f"route {run['route']}")
    if run["termination"] not in TERMINATIONS:
        findings.add("unknown", "run.json", f"termination {run['termination']}")
    if run.get("proof", "") not in PROOFS:
        findings.add("unknown", "run.json", f"proof {run['proof']}")
    if package and package.get("cogov_format") != reading.COGOV_FORMAT:
        findings.add("unknown", "inputs/datapackage.json", str(package.get("cogov_format")))


def _facts(opened: RunFolder, findings: Findings) -> Facts | None:
    if not opened.package:
        return None
    return _guard(findings, "input", "inputs", lambda: read_facts(opened.folder))


def _card(opened: RunFolder, findings: Findings) -> Card | None:
    """Read the card; kinds and terms nobody knows are told one by one."""
    if not opened.card:
        return None  # told where it was read, or as a file that is missing
    before = len(findings.all())
    _guard(findings, "card", "policy.toml", lambda: known_card.check(opened.card, findings))
    if len(findings.all()) > before:
        return None
    soften = opened.run.get("options", {}).get("soften", {})
    return _guard(findings, "card", "policy.toml", lambda: policy.softened(
        policy.read_card(opened.folder / "policy.toml"), soften))  # fmt: skip


def _case(opened: RunFolder, findings: Findings, facts: Facts, card: Card) -> Case | None:
    """Build the priced formulation and read the plan."""
    priced = _guard(findings, "card", "policy.toml", lambda: formulation.build(facts, card))
    plan = _guard(
        findings, "candidate", "allocation.csv", lambda: plan_of(opened.allocation, facts)
    )
    if priced is None or plan is None:
        return None
    return Case(opened, findings, facts, card, priced, plan, nonzero(plan, priced))


def _decision(case: Case) -> None:
    """Check plan, evidence, reasons and tables; none of them stops the next."""
    find = case.findings
    _guard(find, "card", "run.json", lambda: _told_card(case))
    planned = not planless.has_no_plan(case)
    _guard(find, "draw", "run.json", lambda: header.check_draw(case, planned=planned))
    header.check_options(case)
    header.check_files(case, planned=planned)
    if case.procedural or not planned:
        units.check_none(case)
    if case.opened.regrets is not None and not regrets.may_be_there(case):
        find.add("regret", "regrets.csv")
    if not planned:
        _guard(find, "format", "certificate.json", lambda: planless.check(case))
        _guard(find, "total", "run.json", lambda: totals.check(case))
        return
    if case.opened.run["termination"] in planless.WITHOUT_A_PLAN:
        find.add("plan", "run.json", f"termination {case.opened.run['termination']}")
    _guard(find, "candidate", "allocation.csv", lambda: feasibility.check(case))
    if case.procedural:
        _guard(find, "trace", "trace.jsonl", lambda: traces.check(case))
        if case.opened.run.get("stages") or case.opened.run.get("all_certified"):
            find.add("stage_order", "run.json", "stages")
    elif case.strategy == "optimum":
        _guard(find, "money", "allocation.csv", lambda: release.check(case))
        _guard(find, "format", "certificate.json", lambda: certificates.check(case))
        _guard(find, "refusal", "certificate.json", lambda: refusals.check(case))
        _guard(find, "draw", "certificate.json", lambda: ties.check(case))
        _guard(find, "draw", "certificate.json", lambda: uniqueness.check(case))
        _guard(find, "regret", "regrets.csv", lambda: regrets.check(case))
        _guard(find, "unit", "units.csv", lambda: units.check(case))
        _guard(find, "account", "accounts.json", lambda: accounts.check(case))
    else:
        return
    _guard(find, "record", "records.jsonl", lambda: records.check(case))
    _guard(find, "allocation", "allocation.csv", lambda: allocation.check(case))
    _guard(find, "total", "run.json", lambda: totals.check(case))


def _told_card(case: Case) -> None:
    told = case.opened.run["card"]
    for name in ("id", "version", "status"):
        if told.get(name) != case.card.raw.get(name):
            case.findings.add("card", "run.json", name)


def _guard(findings: Findings, code: str, file: str, check: Callable[[], T]) -> T | None:
    """Run a check; what it trips over becomes a finding."""
    try:
        return check()
    except (UnknownVariantError, TooLargeError) as error:
        findings.add("unknown", file, str(error))
    except FactsError as error:
        findings.add(code, file, str(error))
    except ERRORS as error:
        findings.add(code, file, type(error).__name__)
    return None
