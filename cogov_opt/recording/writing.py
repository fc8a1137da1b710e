"""A run appears whole or not at all: written beside its place, then renamed once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cogov_opt.errors import RecordError, UnsupportedError


def refuse_existing(folder: Path) -> None:
    """
    Refuse to write where something stands already.

    Raises
    ------
    UnsupportedError
        The folder, or a file of that name, exists.
    """
    if folder.exists() or folder.is_symlink():
        raise UnsupportedError(
            f"{folder} exists and is never overwritten. Name another place.", code="run_exists"
        )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write files as a new folder, by one rename.

    Raises
    ------
    UnsupportedError
        The folder exists.
    RecordError
        It cannot be written; nothing of it is left.
    """
    refuse_existing(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise RecordError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        _fill(beside, files)
        refuse_existing(folder)
        beside.chmod(0o755)
        beside.rename(folder)
        _sync_folder(folder.parent)
    except OSError as error:
        raise RecordError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """
    Write a new file, whole or not at all.

    Raises
    ------
    UnsupportedError
        Something of that name exists.
    RecordError
        It cannot be written; nothing of it is left.
    """
    refuse_existing(path)
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        beside = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.chmod(0o644)
        refuse_existing(path)
        beside.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise RecordError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files, each to the disk before the next."""
    made = {folder}
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        made.add(target.parent)
        with target.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    for place in made:
        _sync_folder(place)


def _sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
