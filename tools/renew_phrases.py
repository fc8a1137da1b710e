"""
Write what the verifier knows of texts, as data beside it.

phrase_sets.json: the SHA-256 of phrases.json by the version it states. letters/forms.json: every
template of letters ever shipped, and the digests of the sheets they are printed on.
"""

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "cogov_opt" / "verifying" / "letters" / "forms.json"
KNOWN = ROOT / "cogov_opt" / "verifying" / "phrase_sets.json"


def shipped() -> tuple[str, str]:
    """Give the version of the shipped phrases, and the digest of the file a run keeps of them."""
    from cogov_opt.domain.canonical import canonical_json
    from cogov_opt.phrases import VERSION
    from cogov_opt.recording import phrases

    return VERSION, hashlib.sha256(canonical_json(phrases())).hexdigest()


def forms(known: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Add the templates and sheets in force to those known; each frame says its language."""
    from cogov_opt.catalogue import letter_templates
    from cogov_opt.phrases import LANGUAGES
    from cogov_opt.reporting.letters.printing import head_of
    from cogov_opt.reporting.letters.templates import FORMS as NAMES

    found = {name: dict(known.get(name, {})) for name in ("forms", "frames")}
    for language in LANGUAGES:
        for name in NAMES:
            data = (letter_templates(language) / f"{name}.txt").read_bytes()
            found["forms"][hashlib.sha256(data).hexdigest()] = data.decode("utf-8")
        frame = hashlib.sha256(head_of(language, "").encode()).hexdigest()
        found["frames"][frame] = language
    return {name: dict(sorted(lines.items())) for name, lines in found.items()}


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
    known = json.loads(FORMS.read_text(encoding="utf-8")) if FORMS.exists() else {}
    text = json.dumps(forms(known), indent=1, ensure_ascii=False) + "\n"
    FORMS.write_text(text, encoding="utf-8", newline="\n")
    print(f"version {version}: {digest} ({'as before' if after == before else 'renewed'})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
