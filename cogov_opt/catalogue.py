"""Finds the shipped policy cards and datasets, in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _home(kind: str) -> Path:
    """Give the folder of a kind: `_shared` of a wheel, else the top of the checkout."""
    shipped = _PACKAGE / "_shared" / kind
    return shipped if shipped.is_dir() else _PACKAGE.parent / kind


def policies() -> tuple[str, ...]:
    """Give the names of the shipped cards."""
    return tuple(sorted(p.stem for p in _home("models").glob("*.toml")))


def policy_path(name: str) -> Path | None:
    """Give the file of a shipped card, or None."""
    return _home("models") / f"{name}.toml" if name in policies() else None


def letter_templates(language: str) -> Path:
    """Give the folder of the shipped letter templates of a language."""
    return _home("models") / "letters" / language


def datasets() -> tuple[str, ...]:
    """Give the names of the shipped datasets."""
    return tuple(sorted(p.parent.name for p in _home("datasets").glob("*/datapackage.json")))


def dataset_path(name: str) -> Path | None:
    """Give the folder of a shipped dataset, or None."""
    return _home("datasets") / name if name in datasets() else None
