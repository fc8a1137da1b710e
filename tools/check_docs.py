"""Check the documents: each relative link in a Markdown file leads to a file of the checkout."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("*.md", "docs/**/*.md", "datasets/**/*.md", "benchmarks/**/*.md", "models/**/*.md")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#", re.IGNORECASE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")


def documents(root: Path) -> list[Path]:
    """List the Markdown files that are looked at."""
    return sorted(path for place in PLACES for path in root.glob(place))


def broken_links(document: Path) -> Iterator[str]:
    """Find the links of one document that lead nowhere; code samples are not read."""
    text = INLINE.sub("", FENCED.sub("", document.read_text(encoding="utf-8")))
    for target in LINK.findall(text):
        path = unquote(target.partition("#")[0])
        if not ELSEWHERE.match(target) and not (document.parent / path).exists():
            yield target


def main() -> int:
    """Print each broken link; return how the program ends."""
    found = documents(ROOT)
    broken = [(doc.relative_to(ROOT), target) for doc in found for target in broken_links(doc)]
    for document, target in broken:
        print(f"{document}: no such file: {target}", file=sys.stderr)
    print(f"{len(found)} documents, {len(broken)} broken links")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
