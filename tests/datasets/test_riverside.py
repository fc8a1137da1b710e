"""The sample `riverside`: made anew it is the same, and it holds what its datasheet promises."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "datasets" / "riverside"
RESOURCES = {
    "volunteers": "volunteer_id",
    "funds": "fund_id",
    "spaces": "space_id",
    "services": "service_id",
}  # fmt: skip
CODED = {
    "volunteers": {"area": "area", "skills": "skill", "tags": "tag", "languages": "language"},
    "credentials": {"credential": "credential"},
    "funds": {
        "purposes": "purpose", "cost_types": "cost_type", "groups": "group", "areas": "area",
    },
    "spaces": {"space_kind": "space_kind", "area": "area", "features": "feature"},
    "services": {
        "service_type": "service_type", "unit": "unit", "area": "area", "serves_areas": "area",
        "groups": "group", "languages": "language",
    },
    "actors": {"area": "area"},
    "demands": {"area": "area", "group": "group", "tags": "tag", "purpose": "purpose"},
    "needs": {"cost_type": "cost_type"},
}  # fmt: skip
ALLOWED = {
    "actors": "actor_id name kind area parent_id registration",
    "codes": "vocabulary code parent en zh sensitive",
    "volunteers": "volunteer_id actor_id area lat lon skills tags languages max_minutes "
    "min_minutes max_slots buffer_minutes cost_per_slot consent_until submitted_at",
    "credentials": "volunteer_id credential valid_from valid_until reference checked_by",
    "funds": "fund_id actor_id amount as_of committed purposes cost_types groups areas spend_from "
    "spend_until min_award max_per_demand step unspent reference",
    "spaces": "space_id actor_id space_kind part_of area lat lon seats features buffer_minutes "
    "cost_per_hour reference",
    "services": "service_id actor_id service_type unit capacity area serves_areas groups languages "
    "cost_per_unit reference",
    "availability": "resource_id start end",
    "demands": "demand_id actor_id performer_id title area lat lon group people priority points "
    "tags purpose submitted_at",
    "options": "demand_id option_id start end",
    "needs": "need_id demand_id kind quantity minimum requires cost_type pays_for own_limit "
    "points_per_unit",
    "affinities": "resource_id demand_id points use_units distance",
    "agreements": "agreement_id giver_id taker_id kind resource_id share_percent quantity per "
    "valid_from valid_until reference",
    "standing": "demand_id option_id need_id resource_id quantity status",
    "provenance": "table id field source entered_by as_of evidence",
}
WEEK = ("2026-09-28", "2026-10-05")

Week = dict[str, list[dict[str, str]]]


def generator():
    """Load generate.py as any program would that knows only its path."""
    spec = importlib.util.spec_from_file_location("riverside_generate", FOLDER / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(folder: Path) -> Week:
    """Read all tables of a folder as text."""
    tables = {}
    for resource in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))[
        "resources"
    ]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            tables[resource["name"]] = list(csv.DictReader(file))
    return tables


def items(cell: str) -> list[str]:
    """Split a list cell."""
    return [item for item in cell.split(";") if item]


@pytest.fixture(scope="module", params=[1, 2, 3, 20])
def week(request, tmp_path_factory) -> Week:
    if request.param == 1:
        return read(FOLDER)
    folder = tmp_path_factory.mktemp("riverside")
    generator().generate(folder, seed=request.param)
    return read(folder)


def test_the_committed_tables_are_those_of_seed_1(tmp_path):
    """Whoever changes the generator commits the tables it makes."""
    generator().generate(tmp_path, seed=1)

    made = sorted(path.name for path in tmp_path.iterdir())
    kept = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".csv", ".json"})
    assert made == kept
    for name in made:
        fresh = (tmp_path / name).read_text(encoding="utf-8")
        assert fresh == (FOLDER / name).read_text(encoding="utf-8"), name


def test_another_seed_is_another_week():
    """The seed decides what is drawn."""
    make = generator().make

    assert make(1)["demands"] != make(2)["demands"]
    assert make(2) == make(2)


def test_only_columns_known_today_are_written(week):
    """Tables and columns whose meaning comes later are refused, so none is here."""
    assert set(week) == set(ALLOWED)
    for name, rows in week.items():
        assert set(rows[0]) <= set(ALLOWED[name].split()), name


def test_counts_are_as_promised(week):
    """The sizes that texts about the sample name."""
    kinds = Counter(actor["kind"] for actor in week["actors"])
    assert kinds == {
        "subdistrict_office": 1, "residents_committee": 8, "ngo": 5, "firm": 1, "foundation": 1,
    }  # fmt: skip
    sizes = {
        name: len(week[name]) for name in ("volunteers", "funds", "spaces", "services", "demands")
    }
    assert sizes == {"volunteers": 150, "funds": 6, "spaces": 9, "services": 3, "demands": 60}


def test_the_datasheet_names_the_counts_of_seed_1():
    """The datasheet cannot drift from the tables."""
    tables = read(FOLDER)
    text = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    for name in ("actors", "codes", "volunteers", "credentials", "funds", "spaces", "services",
                 "availability", "affinities", "agreements", "standing", "provenance"):  # fmt: skip
        assert re.search(rf"^\| {name} \| {len(tables[name])} \|", text, re.MULTILINE), name
    sizes = ", ".join(
        str(n)
        for n in (
            len(tables["demands"]),
            len({(row["demand_id"], row["option_id"]) for row in tables["options"]}),
            len(tables["needs"]),
        )
    )
    assert f"| demands, options, needs | {sizes} |" in text


def test_resource_ids_are_unique_across_tables(week):
    """Volunteers, funds, spaces and services share one namespace."""
    ids = [row[key] for name, key in RESOURCES.items() for row in week[name]]

    assert len(ids) == len(set(ids))


def test_ids_are_pseudonyms(week):
    """No id looks like a telephone or identity number."""
    ids = [row[key] for name, key in RESOURCES.items() for row in week[name]]
    ids += [row["need_id"] for row in week["needs"]] + [row["actor_id"] for row in week["actors"]]

    assert all(re.fullmatch(r"[A-Z]+(-\d{1,3}(\.\d)?)?", name) for name in ids)


def test_codes_belong_to_one_vocabulary_and_have_both_languages(week):
    """A requirement names a code without its vocabulary; people read its label."""
    codes = [row["code"] for row in week["codes"]]
    known = {(row["vocabulary"], row["code"]) for row in week["codes"]}

    assert len(codes) == len(set(codes))
    assert all(row["en"] and row["zh"] for row in week["codes"])
    assert all((r["vocabulary"], r["parent"]) in known for r in week["codes"] if r["parent"])


def test_every_code_is_known(week):
    """Cells hold codes of the column's vocabulary only, requirements included."""
    known = defaultdict(set)
    for row in week["codes"]:
        known[row["vocabulary"]].add(row["code"])
    every = set().union(*known.values())
    for table, columns in CODED.items():
        for column, vocabulary in columns.items():
            used = {item.split(":")[0] for row in week[table] for item in items(row[column])}
            assert used <= known[vocabulary], (table, column)
    atoms = [a for need in week["needs"] for i in items(need["requires"]) for a in i.split("|")]
    heads = {atom.removeprefix("not:").split(":")[0] for atom in atoms}
    assert heads - {"seats"} <= every


def test_every_reference_resolves(week):
    """Actors, demands, needs, options and resources that are named exist."""
    actors = {row["actor_id"] for row in week["actors"]}
    resources = {row[key] for name, key in RESOURCES.items() for row in week[name]}
    demands = {row["demand_id"] for row in week["demands"]}
    needs = {row["need_id"]: row["demand_id"] for row in week["needs"]}
    columns = {
        "actor_id": actors, "performer_id": actors, "giver_id": actors, "taker_id": actors | {"*"},
        "parent_id": actors, "resource_id": resources, "demand_id": demands, "need_id": set(needs),
        "volunteer_id": resources, "part_of": resources,
    }  # fmt: skip
    for name, rows in week.items():
        for row in rows:
            for column, known in columns.items():
                assert not row.get(column) or row[column] in known, (name, row)
    for need in week["needs"]:
        paid = [name for name in items(need["pays_for"]) if name != "none"]
        assert all(needs[name] == need["demand_id"] for name in paid), need
    assert all(needs[row["need_id"]] == row["demand_id"] for row in week["standing"])


def test_rows_are_unique_by_their_keys(week):
    """Affinities, standing rows, sessions and hours occur once."""
    for name, key in {
        "affinities": ("resource_id", "demand_id"),
        "standing": ("demand_id", "option_id", "need_id", "resource_id"),
        "options": ("demand_id", "option_id", "start"),
        "availability": ("resource_id", "start"),
        "credentials": ("volunteer_id", "credential"),
    }.items():
        keys = [tuple(row[column] for column in key) for row in week[name]]
        assert len(keys) == len(set(keys)), name


def test_times_lie_within_the_week(week):
    """Sessions and hours begin before they end, inside Monday to Sunday."""
    for row in week["options"] + week["availability"]:
        assert WEEK[0] <= row["start"] < row["end"] < WEEK[1], row


def test_money_follows_what_it_buys(week):
    """A need that may cost money is paid by exactly one fund need, or says that none pays."""
    paid = Counter(
        name for need in week["needs"] if need["kind"] == "fund" for name in items(need["pays_for"])
    )
    free = {row["space_kind"] for row in week["spaces"]} - {
        row["space_kind"] for row in week["spaces"] if row["cost_per_hour"]
    }
    for need in week["needs"]:
        if need["kind"] == "fund":
            assert need["cost_type"]
            continue
        kinds = set(items(need["requires"])[0].split("|")) if need["requires"] else set()
        costly = need["kind"] != "space" or not kinds <= free
        assert paid[need["need_id"]] <= 1
        assert (paid[need["need_id"]] == 1) != (need["pays_for"] == "none") or not costly, need


def test_quantities_are_sound(week):
    """A minimum never exceeds its quantity; every demand has needs and at most four options."""
    asked = Counter(need["demand_id"] for need in week["needs"])
    options = defaultdict(set)
    for row in week["options"]:
        options[row["demand_id"]].add(row["option_id"])
    assert all(asked[row["demand_id"]] for row in week["demands"])
    assert max(len(names) for names in options.values()) <= 4
    assert all(int(need["minimum"] or 0) <= int(need["quantity"]) for need in week["needs"])


def test_the_situations_that_the_sample_is_for_occur(week):
    """Partial and optional needs, lapsing certificates, silence, pins, strings: each is there."""
    needs, funds, agreements = week["needs"], week["funds"], week["agreements"]
    answered = {row["resource_id"] for row in week["availability"]}
    last_days = [row["valid_until"] for row in week["credentials"]]
    sessions = Counter((row["demand_id"], row["option_id"]) for row in week["options"])
    assert any(need["minimum"] == "0" for need in needs)
    assert any("0" < need["minimum"] != need["quantity"] for need in needs)
    assert any(
        need["kind"] == "service" and items(need["requires"]) == ["hot_meal"] for need in needs
    )
    assert any(int(need["own_limit"] or 0) for need in needs)
    assert any(day < WEEK[0] for day in last_days)
    assert any(WEEK[0] <= day < WEEK[1] for day in last_days)
    assert any(row["volunteer_id"] not in answered for row in week["volunteers"])
    assert any(re.search(r"first_aid:\d", row["skills"]) for row in week["volunteers"])
    assert max(sessions.values()) == 2
    assert len(sessions) > len({demand for demand, _ in sessions})
    assert any(WEEK[0] < row["spend_until"] < WEEK[1] for row in funds)
    assert all(
        any(row[column] for row in funds) for column in ("min_award", "max_per_demand", "step")
    )
    assert sum(row["part_of"] == "S-03" for row in week["spaces"]) == 2
    assert any("" < row["valid_until"] < WEEK[0] for row in agreements)
    assert all(
        any(row[c] for row in agreements) for c in ("share_percent", "quantity", "resource_id")
    )
    assert any(not row["kind"] and not row["resource_id"] for row in agreements)
    assert 2 <= sum(row["status"] == "pinned" for row in week["standing"]) <= 5


def test_titles_are_in_both_languages(week):
    """A title reads `社区助餐（周三）/ Community lunch (Wed)`."""
    for row in week["demands"]:
        zh, _, en = row["title"].partition("/")
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert en.strip().isascii()
