"""A small good dataset as CSV text, and ways of spoiling it."""

import json
from pathlib import Path

import cogov_opt as cg

PACKAGE = {
    "name": "small",
    "title": "小样",
    "currency": "CNY",
    "timezone": "Asia/Shanghai",
    "language": "zh",
    "horizon": {"start": "2026-09-28", "end": "2026-10-05"},
    "cogov_format": 1,
}

GOOD = {
    "actors": [
        "actor_id,name,kind,area,parent_id",
        "JD,河畔街道办,subdistrict_office,,",
        "JW,北社区居委会,residents_committee,north,JD",
        "NGO,互助社,ngo,,",
    ],
    "codes": [
        "vocabulary,code,parent,en,zh",
        "skill,first_aid,,,急救",
        "skill,driver,,,",
        "credential,health,,,",
        "tag,vetted,,,",
        "tag,quiet,,,",
        "feature,sink,,,",
        "area,town,,,",
        "area,north,town,,",
        "group,elderly,,,",
        "purpose,meals,,,",
        "cost_type,meal,,,",
        "service_type,lunch,,,",
        "unit,portion,,,份",
        "space_kind,room,,,",
    ],
    "volunteers": [
        "volunteer_id,actor_id,skills,tags,max_minutes,lat,lon,cost_per_slot",
        "V-001,JW,first_aid:2;driver,vetted,480,31.2,121.5,",
        "V-002,NGO,,,,,,",
    ],
    "credentials": [
        "volunteer_id,credential,valid_from,valid_until",
        "V-001,health,2026-01-01,2026-12-31",
    ],
    "funds": [
        "fund_id,actor_id,amount,committed,purposes,spend_from,spend_until",
        "F-1,JD,1000,100,meals,2026-01-01,2026-12-31",
    ],
    "spaces": [
        "space_id,actor_id,space_kind,part_of,seats,features,cost_per_hour",
        "R-1,JW,room,,60,sink,",
        "R-2,JW,room,R-1,30,,",
    ],
    "services": [
        "service_id,actor_id,service_type,unit,capacity,cost_per_unit",
        "S-1,NGO,lunch,portion,100,12.50",
    ],
    "availability": [
        "resource_id,start,end",
        "V-001,2026-09-28,2026-09-30",
        "R-1,2026-09-28 08:00,2026-09-28 20:00",
    ],
    "demands": [
        "demand_id,actor_id,title,area,group,people,priority,tags,purpose,submitted_at",
        "D-1,JW,重阳午餐,north,elderly,20,1,quiet,meals,2026-09-01 09:30",
        "D-2,JD,讲座,,,30,,,,",
    ],
    "options": [
        "demand_id,option_id,start,end",
        "D-1,a,2026-09-28 09:00,2026-09-28 11:00",
        "D-1,b,2026-09-29 09:00,2026-09-29 11:00",
        "D-1,b,2026-09-30 09:00,2026-09-30 11:00",
    ],
    "needs": [
        "need_id,demand_id,kind,quantity,minimum,requires,cost_type,pays_for,own_limit",
        "N-1,D-1,volunteer,2,1,first_aid:2|driver,,,",
        "N-2,D-1,service,20,10,lunch,,,",
        "N-3,D-1,fund,50,,,meal,N-2,20",
        "N-4,D-2,space,1,,seats:20;room,,,",
    ],
    "affinities": ["resource_id,demand_id,points,use_units", "S-1,D-1,5,2"],
    "agreements": [
        "agreement_id,giver_id,taker_id,kind,resource_id,reference",
        "G-1,NGO,*,service,S-1,协议一",
    ],
    "standing": [
        "demand_id,option_id,need_id,resource_id,quantity,status",
        "D-1,a,N-1,V-001,1,pinned",
    ],
}


def write(folder: Path, changes=None, package=None):
    """
    Write the good dataset with some changes.

    A change is the whole of a table as bytes, None to leave it out, or a mapping of row number
    (1 is the header) to the line that stands there instead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    described = {**PACKAGE, **(package or {})}
    described = {k: v for k, v in described.items() if v is not None}
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    tables = dict.fromkeys([*GOOD, *(changes or {})])
    for name in tables:
        change = (changes or {}).get(name, {})
        if change is None:
            continue
        if isinstance(change, bytes):
            (folder / f"{name}.csv").write_bytes(change)
            continue
        lines = dict(enumerate(GOOD.get(name, []), 1)) | change
        text = "\n".join(lines[row] for row in sorted(lines)) + "\n"
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def issues_of(folder: Path, policy=None):
    """Give every issue of a dataset, whether or not it stops the check."""
    try:
        found = cg.check(cg.load(folder), policy)
    except cg.InputError as error:
        return list(error.issues)
    return [*found.warnings, *found.repairs]
