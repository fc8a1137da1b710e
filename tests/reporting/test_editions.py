"""What is published names nobody, and no number below five can be worked out from it."""

import re
from html import unescape
from itertools import chain, combinations, product

import pytest

import cogov_opt as cg
from cogov_opt.errors import UnsupportedError
from cogov_opt.phrases import LANGUAGES
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.editions import edition_of, write_edition
from cogov_opt.reporting.editions.counting import LEAST, cells, is_listed, total
from tests.checking import samples
from tests.properties.small_weeks import Dice
from tests.reporting.payloads import table, trapped_run

POPULATIONS = 1000
AREAS, GROUPS = ("north", "south"), ("old", "young")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose texts are traps."""
    return trapped_run(tmp_path_factory.mktemp("traps") / "data")


def text_of(page):
    """The text of a page without its tags."""
    return unescape(re.sub(r"<[^>]*>", " ", page.decode().partition("<body")[2]))


def population(dice):
    """Make some demands of few people each, and say which are served."""
    demands = [
        {
            "demand_id": f"D{i}", "area": dice.pick(AREAS), "group": dice.pick(GROUPS),
            "people": str(dice.number(1, 9)),
        }
        for i in range(dice.number(1, 6))
    ]  # fmt: skip
    return demands, {d["demand_id"] for d in demands if dice.chance(60)}


def next_of(demands, served, dice):
    """Make the population of the next run: one demand changed, gone, come, or decided otherwise."""
    demands = [dict(d) for d in demands]
    one = dice.pick(demands)
    what = dice.number(0, 3)
    if what == 0:
        one["people"] = str(max(1, int(one["people"]) + dice.pick((-1, 1))))
    elif what == 1:
        demands.append({**one, "demand_id": "D9", "people": str(dice.number(1, 4))})
        served = served | {"D9"}
    elif what == 2 and len(demands) > 1:
        demands.remove(one)
    else:
        served = served ^ {one["demand_id"]}
    return demands, served


def published(demands, served):
    """All that the public edition tells of persons: cells, totals, and which demands are listed."""
    found = cells(demands, served)
    totals = [total(c.asked for c in found), total(c.served for c in found)]
    listed = {d["demand_id"]: (d["area"], d["group"]) for d in demands if is_listed(d)}
    return found, totals, listed, {i for i in served if i in listed}


def exactly(demands, served):
    """The careless edition, as a control: every cell and total as it is, small cells left out."""
    found = {}
    for d in demands:
        both = found.setdefault((d["area"], d["group"]), [0, 0])
        both[0] += int(d["people"])
        both[1] += int(d["people"]) if d["demand_id"] in served else 0
    shown = {p: tuple(n if n >= LEAST else None for n in both) for p, both in found.items()}
    return shown, [sum(b[0] for b in found.values()), sum(b[1] for b in found.values())]


def sums(demands, served):
    """Every count somebody may be after: cells, margins and totals, asked, served and unserved."""
    found = {}
    for d in demands:
        people, taken = int(d["people"]), d["demand_id"] in served
        for place in ((d["area"], d["group"]), d["area"], d["group"], "all"):
            for name, counts in (("asked", True), ("served", taken), ("not", not taken)):
                key = (place, name)
                found[key] = found.get(key, 0) + (people if counts else 0)
    return found


def derived(edition, first, second):
    """
    Counts of 1 to 4, of one edition or of the change between two, that only one value fits.

    The attacker knows everything but how many people two of the demands are for, and that within
    four: with less known, still more values fit.
    """
    told = (edition(*first), edition(*second))
    true = dict(_queries(first, second))
    open_ = {key for key, value in true.items() if 1 <= value < LEAST}
    ids = sorted({d["demand_id"] for d in (*first[0], *second[0])})
    for pair in _alternatives(first, second, ids):
        if not open_:
            break
        if (edition(*pair[0]), edition(*pair[1])) == told:
            open_ -= {key for key, value in _queries(*pair) if value != true.get(key)}
    return open_


def _alternatives(first, second, ids):
    """Both populations with one or two demands for other numbers of people, in either or both."""
    steps = list(product(ids, (-1, 1, -2, 2, -3, 3, -4, 4), (0, 1, 2)))
    for changes in chain(((step,) for step in steps), combinations(steps, 2)):
        pair = [(_changed(p[0], changes, side), p[1]) for side, p in ((1, first), (2, second))]
        if all(int(d["people"]) > 0 for demands, _ in pair for d in demands):
            yield pair


def _changed(demands, changes, side):
    added = {}
    for i, number, where in changes:
        if where in (0, side):
            added[i] = added.get(i, 0) + number
    return [{**d, "people": str(int(d["people"]) + added.get(d["demand_id"], 0))} for d in demands]


def _queries(first, second):
    """Counts of the second edition, and what changed since the first."""
    before, after = sums(*first), sums(*second)
    for key in before.keys() | after.keys():
        yield ("now", key), after.get(key, 0)
        yield ("change", key), abs(after.get(key, 0) - before.get(key, 0))


@pytest.mark.slow
def test_no_number_below_five_can_be_worked_out():
    """From one edition, totals less cells, or two editions in a row: 1,000 populations."""
    found, careless = 0, 0
    for seed in range(POPULATIONS):
        dice = Dice(70_000_000 + seed)
        first = population(dice)
        second = next_of(*first, dice)
        found += bool(derived(published, first, second))
        careless += bool(seed < 12 and derived(exactly, first, second))

    assert not found
    assert careless > 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_edition_names_no_person(run, language):
    """No volunteer, no need, no number of people, no price; run and root are there."""
    told = text_of(edition_of(run, "public", language))

    assert not [v for v in run.by_id("volunteers") if v in told]
    assert run.run_id in told
    assert run.root in told
    assert "{" not in told.replace("{=1+1}", "")
    assert "价格" not in told
    assert "积分" not in told


def test_numbers_of_people_are_rounded_and_small_activities_unnamed(tmp_path):
    """1,237 people are at least 1,235; an activity for three is counted and not named."""
    demands = [["D-1", "JW", "大活动", "north", "elderly", 1237, 1, "meals"],
               ["D-2", "JD", "小活动", "north", "elderly", 3, 1, "meals"]]  # fmt: skip
    header = "demand_id,actor_id,title,area,group,people,priority,purpose"
    samples.write(tmp_path / "data", {"demands": table(header, demands)})
    policy = cg.load_policy("needs-first")
    week = cg.check(cg.load(tmp_path / "data"), policy)
    made = cg.record(cg.explain(cg.allocate(week, policy)))
    told = text_of(edition_of(made, "public", "zh"))

    assert "1,235" in told or "1,240" in told
    assert "1,237" not in told
    assert "大活动" in told
    assert "小活动" not in told


def test_an_actors_edition_holds_its_own_letters_only(run):
    """Its own demands and volunteers, and not those of others."""
    told = text_of(edition_of(run, "NGO", "zh"))

    assert "V-002" in told
    assert "V-001：" not in told
    assert run.root in told


def test_editions_that_hold_no_names_take_no_contacts(run, tmp_path):
    """Contacts are refused for the public and the auditor's edition; an unknown one is told."""
    contacts = {"V-001": Contact("V-001", "李小满")}
    for edition in ("public", "auditor"):
        with pytest.raises(UnsupportedError, match="no names"):
            write_edition(run, tmp_path / "x.html", "zh", contacts, edition=edition)
    with pytest.raises(UnsupportedError, match="public"):
        write_edition(run, tmp_path / "x.html", "zh", edition="publik")
    assert not (tmp_path / "x.html").exists()
    assert len(edition_of(run, "auditor", "zh")) > len(edition_of(run, "public", "zh"))
