"""All lies: importing this module registers every class."""

from __future__ import annotations

from tests.lies import (
    about_anything,
    about_facts,
    about_lengths,
    about_parts,
    about_plans,
    about_proofs,
    about_reasons,
    about_tables,
    about_trees,
)
from tests.lies.telling import LIES, Lie

__all__ = [
    "LIES", "Lie", "about_anything", "about_facts", "about_lengths", "about_parts", "about_plans",
    "about_proofs", "about_reasons", "about_tables", "about_trees",
]  # fmt: skip
