"""``cogov doctor``: what is installed, in a form to paste into a report of a fault."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from cogov_opt import __version__

SCHEMA_VERSION = 1

# Solver: the distribution that brings it. Found, not imported: a look must stay cheap.
SOLVERS = {"cbc": "pulp", "cp-sat": "ortools", "highs": "highspy"}
PLUGIN_GROUPS = tuple(
    f"cogov_opt.{kind}" for kind in ("backends", "clauses", "formats", "strategies")
)


def installed(distribution: str) -> str | None:
    """Tell the version of a distribution, or None when it is absent."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def packages() -> dict[str, str | None]:
    """Tell the version of each distribution the library asks for."""
    try:
        lines = metadata.requires("cogov_opt") or []
    except metadata.PackageNotFoundError:
        return {}
    names = (re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line)
    return {name.group(): installed(name.group()) for name in names if name}


def solvers() -> dict[str, str | None]:
    """Tell the version of the distribution behind each solver, or None when it is absent."""
    return {
        name: installed(distribution) if find_spec(distribution) else None
        for name, distribution in SOLVERS.items()
    }


def plugins() -> list[dict[str, str | None]]:
    """List the plug-ins that announce themselves, without loading any."""
    return [
        {
            "group": group,
            "name": entry.name,
            "distribution": entry.dist.name if entry.dist else None,
            "version": entry.dist.version if entry.dist else None,
        }
        for group in PLUGIN_GROUPS
        for entry in sorted(metadata.entry_points(group=group))
    ]


def data_folder() -> dict[str, Any]:
    """Tell where COGOV_DATA points, and whether a folder is there."""
    named = os.environ.get("COGOV_DATA")
    return {"path": named, "found": bool(named) and Path(named or "").is_dir()}


def chinese_fonts() -> list[str] | None:
    """List the fonts that hold Chinese characters; None where nothing tells (no fontconfig)."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    asked = [program, ":lang=zh", "family"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return sorted({line.split(",")[0].strip() for line in told.stdout.splitlines() if line.strip()})


def limits() -> dict[str, str]:
    """Tell what holds a solve to its limits here."""
    by_system = find_spec("resource") is not None and sys.platform == "linux"
    return {"seconds": "watchdog", "memory": "rlimit" if by_system else "nothing"}


def findings() -> dict[str, Any]:
    """Gather all that the command shows."""
    return {
        "schema_version": SCHEMA_VERSION,
        "cogov_opt": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "encoding": {"stdout": sys.stdout.encoding, "files": sys.getfilesystemencoding()},
        "packages": packages(),
        "solvers": solvers(),
        "plugins": plugins(),
        "data": data_folder(),
        "fonts": chinese_fonts(),
        "limits": limits(),
    }


def as_text(found: dict[str, Any]) -> str:
    """Write the findings as lines for people."""
    data = found["data"]
    lines = [
        f"cogov_opt  {found['cogov_opt']}",
        f"python     {found['python']}",
        f"platform   {found['platform']}",
        f"encoding   {found['encoding']['stdout']} (stdout), {found['encoding']['files']} (files)",
        f"data       {data['path'] or 'COGOV_DATA not set'}{_unless(data['found'], data['path'])}",
        f"fonts      {_fonts(found['fonts'])}",
        "limits     " + ", ".join(f"{name} by {how}" for name, how in found["limits"].items()),
        "solvers",
        *_versions(found["solvers"]),
        "packages",
        *_versions(found["packages"]),
        "plug-ins" if found["plugins"] else "plug-ins   none",
        *(
            f"  {p['group']}: {p['name']} ({p['distribution']} {p['version']})"
            for p in found["plugins"]
        ),
    ]
    return "\n".join(lines)


def _fonts(found: list[str] | None) -> str:
    if found is None:
        return "not known (fontconfig is not installed)"
    return f"Chinese: {', '.join(found[:4])}" if found else "none with Chinese characters"


def _unless(found: bool, path: str | None) -> str:
    return " (no such folder)" if path and not found else ""


def _versions(table: dict[str, str | None]) -> list[str]:
    return [f"  {name:<20} {version or 'not installed'}" for name, version in table.items()]


EPILOG = """\b
Example:
  cogov doctor
  cogov doctor --json > doctor.json        to attach to a report of a fault
"""


@click.command(epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
def doctor(as_json: bool) -> None:
    """Show versions, solvers, plug-ins and data."""
    found = findings()
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else as_text(found))
