"""Hand-built runs and an honest packer written from S13.4-S13.6, with hashlib and json alone."""

import csv
import hashlib
import io
import json
import tomllib
from contextlib import suppress
from unittest.mock import patch

import pytest

from cogov_opt.recording.extracts import extracts_file
from cogov_opt.verifying import certificates, reading, records, sentences, units, verify
from cogov_opt.verifying.case import Case
from cogov_opt.verifying.facts import FactsError, read_facts
from cogov_opt.verifying.findings import Findings
from cogov_opt.verifying.formulation import build
from cogov_opt.verifying.plan import complete, plan_of
from cogov_opt.verifying.policy import read_card

PACKAGE = {
    "name": "toy", "title": "Toy", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "en",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    "start_moment": "2026-09-28T00:00+08:00", "no_rows_means": {}, "policy": None, "meta": {},
    "format": "folder", "units": "minor", "cogov_format": 1,
}  # fmt: skip
HEADERS = {
    "actors": "actor_id,name,kind,area,parent_id,registration",
    "codes": "vocabulary,code,parent,en,zh,sensitive",
    "volunteers": "volunteer_id,actor_id,area,lat,lon,skills,tags,languages,max_minutes,"
    "min_minutes,max_slots,buffer_minutes,cost_per_slot,consent_until,submitted_at",
    "funds": "fund_id,actor_id,amount,as_of,committed,purposes,cost_types,groups,areas,spend_from,"
    "spend_until,min_award,max_per_demand,step,unspent,reference",
    "services": "service_id,actor_id,service_type,unit,capacity,area,serves_areas,groups,languages,"
    "cost_per_unit,reference",
    "standing": "demand_id,option_id,need_id,resource_id,quantity,status",
    "availability": "resource_id,start,end",
    "demands": "demand_id,actor_id,performer_id,title,area,lat,lon,group,people,priority,points,"
    "tags,purpose,submitted_at,position",
    "options": "demand_id,option_id,start,end",
    "needs": "need_id,demand_id,kind,quantity,minimum,requires,cost_type,pays_for,own_limit,"
    "points_per_unit",
}
CODES = (
    "at_prices", "tie_draw", "gap", "outpriced", "need_met", "budget", "capacity", "not_needed",
    "no_eligible_candidate", "set_incomplete", "below_minimum", "pinned", "clause", "earmark",
    "period",
)  # fmt: skip


def said(code):
    return {
        "assignment": f"{code} of {{demand}}", "unmet": f"{code} of {{demand}}",
        "unused": f"{code} of {{resource}}",
    }  # fmt: skip


PHRASES = {
    "version": "test",
    "en": {"reason": {code: said(code) for code in CODES}},
    "zh": {"reason": {code: said(code) for code in CODES}},
}
ALLOCATION = (
    "demand,option,start,end,need,kind,resource,quantity,unit,cost,cost_type,buys,giver,taker,payee,"
    "agreement,origin,record"
)
UNMET = "demand,need,asked,given,short,code,record"


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def table(name, rows):
    """The canonical CSV of rows given as {column: cell}."""
    columns = HEADERS[name].split(",")
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tree(leaves):
    """RFC 6962, 2.1, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:k]) + tree(leaves[k:])).digest()


def root_of(folder):
    paths = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    paths = sorted(p.encode() for p in paths if p not in {"checkpoint", "provenance.json"})
    leaves = [
        hashlib.sha256(b"\x00" + p + b"\x00" + (folder / p.decode()).read_bytes()).digest()
        for p in paths
    ]
    return tree(leaves).hex()


def reseal(folder):
    """Recompute every digest, the run id and the root, whatever the files say."""
    run = json.loads((folder / "run.json").read_bytes())
    inputs = {
        p.relative_to(folder).as_posix(): sha(p.read_bytes())
        for p in (folder / "inputs").rglob("*")
        if p.is_file() and p.name != "repairs.jsonl"
    }
    card = sha((folder / "policy.toml").read_bytes())
    options = sha(canonical({"strategy": run["strategy"], "options": run["options"]}))
    digest = sha(canonical(inputs))
    run["inputs"], run["card"]["digest"] = inputs, card
    if run["draw"] and run["draw"]["trust"] == "derived":
        run["draw"]["seed"] = sha(digest.encode())[:16]
    run["run_id"] = sha(canonical([digest, card, options, run["attempt"]]))[:16]
    (folder / "run.json").write_bytes(canonical(run))
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*")
             if p.is_file()}  # fmt: skip
    with suppress(
        ValueError, KeyError, TypeError, AttributeError, RecursionError
    ):  # some files are garbage
        (folder / "extracts.json").write_bytes(extracts_file(files, run["run_id"]))
    text = f"cogov_opt run\n{run['run_id']}\n{root_of(folder)}\n"
    (folder / "checkpoint").write_bytes(text.encode())
    return folder


def write_run(folder, *, tables, card, run, allocation, unmet, records, package=None, **evidence):
    """Write a run folder from its parts and seal it."""
    (folder / "inputs").mkdir(parents=True)
    for name, rows in tables.items():
        (folder / "inputs" / f"{name}.csv").write_bytes(table(name, rows))
    (folder / "inputs" / "datapackage.json").write_bytes(canonical(PACKAGE | (package or {})))
    (folder / "inputs" / "repairs.jsonl").write_bytes(b"")
    (folder / "policy.toml").write_text(card, encoding="utf-8")
    (folder / "allocation.csv").write_text(
        "\n".join([ALLOCATION, *allocation, ""]), encoding="utf-8"
    )
    (folder / "unmet.csv").write_text("\n".join([UNMET, *unmet, ""]), encoding="utf-8")
    (folder / "records.jsonl").write_bytes(b"".join(canonical(r) + b"\n" for r in records))
    (folder / "phrases.json").write_bytes(canonical(PHRASES))
    if "certificate" in evidence:
        (folder / "certificate.json").write_bytes(canonical(evidence["certificate"]))
    if "trace" in evidence:
        lines = b"".join(canonical(step) + b"\n" for step in evidence["trace"])
        (folder / "trace.jsonl").write_bytes(lines)
    told = {
        "format": 1, "run_id": "", "card": {"id": "toy", "version": "1.0.0", "status": "draft"},
        "inputs": {}, "attempt": 1, "strategy": "optimum", "options": {}, "stages": [],
        "all_certified": False, "termination": "done", "breaks": [],
        "draw": {"seed": "", "trust": "derived", "unique": "plans_found", "counter": 0},
    }  # fmt: skip
    told |= dict.fromkeys(("purpose", "prepared_by", "for_actor", "data_as_of"), "")
    told |= {"route": "coupled", "proof": "done" if run.get("stages") else "", "supersedes": None}
    of_card = tomllib.loads(card).get("strategy", {})
    told |= {"options": {name: value for name, value in of_card.items() if name != "name"}} | run
    if (told["draw"] or {}).get("trust") == "chosen":
        told["options"] = told["options"] | {"seed": told["draw"]["seed"]}
    (folder / "run.json").write_bytes(canonical(told))
    with suppress(FactsError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        write_units(folder)  # some runs are garbage
    return reseal(folder)


def write_units(folder):
    """Write what single units are worth, as the verifier derives it: tests here are of others."""
    case, held = case_of(folder), {}
    certificates.check(case)
    with patch.object(units, "_compare", lambda _, file, __, right: held.update({file: right})):
        units.check(case)
    heads = {units.FILE: reading.UNITS, units.CHANCES_FILE: reading.CHANCES}
    for file, rows in held.items():
        if rows is not None:
            out = io.StringIO(newline="")
            writer = csv.DictWriter(out, heads[file], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            (folder / file).write_text(out.getvalue(), encoding="utf-8")


ACTORS = [{"actor_id": "JD", "name": "Office", "kind": "ngo"}]
CARD = """\
id = "toy"
version = "1.0.0"
status = "draft"

[[objective]]
sense = "maximise"
terms = [{ term = "served_points", weight = 1 }]
"""


def rivals_tables():
    """One volunteer, two demands at the same hour worth 10 and 6 points: three rows."""
    hour = {"start": "2026-09-28T09:00+08:00", "end": "2026-09-28T10:00+08:00"}
    demands = [("D-1", "10"), ("D-2", "6")]
    return {
        "actors": ACTORS,
        "volunteers": [{"volunteer_id": "V-1", "actor_id": "JD"}],
        "availability": [
            {
                "resource_id": "V-1",
                "start": "2026-09-28T08:00+08:00",
                "end": "2026-09-28T12:00+08:00",
            }
        ],
        "demands": [
            {"demand_id": d, "actor_id": "JD", "people": "5", "points": points}
            for d, points in demands
        ],
        "options": [{"demand_id": d, "option_id": "O1", **hour} for d, _ in demands],
        "needs": [
            {"need_id": f"N-{d[-1]}", "demand_id": d, "kind": "volunteer", "quantity": "1"}
            for d, _ in demands
        ],
    }


# Prices by hand: 8 for the hour of V-1, -9 and -7 for the needs. v: y1 10-9 = 1, x1 9-8 = 1,
# y2 6-7 = -1, x2 7-8 = -1, the set of D-2: -1-1 = -2. B = 8*1 + 1 + 1 = 10 = the value, so the plan
# is optimal.
RIVALS_STAGE = {
    "index": 1, "sense": "maximise", "scale": "1",
    "prices": [
        [["law.no_overlap", "V-1", "540"], "8"], [["law.set", "need", "N-1", "O1"], "-9"],
        [["law.set", "need", "N-2", "O1"], "-7"],
    ],
    "value": "10", "published": "10", "bound": "10", "gap": "0", "bound_scaled": "10",
    "excess": "0", "taken_back": "0", "optimal": True, "conditional": False, "shares": [],
    "rounding": "0",
}  # fmt: skip
RIVALS_RUN = {
    "stages": [{
        "index": 1, "terms": ["served_points"], "sense": "maximise", "value": "10",
        "published": "10", "bound": "10", "gap": "0", "optimal": True, "conditional": False,
    }],
    "all_certified": True, "termination": "optimal",
    "totals": {"demands": 2, "served": 1, "people": 5},
}  # fmt: skip
RIVALS_ALLOCATION = [
    "D-1,O1,2026-09-28T09:00+08:00,2026-09-28T10:00+08:00,N-1,volunteer,V-1,1,person,0,,,JD,JD,,,"
    "optimised,A-000001"
]
# The contrary of either leaves at most 10 - 1 and 10 - 2: in steps of 2, the gcd of 10 and 6, 8.
LOSS = {"low": 2, "best": True}
RIVALS_RECORDS = [
    {"record": "A-000001", "type": "assignment", "code": "at_prices", "proven": "bound",
     "about": {"demand": "D-1", "option": "O1", "need": "N-1", "resource": "V-1"},
     "values": {"stage": 1, "brings": 0, "takes": -1, "margin": 1, "scale": 1} | LOSS},
    {"record": "U-000001", "type": "unmet", "code": "outpriced", "proven": "bound",
     "about": {"demand": "D-2", "need": "N-2"},
     "values": {"option": "O1", "stage": 1, "margin": 2, "scale": 1, "by": [["N-2", "V-1", 8]]}
     | LOSS},
]  # fmt: skip


@pytest.fixture(autouse=True)
def phrases(monkeypatch):
    """The toy phrase set is a known one."""
    monkeypatch.setattr(sentences, "known_sets", lambda: {"test": sha(canonical(PHRASES))})


@pytest.fixture
def rivals(tmp_path):
    """A run that must be accepted."""
    return write_run(
        tmp_path / "rivals", tables=rivals_tables(), card=CARD, run=RIVALS_RUN,
        allocation=RIVALS_ALLOCATION, unmet=["D-2,N-2,1,0,1,outpriced,U-000001"],
        records=RIVALS_RECORDS, certificate={"stages": [RIVALS_STAGE]},
    )  # fmt: skip


def case_of(folder):
    """What the verifier's checks ask of a folder, before any of them."""
    findings = Findings()
    opened = reading.open_run(folder, findings)
    facts, card = read_facts(folder), read_card(folder / "policy.toml")
    priced, plan = build(facts, card), plan_of(opened.allocation, facts)
    return Case(opened, findings, facts, card, priced, plan, complete(plan, priced))


def derived(folder):
    """The records the verifier derives for a folder, by id, but for what S12.7 adds to them."""
    case = case_of(folder)
    certificates.check(case)
    found = {record["record"]: record for record in records.derive(case)}
    for record in found.values():
        record["values"] = {k: v for k, v in record["values"].items() if k not in LOSS}
    return found


class Packer:
    """What tests ask of this file: importing it by name is not possible in this layout."""

    write_run = staticmethod(write_run)
    reseal = staticmethod(reseal)
    case_of = staticmethod(case_of)
    derived = staticmethod(derived)
    canonical = staticmethod(canonical)
    sha = staticmethod(sha)
    root_of = staticmethod(root_of)
    tree = staticmethod(tree)
    rivals_tables = staticmethod(rivals_tables)
    ACTORS, CARD, RIVALS_STAGE, RIVALS_RUN = ACTORS, CARD, RIVALS_STAGE, RIVALS_RUN
    RIVALS_ALLOCATION, RIVALS_RECORDS, PHRASES = RIVALS_ALLOCATION, RIVALS_RECORDS, PHRASES

    @staticmethod
    def codes(folder, **keywords):
        return {finding.code for finding in verify(folder, **keywords).findings}

    @staticmethod
    def edit(path, change):
        """Change a JSON file in place by a function of its value."""
        value = json.loads(path.read_bytes())
        change(value)
        path.write_bytes(canonical(value))

    @staticmethod
    def replace(path, old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def pack():
    return Packer
