"""Style and script of the page, and the policy that lets a browser load nothing else."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources


@cache
def asset(name: str) -> str:
    """Read a file that is put into every page."""
    place = resources.files("cogov_opt.reporting.page").joinpath("assets").joinpath(name)
    return place.read_text(encoding="utf-8")


def css_text(text: str) -> str:
    """Write a text as a string of CSS; everything but letters and digits is escaped."""
    plain = (c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(plain)}"'


def style(heading: str, seal: str, pages: str) -> str:
    """
    Give the style sheet, with what stands on every printed page.

    `pages` holds `{page}` and `{pages}` where the browser is to put its numbers.
    """
    before, _, rest = pages.partition("{page}")
    between, _, after = rest.partition("{pages}")
    numbered = (
        f"{css_text(before)} counter(page) {css_text(between)} counter(pages) {css_text(after)}"
    )
    boxes = (
        f"@page{{@top-left{{content:{css_text(heading)}}}"
        f"@bottom-left{{content:{css_text(seal)}}}@bottom-right{{content:{numbered}}}}}"
    )
    return asset("page.css") + boxes


def script() -> str:
    """Give the script: finding rows, and opening all reasons; the page is complete without it."""
    return asset("page.js")


def content_policy(*parts: str) -> str:
    """Let a browser run these texts as style and script, and load nothing at all."""
    allowed = {name: _digest(text) for name, text in zip(("style", "script"), parts, strict=True)}
    sources = "; ".join(f"{name}-src '{digest}'" for name, digest in allowed.items())
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
