"""Check a built site: nothing on its pages is loaded from elsewhere (scripts, styles, pictures)."""

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
KEPT = ("canonical", "alternate", "next", "prev")
"""Relations of a link that load nothing."""


class _Page(HTMLParser):
    """Collects what a page loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = dict(attrs)
        place = given.get(LOADED.get(tag, "")) or ""
        loads = tag != "link" or given.get("rel") not in KEPT
        if loads and place.startswith(("http:", "https:", "//")):
            self.found.append(place)


def loaded(site: Path) -> Iterator[tuple[Path, str]]:
    """List each page and what it loads from elsewhere."""
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        yield from ((path, place) for place in page.found)


def main() -> int:
    """Print what is loaded from elsewhere; return how the program ends."""
    site = Path(sys.argv[1])
    pages = list(site.rglob("*.html"))
    found = list(loaded(site))
    for path, place in found:
        print(f"{path.relative_to(site)} loads {place}", file=sys.stderr)
    print(f"{len(pages)} pages, {len(found)} loads from elsewhere")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
