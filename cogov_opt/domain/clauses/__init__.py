"""The parameter contract of each clause kind, one module a kind."""

from __future__ import annotations

from importlib import import_module

from cogov_opt.domain.clauses.parameters import Parameters

KINDS = ("require", "forbid", "earmark", "limit", "guarantee", "award", "pin")
NEVER_SOFT = ("earmark", "award")


def contract(kind: str) -> type[Parameters]:
    """
    Give the parameter contract of a kind.

    Raises
    ------
    KeyError
        The kind is not registered.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    found: type[Parameters] = import_module(f"{__name__}.{kind}").CONTRACT
    return found


__all__ = ["KINDS", "NEVER_SOFT", "Parameters", "contract"]
