"""Nothing registered is half there: every clause kind and every term has all of its parts."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from cogov_opt.domain import clauses as contracts
from cogov_opt.domain import policy
from cogov_opt.domain.clauses import Parameters
from cogov_opt.phrases import LANGUAGES, phrase_set
from cogov_opt.verifying import clauses as meanings
from cogov_opt.verifying import policy as read_again
from cogov_opt.verifying import terms as priced
from tests.clauses.cases import CASES

ROOT = Path(__file__).parents[2]
PROSE = ROOT / "models" / "clauses"
GOLDEN = ROOT / "tests" / "golden"
COMMON = {"where", "id", "kind", "firmness", "penalty", "stage", "owner", "source", "because"}
CASES_A_KIND = 30


def module_of(package: str, name: str) -> object | None:
    """Give a module of a package; None if there is none of that name."""
    path = f"cogov_opt.{package}.{name}"
    return import_module(path) if find_spec(path) else None


def said(*path: str) -> bool:
    """Tell whether a phrase is there in both languages."""
    for language in LANGUAGES:
        found = phrase_set(language)
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        if not found:
            return False
    return True


def prose_lacks(kind: str) -> list[str]:
    """Name what the prose of a kind lacks: texts in both languages, parameters of the contract."""
    path = PROSE / f"{kind}.toml"
    if not path.exists():
        return ["prose"]
    found = tomllib.loads(path.read_text("utf-8"))
    texts = [found.get("title"), found.get("meaning"), *found.get("parameters", {}).values()]
    texts += found.get("general", {}).values()
    lacking = [] if all(t and all(t.get(x) for x in LANGUAGES) for t in texts) else ["prose texts"]
    lacking += [w for w in ("formula", "example") if not found.get(w)]
    module = module_of("domain.clauses", kind)
    wanted = set(module.CONTRACT.model_fields) if module else set()
    if set(found.get("parameters", {})) - COMMON != wanted - COMMON:
        lacking.append("prose parameters")
    return lacking


def lacks(kind: str) -> list[str]:
    """Name every part a clause kind lacks."""
    contract = module_of("domain.clauses", kind)
    verifier = meanings.KINDS.get(kind)
    parts = {
        "contract": contract and issubclass(contract.CONTRACT, Parameters),
        "builder": callable(getattr(module_of("formulating.clauses", kind), "build", None)),
        "verifier": all(callable(getattr(verifier, w, None)) for w in ("holds", "rows")),
        "verifier's word": kind in read_again.CLAUSE_KINDS,
        "golden": (GOLDEN / f"{kind}.txt").exists(),
        "phrases": said("clause", kind, "sentence") and said("clause_kind", kind),
        "cases": len(CASES.get(kind, ())) >= CASES_A_KIND,
    }
    return [part for part, there in parts.items() if not there] + prose_lacks(kind)


def term_lacks(term: str) -> list[str]:
    """Name every part a term lacks."""
    parts = {
        "builder": callable(getattr(module_of("formulating.terms", term), "add", None)),
        "verifier": term in priced._TERMS,
        "verifier's word": term in read_again.TERMS,
        "golden": (GOLDEN / f"{term}.txt").exists(),
        "phrases": said("term", term),
    }
    return [part for part, there in parts.items() if not there]


def test_every_clause_kind_is_complete() -> None:
    """Contract, builder, verifier, golden file, phrases, prose and thirty cases, for each kind."""
    assert {k: lacks(k) for k in contracts.KINDS if lacks(k)} == {}
    assert set(contracts.KINDS) == set(meanings.KINDS) == set(CASES)
    assert set(contracts.NEVER_SOFT) == set(meanings.NEVER_SOFT)


def test_every_term_is_complete() -> None:
    """Builder, verifier, golden file and phrases, for each term."""
    assert {t: term_lacks(t) for t in policy.TERMS if term_lacks(t)} == {}
    assert set(policy.TERMS) == set(priced._TERMS) == set(read_again.TERMS)


def test_nothing_is_there_that_is_not_registered() -> None:
    """No module, prose or golden file is left over from a kind or term that is gone."""
    for folder, known in (
        ("cogov_opt/domain/clauses", {*contracts.KINDS, "parameters"}),
        ("cogov_opt/formulating/clauses", {*contracts.KINDS, "bounding", "switching_off"}),
        ("cogov_opt/verifying/clauses", {*contracts.KINDS, "barring"}),
        ("cogov_opt/formulating/terms", set(policy.TERMS)),
    ):
        names = {p.stem for p in (ROOT / folder).glob("*.py")} - {"__init__"}
        assert names == known, folder
    assert {p.stem for p in PROSE.glob("*.toml")} == set(contracts.KINDS)
    golden = {p.stem for p in GOLDEN.glob("*.txt")}
    assert golden == {*contracts.KINDS, *policy.TERMS, "law"}


def test_a_made_up_kind_or_term_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what is registered with nothing behind it fails in every part."""
    monkeypatch.setattr(contracts, "KINDS", (*contracts.KINDS, "quota"))
    monkeypatch.setattr(policy, "TERMS", (*policy.TERMS, "glamour"))
    with pytest.raises(AssertionError, match="quota"):
        test_every_clause_kind_is_complete()
    with pytest.raises(AssertionError, match="glamour"):
        test_every_term_is_complete()
    every = ["contract", "builder", "verifier", "verifier's word", "golden", "phrases", "cases"]
    assert lacks("quota") == [*every, "prose"]
    assert term_lacks("glamour") == ["builder", "verifier", "verifier's word", "golden", "phrases"]
