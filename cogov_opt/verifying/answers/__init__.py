"""Checks an answer file beside its run: what was changed, the plans, the ceilings (S16)."""

from __future__ import annotations

from .checking import check

__all__ = ["check"]
