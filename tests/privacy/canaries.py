"""A small week with a canary in every private place, and each command that could sing."""

import io
import json
import zipfile

from click.testing import CliRunner

from cogov_opt.cli.main import cli
from tests.checking import samples
from tests.reporting.payloads import table

CONTACTS = {"name": "CANARY-NAME", "phone": "CANARY-PHONE", "address": "CANARY-ADDRESS"}
PRIVATE = {
    ("volunteers", "lat"): ("31235000", "31.235"),
    ("volunteers", "lon"): ("121543000", "121.543"),
    ("volunteers", "skills"): ("canary_skill",),
    ("volunteers", "tags"): ("canary_tag",),
    ("volunteers", "languages"): ("canary_tongue",),
    ("volunteers", "consent_until"): ("2031-07-19",),
    ("credentials", "volunteer_id"): (),  # a pseudonym, which stands for the person everywhere
    ("credentials", "credential"): ("canary_paper",),
    ("credentials", "valid_from"): ("2019-03-17",),
    ("credentials", "valid_until"): ("2033-03-18",),
    ("credentials", "reference"): (),  # not read at all: below
    ("credentials", "checked_by"): (),
    ("ballots", "voter_id"): ("CANARY-VOTER",),
}
"""The words to look for, by private column; a new private column needs its own."""
TYPED = {
    ("volunteers", "lat"): ("31.23456", "3123456"),
    ("volunteers", "lon"): ("121.54321", "12154321"),
    ("volunteers", "skills"): ("canary_skill；first_aid",),
    ("volunteers", "tags"): ("CANARY MARK",),
    ("volunteers", "consent_until"): ("2031年7月19日",),
    ("credentials", "valid_until"): ("2033/3/18",),
    ("credentials", "reference"): ("CANARY-REFERENCE",),
    ("credentials", "checked_by"): ("CANARY-CHECKER",),
}
"""What was typed, and is more than a run holds or otherwise than it holds it: of no run at all."""
PLANNER = ("CANARY-REGISTRATION", "CANARY-FUND", "CANARY-SOURCE", "canary_need_tag")
GROUPS = {
    "contacts": tuple(CONTACTS.values()),
    "private": tuple(w for key, words in PRIVATE.items() if key[0] != "ballots" for w in words),
    "typed": tuple(w for words in TYPED.values() for w in words),
    "voter": PRIVATE["ballots", "voter_id"],
    "planner": PLANNER,
}


def write_week(folder):
    """Write the week: two volunteers under canaries, one served and one refused activity."""
    own = ["V-001", "JW", "31.234567", "121.543217", "canary_skill；first_aid:2", "CANARY MARK",
           "canary_tongue", "480", "2031年7月19日"]  # fmt: skip
    other = ["V-002", "NGO", "31.234567", "121.543217", "canary_skill", "canary_tag", "", "", ""]
    paper = ["2019-03-17", "2033/3/18", "CANARY-REFERENCE", "CANARY-CHECKER"]
    codes = ["skill,canary_skill,,,", "tag,canary_tag,,Canary mark,", "language,canary_tongue,,,",
             "credential,canary_paper,,,", "tag,canary_need_tag,,,"]  # fmt: skip
    demands = [["D-1", "JW", "重阳午餐", "north", "elderly", 20, 1, "canary_need_tag", "meals"],
               ["D-2", "JD", "讲座", "", "", 30, "", "", ""]]  # fmt: skip
    changes = {
        "actors": {2: "JD,河畔街道办,subdistrict_office,,,CANARY-REGISTRATION",
                   1: "actor_id,name,kind,area,parent_id,registration",
                   3: "JW,北社区居委会,residents_committee,north,JD,",
                   4: "NGO,互助社,ngo,,,"},
        "codes": {30 + n: line for n, line in enumerate(codes)},
        "volunteers": table(
            "volunteer_id,actor_id,lat,lon,skills,tags,languages,max_minutes,consent_until",
            [own, other],
        ),
        "credentials": table(
            "volunteer_id,credential,valid_from,valid_until,reference,checked_by",
            [["V-001", "canary_paper", *paper], ["V-002", "canary_paper", *paper]],
        ),
        "funds": table("fund_id,actor_id,amount,purposes,reference",
                       [["F-1", "JD", "1000", "meals", "CANARY-FUND"]]),
        "demands": table(
            "demand_id,actor_id,title,area,group,people,priority,tags,purpose", demands
        ),
        "provenance": table("table,id,field,source", [["funds", "F-1", "amount", "CANARY-SOURCE"]]),
        "ballots": table("voter_id,demand_id,points", [["CANARY-VOTER", "D-1", "1"]]),
        "contacts": contacts_of(),
        "standing": None,
    }  # fmt: skip
    return samples.write(folder, changes)


def contacts_of():
    """Contacts of both volunteers, an actor and a demand."""
    rows = [[i, *CONTACTS.values()] for i in ("V-001", "V-002", "JW", "D-1")]
    return table("id,name,phone,address", rows)


def run(*args):
    """Run a command as a shell would; give what it prints, both streams, and its status."""
    done = CliRunner().invoke(cli, [str(a) for a in args])
    return (done.stdout + done.stderr).encode(), done.exit_code


def content_of(place):
    """All bytes below a path by name; packed files are unpacked."""
    paths = [place] if place.is_file() else [p for p in sorted(place.rglob("*")) if p.is_file()]
    found = {}
    for path in paths:
        data = path.read_bytes()
        name = path.name if place.is_file() else path.relative_to(place).as_posix()
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                data = b"\n".join(packed.read(n) for n in packed.namelist())
        found[name] = data.replace(b"\r\n ", b"")
    return found


def plant(path, text, carrier):
    """Write a leak as a carrier writes text: for what listens to be tried on."""
    data = (json.dumps(text) if carrier == "json" else text).encode()
    if carrier == "packed":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("sheet1.xml", data)
        return path
    if carrier == "folded":
        data = data[:10] + b"\r\n " + data[10:]
    path.write_bytes(data)
    return path


def heard(data, allowed=()):
    """The canaries that sing in some bytes and may not."""
    return [
        word
        for group, words in GROUPS.items()
        if group not in allowed
        for word in words
        if any(form in data for form in _forms(word))
    ]


def _forms(word):
    """Give the bytes a word may stand as: as it is, and escaped in JSON."""
    return {word.encode(), json.dumps(word)[1:-1].encode()}
