"""The verifier as a program: `python cogov-verify.pyz RUN`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from .findings import MEANINGS
from .verdict import Verdict, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = {
    "en": {
        "accepted": "Accepted", "rejected": "Rejected", "incomplete": "Incomplete",
        "yes": "authenticated", "no": "consistent, not authenticated", "not": "not authenticated",
    },
    "zh": {
        "accepted": "核验通过", "rejected": "核验未通过", "incomplete": "核验不完整",
        "yes": "已验证来源", "no": "内容一致，来源未验证", "not": "来源未验证",
    },
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one run and print the verdict; 0 if accepted, 7 if not, 2 for a wrong command."""
    options = _parser().parse_args(arguments)
    verdict = verify(options.run, options.root, options.key)
    if options.json:
        text = json.dumps(verdict.to_dict(), ensure_ascii=False, indent=2)
    else:
        text = "\n".join(lines(verdict, options.lang))
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        print(text)
    else:
        stream.write(text.encode("utf-8", "replace") + b"\n")
        stream.flush()
    return verdict.status


def lines(verdict: Verdict, language: str) -> list[str]:
    """Give the verdict as lines of text."""
    texts = TEXTS[language]
    seal = "yes" if verdict.authenticated else "no" if verdict.accepted else "not"
    found = [f"{texts[verdict.verdict]}: {texts[seal]}"]
    for finding in verdict.findings:
        meaning = MEANINGS[finding.code]
        place = " ".join(part for part in (finding.file, finding.id) if part)
        found += [f"{finding.code}  {place}", f"  {meaning.zh if language == 'zh' else meaning.en}"]
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cogov-verify",
        description="Re-check a run folder without a solver. The run is read, never changed.",
        epilog="Exit status: 0 accepted, 2 wrong command line, 7 anything else.",
    )
    parser.add_argument("run", metavar="RUN", help="the run folder")
    parser.add_argument("--root", metavar="HEX", help="the root held elsewhere (ledger, notice)")
    parser.add_argument("--key", metavar="FILE", help="the public key that signed the checkpoint")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the text")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
