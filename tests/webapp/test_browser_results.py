"""The results page in a real browser: filters in place with the script, at their place without it."""

import pytest

from tests.webapp.browser import ENTER, Browser, until

HAND = '#filters li a[data-key="hand"]'
FOCUSED = "document.activeElement.dataset.key"
HEADING = "document.getElementById('heading').textContent"
SCROLLED = "Math.round(scrollY)"
SAID = "document.querySelector('main [role=status]').textContent"
FILTERS = "document.getElementById('filters').offsetHeight"
# From under the bar at the bottom of the window: the driver does not scroll to what is in the window.
TO_LEFT = """document.querySelector('#filters a[data-key="left"]').scrollIntoView({ block: "center" })"""


@pytest.fixture
def results(browser: Browser) -> Browser:
    """The results of one word, on a page that says so when it is loaded again."""
    browser.screen(1280)
    browser.open("/search?q=osteomyelitis")
    browser.run("window.loadedOnce = true")
    return browser


def loaded_once(browser: Browser) -> bool:
    return browser.run("window.loadedOnce") is True


def open_limb(browser: Browser, limb: str) -> None:
    browser.run(f"document.querySelector('#filters details[data-key=\"{limb}\"]').open = true")


def test_a_filter_keeps_place_focus_and_open_branches(results: Browser) -> None:
    open_limb(results, "upper-limb")
    open_limb(results, "lower-limb")
    results.run("scrollTo(0, 200)")
    results.run(f"document.querySelector('{HAND}').focus({{preventScroll: true}})")
    scrolled = results.run(SCROLLED)
    results.press(ENTER)
    until(lambda: results.address() == "/search?q=osteomyelitis&site=hand")
    assert results.run(HEADING).startswith("2 articles on 1 condition")
    assert results.run(SAID) == "2 articles on 1 condition"
    assert results.run("document.title") == "osteomyelitis (on the hand) – Condition Search"
    assert results.run(FOCUSED) == "hand"
    assert results.run("document.activeElement.className") == "on"
    assert results.run(SCROLLED) == scrolled
    assert results.run("document.querySelector('#filters details[data-key=\"lower-limb\"]').open") is True
    assert results.run("document.querySelector('form.search [name=site]').value") == "hand"
    results.press(ENTER)  # the same link takes it back
    until(lambda: results.address() == "/search?q=osteomyelitis")
    assert results.run(HEADING).startswith("4 articles on 1 condition")
    assert results.run("document.querySelector('form.search [name=site]')") is None
    assert loaded_once(results)
    assert results.complaints() == []


def test_back_and_forward_go_through_the_filters(results: Browser) -> None:
    results.click('#filters a[data-key="left"]')
    until(lambda: results.address() == "/search?q=osteomyelitis&side=left")
    results.click('.tools a[data-key="Order Title"]')
    until(lambda: results.address() == "/search?q=osteomyelitis&side=left&sort=title")
    assert results.run(FOCUSED) == "Order Title"
    results.post("/back")
    until(lambda: results.run("document.querySelector('.tools [aria-current]').textContent") == "Best match")
    results.post("/back")
    until(lambda: results.run(HEADING).startswith("4 articles"))
    results.post("/forward")
    until(lambda: results.run(HEADING).startswith("2 articles"))
    assert results.address() == "/search?q=osteomyelitis&side=left"
    assert loaded_once(results)


def test_the_map_keeps_the_focus(results: Browser) -> None:
    results.run("document.querySelector('#filters svg a[href*=\"site=hand&side=right\"]').focus({preventScroll: true})")
    results.press(ENTER)
    until(lambda: results.address() == "/search?q=osteomyelitis&site=hand&side=right")
    assert results.run("document.activeElement.ownerSVGElement !== null")
    assert results.run("document.activeElement.textContent").startswith("Remove: Right hand")


def test_boxes_stay_as_they_are(results: Browser) -> None:
    """Boxes that other parts of the site may put beside each result."""
    results.run(
        """(() => {
            const box = (id) => `<input type="checkbox" name="id" value="${id}">`;
            const list = '<ol class="hits"';
            document.querySelector(".hits").insertAdjacentHTML("beforebegin", box("one") + box("two"));
            document.querySelector("[value=one]").checked = true;
            const load = window.fetch;
            window.fetch = async (...given) =>
                new Response((await (await load(...given)).text()).replace(list, box("two") + box("one") + list));
        })()"""
    )
    results.click('#filters a[data-key="left"]')
    until(lambda: results.run(HEADING).startswith("2 articles"))
    checked = "[...document.querySelectorAll('#results > input')].map((each) => each.value + each.checked)"
    assert results.run(checked) == ["twofalse", "onetrue"]


def test_a_page_link_leads_to_the_top_of_the_results(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/search?size=2")
    browser.run("window.loadedOnce = true")
    browser.click(".pager [rel=next]")
    until(lambda: browser.address() == "/search?page=2&size=2")
    assert browser.run("document.activeElement.id") == "results"
    assert 0 <= browser.run("document.getElementById('results').getBoundingClientRect().top") < 200
    assert loaded_once(browser)


def test_a_newer_click_wins(results: Browser) -> None:
    results.run(
        "['left', 'right'].forEach((side) => document.querySelector(`#filters a[data-key=\"${side}\"]`).click())"
    )
    until(lambda: results.address() == "/search?q=osteomyelitis&side=right")
    until(lambda: results.run("document.querySelectorAll('.chips.on li').length") == 1)
    assert results.run("document.querySelector('.chips.on li').textContent.trim()") == "Remove filter: Right"
    assert loaded_once(results)


def test_a_failure_becomes_a_plain_click(results: Browser) -> None:
    results.run("window.fetch = () => Promise.reject(new TypeError())")
    results.click('#filters a[data-key="left"]')
    until(lambda: results.run("document.readyState") == "complete" and not loaded_once(results))
    assert results.address() == "/search?q=osteomyelitis&side=left"


def test_chips_take_back_what_was_understood(browser: Browser) -> None:
    browser.open("/search?q=crmo+hand")
    assert "crmo" in browser.run("document.querySelector('.chips li b').textContent")
    browser.click(".chips li a")
    until(lambda: browser.run("document.getElementById('q').value") == '"crmo" hand')
    assert browser.run("document.querySelector('.chips')") is None
    assert browser.run("document.activeElement.id") == "results"


def test_the_panel_of_a_phone_stays_open(browser: Browser) -> None:
    browser.screen(390)
    browser.open("/search?q=osteomyelitis")
    browser.run("window.loadedOnce = true")
    assert browser.run(FILTERS) == 0
    browser.click(".to-filters")
    until(lambda: browser.run(FILTERS) > 0)
    browser.run(TO_LEFT)
    browser.click('#filters a[data-key="left"]')
    until(lambda: browser.run(HEADING).startswith("2 articles"))
    assert browser.run(FILTERS) > 0
    button = "document.querySelector('.show a').getBoundingClientRect()"
    assert browser.run("document.querySelector('.show').textContent.trim()") == "Show 2 articles"
    assert browser.run(f"{button}.bottom <= innerHeight && {button}.top > 0")
    browser.click(".show a")
    until(lambda: browser.run(FILTERS) == 0)
    assert browser.run("document.querySelectorAll('.hit').length") == 1
    assert loaded_once(browser)
    browser.screen(1280)
    assert browser.run(FILTERS) > 0


def test_the_panel_stays_open_without_scripts(plain: Browser) -> None:
    plain.screen(390)
    plain.open("/search?q=osteomyelitis")
    plain.click(".to-filters")
    until(lambda: plain.run(FILTERS) > 0)
    plain.run(TO_LEFT)
    plain.click('#filters a[data-key="left"]')
    until(lambda: plain.address() == "/search?q=osteomyelitis&side=left")
    assert plain.run(FILTERS) > 0
    plain.click(".show a")
    until(lambda: plain.run(FILTERS) == 0)
    assert plain.run("document.querySelector('.take .copy').offsetHeight") == 0
    assert plain.run("document.querySelector('.take a').getAttribute('href')").startswith("/search/export.csv?q=")


def test_the_address_is_copied_after_a_filter(results: Browser) -> None:
    results.click('#filters a[data-key="left"]')
    until(lambda: results.run(HEADING).startswith("2 articles"))
    results.click("[data-copy-address]")
    until(lambda: results.run("document.querySelector('.take [role=status]').textContent") == "Copied the link")


def test_own_searches_are_kept_in_the_browser(driver: str, site: str) -> None:
    browser = Browser(driver, site)
    try:
        recent = "[...document.querySelectorAll('.recent li')].map((each) => each.textContent)"
        browser.open("/")
        assert browser.run("document.querySelector('.recent').offsetHeight") == 0
        for words in ("gout", "cmo+hand", "gout", "nosuchword", "baby+not+breathing+bone"):
            browser.open(f"/search?q={words}")
        browser.open("/")
        assert browser.run("document.querySelector('.recent').offsetHeight") == 0
        browser.run("document.getElementById('q').focus()")
        until(lambda: browser.run("document.querySelector('.recent').offsetHeight") > 0)
        browser.type("#q", "go")
        until(lambda: browser.run("document.querySelector('.recent').offsetHeight") == 0)
        browser.open("/about")
        browser.run("document.getElementById('q').focus()")
        until(lambda: browser.run(recent) == ["gout", "cmo hand"])
        browser.click(".recent li:nth-child(2) a")
        until(lambda: browser.address() == "/search?q=cmo%20hand")
        for number in range(12):
            browser.open(f"/search?q=gout+OR+x{number}")
        browser.open("/")
        browser.run("document.getElementById('q').focus()")
        until(lambda: browser.run("document.querySelector('.recent').offsetHeight") > 0)
        assert browser.run(recent) == [f"gout OR x{number}" for number in range(11, 1, -1)]
        browser.open("/search?q=gout" + "+OR+gout" * 30)
        browser.screen(320)
        browser.open("/")
        browser.run("document.getElementById('q').focus()")
        until(lambda: browser.run("document.querySelector('.recent').offsetHeight") > 0)
        assert browser.run("document.documentElement.scrollWidth") == 320
        browser.click(".recent button")
        until(lambda: browser.run("document.querySelector('.recent').offsetHeight") == 0)
        assert browser.run("localStorage.length") == 0
        assert browser.complaints() == []
    finally:
        browser.close()


def test_nothing_is_kept_without_scripts(plain: Browser) -> None:
    plain.open("/search?q=gout")
    plain.open("/")
    assert plain.run("document.querySelector('.recent')") is None


def test_what_a_finger_meets_in_the_results_is_tall_enough_and_apart(browser: Browser) -> None:
    browser.screen(390)
    browser.open("/search?q=osteomyelitis")
    boxes = browser.run(
        "[...document.querySelectorAll('.tools a, .hit a, .hit label')].filter(each => each.offsetHeight).map(each => {"
        " const box = each.getBoundingClientRect();"
        " return [each.textContent.trim(), box.left, box.top, box.right, box.bottom]; })"
    )
    assert {"Title", "Code", "Every article", "All 4 articles", "Hand"} <= {name for name, *_ in boxes}
    assert [name for name, left, top, right, bottom in boxes if bottom - top < 24 or right - left < 24] == []
    apart = [
        one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
        for number, one in enumerate(boxes)
        for other in boxes[:number]
    ]
    assert all(apart)


def test_the_bar_counts_what_is_chosen_to_compare_and_keeps_it_over_filters(browser: Browser) -> None:
    said, boxes = (
        "document.querySelector('#compare output').textContent",
        "document.querySelectorAll('.compare-box input')",
    )
    browser.screen(1280)
    browser.open("/search?collapse=0")
    browser.run(f"{boxes}[0].click(), {boxes}[1].click()")
    assert browser.run(said) == "2 chosen, room for 2 more"
    chosen = set(browser.run(f"[...{boxes}].filter((box) => box.checked).map((box) => box.value)"))
    browser.click('#filters a[data-key="left"]')
    until(lambda: "side=left" in browser.address())
    assert browser.run(said).startswith("2 chosen")
    browser.run(f"[...{boxes}].filter((box) => !box.checked).slice(0, 2).forEach((box) => box.click())")
    assert browser.run(said) == "4 chosen, the most there can be"
    assert browser.run(f"[...{boxes}].every((box) => box.checked || box.disabled)") is True
    browser.click(".compare-form button")
    until(lambda: browser.address().startswith("/compare?id="))
    assert browser.address().count("id=") == 4
    assert all(f"id={id}" in browser.address().replace("%2F", "/") for id in chosen)
    assert browser.complaints() == []
