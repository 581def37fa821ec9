"""The site in a real browser."""

import base64
import re

import pytest

from tests.webapp.browser import ENTER, TAB, Browser, until
from tests.webapp.page_kinds import PAGES


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_fits_its_screen_and_breaks_no_rule(browser: Browser, path: str, width: int) -> None:
    browser.screen(width)
    browser.open(path)
    assert browser.run("document.documentElement.scrollWidth") == width
    assert browser.run("document.styleSheets[0].cssRules.length") > 50
    assert browser.complaints() == []  # among them every breach of the Content-Security-Policy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_that_of_the_reader(browser: Browser, scheme: str) -> None:
    browser.screen(390, scheme)
    browser.open("/")
    picture = base64.b64decode(browser.get("/screenshot"))
    assert picture.startswith(b"\x89PNG")
    background = browser.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background))) > 380) is (scheme == "light")


# The areas of the body map in which no line across and none down is 24 pixels long, in four lines each of its boxes.
SMALL_AREAS = """(() => {
  const longest = (start, end, hits) => {
    let run = 0, most = 0;
    for (let at = start + 1; at < end; at += 3) { run = hits(at) ? run + 3 : 0; most = Math.max(most, run); }
    return most >= 24;
  };
  const large = (area, { left, right, top, bottom }) => {
    const hit = (x, y) => area.contains(document.elementFromPoint(x, y));
    const parts = [0.15, 0.4, 0.6, 0.85];
    return parts.some((part) => longest(left, right, (x) => hit(x, top + part * (bottom - top))))
      && parts.some((part) => longest(top, bottom, (y) => hit(left + part * (right - left), y)));
  };
  const found = (area) => {
    area.scrollIntoView({ block: "center" });
    return [...area.querySelectorAll("rect, use")].some((each) => large(area, each.getBoundingClientRect()));
  };
  const areas = [...document.querySelectorAll(".views a:not([tabindex])")];
  return areas.filter((area) => {
    const named = document.querySelector(`.regions a[href="${area.getAttribute("href")}"]`);
    if (named) return named.getBoundingClientRect().height < 24;
    // A small part of a whole has the same link as its other parts: one of them is enough.
    return !areas.filter((each) => each.href.baseVal === area.href.baseVal).some(found);
  }).map((area) => area.textContent);
})()"""


@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_finds_every_area_of_the_body(browser: Browser, width: int) -> None:
    browser.screen(width)
    browser.open("/")
    assert browser.run("document.querySelectorAll('.views a:not([tabindex])').length") > 8
    assert browser.run(SMALL_AREAS) == []


def test_the_keyboard_reaches_the_content_and_the_hand(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/")
    browser.press(TAB)
    assert browser.run("document.activeElement.textContent") == "Skip to content"
    reached = ""
    for _ in range(80):
        browser.press(TAB)
        reached = browser.run("document.activeElement.textContent")
        if reached.startswith("Right hand"):
            break
    assert reached.startswith("Right hand")
    label = "document.activeElement.querySelector('text:last-of-type')"
    assert browser.run(f"getComputedStyle({label}).opacity") == "1"
    browser.press(ENTER)
    until(lambda: browser.address() == "/search?site=hand&side=right")


def test_a_code_is_copied_by_the_keyboard(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/")
    browser.type("#q", "M86.352" + ENTER)
    until(lambda: browser.address() == "/search?q=M86.352")
    browser.click(".code-card a")
    until(lambda: browser.address() == "/codes/M86.352")
    status = "document.querySelector('.copy [role=status]').textContent"
    browser.run("document.querySelector('.copy button').focus()")
    browser.press(ENTER)
    until(lambda: browser.run(status) == "Copied M86.352")
    browser.press(TAB)
    browser.press(ENTER)
    until(lambda: browser.run(status) == "Copied M86.352 Chronic multifocal osteomyelitis, left femur")
    assert browser.complaints() == []


def test_copying_what_is_not_billable_says_so(browser: Browser) -> None:
    browser.screen(390)
    browser.open("/codes/M86.35")
    browser.click(".copy button")
    until(lambda: browser.run("document.querySelector('.copy [role=status]').textContent") != "")
    said = "Copied M86.35, which is not billable"
    assert browser.run("document.querySelector('.copy [role=status]').textContent") == said
    browser.click('.billable a[href="#narrower"]')
    until(lambda: browser.run("document.getElementById('narrower').getBoundingClientRect().top < innerHeight / 2"))


@pytest.mark.parametrize("path", ["/", "/codes"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_what_can_be_typed_is_read_whole(browser: Browser, path: str, width: int) -> None:
    browser.screen(width)
    browser.open(path)
    needed, given = browser.run("""((box, pen) => {
      pen.font = getComputedStyle(box, '::placeholder').font;
      const style = getComputedStyle(box);
      return [pen.measureText(box.placeholder).width,
              box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)];
    })(document.getElementById('q'), document.createElement('canvas').getContext('2d'))""")
    assert 150 < needed < given
    label = "document.querySelector('.search button span').getBoundingClientRect().width > 1"
    assert browser.run(label) == (width > 480)


def test_a_page_of_a_code_shows_no_buttons_without_scripts(plain: Browser) -> None:
    plain.open("/codes/M86.352")
    assert plain.run("document.querySelector('.copy').offsetHeight") == 0
    plain.click('.code-sides a[href$="M86.351"]')
    until(lambda: plain.address() == "/codes/M86.351")
    plain.click('.turns [rel="next"]')
    until(lambda: plain.address() == "/codes/M86.352")


def test_everything_works_without_scripts(plain: Browser) -> None:
    plain.screen(1280)
    plain.open("/")
    assert plain.post("/elements", using="css selector", value="[role=combobox]") == []
    plain.type("#q", "osteomyelitis" + ENTER)
    until(lambda: plain.address() == "/search?q=osteomyelitis")
    plain.click('.from-front a[href*="site=hand&side=right"] use')
    until(lambda: plain.address() == "/search?q=osteomyelitis&site=hand&side=right")
    plain.click(".chips li a")
    until(lambda: plain.address() == "/search?q=osteomyelitis&side=right")
    plain.click(".chips li a")
    until(lambda: plain.address() == "/search?q=osteomyelitis")
    plain.click(".hit h2 a")
    until(lambda: plain.address().startswith("/articles/cmo/"))


def test_selected_articles_are_compared_without_scripts(plain: Browser) -> None:
    plain.screen(1280)
    plain.open("/search?q=gout&collapse=0")
    plain.click(".hits > li:nth-child(1) .compare-box input")
    plain.click(".hits > li:nth-child(2) .compare-box input")
    plain.click(".compare-form button")
    until(lambda: plain.address().startswith("/compare?id="))
    assert plain.address().count("id=") == 2
    plain.element(".comparison .heads li:nth-child(2)")


@pytest.mark.parametrize("path", ["/", "/search?q=pain", "/articles/cmo/right-hand", "/codes/M86.352", "/api"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_a_page_loads(browser: Browser, path: str, width: int) -> None:
    browser.screen(width)
    browser.post("/goog/cdp/execute", cmd="Network.clearBrowserCache", params={})
    browser.open(path)
    script = """
        const moved = [];
        const observer = new PerformanceObserver((list) => moved.push(...list.getEntries()));
        observer.observe({type: "layout-shift", buffered: true});
        setTimeout(() => arguments[0](moved.map((each) => each.value)), 300);
    """
    assert browser.post("/execute/async", script=script, args=[]) == []
