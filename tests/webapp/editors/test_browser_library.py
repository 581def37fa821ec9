"""An editor's day in a real browser, with and without scripts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests.webapp.browser import Browser, serving, until
from tests.webapp.editors.conftest import GOUT, TOKEN
from webapp.editors import library_pages

ZORBITIS = (
    "Zorbitis, right hand\n\nICD-10 code: M79.641\n\nZorbitis is a swelling of the hand.\n\nCauses\n\nToo many words.\n"
)
UNTITLED = "it hurts at night and swells by day, and nobody knows for how long.\n\nwhy\n\nCrystals.\n"
PAGES = (
    "/library",
    "/library/lists/newest",
    "/library/lists/weak",
    "/library/lists/all?q=gout",
    "/library/articles/gout",
    "/library/edit/gout",
    "/library/new",
)

Serve = Callable[[Flask], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application, and says where."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serving(app))


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


@pytest.fixture
def browser(driver: str, serve: Serve, make_site: Callable[..., Flask], scripts: bool) -> Iterator[Browser]:
    opened = Browser(driver, serve(make_site()), scripts=scripts)
    yield opened
    opened.close()


def write(browser: Browser, css: str, text: str) -> None:
    browser.post(f"/element/{browser.element(css)}/clear")
    browser.type(css, text)


def text_of(browser: Browser, css: str) -> str:
    """What the element says; nothing where it is not there, or not yet."""
    return str(browser.run(f"document.querySelector('{css}')?.innerText ?? ''"))


def test_an_editor_saves_an_article_finds_a_wrong_one_and_fixes_it(browser: Browser, articles: Path) -> None:
    browser.screen(1280)
    browser.open("/library")
    browser.click('.desk-nav a[href="/library/new"]')
    write(browser, "#id", "made/zorbitis")
    write(browser, "#text", ZORBITIS)
    browser.click('[value="preview"]')
    until(lambda: "Not saved yet" in text_of(browser, "main"))
    assert "M79.641" in text_of(browser, ".read-values")
    assert not (articles / "made").exists()
    browser.click('[value="save"]')
    until(lambda: browser.address() == "/library/articles/made/zorbitis?saved=1")
    until(lambda: "Saved and live since" in text_of(browser, "#live"))
    assert (articles / "made" / "zorbitis.txt").read_text() == ZORBITIS
    assert "Causes" in text_of(browser, ".raw")

    (articles / "puzzle.txt").write_text(UNTITLED)  # by somebody else
    browser.open("/library/edit/gout")
    write(browser, "#text", GOUT + "More.\n")
    browser.click('[value="save"]')
    until(lambda: "live since" in text_of(browser, "#live"))
    browser.open("/library/lists/flagged")
    browser.click('a[href="/library/articles/puzzle"]')
    until(lambda: "The name of the file" in text_of(browser, ".read-values"))
    assert browser.address() == "/library/articles/puzzle"
    browser.click('a[href="/library/edit/puzzle"]')
    until(lambda: browser.address() == "/library/edit/puzzle")
    write(browser, "#text", ZORBITIS.replace("right", "left"))
    browser.click('[value="save"]')
    until(lambda: "Saved and live since" in text_of(browser, "#live"))
    assert "Left" in text_of(browser, ".read-values")
    browser.open("/library/lists/flagged")
    assert "There are none." in text_of(browser, "main")
    write(browser, "#find", "zobritis\ue007")
    until(lambda: browser.address() == "/library/lists/all?q=zobritis")
    assert "There are none. These are the nearest." in text_of(browser, "main")
    browser.click('.desk-rows a[href="/library/articles/made/zorbitis"]')
    until(lambda: browser.address() == "/library/articles/made/zorbitis")
    browser.open("/search?q=zorbitis+left")
    assert "left" in text_of(browser, ".hit").lower()
    assert browser.complaints() == []


def test_an_open_page_is_told_of_changes(
    driver: str,
    serve: Serve,
    make_site: Callable[..., Flask],
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(library_pages, "WAIT_S", 0)
    app = make_site(watched=True)
    browser = Browser(driver, serve(app))
    browser.open("/library/edit/gout")
    write(browser, "#text", GOUT + "More.\n")
    browser.click('[value="save"]')
    until(lambda: "not live yet" in text_of(browser, "#live"))
    app.extensions["library"].sync([articles], jobs=1)
    until(lambda: "live since" in text_of(browser, "#live"))  # without a reload

    browser.open("/search?q=gout")
    (articles / "lung" / "asthma.txt").unlink()
    app.extensions["library"].sync([articles], jobs=1)
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")  # as whoever comes back to the tab
    until(lambda: "The library has changed" in text_of(browser, ".new-generation"))
    browser.click(".new-generation a")
    until(lambda: text_of(browser, ".new-generation") == "")
    assert browser.complaints() == []
    browser.close()


def test_signing_in(driver: str, serve: Serve, make_site: Callable[..., Flask]) -> None:
    browser = Browser(driver, serve(make_site(token=TOKEN)))
    browser.open("/library/articles/gout")
    until(lambda: browser.address() == "/library/sign-in")
    browser.type("#token", "wrong\ue007")
    until(lambda: "not the token" in text_of(browser, "main"))
    browser.type("#token", f"{TOKEN}\ue007")
    until(lambda: browser.address() == "/library")
    browser.click(".sign-out button")
    until(lambda: browser.address() == "/")
    browser.open("/library")
    until(lambda: browser.address() == "/library/sign-in")
    browser.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_of_editors_fit_their_screen(
    driver: str, serve: Serve, make_site: Callable[..., Flask], width: int
) -> None:
    browser = Browser(driver, serve(make_site()))
    browser.screen(width)
    for path in PAGES:
        browser.open(path)
        assert browser.run("document.documentElement.scrollWidth") == width, path
        assert browser.complaints() == []
    browser.close()
