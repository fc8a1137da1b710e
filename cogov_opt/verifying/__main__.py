"""The verifier as a program: `python cogov-verify.pyz RUN`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from .verdict import verify
from .wording import lines

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify one run and print the verdict; 0 if accepted, 7 if not, 2 for a wrong command."""
    options = _parser().parse_args(arguments)
    verdict = verify(
        options.run, options.root, options.key, options.answer, options.letter, options.template,
        options.contacts,
    )  # fmt: skip
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cogov-verify",
        description="Re-check a run folder without a solver. The run is read, never changed.",
        epilog="Exit status: 0 accepted, 2 wrong command line, 7 anything else.",
    )
    parser.add_argument("run", metavar="RUN", help="the run folder, or the file of an extract")
    parser.add_argument("--root", metavar="HEX", help="the root held elsewhere (ledger, notice)")
    parser.add_argument("--key", metavar="FILE", help="the public key that signed the checkpoint")
    parser.add_argument(
        "--answer", metavar="FILE", help="an answer of 'cogov explain' about the run"
    )
    parser.add_argument("--letter", metavar="FILE", help="letters about the run, to be compared")
    parser.add_argument("--template", metavar="PLACE", help="the template they were written from")
    parser.add_argument("--contacts", metavar="FILE", help="the names (CSV) they were printed with")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the text")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
