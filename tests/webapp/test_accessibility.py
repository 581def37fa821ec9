"""Every kind of page holds WCAG 2.2 at A and AA, by axe and by what axe cannot see, in each setting of the reader."""

from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.webapp.browser import DOWN, ENTER, TAB, Browser, until
from tests.webapp.page_kinds import PAGES

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
EVERYTHING: Final = '{"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
COLOURS: Final = '{"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}'
WIDER: Final = """[...document.querySelectorAll('body *')].filter(each => each.checkVisibility() &&
  each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
  !each.closest('svg')).map(each => each.outerHTML.slice(0, 120)).slice(-5)"""

# Whether another element lies over the one with the focus, or nothing shows that it has it.
HIDDEN: Final = """(focused => {
  const {x, y, width, height} = focused.getClientRects()[0];
  const above = document.elementFromPoint(x + width / 2, y + height / 2);
  return !(focused.contains(above) || focused.closest('svg')?.contains(above)) ||
    getComputedStyle(focused).outlineStyle === 'none' && !focused.closest('svg');
})(document.activeElement)"""


def violations(browser: Browser, options: str) -> list[str]:
    """What axe complains of, each with the first elements that it names."""
    found: list[dict[str, Any]] = browser.run(f"axe.run(document, {options}).then(results => results.violations)")
    return [f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes'][:5]]}" for each in found]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, path: str, width: int) -> None:
    browser.screen(width)
    browser.open(path)
    browser.post("/execute/sync", script=AXE, args=[])
    assert violations(browser, EVERYTHING) == []
    browser.screen(width, "dark")
    assert violations(browser, COLOURS) == []  # nothing else differs between the schemes
    browser.screen(width, forced=True)
    assert violations(browser, COLOURS) == []


def test_axe_would_find_something(browser: Browser) -> None:
    browser.screen(390)
    browser.open("/")
    browser.post("/execute/sync", script=AXE, args=[])
    browser.run(
        "void(document.querySelector('h1').outerHTML = '<h4>A <a>b</a></h4>"
        "<input><a href=/>1</a><a href=/>2</a>', document.querySelector('footer p').style.color = '#888')"
    )
    found = {each.partition(":")[0] for each in violations(browser, EVERYTHING)}
    assert found >= {"label", "page-has-heading-one", "target-size", "color-contrast"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, path: str, direction: str) -> None:
    browser.open(path)
    browser.run(f"void(document.documentElement.dir = '{direction}')")
    for width in (320, 768, 1280):
        browser.screen(width)
        assert browser.run("document.documentElement.scrollWidth") == width, browser.run(WIDER)


@pytest.fixture(scope="module")
def large(driver: str, site: str) -> Any:
    opened = Browser(driver, site, text_size_px=32)
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PAGES)
def test_text_of_twice_the_size_fits(large: Browser, path: str) -> None:
    large.open(path)
    for width in (320, 390, 1280):
        large.screen(width)
        assert large.run("parseFloat(getComputedStyle(document.body).fontSize)") == 32
        assert large.run("document.documentElement.scrollWidth") == width, large.run(WIDER)


def test_every_kind_of_page_is_looked_at(app: Flask) -> None:
    match = app.url_map.bind("").match
    seen = {match(urlsplit(path).path)[0] for path in PAGES}
    for_machines = (
        "static",
        "favicon",
        "api.",
        "codes.answer",
        "crawlers.",
        "export.",
        "generation.",
        "probes.",
        "writing_api.",
    )
    of_an_editor = ("library.edit", "library.overview_with_slash", "library.sign_in_form")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {each for each in pages if not each.startswith(for_machines + of_an_editor)} - seen == set()


def test_one_can_skip_to_the_filters(browser: Browser) -> None:
    for width in (390, 1280):
        browser.screen(width)
        browser.open("/search?q=pain")
        browser.press(TAB)
        assert browser.run("document.activeElement.textContent") == "Skip to content"
        browser.press(TAB)
        assert browser.run("document.activeElement.textContent") == "Skip to filters"
        assert browser.run("document.activeElement.getBoundingClientRect().top") >= 0
        browser.press(ENTER)
        until(lambda: browser.run("document.getElementById('filters').offsetHeight"))
        browser.press(TAB)
        assert browser.run("document.activeElement.closest('#filters') !== null")


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/search?q=bone", 1280),
        ("/search?q=bone#filters", 390),
        ("/articles/cmo/right-hand", 390),
        ("/codes/S52", 1280),
    ],
)
def test_what_has_the_focus_is_in_sight(browser: Browser, path: str, width: int) -> None:
    browser.screen(width, forced=width == 1280)
    browser.open("/about")
    browser.open(path)
    seen = set()
    for _ in range(40):
        browser.press(TAB)
        if browser.run("document.activeElement === document.body"):
            break
        seen.add(browser.run("document.activeElement.outerHTML"))
        browser.run("new Promise(done => setTimeout(done, 30))")  # what the focus has left is closed by then
        assert browser.run(HIDDEN) is False, browser.run("document.activeElement.outerHTML.slice(0, 200)")
    assert len(seen) > 10


def test_the_tab_key_reaches_recent_searches(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/search?q=bone")
    browser.open("/about")
    browser.run("document.getElementById('q').focus()")
    reached = []
    for _ in range(3):
        browser.press(TAB)
        browser.run("new Promise(done => setTimeout(done, 50))")
        reached.append(browser.run("document.activeElement.textContent"))
    assert reached == ["Search", "Clear", "bone"]


def test_in_forced_colours_what_is_on_shows(browser: Browser) -> None:
    browser.screen(1280, forced=True)
    browser.open("/search?q=bone&site=hand")
    ground = "getComputedStyle(document.querySelector('.filters a{} .label'), '::before').backgroundColor"
    assert browser.run(ground.format(".on")) != browser.run(ground.format(":not(.on):not(.covered)"))
    browser.run("void(document.getElementById('q').value = '')")
    browser.type("#q", "M86")
    until(lambda: browser.run("document.querySelectorAll('[role=option]').length > 1"))
    browser.press(DOWN)
    option = "getComputedStyle(document.querySelector('[role=option][aria-selected={}]')).backgroundColor"
    assert browser.run(option.format("true")) != browser.run(option.format("false"))


@pytest.mark.parametrize("path", ["/articles/cmo/right-hand", "/search?q=bone", "/codes/M86.352"])
def test_paper_is_white_in_the_dark_scheme_too(browser: Browser, path: str) -> None:
    browser.screen(800, "dark", media="print")
    browser.open(path)
    style = "(style => [style.backgroundColor, style.color])(getComputedStyle(document.body))"
    assert browser.run(style) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert browser.run("document.querySelector('form').checkVisibility()") is False
    assert browser.run("['h1', 'main h2 + *'].every(css => document.querySelector(css).checkVisibility())") is True
    browser.screen(1280)
