"""Texts that try to be more than text, put into every free text of a run."""

from __future__ import annotations

import csv
import io
import json

from cogov_opt.recording import Run

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=2</script>",
    "</style><script>window.pwned=3</script>",
    "</title></textarea><img src=x onerror=window.pwned=4>",
    '" onmouseover="window.pwned=5" x="',
    "' autofocus onfocus='window.pwned=6",
    "javascript:window.pwned=7",
    '<a href="javascript:window.pwned=8">here</a>',
    "<svg onload=window.pwned=9>",
    "{{ 7 * 7 }}{% for x in y %}${7*7}",
    "]]><!--",
    '=HYPERLINK("http://example.invalid","x")',
    "\\3c/style\\3e ; } @import url(http://example.invalid/x.css); /*",
    "<iframe srcdoc='<script>parent.pwned=10</script>'></iframe>",
    "<base href=http://example.invalid/><meta http-equiv=refresh content=0;url=//x.invalid>",
    "&lt;b&gt; &#60;i&#62; \u202eabc\u202c \u2028",
    "W" * 300,
)
TEXTS = {
    "demands": ("title",), "actors": ("name",), "codes": ("en", "zh"), "spaces": ("reference",),
    "funds": ("reference",), "agreements": ("reference",),
}  # fmt: skip


def infected(run: Run) -> Run:
    """Give the run with a payload in each free text, the card's and the package's included."""
    files, number = dict(run.files), 0
    for table, columns in TEXTS.items():
        path = f"inputs/{table}.csv"
        if path in files:
            reader = csv.DictReader(io.StringIO(files[path].decode(), newline=""))
            rows = list(reader)
            for row in rows:
                for column in columns:
                    row[column] = PAYLOADS[number % len(PAYLOADS)]
                    number += 1
            out = io.StringIO(newline="")
            writer = csv.DictWriter(out, reader.fieldnames or (), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            files[path] = out.getvalue().encode()
    package = json.loads(files["inputs/datapackage.json"])
    package["title"] = "".join(PAYLOADS[:6])
    files["inputs/datapackage.json"] = json.dumps(package).encode()
    header = json.loads(files["run.json"])
    header["prepared_by"], header["data_as_of"] = PAYLOADS[0], PAYLOADS[3]
    files["run.json"] = json.dumps(header).encode()
    files["provenance.json"] = json.dumps(
        {"cogov_opt": PAYLOADS[0], "recorded_at": PAYLOADS[4]}
    ).encode()
    card = files["policy.toml"].decode()
    text = "".join(PAYLOADS[:4]).replace("'", "")
    files["policy.toml"] = card.replace('source = "', f"source = '{text}' # \"").encode()
    return Run(files)
