"""The search box with suggestions keeps to the ARIA pattern of an editable combobox with list autocomplete."""

from collections.abc import Iterator

import pytest

from tests.webapp.browser import ALT, DOWN, END, ENTER, ESCAPE, HOME, LEFT, TAB, UP, Browser, until

OPTIONS = "document.querySelectorAll('[role=option]').length"
SHOWN = "!document.querySelector('[role=listbox]').hidden"
BOX = "document.getElementById('q')"
STATUS = "document.querySelector('.search [role=status]').textContent"


@pytest.fixture
def box(browser: Browser) -> Iterator[Browser]:
    browser.screen(1280)
    browser.open("/")
    yield browser
    assert browser.complaints() == []


def active(browser: Browser) -> int:
    """The number of the active option, -1 for none; the two ways of telling it agree."""
    selected = browser.run("[...document.querySelectorAll('[role=option]')].findIndex(o => o.ariaSelected == 'true')")
    told = browser.run(f"{BOX}.getAttribute('aria-activedescendant')")
    assert told == (None if selected < 0 else f"q-options-{selected}")
    assert isinstance(selected, int)
    return selected


def open_list(browser: Browser, text: str = "M86.3") -> int:
    browser.type("#q", text)
    until(lambda: browser.run(SHOWN))
    count = browser.run(OPTIONS)
    assert isinstance(count, int)
    return count


def test_suggestions_open_while_typing(box: Browser) -> None:
    assert box.run(f"{BOX}.getAttribute('role')") == "combobox"
    assert box.run(f"{BOX}.getAttribute('aria-expanded')") == "false"
    count = open_list(box, "chronic mul")
    assert box.run(f"{BOX}.getAttribute('aria-expanded')") == "true"
    assert "Chronic" in box.run("document.querySelector('[role=option] b').textContent")
    assert box.run(STATUS) == ("1 suggestion" if count == 1 else f"{count} suggestions")
    assert active(box) == -1


def test_nothing_to_suggest_is_said_and_not_shown(box: Browser) -> None:
    box.type("#q", "xqxq")
    until(lambda: box.run(STATUS) == "No suggestions")
    assert not box.run(SHOWN)


def test_an_option_is_opened_with_enter(box: Browser) -> None:
    open_list(box, "chronic mult")
    box.press(DOWN)
    assert active(box) == 0
    box.press(ENTER)
    until(lambda: box.address() == "/conditions/chronic-multifocal-osteomyelitis")


def test_a_slip_is_forgiven(box: Browser) -> None:
    open_list(box, "ostoemy")
    assert box.run("document.querySelector('[role=option] b').textContent") == "osteomy"


@pytest.mark.parametrize("keys", [(), (DOWN, HOME), (DOWN, UP)])
def test_enter_without_an_active_option_searches(box: Browser, keys: tuple[str, ...]) -> None:
    open_list(box)
    for key in keys:
        box.press(key)
    box.press(ENTER)
    until(lambda: box.address() == "/search?q=M86.3")


def test_escape_closes_the_list_then_clears_the_box(box: Browser) -> None:
    open_list(box)
    box.press(ESCAPE)
    assert not box.run(SHOWN)
    assert box.run(f"{BOX}.value") == "M86.3"
    assert box.run(STATUS) == ""
    box.press(ESCAPE)
    assert box.run(f"{BOX}.value") == ""


def test_arrows_open_a_closed_list_again(box: Browser) -> None:
    count = open_list(box)
    box.press(ESCAPE)
    box.press(DOWN)
    assert box.run(SHOWN)
    assert active(box) == 0
    box.press(ESCAPE)
    box.press(UP)
    assert active(box) == count - 1


def test_alt_and_an_arrow_open_and_close_without_choosing(box: Browser) -> None:
    open_list(box)
    box.press(ALT, UP)
    assert not box.run(SHOWN)
    box.press(ALT, DOWN)
    assert box.run(SHOWN)
    assert active(box) == -1


def test_an_arrow_asks_for_what_stands_in_the_box_of_a_new_page(box: Browser) -> None:
    box.open("/search?q=M86.3")
    box.run(f"{BOX}.focus()")
    assert not box.run(SHOWN)
    box.press(DOWN)
    until(lambda: box.run(SHOWN))
    assert active(box) == -1


def test_arrows_go_round_and_through_the_box(box: Browser) -> None:
    count = open_list(box)
    assert count > 2
    seen = []
    for _ in range(count + 2):
        box.press(DOWN)
        seen.append(active(box))
    assert seen == [*range(count), -1, 0]
    box.press(UP)
    box.press(UP)
    assert active(box) == count - 1
    assert box.run(STATUS).endswith(f", {count} of {count} suggestions")


@pytest.mark.parametrize(("key", "caret"), [(HOME, 0), (END, 5), (LEFT, 4)])
def test_keys_that_move_the_caret_leave_the_options(box: Browser, key: str, caret: int) -> None:
    open_list(box)
    box.press(DOWN)
    box.press(key)
    assert active(box) == -1
    assert box.run(SHOWN)
    assert box.run(f"{BOX}.selectionStart") == caret


def test_tab_closes_and_goes_on(box: Browser) -> None:
    open_list(box)
    box.press(DOWN)
    box.press(TAB)
    assert not box.run(SHOWN)
    assert box.run("document.activeElement.textContent") == "Search"
    assert box.run(f"{BOX}.value") == "M86.3"
    assert box.address() == "/"


def test_an_option_is_opened_by_touch(box: Browser) -> None:
    box.screen(390)
    open_list(box, "chronic mult")
    box.tap("[role=option]")
    until(lambda: box.address() == "/conditions/chronic-multifocal-osteomyelitis")


def test_the_list_ends_above_the_keyboard_of_a_touch_screen(box: Browser) -> None:
    box.screen(390)
    box.command("Emulation.setDeviceMetricsOverride", width=390, height=400, deviceScaleFactor=1, mobile=True)
    open_list(box, "os")
    bottom = "document.querySelector('[role=listbox]').getBoundingClientRect().bottom"
    assert box.run(f"{bottom} <= Math.max(400, {BOX}.getBoundingClientRect().bottom + 100)")


def test_what_an_input_method_composes_is_asked_for_when_it_is_done(box: Browser) -> None:
    box.run(
        "void(asked = [], original = fetch, fetch = (...given) => { asked.push(given[0]); return original(...given); })"
    )
    box.run(f"{BOX}.focus()")
    box.command("Input.imeSetComposition", text="gou", selectionStart=3, selectionEnd=3)
    box.command("Input.imeSetComposition", text="gout", selectionStart=4, selectionEnd=4)
    box.press(DOWN)
    assert box.run("new Promise(done => setTimeout(() => done(asked.length), 300))") == 0
    assert not box.run(SHOWN)
    box.command("Input.insertText", text="gout")
    until(lambda: box.run(SHOWN))
    assert box.run("asked.length") == 1


def test_an_answer_that_comes_too_late_is_not_shown(box: Browser) -> None:
    box.run(
        "void(original = fetch, calls = 0, fetch = async (url, given) => calls++ ? original(url, given) :"
        " new Promise(done => setTimeout(() => done(original(url)), 400)))"
    )
    box.type("#q", "ast")
    until(lambda: box.run("calls") == 1)
    box.run(f"{BOX}.select()")
    box.type("#q", "gout")
    until(lambda: box.run(SHOWN))
    assert (
        box.run(
            "new Promise(done => setTimeout(() => done([...document.querySelectorAll('[role=option] b')].map("
            "b => b.textContent.toLowerCase())), 600))"
        )[0]
        == "gout"
    )


def test_without_a_connection_the_box_still_searches(box: Browser) -> None:
    box.run("void(calls = 0, fetch = async () => { calls++; throw new TypeError('Failed to fetch'); })")
    box.type("#q", "bone")
    until(lambda: box.run("calls"))
    assert not box.run(SHOWN)
    box.press(ENTER)
    until(lambda: box.address() == "/search?q=bone")


def test_the_page_that_one_comes_back_to_shows_no_list(box: Browser) -> None:
    open_list(box, "chronic mult")
    box.press(DOWN)
    box.press(ENTER)
    until(lambda: box.address().startswith("/conditions/"))
    box.post("/back")
    until(lambda: box.address() == "/")
    assert not box.run(SHOWN)
