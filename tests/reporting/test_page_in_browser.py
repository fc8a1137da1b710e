"""The HTML page as a browser shows it: offline, without a complaint, legible, without a trap."""

import base64
import re
import shutil
import subprocess

import pytest

from cogov_opt.phrases import LANGUAGES
from cogov_opt.reporting.page import page
from tests.reporting.browser import ABSENT, browser, program
from tests.reporting.infections import infected
from tests.reporting.weeks import kept, sample

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason=ABSENT),
]

WIDTHS = (360, 1280)

CONTRAST = """
(() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const l = c.slice(0, 3).map(v => { v /= 255;
    return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * l[0] + .7152 * l[1] + .0722 * l[2]; };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) { return c; } } return [255, 255, 255]; };
  const found = new Set();
  let seen = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest('script, style')) { continue; }
    const style = getComputedStyle(e), text = light(rgb(style.color)), under = light(ground(e));
    const size = parseFloat(style.fontSize), big = size >= 24 ||
      (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (Math.max(text, under) + .05) / (Math.min(text, under) + .05);
    seen += 1;
    const name = e.tagName + ' ' + e.className + ' ';
    if (ratio < (big ? 3 : 4.5)) { found.add(name + ratio.toFixed(2)); }
    if (size < 9.5) { found.add(name + size + 'px'); }
  }
  return {seen, found: [...found]};
})()
"""

TOFU = """
(() => {
  const font = getComputedStyle(document.querySelector('%s')).font;
  const drawn = text => { const c = document.createElement('canvas'), x = c.getContext('2d');
    c.width = c.height = 80; x.font = font; x.fillText(text, 5, 60); return c.toDataURL(); };
  return new Set([...'街道社区需求资金'].map(drawn)).size;
})()
"""


@pytest.fixture(scope="module")
def tab():
    """One browser for all tests here."""
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The page of the sample week in each language."""
    folder = tmp_path_factory.mktemp("pages")
    for language in LANGUAGES:
        (folder / f"{language}.html").write_text(page(sample(), language), encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_offline_and_fits(tab, files, language, width):
    """No request but the file itself, nothing in the console, nothing wider than the window."""
    tab.open(files / f"{language}.html", width)

    assert tab.requests() == []
    assert tab.complaints() == []
    assert tab.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_every_text_can_be_read(tab, files, width):
    """Each text stands 4.5 to 1 (large ones 3 to 1) against what it stands on, all rows open."""
    tab.open(files / "zh.html", width)
    tab.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")

    found = tab.run(CONTRAST)

    assert found["seen"] > 1000
    assert found["found"] == []


def test_everything_to_be_used_has_a_name(tab, files):
    """What a screen reader announces as a control, a link, a table or a landmark is named."""
    tab.open(files / "en.html")
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    told = [
        (n["role"]["value"], n.get("name", {}).get("value", ""))
        for n in nodes
        if not n.get("ignored")
    ]
    roles = {role for role, _ in told}
    used = ("button", "link", "searchbox", "DisclosureTriangle", "heading", "search", "navigation")

    assert {"table", "rowheader", "columnheader", "heading", "link", "navigation"} <= roles
    assert not [role for role, name in told if role in used and not name.strip()]


def test_grids_stay_tables_on_a_phone(tab, files):
    """Laid out as blocks on a narrow screen, timetables keep rows, cells and headers."""
    tab.open(files / "en.html", 360)
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    roles = [n["role"]["value"] for n in nodes if not n.get("ignored")]

    assert roles.count("table") == tab.run("document.querySelectorAll('table').length")
    assert roles.count("rowheader") > 50


@pytest.mark.parametrize("selector", ["h1", "p", "td"])
def test_chinese_is_drawn(tab, files, selector):
    """Eight characters give eight pictures: a font without them draws the same box each time."""
    tab.open(files / "zh.html")
    if not _has_chinese_font():
        pytest.skip("no Chinese font on this machine; on Debian: apt-get install fonts-noto-cjk")

    assert tab.run(TOFU % selector) == 8
    assert sum(tab.fonts(selector).values()) > 0


def _has_chinese_font():
    """Tell whether fontconfig knows a Chinese font; where there is no fontconfig, believe so."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    listed = subprocess.run([lister, ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


@pytest.mark.parametrize("run", [kept, sample])
def test_payloads_stay_text(tab, tmp_path, run):
    """With a payload in every title and name nothing runs, nothing is asked for."""
    file = tmp_path / "infected.html"
    file.write_text(page(infected(run()), "en"), encoding="utf-8")
    tab.open(file)

    tab.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    tab.run(
        "[...document.querySelectorAll('a, summary, button, input, span, td')]"
        ".filter((e, i) => i % 25 === 0).forEach(e => {"
        " e.dispatchEvent(new MouseEvent('mouseover')); e.focus(); e.click(); })"
    )

    assert tab.run("typeof window.pwned") == "undefined"
    assert tab.requests() == []
    assert tab.complaints() == []
    assert tab.run("document.scripts.length") == 1
    for width in WIDTHS:
        tab.open(file, width)
        assert tab.run("document.documentElement.scrollWidth") <= width


def test_rows_open_by_keyboard_and_without_a_script(tab, files):
    """Enter opens a row; with scripts forbidden every row is there and the tools are not."""
    tab.open(files / "en.html")
    rows = tab.run("document.querySelectorAll('[data-row]').length")
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(files / "en.html")
        assert tab.run("document.querySelectorAll('[data-row]').length") == rows
        assert tab.run("getComputedStyle(document.getElementById('tools')).display") == "none"
        tab.run("document.querySelector('.row > summary').focus()")
        for kind in ("keyDown", "keyUp"):
            tab.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter",
                     windowsVirtualKeyCode=13, text="\r")  # fmt: skip
        assert tab.run("document.querySelector('.row').open")
        assert tab.run("document.querySelector('.row .reason').getBoundingClientRect().height") > 0
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_link_from_a_rota_opens_the_reason(tab, files):
    """Where an entry of a timetable leads is inside a closed row: the browser opens it."""
    tab.open(files / "en.html")
    tab.run("document.querySelector('.grid a').click()")
    tab.run("new Promise(done => setTimeout(done, 300))")

    assert tab.run(
        "document.getElementById(document.querySelector('.grid a').hash.slice(1))"
        ".closest('details').open"
    )


def test_rows_are_found_by_a_word(tab, files):
    """The field narrows the page to the rows that hold a word, and says how many there are."""
    tab.open(files / "en.html")
    tab.run(
        "(() => { const f = document.getElementById('find'); f.value = 'V-014';"
        " f.dispatchEvent(new Event('input')); })()"
    )
    shown = tab.run(
        "[...document.querySelectorAll('[data-row]')].filter(r => !r.hidden)"
        ".map(r => r.textContent)"
    )

    assert shown
    assert all("V-014" in text for text in shown)
    assert tab.run("document.getElementById('found').textContent") == f"{len(shown)} rows"


def test_every_printed_page_names_run_and_root(tab, files, tmp_path):
    """The page margin of each printed page holds the run id and 16 digits of the root."""
    tab.open(files / "zh.html")
    printed = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 3 < pages < 60
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext to read the pages with; on Debian: apt-get install poppler-utils")
    (tmp_path / "page.pdf").write_bytes(printed)
    told = subprocess.run(
        [reader, tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")[:-1]

    assert len(told) == pages
    assert all(sample().run_id in text and sample().root[:16] in text for text in told)
