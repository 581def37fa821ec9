"""The key / goes to the search box, unless it is typed in a field, is part of another shortcut, or was turned off."""

from collections.abc import Iterator

import pytest

from tests.webapp.browser import CONTROL, TAB, Browser, until

FOCUSED = "document.activeElement.id"
BOX = "document.getElementById('q')"
SWITCH = "[data-shortcut]"


@pytest.fixture
def page(browser: Browser) -> Iterator[Browser]:
    browser.screen(1280)
    browser.open("/search?q=gout")
    yield browser
    browser.run("localStorage.clear()")
    assert browser.complaints() == []


def test_it_goes_to_the_box_and_selects_what_stands_there(page: Browser) -> None:
    page.press("/")
    assert page.run(FOCUSED) == "q"
    assert page.run(f"{BOX}.value.slice({BOX}.selectionStart, {BOX}.selectionEnd)") == "gout"
    assert page.run(f"{BOX}.getAttribute('aria-keyshortcuts')") == "/"


def test_in_a_field_it_is_a_letter(page: Browser) -> None:
    page.type("#q", "/x")
    assert page.run(f"{BOX}.value") == "gout/x"


def test_other_shortcuts_are_left_alone(page: Browser) -> None:
    page.press(CONTROL, "/")
    assert page.run(FOCUSED) != "q"


def test_it_can_be_turned_off(page: Browser) -> None:
    page.open("/about")
    page.click(SWITCH)
    page.press(TAB)
    page.press("/")
    assert page.run(FOCUSED) != "q"
    page.open("/search?q=gout")
    page.press("/")
    assert page.run(FOCUSED) != "q"
    assert page.run(f"{BOX}.hasAttribute('aria-keyshortcuts')") is False
    page.open("/about")
    assert page.run(f"document.querySelector('{SWITCH}').checked") is False
    page.click(SWITCH)
    page.press(TAB)
    page.press("/")
    until(lambda: page.run(FOCUSED) == "q")


def test_without_scripts_nothing_promises_it(plain: Browser) -> None:
    plain.open("/about")
    assert plain.run(f"document.querySelector('{SWITCH}').offsetHeight") == 0
    assert plain.run(f"{BOX}.hasAttribute('aria-keyshortcuts')") is False
