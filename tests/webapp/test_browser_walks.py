"""A parent on a phone and a coder at a keyboard, each with a task, over the corpus of this repository."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.library import open_library
from tests.webapp.browser import CONTROL, DOWN, ENTER, TAB, Browser, serving, until
from webapp import create_app

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def corpus_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_library(tmp_path_factory.mktemp("walks") / "index") as library:
        library.sync([CORPUS])
        with serving(create_app(library=library)) as address:
            yield address


@pytest.fixture(scope="module", params=[True, False], ids=["scripts", "plain"])
def walker(driver: str, corpus_site: str, request: pytest.FixtureRequest) -> Iterator[Browser]:
    opened = Browser(driver, corpus_site, scripts=request.param)
    yield opened
    opened.close()


class Keyboard:
    """The keys that someone without a mouse presses, one after another."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.strokes = 0

    def press(self, *keys: str) -> None:
        """Keys held down together are one stroke."""
        self._browser.press(*keys)
        self.strokes += 1

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def tab_to(self, css: str, most: int) -> None:
        """Presses the tab key until what the selector names has the focus."""
        for _ in range(most):
            self.press(TAB)
            if self._browser.run(f"document.activeElement.matches({css!r})"):
                return
        raise AssertionError(f"more than {most} tabs to {css}")

    def skip_to_content(self) -> None:
        self.tab_to(".skip", 1)
        self.press(ENTER)

    def copied(self) -> str:
        """Copies the code of a page, and says what the clipboard holds."""
        browser = self._browser
        self.tab_to("[data-copy], input[readonly]", 10)
        if browser.run("document.activeElement.matches('input')"):
            self.press(CONTROL, "c")
        else:
            self.press(ENTER)
            until(lambda: browser.run("document.querySelector('.copy [role=status]').textContent").startswith("Copied"))
        box = "document.getElementById('q')"
        browser.run(f"void(window.before = document.activeElement, {box}.value = '', {box}.focus())")
        browser.press(CONTROL, "v")
        text = browser.run(f"{box}.value")
        browser.run("void(before.focus())")
        assert isinstance(text, str)
        return text


def test_a_parent_on_a_phone_finds_the_article_and_what_to_do(walker: Browser) -> None:
    walker.screen(390)
    walker.open("/")
    walker.type("#q", "my child's collarbone hurts and swells again and again" + ENTER)
    until(lambda: walker.address().startswith("/search?q="))
    walker.tap("main h2 a[href*='/articles/']")
    until(lambda: walker.address().startswith("/articles/chronic-multifocal-osteomyelitis-right-shoulder"))
    assert walker.run("document.querySelector('h1').getBoundingClientRect().bottom < innerHeight")
    treatment = "[...document.querySelectorAll('main h2')].find(h => h.textContent.startsWith('Treating it'))"
    walker.tap(f".contents a[href='#{walker.run(f'{treatment}.id')}']")
    until(lambda: 0 <= walker.run(f"{treatment}.getBoundingClientRect().top") < 450)
    assert walker.complaints() == []


def test_a_coder_copies_a_code_and_its_neighbour_by_keyboard(walker: Browser) -> None:
    walker.screen(1280)
    walker.open("/")
    keys = Keyboard(walker)
    if walker.run("document.getElementById('q').role") == "combobox":
        keys.press("/")
        keys.type("M86.352")
        until(lambda: "left femur" in walker.run("document.querySelector('[role=option]')?.textContent ?? ''"))
        keys.press(DOWN)
        keys.press(ENTER)
    else:
        keys.tab_to("#q", 6)
        keys.type("M86.352")
        keys.press(ENTER)
        until(lambda: walker.address() == "/search?q=M86.352")
        keys.skip_to_content()
        keys.tab_to('a[href$="/codes/M86.352"]', 2)
        keys.press(ENTER)
    until(lambda: walker.address() == "/codes/M86.352")
    keys.skip_to_content()
    assert keys.copied().startswith("M86.352")
    keys.tab_to('a[href$="/codes/M86.351"]', 3)
    keys.press(ENTER)
    until(lambda: walker.address() == "/codes/M86.351")
    assert "right femur" in walker.run("document.querySelector('h1').textContent")
    keys.skip_to_content()
    assert keys.copied().startswith("M86.351")
    assert keys.strokes < 50  # two codes; ten seconds a code are 36 strokes of 0.28 s, by the keystroke-level model
    assert walker.complaints() == []
