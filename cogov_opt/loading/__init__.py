"""LOAD: a path, frames or a card become Tables or a Policy; neither is checked yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cogov_opt import catalogue, formats
from cogov_opt.errors import Issue, PolicyError, Where
from cogov_opt.formats.frames import from_frames
from cogov_opt.loading.cards import read_card
from cogov_opt.loading.requests import expand

if TYPE_CHECKING:
    from cogov_opt.domain.loaded import Tables
    from cogov_opt.domain.policy import Policy


def load(path: str | Path, *, format: str | None = None) -> Tables:
    """
    Load a dataset.

    Parameters
    ----------
    path
        A folder with datapackage.json, a workbook, a benchmark file, or the name of a shipped
        dataset.
    format
        The name of its format; recognised if left out.

    Returns
    -------
    Tables
        Text columns with their places, a table `requests` expanded; `check` makes them an
        Instance.

    Raises
    ------
    InputError
        The path, or a file of it, cannot be read.
    UnsupportedError
        No known format fits.
    """
    shipped = None if Path(path).exists() else catalogue.dataset_path(Path(path).name)
    return expand(formats.read(shipped or path, format))


def load_policy(name_or_path: str | Path) -> Policy:
    """
    Load a policy card: a shipped one by its name, or a TOML file.

    Raises
    ------
    PolicyError
        There is no such card, or it has issues; all of them are told.
    """
    shipped = catalogue.policy_path(str(name_or_path))
    path = shipped or Path(name_or_path)
    if not path.is_file():
        from cogov_opt.loading.reading import closest

        known = catalogue.policies()
        told = {"read": str(name_or_path), "closest": closest(str(name_or_path), known)}
        told["known"] = ", ".join(known) or "-"
        raise PolicyError([Issue("unknown_policy", Where(str(name_or_path)), told)])
    return read_card(path.read_bytes(), str(path))


def load_policy_text(text: str) -> Policy:
    """Read a policy card from its text; PolicyError with every issue if it has any."""
    return read_card(text.encode("utf-8"), "card")


__all__ = ["from_frames", "load", "load_policy", "load_policy_text"]
