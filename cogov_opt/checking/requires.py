"""What needs require: each code found in a vocabulary of the need's kind (convention S4.3)."""

from __future__ import annotations

import numpy as np

from cogov_opt.checking import cells
from cogov_opt.checking.columns import Context, repair
from cogov_opt.checking.parsed import Ints, Problem, Texts
from cogov_opt.checking.words import named
from cogov_opt.domain.loaded import TextColumn
from cogov_opt.domain.requirements import VOCABULARIES_OF, Atom, parse_atom
from cogov_opt.domain.tables import RESOURCE_KINDS


def read_requires(
    column: TextColumn, kinds: Ints, context: Context
) -> tuple[Texts, list[Problem], TextColumn]:
    """
    Read the requirements of needs in canonical text.

    A code means what it means for the need's kind, so each distinct pair of text and kind is
    read once; the column of pairs comes back for the places of problems.
    """
    width = len(RESOURCE_KINDS) + 1
    pairs = column.codes.astype(np.int64) * width + kinds.loaded() + 1
    distinct, codes = np.unique(pairs, return_inverse=True)
    texts, problems, shown = [], [], []
    for k, pair in enumerate(distinct.tolist()):
        text = column.values[pair // width]
        kind = RESOURCE_KINDS[pair % width - 1] if pair % width else None
        used, told = read_requirement(text, kind, context) if kind else ("", [])
        texts.append(used)
        shown.append(text)
        problems += [p._replace(value=k) for p in told]
    pair_codes = codes.astype(np.int32)
    return Texts(pair_codes, texts), problems, TextColumn(pair_codes, tuple(shown))


def read_requirement(text: str, kind: str, context: Context) -> tuple[str, list[Problem]]:
    """Read one requirement of a need of one kind, as canonical text."""
    items, problems = [], []
    for item in cells.split_list(text):
        atoms = []
        for part in item.split("|"):
            used, told = _read_atom(part.strip(), kind, context)
            atoms.append(used)
            problems += told
        items.append("|".join(atoms))
    typed = ";".join(items)
    if not problems and text.strip() and typed != text:
        problems.append(repair(0, text, typed))
    ordered = {"|".join(sorted(set(item.split("|")))) for item in items}
    return ";".join(sorted(ordered)), problems


def _read_atom(part: str, kind: str, context: Context) -> tuple[str, list[Problem]]:
    """Read one atom; its code must stand in exactly one vocabulary of the kind."""
    try:
        atom = parse_atom(part)
    except ValueError:
        return part, [Problem(0, "bad_requirement", {"read": part})]
    if atom.is_seats:
        if kind == "space" and not atom.negated:
            return f"seats:{atom.level}", []
        return part, [Problem(0, "seats_elsewhere", {"read": part, "kind": kind})]
    admissible = VOCABULARIES_OF[kind]
    code = _by_label(atom.code, admissible, context)
    found = [v for v in admissible if code in context.codes.get(v, {})]
    if len(found) == 1:
        return _atom_text(Atom(code, atom.level, atom.negated), found[0], part)
    return part, [_unplaced(code, kind, found, context)]


def _atom_text(atom: Atom, vocabulary: str, part: str) -> tuple[str, list[Problem]]:
    """Write an atom canonically; only skills have levels."""
    if atom.level > 1 and vocabulary != "skill":
        return part, [Problem(0, "level_elsewhere", {"read": part, "vocabulary": vocabulary})]
    if atom.negated:
        return f"not:{atom.code}", []
    return f"{atom.code}:{atom.level}" if atom.level > 1 else atom.code, []


def _by_label(code: str, admissible: tuple[str, ...], context: Context) -> str:
    """Give the code a label stands for, if it is no code itself and one code only has it."""
    if any(code in context.codes.get(v, {}) for v in admissible):
        return code
    labels = (context.code_labels.get(v, {}).get(code.lower()) for v in admissible)
    found = {c for c in labels if c}
    return found.pop() if len(found) == 1 else code


def _unplaced(code: str, kind: str, found: list[str], context: Context) -> Problem:
    """Say why a code has no single meaning for a kind of need."""
    told = {"read": code, "kind": kind}
    if found:
        return Problem(0, "ambiguous_code", told | {"found": ", ".join(found)})
    elsewhere = [v for v, codes in context.codes.items() if code in codes]
    if elsewhere:
        admissible = ", ".join(VOCABULARIES_OF[kind]) or "-"
        told |= {"found": ", ".join(elsewhere), "vocabulary": admissible}
        return Problem(0, "wrong_vocabulary", told)
    known = [word for v in VOCABULARIES_OF[kind] for word in named(v, context)]
    told |= {
        "vocabulary": ", ".join(VOCABULARIES_OF[kind]),
        "closest": context.findings.closest(code, known),
    }
    return Problem(0, "unknown_code", told)
