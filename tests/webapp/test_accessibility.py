"""Every kind of page holds WCAG 2.2 at A and AA, by axe and by what axe cannot see, in each setting of the reader."""

from importlib.resources import files
from typing import Any, Final

import pytest

from tests.webapp.browser import Browser
from tests.webapp.page_kinds import PAGES

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
EVERYTHING: Final = '{"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
COLOURS: Final = '{"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}'
WIDER: Final = """[...document.querySelectorAll('body *')].filter(each => each.checkVisibility() &&
  each.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
  !each.closest('svg')).map(each => each.outerHTML.slice(0, 120)).slice(-5)"""


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
