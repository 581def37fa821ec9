"""The site in a real browser: Debian's chromium, driven over the WebDriver protocol with the standard library alone."""

import base64
import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.serving import make_server

PAGES = (
    "/",
    "/search?q=autoimmune+bone+inflammation&site=hand",
    "/search?q=zebrafish",
    "/articles/cmo/right-hand",
    "/conditions/chronic-multifocal-osteomyelitis",
    "/browse",
    "/about",
    "/codes",
    "/codes/M86.352",
    "/codes/S52.53",
    "/codes/M86.357",
    "/search?page=0",
)
ENTER, ESCAPE, TAB, DOWN = "\ue007", "\ue00c", "\ue004", "\ue015"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
DRIVER, CHROMIUM = shutil.which("chromedriver"), shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    not (DRIVER and CHROMIUM) and os.environ.get("CI") != "true", reason="needs chromium and chromium-driver"
)


class Browser:
    """One session of chromium."""

    def __init__(self, driver: str, site: str, *, scripts: bool = True) -> None:
        self._site = site
        switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        preferences = {} if scripts else {"profile.managed_default_content_settings.javascript": 2}
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": switches, "prefs": preferences, "binary": CHROMIUM},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        self._session = driver
        started = self.post("/session", capabilities={"alwaysMatch": wanted})
        self._session = f"{driver}/session/{started['sessionId']}"

    def post(self, path: str, **body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._session + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["value"]

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self._session + path, timeout=60) as response:
            return json.load(response)["value"]

    def close(self) -> None:
        with urllib.request.urlopen(urllib.request.Request(self._session, method="DELETE"), timeout=60):
            pass

    def open(self, path: str) -> None:
        self.post("/url", url=self._site + path)

    def address(self) -> str:
        parts = urlsplit(self.get("/url"))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def run(self, script: str) -> Any:
        return self.post("/execute/sync", script=f"return {script}", args=[])

    def screen(self, width: int, scheme: str = "light") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        for command, given in (
            ("Emulation.setEmulatedMedia", {"features": features}),
            ("Emulation.setDeviceMetricsOverride", metrics),
        ):
            self.post("/goog/cdp/execute", cmd=command, params=given)

    def element(self, css: str) -> str:
        element = self.post("/element", using="css selector", value=css)[ELEMENT]
        assert isinstance(element, str)
        return element

    def click(self, css: str) -> None:
        self.post(f"/element/{self.element(css)}/click")

    def type(self, css: str, text: str) -> None:
        self.post(f"/element/{self.element(css)}/value", text=text)

    def press(self, key: str) -> None:
        strokes = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def complaints(self) -> list[str]:
        """What stands in the console, but for the statuses of pages that are errors on purpose."""
        entries = self.post("/se/log", type="browser")
        return [entry["message"] for entry in entries if "responded with a status of 40" not in entry["message"]]


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def driver() -> Iterator[str]:
    assert DRIVER, "CI runs these tests: install chromium and chromium-driver"
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = next(line for line in process.stdout if "started successfully" in line)
        yield f"http://127.0.0.1:{re.findall(r'[0-9]+', line)[-1]}"
        process.terminate()


@pytest.fixture(scope="module")
def browser(driver: str, site: str) -> Iterator[Browser]:
    opened = Browser(driver, site)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def plain(driver: str, site: str) -> Iterator[Browser]:
    opened = Browser(driver, site, scripts=False)
    yield opened
    opened.close()


def until(question: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)


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


def test_suggestions_while_typing(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/")
    assert browser.run("document.getElementById('q').getAttribute('role')") == "combobox"
    browser.type("#q", "chronic mul")
    until(lambda: browser.run("document.querySelectorAll('[role=option]').length"))
    assert browser.run("document.getElementById('q').getAttribute('aria-expanded')") == "true"
    assert "Chronic" in browser.run("document.querySelector('[role=option] b').textContent")
    assert "suggestion" in browser.run("document.querySelector('[role=status]').textContent")
    browser.type("#q", ESCAPE)
    assert browser.run("document.querySelector('[role=listbox]').hidden") is True
    browser.type("#q", "t")
    until(lambda: browser.run("document.querySelectorAll('[role=option]').length"))
    browser.type("#q", DOWN)
    active = browser.run("document.getElementById('q').getAttribute('aria-activedescendant')")
    assert browser.run(f"document.getElementById('{active}').getAttribute('aria-selected')") == "true"
    browser.type("#q", ENTER)
    until(lambda: browser.address() == "/conditions/chronic-multifocal-osteomyelitis")
    assert browser.complaints() == []


def test_a_slip_is_forgiven_in_the_suggestions(browser: Browser) -> None:
    browser.open("/")
    browser.type("#q", "ostoemy")
    until(lambda: browser.run("document.querySelectorAll('[role=option]').length"))
    assert browser.run("document.querySelector('[role=option] b').textContent") == "osteomy"
    assert browser.complaints() == []


def test_enter_without_a_choice_searches(browser: Browser) -> None:
    browser.open("/")
    browser.type("#q", "bone pain" + ENTER)
    until(lambda: browser.address() == "/search?q=bone+pain")


def test_the_keyboard_reaches_the_content_and_the_hand(browser: Browser) -> None:
    browser.screen(1280)
    browser.open("/")
    browser.press(TAB)
    assert browser.run("document.activeElement.textContent") == "Skip to content"
    reached = ""
    for _ in range(80):
        browser.press(TAB)
        reached = browser.run("document.activeElement.getAttribute('aria-label')") or ""
        if reached.startswith("Hand"):
            break
    assert reached.startswith("Hand")
    browser.press(ENTER)
    until(lambda: browser.address() == "/search?site=hand")


def test_filters_are_shown_when_asked_for_on_a_small_screen(browser: Browser) -> None:
    browser.screen(390)
    browser.open("/search?q=pain")
    shown = "document.getElementById('filters').offsetHeight"
    assert browser.run(shown) == 0
    browser.click(".to-filters")
    until(lambda: browser.run(shown) > 0)
    browser.click(".back a")
    until(lambda: browser.run(shown) == 0)
    browser.screen(1280)
    assert browser.run(shown) > 0


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
    plain.click('.body-map a[aria-label^="Hand"] path')
    until(lambda: plain.address() == "/search?q=osteomyelitis&site=hand")
    plain.click(".chips li a")
    until(lambda: plain.address() == "/search?q=osteomyelitis")
    plain.click(".hit h2 a")
    until(lambda: plain.address().startswith("/articles/cmo/"))
