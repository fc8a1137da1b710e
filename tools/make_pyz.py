"""
Write dist/cogov-verify.pyz: the verifier as one file that any Python 3.11 runs.

The bytes depend on the sources only: entries are sorted, times fixed, and nothing is compressed,
since compressors differ between builds of Python.
"""

import argparse
import io
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEBANG = b"#!/usr/bin/env python3\n"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
UNIX = 3
MODE = 0o100644
ENTRY = """\
from verifying.__main__ import main

raise SystemExit(main())
"""


def sources(package: Path) -> dict[str, bytes]:
    """Read the files of a package, data files included, under the name it has in the archive."""
    files = (path for path in package.rglob("*") if path.is_file())
    return {
        f"verifying/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in files
        if "__pycache__" not in path.parts
    }


def archive(package: Path) -> bytes:
    """Pack a package and its entry point; the same sources give the same bytes."""
    entries = {"__main__.py": ENTRY.encode(), **sources(package)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as book:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system = UNIX
            info.external_attr = MODE << 16
            book.writestr(info, entries[name])
    return SHEBANG + packed.getvalue()


def main() -> None:
    """Write the archive and name it on stdout."""
    parser = argparse.ArgumentParser(description="Write the verifier as one runnable file.")
    parser.add_argument("--package", type=Path, default=ROOT / "cogov_opt" / "verifying")
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "cogov-verify.pyz")
    options = parser.parse_args()
    if not (options.package / "__main__.py").is_file():
        parser.error(f"{options.package} has no __main__.py")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(archive(options.package))
    options.output.chmod(0o755)
    print(options.output)


if __name__ == "__main__":
    main()
