"""
An extract checked alone: one person's own records against the root of a run (convention S15.4).

What is proven: that the run commits to these records and prices, and that the lines recorded for
them are sums of proven prices. Whether the run itself is right is for those who verify the run.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from . import canonical, digests, extract_words
from .extract_lines import check_lines
from .extracts import leaf_hash, sealed
from .findings import Findings

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = "cogov_opt extract 1"
KEYS = {
    "format", "subject", "values", "suppressed", "prices", "lines", "scarce", "open", "left_out",
    "extracts", "file", "checkpoint",
}  # fmt: skip
PLACE = {"index", "size", "path"}
LEAF = {"payload", "salt", "index", "path"}
LINE = {"column", "stage", "scale", "worth", "items", "value"}
VALUES = {"salt", "values"}
SALT = 16
FILE = "extracts.json"
HASH = 32
PRICED = ("at_prices", "gap", "outpriced")
"""Codes of records whose values tell prices."""
TELLING = frozenset({"brings", "takes", "margin", "share", "by"})
ERRORS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    ArithmeticError,
)


def check(data: bytes, findings: Findings) -> tuple[dict[str, Any], str]:
    """Check an extract; give it, and the root it leads to ("" if it leads to none)."""
    try:
        extract = canonical.decode(data)
        if set(extract) != KEYS or extract["format"] != FORMAT or not _of_form(extract):
            raise ValueError("not an extract of this format")
        root = _root(extract, findings)
        told = canonical.decode(extract["extracts"].encode("utf-8"))
        _leaves(extract, told, findings)
        check_lines(extract, findings)
        extract_words.lines(extract, "en")
    except ERRORS as error:
        findings.add("format", "extract", type(error).__name__)
        return {}, ""
    return extract, root


def _of_form(extract: dict[str, Any]) -> bool:
    """Tell whether the parts that no hash holds are of their types, with their fields only."""
    leaves = [extract["subject"], *extract["prices"]]
    lines = [*extract["lines"], *extract["scarce"], *extract["open"]]
    opened = extract["values"].values()
    return (
        type(extract["suppressed"]) is bool
        and type(extract["left_out"]) is int
        and extract["left_out"] >= 0
        and set(extract["file"]) == PLACE
        and all(set(leaf) == LEAF and len(bytes.fromhex(leaf["salt"])) == SALT for leaf in leaves)
        and all(set(line) == LINE for line in lines)
        and all(set(o) == VALUES and len(bytes.fromhex(o["salt"])) == SALT for o in opened)
    )


def _root(extract: dict[str, Any], findings: Findings) -> str:
    """Lead extracts.json to the root of the run, and compare with the checkpoint."""
    text, place, note = extract["extracts"], extract["file"], extract["checkpoint"]
    leaf = digests.leaf(FILE, text.encode("utf-8"))
    root = climb(leaf, place["index"], place["size"], place["path"])
    told = canonical.decode(text.encode("utf-8"))
    body = note.partition("\n\n")[0] + "\n" if "\n\n" in note else note
    if root is None or body != digests.checkpoint(told["run_id"], root.hex()):
        findings.add("root", "checkpoint")
        return ""
    return root.hex()


def climb(leaf: bytes, index: int, size: int, path: Sequence[str]) -> bytes | None:
    """Give the root that a leaf hash leads to (RFC 9162, 2.1.3.2); None for no path of a tree."""
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    found = leaf
    for step in path:
        sibling = bytes.fromhex(step)
        if len(sibling) != HASH or last == 0:
            return None
        if node & 1 or node == last:
            found = hashlib.sha256(digests.NODE + sibling + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(digests.NODE + found + sibling).digest()
        node, last = node >> 1, last >> 1
    return found if last == 0 else None


def _leaves(extract: dict[str, Any], told: dict[str, Any], findings: Findings) -> None:
    """Lead the subject and every price to the root of the single records, and open the values."""
    subject = extract["subject"]
    for leaf in (subject, *extract["prices"]):
        digest = leaf_hash(bytes.fromhex(leaf["salt"]), leaf["payload"])
        root = climb(digest, leaf["index"], told["leaves"], leaf["path"])
        if root is None or root.hex() != told["root"]:
            findings.add("extract", "extract", _name(leaf["payload"]))
    if subject["payload"]["type"] not in ("demand", "volunteer"):
        raise ValueError("no subject")
    if any(leaf["payload"]["type"] != "price" for leaf in extract["prices"]):
        raise ValueError("no price")
    if len({leaf["index"] for leaf in extract["prices"]}) < len(extract["prices"]):
        findings.add("extract", "extract", "prices")
    records = {record["record"]: record for record in subject["payload"]["records"]}
    for name, opened in extract["values"].items():
        if sealed(bytes.fromhex(opened["salt"]), opened["values"]) != records[name]["sealed"]:
            findings.add("extract", "extract", name)
    closed = {n for n, r in records.items() if extract["suppressed"] and r["code"] in PRICED}
    telling = any(TELLING & opened["values"].keys() for opened in extract["values"].values())
    given = telling or any(extract[name] for name in ("prices", "lines", "scarce", "open"))
    if set(records) - closed - set(extract["values"]) or (extract["suppressed"] and given):
        findings.add("extract", "extract", "values")


def _name(payload: dict[str, Any]) -> str:
    named = payload.get("id") or canonical.text(payload.get("row"))
    return f"{payload['type']} {named}"
