"""
One module a format, each with `recognise(path)`, `read(path)` and `write(tables, path)`.

Formats of third parties come in by the entry point group `cogov_opt.formats`, and are loaded
only when named.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cogov_opt.errors import InputError, Issue, UnsupportedError, Where

if TYPE_CHECKING:
    from cogov_opt.domain.loaded import Tables

FORMATS = {
    "folder": "cogov_opt.formats.folder",
    "parquet": "cogov_opt.formats.parquet",
    "workbook": "cogov_opt.formats.workbook",
    "pabulib": "cogov_opt.formats.pabulib",
    "gap": "cogov_opt.formats.gap",
}
GROUP = "cogov_opt.formats"
_SUFFIXES = {
    ".pb": "pabulib",
    ".parquet": "parquet",
    ".xlsx": "workbook",
    ".txt": "gap",
    ".gap": "gap",
    "": "folder",
}


def read(path: str | Path, format: str | None = None) -> Tables:
    """
    Read a dataset in the format named, or in the one its path is recognised as.

    Raises
    ------
    InputError
        There is no such path, or it cannot be read.
    UnsupportedError
        The format is unknown, or none recognises the path.
    """
    place = Path(path)
    if not place.exists():
        raise InputError([Issue("missing_file", Where(str(path)), {"read": str(path)})])
    found: Tables = _module(format or _recognised(place)).read(place)
    return found


def write(tables: Tables, path: str | Path, format: str | None = None) -> None:
    """Write a dataset in the format named, or in the one its path's ending stands for."""
    place = Path(path)
    name = format or _SUFFIXES.get(place.suffix)
    if name is None:
        raise UnsupportedError(f"no format is known for {place.name}; name one of {names()}")
    _module(name).write(tables, place)


def names() -> tuple[str, ...]:
    """Give the names of all formats, those of third parties included."""
    return (*FORMATS, *sorted(e.name for e in entry_points(group=GROUP)))


def _recognised(path: Path) -> str:
    """Give the name of the first format that recognises a path."""
    order = [_SUFFIXES.get(path.suffix, "gap"), *FORMATS]
    for name in dict.fromkeys(order):
        try:
            module = _module(name)
        except UnsupportedError:
            continue
        if module.recognise(path):
            return name
    raise UnsupportedError(f"no format recognises {path}; name one of {', '.join(names())}")


def _module(name: str) -> Any:
    """Load the module of a format."""
    if name in FORMATS:
        try:
            return import_module(FORMATS[name])
        except ModuleNotFoundError as error:
            if error.name != FORMATS[name]:
                raise
            raise UnsupportedError(f"the format {name} is not part of this version") from error
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return entry.load()
    raise UnsupportedError(f"there is no format {name!r}; known: {', '.join(names())}")


__all__ = ["FORMATS", "names", "read", "write"]
