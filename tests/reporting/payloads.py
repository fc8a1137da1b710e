"""A small week whose every text is a trap for spreadsheets, and what such traps look like."""

import csv
import io

import cogov_opt as cg
from tests.checking import samples

PAYLOADS = (
    '=HYPERLINK("http://example.invalid","x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000＝1+1",
    "\u00a0=1+1",
    "{=1+1}",
    "http://example.invalid/a",
    "mailto:a@example.invalid",
    "internal:Sheet1!A1",
    "0123",
    "1e5",
    "2026-09-28",
    "TRUE",
    "#REF!",
    '"=1+1"',
    "%0A=1+1",
)


def table(header, rows):
    """Write one table as CSV bytes."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [header.split(","), *rows]
    )
    return out.getvalue().encode()


def trapped_run(folder):
    """Decide a week whose titles, actor and code names are payloads, some served and some not."""
    many = range(len(PAYLOADS))
    demands = [[f"D-{i:02}", "JW", PAYLOADS[i], "north", "elderly", 6 + i, 1 + i % 5, "meals"]
               for i in many]  # fmt: skip
    options = [[f"D-{i:02}", "a", f"2026-09-28 {9 + i % 3:02}:00", f"2026-09-28 {9 + i % 3:02}:50"]
               for i in many]  # fmt: skip
    needs = [[f"D-{i:02}.1", f"D-{i:02}", "volunteer" if i % 3 else "space", 1, "", "", "", ""]
             for i in many]  # fmt: skip
    needs += [[f"D-{i:02}.2", f"D-{i:02}", "fund", 50, 0, "", "meal", ""] for i in many]
    changes = {
        "actors": table("actor_id,name,kind,area,parent_id", [
            ["JD", PAYLOADS[0], "subdistrict_office", "", ""],
            ["JW", PAYLOADS[6], "residents_committee", "north", "JD"],
            ["NGO", PAYLOADS[9], "ngo", "", ""],
        ]),
        "codes": {12: f'cost_type,meal,,"{PAYLOADS[2]}",{PAYLOADS[8]}'},
        "demands": table("demand_id,actor_id,title,area,group,people,priority,purpose", demands),
        "options": table("demand_id,option_id,start,end", options),
        "needs": table(
            "need_id,demand_id,kind,quantity,minimum,requires,cost_type,pays_for", needs
        ),
        "affinities": None, "standing": None,
    }  # fmt: skip
    samples.write(folder, changes)
    policy = cg.load_policy("needs-first")
    return cg.record(cg.explain(cg.allocate(cg.check(cg.load(folder), policy), policy)))
