"""
The verifier: re-checks a run with plain loops, integers and the standard library alone.

Written from `docs/convention.md` and never from the code that makes runs; it imports nothing of
ours, so it also runs from a zip.
"""

from __future__ import annotations

from .findings import Finding
from .verdict import Verdict, verify

__all__ = ["Finding", "Verdict", "verify"]
