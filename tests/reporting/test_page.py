"""The HTML page: complete, sealed, readable by everyone, and nothing in it can be run."""

import re
import time
from itertools import pairwise

import pytest

import cogov_opt as cg
from cogov_opt.phrases import LANGUAGES
from cogov_opt.reporting.contacts import Contact
from cogov_opt.reporting.overview import overview
from cogov_opt.reporting.overview.parts import Booking, Named, Session, Timetable
from cogov_opt.reporting.page import page
from cogov_opt.reporting.page.bars import bar, bound_bar, share_bar
from cogov_opt.reporting.page.sealing import asset, css_text
from cogov_opt.reporting.page.weeks import weeks
from tests.reporting.infections import PAYLOADS, infected
from tests.reporting.reading_html import read_html
from tests.reporting.test_terminal import VOTES
from tests.reporting.weeks import hopeless, kept, sample

RUNS = {"optimum": kept, "procedure": sample}
MOST_BYTES = 2_000_000
SECONDS = 3
NEVER_CHINESE = ("价格", "积分")


@pytest.fixture(scope="module", params=[(r, x) for r in RUNS for x in LANGUAGES], ids=str)
def made(request):
    """A run, the language, its page, and the page as a tree."""
    name, language = request.param
    text = page(RUNS[name](), language)
    return RUNS[name](), language, text, read_html(text)


@pytest.fixture(scope="module")
def votes(tmp_path_factory):
    """A run of a vote, without times, groups or areas."""
    path = tmp_path_factory.mktemp("votes") / "small.pb"
    path.write_text(VOTES, encoding="utf-8")
    policy = cg.load_policy("pb-greedy")
    return cg.record(cg.explain(cg.allocate(cg.check(cg.load(path), policy), policy)))


def test_run_and_root_are_on_the_page_and_on_every_printed_page(made):
    """The id and the first digits of the root stand at head and foot, and in the page margin."""
    run, _, text, tree = made
    seal = f"{run.run_id} · "
    style = next(tree.all("style")).text
    boxes = style[style.rindex("@page") :]

    assert sum(seal in e.text and run.root[:16] in e.text for e in tree.of_class("seal")) == 2
    assert run.run_id in boxes
    assert run.root[:16] in boxes
    assert "counter(page)" in boxes
    assert run.root in text


def test_every_recorded_reason_can_be_opened(made):
    """Each record stands in the page, inside something that opens; each row opens a reason."""
    run, language, _, tree = made
    word = {"en": "Record ", "zh": "记录"}[language]
    opened = {
        e.text.removeprefix(word)
        for details in tree.all("details")
        for e in details.of_class("rec")
    }  # fmt: skip
    shown = {e.text.removeprefix(word) for e in tree.of_class("rec")}

    assert shown == set(run.records)
    assert opened >= {r for r, found in run.records.items() if found["type"] != "unused"}
    for row in tree.of_class("row"):
        inside = next(row.of_class("inside"))
        assert len(inside.text.strip()) > 20, row.text


def test_every_row_of_a_timetable_leads_to_its_reason(made):
    """Entries of rotas are links to the activity, whose reasons stand where they lead."""
    _, _, _, tree = made
    places = {e.attributes["id"]: e for e in tree.all() if "id" in e.attributes}
    links = [a for grid in tree.of_class("grid") for a in grid.all("a")]

    assert links
    for link in links:
        target = places[link.attributes["href"].removeprefix("#")]
        assert next(target.of_class("reason"), None) is not None


def test_nothing_is_loaded_from_anywhere(made):
    """No source, no style sheet, no address but places of the page itself."""
    _, _, text, tree = made
    for element in tree.all():
        assert element.tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        assert "src" not in element.attributes
        assert element.attributes.get("href", "#").startswith("#")
        assert not [name for name in element.attributes if name.startswith("on")]
    assert not re.search(r"https?:|//[a-z]|url\(|@import|@font-face", text)
    policy = next(e for e in tree.all("meta") if "Security" in e.attributes.get("http-equiv", ""))
    assert policy.attributes["content"].startswith("default-src 'none'; ")
    assert "unsafe" not in policy.attributes["content"]


def test_ids_are_unique_and_every_link_leads_somewhere(made):
    """An id stands once; each link of the page has its place."""
    _, _, _, tree = made
    ids = [e.attributes["id"] for e in tree.all() if "id" in e.attributes]

    assert len(ids) == len(set(ids))
    for element in tree.all():
        for name in ("href", "aria-labelledby", "for"):
            if name in element.attributes:
                assert element.attributes[name].removeprefix("#") in ids


def test_it_can_be_read_by_those_who_do_not_see_it(made):
    """Language, title, one main heading, no level left out, labels, and tables with scope."""
    _, language, _, tree = made
    root = next(tree.all("html"))
    levels = [int(e.tag[1]) for e in tree.all("h1", "h2", "h3", "h4")]
    labelled = {e.attributes["for"] for e in tree.all("label")}

    assert root.attributes["lang"] == {"en": "en", "zh": "zh-Hans"}[language]
    assert next(tree.all("title")).text
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert all(e.attributes["id"] in labelled for e in tree.all("input"))
    assert all(e.text.strip() for e in tree.all("button", "a", "summary", "h1", "h2", "h3"))
    for table in tree.all("table"):
        assert all(e.attributes.get("scope") for e in table.all("th"))
        assert next(table.all("thead"), None) is not None
    for details in tree.all("details"):
        first = next(e for e in details.inside if not isinstance(e, str))
        assert first.tag == "summary"
    assert all(e.attributes["aria-hidden"] == "true" for e in tree.all("svg"))


def test_no_word_is_left_unsaid(made):
    """Every phrase is filled, none shows a dash for a value, and the words of the list hold."""
    _, language, _, tree = made
    told = " ".join(e.text for e in tree.all("main", "header", "footer"))

    assert "{" not in told
    assert "None" not in told
    assert not re.search(r"(^|[\s（(：，])-($|[\s）)。：，.,])", told)
    assert language == "en" or not [w for w in NEVER_CHINESE if w in told]


def test_figures_are_those_of_the_run(made):
    """Served demands, people and attendances stand in the page as run.json states them."""
    run, _, _, tree = made
    figures = [e.text for box in tree.of_class("figures") for e in box.all("dd")]
    totals = run.header["totals"]

    assert f"{totals['served']:,} / {totals['demands']:,}" in figures
    assert any(f.startswith(f"{totals['people']:,} / ") for f in figures)
    assert f"{totals['attendances']:,}" in figures


def test_what_is_proven_stands_apart_from_what_is_claimed():
    """The page of an optimum says of each goal what is reached and proven, and of claims what."""
    found = overview(kept())
    tree = read_html(page(kept()))
    table = next(tree.of_class("goals"))

    for goal, row in zip(found.goals, next(table.all("tbody")).all("tr"), strict=True):
        cells = [e.text for e in row.all("td")]
        assert cells[:2] == [goal.reached, goal.bound]
        assert goal.sentence in row.text
    assert "the solver's own word" in tree.text


def test_a_page_is_small_and_made_in_seconds():
    """The sample week stays below two megabytes and takes well under three seconds of CPU."""
    sample()
    before = time.process_time()
    size = len(page(sample(), "zh").encode("utf-8"))
    took = time.process_time() - before
    print(f"{size:,} bytes in {took:.2f} s of CPU")

    assert size < MOST_BYTES
    assert took < SECONDS


def test_the_same_run_gives_the_same_bytes():
    """No clock, no set order: two pages of one run are equal."""
    assert page(kept(), "zh") == page(kept(), "zh")


def test_without_times_groups_or_areas_the_page_says_what_there_is(votes):
    """A vote has no timetable and no groups; what was decided and why is told all the same."""
    tree = read_html(page(votes))

    assert not list(tree.of_class("grid"))
    assert {"Park", "Bench"} <= {e.text for e in tree.of_class("title")}
    assert "asked for 50.00" in tree.text
    assert "makes no claim to be best" in tree.text


@pytest.mark.parametrize("run", [kept, sample])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_can_be_injected(run, language):
    """Whatever stands in titles and names is text: no element, attribute or style comes of it."""
    clean, tree = (read_html(page(r, language)) for r in (run(), infected(run())))
    style = next(tree.all("style")).text

    for tag in ("script", "style", "title", "meta", "a", "svg", "input", "base", "img", "iframe"):
        assert len(list(tree.all(tag))) == len(list(clean.all(tag))), tag
    assert not [n for e in tree.all() for n in e.attributes if n.startswith("on")]
    assert all(e.attributes.get("href", "#").startswith("#") for e in tree.all())
    assert "example.invalid" not in style
    assert next(tree.all("script")).text == asset("page.js")
    assert style.startswith(asset("page.css"))
    assert PAYLOADS[0] in tree.text


def test_a_text_in_the_style_sheet_stays_a_string():
    """Everything but plain letters and digits is escaped, so that no string ends early."""
    for payload in PAYLOADS:
        inside = css_text(payload)[1:-1]
        assert not re.search(r'["\'<>;{}]', inside)


def test_names_are_joined_only_when_asked_for():
    """Names stand in the rota of a page made with contacts, which then says who may see it."""
    volunteer = next(t for t in overview(sample()).timetables if t.kind == "volunteer").resource.id
    contacts = {volunteer: Contact(volunteer, "Canary Zhang", "555-0199")}

    without, given = page(sample()), page(sample(), "en", contacts)

    assert "Canary" not in without
    assert "pseudonyms, not names" in without
    assert "Canary Zhang" in given
    assert "555-0199" in given
    assert "do not forward" in given


def test_a_plan_of_a_draft_card_says_so():
    """Whoever holds a page drawn up under a draft card reads that it is not to be published."""
    draft = kept().header["card"]["status"] == "draft"

    assert ("not to be published" in page(kept())) is draft
    assert draft


def luminance(colour):
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_have_contrast_enough():
    """Text stands 4.5 to 1 against whatever it may stand on; parts of bars 3 to 1."""
    palette = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", asset("page.css")))

    for text in ("ink", "soft", "accent", "warn"):
        for ground in ("paper", "wash"):
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    assert contrast(palette["warn"], palette["warn-wash"]) >= 4.5
    assert contrast(palette["bar"], palette["bar-rest"]) >= 3
    assert contrast(palette["bar"], palette["paper"]) >= 3
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", asset("page.css"))) <= set(palette.values())


def test_bars_show_whole_numbers_exactly():
    """Parts stand side by side, fill no more than the whole, and never vanish."""
    assert share_bar(5, 10) == [("given", 0, 500), ("rest", 500, 500)]
    assert share_bar(0, 0) == []
    assert share_bar(12, 10) == [("given", 0, 1000)]
    assert bound_bar(2242, 2342) == bound_bar(2342, 2242)
    assert bar([("given", 1), ("rest", 10**6)], 10**6 + 1)[0] == ("given", 0, 1)


def test_weeks_begin_on_monday_and_hold_every_booking():
    """Each booking stands in one cell of one week, in the column of its day."""
    found = overview(sample())
    tables = [t for t in found.timetables if t.kind == "volunteer"]
    laid = weeks(tables, "2026-09-28", "2026-10-05")
    rows = [(w.days, r.cells) for w in laid for r in w.rows]
    cells = [(d, b) for days, of in rows for d, c in zip(days, of, strict=True) for b in c]

    assert len(cells) == sum(len(t.bookings) for t in tables)
    assert all(b.session.day == day for day, b in cells)
    assert [w.days[0] for w in laid] == ["2026-09-28"]


def test_weeks_beyond_the_plan_and_without_a_time_are_kept():
    """A booked day outside the plan gets a column; what has no time, a table of its own."""
    volunteer, giver, need = Named("V", "V"), Named("A", "A"), Named("N", "N")
    days = ["2026-09-26", "2026-09-30", "2026-10-14", None]
    booked = tuple(
        Booking(None, need, day and Session(f"{day}T09:00+08:00", f"{day}T10:00+08:00"), 1, None)
        for day in days
    )
    table = Timetable(volunteer, "volunteer", giver, "", 0, booked)

    laid = weeks([table], "2026-09-28", "2026-10-05")

    assert [len(w.days) for w in laid] == [1, 7, 1, 0]
    assert sum(len(cell) for w in laid for row in w.rows for cell in row.cells) == len(days)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("2026-09-28T20:30+08:00", "18:00–20:30"),
        ("2026-09-29T00:00+08:00", "18:00–24:00"),
        ("2026-09-30T06:00+08:00", "18:00–09-30 06:00"),
    ],
)
def test_a_session_says_when_it_ends(end, told):
    """Within the day by the clock, at midnight as 24:00, later with its day."""
    assert Session("2026-09-28T18:00+08:00", end).clock == told


def test_whoever_signs_is_told_what_to_look_at_first(made):
    """Goals left open, clauses not kept and refusals of priority 1, each leading to its section."""
    run, language, _, tree = made
    told = {a.attributes["href"]: a.text for e in tree.of_class("notes") for a in e.all("a")}
    found = overview(run, language)
    urgent = [d for d in found.demands.values() if not d.served and d.priority == 1]

    assert ("#s-sure" in told) is any(not goal.optimal for goal in found.goals)
    assert all(clause in told["#s-clauses"] for clause, _ in run.header["breaks"])
    assert not urgent or "#s-refused" in told


def test_a_space_is_called_as_people_know_it():
    """In what an activity gets, a space stands by its own name where the data has one."""
    gets = [text for d in overview(sample()).served for text in d.gets]

    assert "After-school classroom (S-08)" in gets


@pytest.mark.solver
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_plan_the_page_says_why(language):
    """Nothing is given; the clause that cannot be kept is named, and every demand is listed."""
    run = hopeless()
    tree = read_html(page(run, language))
    conflict = next(tree.of_class("part-conflict"))

    assert not run.has_plan
    assert "C99" in conflict.text
    assert len(list(tree.of_class("row"))) >= len(run.table("demands"))
    assert not list(tree.of_class("figures"))
    assert not list(tree.of_class("notes"))
