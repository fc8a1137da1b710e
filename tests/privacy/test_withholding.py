"""What is private stands in a run only as far as it decides (convention S2.5)."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cogov_opt as cg
from cogov_opt.testing import reseal
from tests.checking import samples
from tests.privacy.canaries import PRIVATE, write_week
from tests.reporting.payloads import table

HEADER = "volunteer_id,actor_id,lat,lon"


def home(tmp_path, lat, lon):
    """Check a small week with one volunteer's home as typed; give its instance."""
    changes = {"volunteers": table(HEADER, [["V-001", "JW", lat, lon]]), "standing": None,
               "credentials": None, "agreements": None, "affinities": None}  # fmt: skip
    return cg.check(cg.load(samples.write(tmp_path, changes)))


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("31.234", 31_234_000), ("31.2344999", 31_234_000), ("31.2345", 31_235_000),
        ("-31.2345", -31_235_000), ("-31.23449", -31_234_000), ("89.9999", 90_000_000),
        ("0.0004", 0), ("３１．２３４５６７", 31_235_000),
    ],
)  # fmt: skip
def test_a_home_is_rounded(tmp_path, typed, used):
    """To the nearest thousandth of a degree, halves away from zero; three decimals stay."""
    instance = home(tmp_path, typed, "121.5")

    assert instance.volunteers["V-001"].lat == used
    told = [r.values["count"] for r in instance.repairs if r.code == "places_rounded"]
    assert told == ([] if typed == "31.234" else [1])
    listed = [json.dumps(r.to_dict(), ensure_ascii=False) for r in instance.repairs]
    assert not [text for text in listed if typed in text]


@given(lat=st.integers(-90 * 10**6, 90 * 10**6), lon=st.integers(-180 * 10**6, 180 * 10**6))
def test_frames_are_rounded_too(lat, lon):
    """In process as from files; told once for the table; public places stay as given (S2.5)."""
    frames = samples_as_frames(lat, lon)
    instance = cg.check(cg.from_frames(frames, samples.PACKAGE))
    read = instance.volunteers["V-1"]

    assert [read.lat, read.lon] == [nearest(lat), nearest(lon)]
    assert [instance.demands["D-1"].lat, instance.demands["D-1"].lon] == [lat, lon]
    count = sum(r.code == "places_rounded" for r in instance.repairs)
    assert count == int((read.lat, read.lon) != (lat, lon))


def nearest(value):
    """Give the nearest thousandth of a degree by trying both neighbours."""
    below = value // 1000 * 1000
    near = sorted((below, below + 1000), key=lambda v: (abs(v - value), -abs(v)))
    return near[0]


def samples_as_frames(lat, lon):
    """One volunteer and one activity in the same place, in microdegrees."""
    place = {"lat_microdegrees": [lat], "lon_microdegrees": [lon]}
    return {
        "actors": {"actor_id": ["A"], "name": ["A"], "kind": ["ngo"]},
        "volunteers": {"volunteer_id": ["V-1"], "actor_id": ["A"], **place},
        "demands": {"demand_id": ["D-1"], "actor_id": ["A"], "priority": [1], **place},
        "needs": {"need_id": ["N-1"], "demand_id": ["D-1"], "kind": ["volunteer"],
                  "quantity": [1]},
    }  # fmt: skip


def test_private_text_is_not_read(tmp_path):
    """References and checkers of certificates are blank in the instance; told once, by number."""
    instance = cg.check(cg.load(write_week(tmp_path)))
    read = [instance.credentials.text(c).cells() for c in ("reference", "checked_by")]

    assert read == [["", ""], ["", ""]]
    told = [r.values for r in instance.repairs if r.code == "private_left_out"]
    assert told == [{"count": 2, "columns": "reference, checked_by"}]


def test_an_issue_does_not_repeat_what_was_typed(tmp_path):
    """A private cell that cannot be read is told by its place alone, a word that is no code too."""
    rows = [["V-001", "JW", "31.2345north", "121.5", "2031年19月7日", "first_aidd"]]
    header = f"{HEADER},consent_until,skills"
    changes = {"volunteers": table(header, rows), "standing": None, "credentials": None,
               "agreements": None, "affinities": None}  # fmt: skip
    with pytest.raises(cg.InputError) as caught:
        cg.check(cg.load(samples.write(tmp_path, changes)))
    told = {i.code: i for i in caught.value.issues}

    assert set(told) >= {"not_degrees", "no_such_date", "unknown_code"}
    assert told["not_degrees"].where.column == "lat"
    assert told["not_degrees"].where.row == 2
    text = json.dumps([i.to_dict() for i in caught.value.issues], ensure_ascii=False)
    assert "31.2345" not in text
    assert "19月" not in text
    assert "first_aidd" not in text


@pytest.mark.parametrize(("table", "column"), sorted(set(PRIVATE) - {("ballots", "voter_id")}))
def test_no_private_column_is_repeated(tmp_path, table, column):
    """Whatever stands in a private cell, no issue it makes holds it."""
    data = write_week(tmp_path)
    place = data / f"{table}.csv"
    with place.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index(column)] = "CANARY:9;CANARY"
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    try:
        issues = cg.check(cg.load(data)).repairs
    except cg.InputError as error:
        issues = error.issues
        assert any((i.where.column, i.where.row) == (column, 2) for i in issues)

    assert "CANARY" not in json.dumps([i.to_dict() for i in issues], ensure_ascii=False)


LIES = {
    "a finer latitude": ("inputs/volunteers.csv", b"31235000", b"31234567", "V-001 lat"),
    "a finer longitude": ("inputs/volunteers.csv", b"121543000", b"121543001", "V-001 lon"),
    "a reference": ("inputs/credentials.csv", b"2033-03-18,,", b"2033-03-18,R-77,",
                    "V-001 reference"),
    "a checker": ("inputs/credentials.csv", b"2033-03-18,,", b"2033-03-18,,R-77",
                  "V-001 checked_by"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_run_that_holds_more_is_rejected(tmp_path, name):
    """Packed honestly again, a finer home or private text is found, and not repeated (S2.5)."""
    instance = cg.check(
        cg.load(write_week(tmp_path / "data")), policy := cg.load_policy("needs-first")
    )
    run = cg.record(cg.explain(cg.allocate(instance, policy)), tmp_path / "run")
    assert cg.verify(run.path).accepted
    file, honest, lie, about = LIES[name]
    path = run.path / file
    path.write_bytes(path.read_bytes().replace(honest, lie, 1))
    reseal(run.path)
    found = [f for f in cg.verify(run.path).findings if f.code == "private"]

    assert [(f.file, f.id) for f in found] == [(file, about)]


NEAREST = """
id = "nearest"
version = "1"
status = "adopted"
[[objective]]
sense = "minimise"
terms = [{ term = "unmet_points", weight = 1 }]
[[objective]]
sense = "minimise"
terms = [{ term = "distance", weight = 1 }]
"""


def test_distance_is_that_of_the_rounded_home(tmp_path):
    """Of two homes 120 and 240 microdegrees off, the second is the nearer once rounded (S9.2)."""
    frames = samples_as_frames(31_000_520, 121_000_000)
    frames["volunteers"] = {
        "volunteer_id": ["V-1", "V-2"], "actor_id": ["A", "A"],
        "lat_microdegrees": [31_000_400, 31_000_760], "lon_microdegrees": [121_000_000] * 2,
    }  # fmt: skip
    frames["demands"]["points"] = [5]
    card = cg.load_policy_text(NEAREST)
    decision = cg.allocate(cg.check(cg.from_frames(frames, samples.PACKAGE), card), card)
    run = cg.record(cg.explain(decision), tmp_path / "run")
    rows = (run.path / "allocation.csv").read_text().splitlines()
    stages = json.loads((run.path / "run.json").read_bytes())["stages"]

    assert [row.split(",")[6] for row in rows[1:]] == ["V-2"]
    assert int(stages[1]["value"]) == 480 * 111195 // 10**6
    assert cg.verify(run.path).accepted
