"""Write which phrase sets are known: the SHA-256 of phrases.json by the version it states."""

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / "cogov_opt" / "verifying" / "phrase_sets.json"


def shipped() -> tuple[str, str]:
    """Give the version of the shipped phrases, and the digest of the file a run keeps of them."""
    from cogov_opt.domain.canonical import canonical_json
    from cogov_opt.phrases import VERSION
    from cogov_opt.recording import phrases

    return VERSION, hashlib.sha256(canonical_json(phrases())).hexdigest()


def renewed(known: dict[str, str], version: str, digest: str) -> dict[str, str]:
    """Give the known sets with one of them renewed; other versions stay as they are."""
    return dict(sorted((known | {version: digest}).items()))


def main() -> int:
    """Write the file, and say whether it changed."""
    sys.path.insert(0, str(ROOT))
    version, digest = shipped()
    before = KNOWN.read_text(encoding="utf-8") if KNOWN.exists() else "{}"
    after = json.dumps(renewed(json.loads(before), version, digest), indent=2) + "\n"
    if after != before:
        KNOWN.write_text(after, encoding="utf-8", newline="\n")
    print(f"version {version}: {digest} ({'as before' if after == before else 'renewed'})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
