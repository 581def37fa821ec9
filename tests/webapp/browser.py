"""Debian's chromium, driven over the WebDriver protocol with the standard library alone, and a server for it."""

import json
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import make_server

ENTER, ESCAPE, TAB, DOWN = "\ue007", "\ue00c", "\ue004", "\ue015"
UP, LEFT, HOME, END, ALT, CONTROL = "\ue013", "\ue012", "\ue011", "\ue010", "\ue00a", "\ue009"
ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
DRIVER, CHROMIUM = shutil.which("chromedriver"), shutil.which("chromium")


class Browser:
    """One session of chromium."""

    def __init__(self, driver: str, site: str, *, scripts: bool = True, text_size_px: int = 16) -> None:
        self._site = site
        switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        preferences = {"webkit.webprefs.default_font_size": text_size_px}
        if not scripts:
            preferences["profile.managed_default_content_settings.javascript"] = 2
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

    def command(self, name: str, **given: Any) -> Any:
        """A command of the DevTools protocol, for what WebDriver has none for."""
        return self.post("/goog/cdp/execute", cmd=name, params=given)

    def screen(self, width: int, scheme: str = "light", *, forced: bool = False, media: str = "") -> None:
        self.command(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "forced-colors", "value": "active" if forced else "none"},
            ],
        )
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
        )

    def element(self, css: str) -> str:
        element = self.post("/element", using="css selector", value=css)[ELEMENT]
        assert isinstance(element, str)
        return element

    def click(self, css: str) -> None:
        self.post(f"/element/{self.element(css)}/click")

    def type(self, css: str, text: str) -> None:
        self.post(f"/element/{self.element(css)}/value", text=text)

    def press(self, *keys: str) -> None:
        """Presses keys together, as in `press(ALT, DOWN)`."""
        strokes = [{"type": "keyDown", "value": key} for key in keys]
        strokes += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def tap(self, css: str) -> None:
        """Touches the middle of an element, where that is in view."""
        self.run(f"document.querySelector({json.dumps(css)}).scrollIntoView({{block: 'center'}})")
        touch = [
            {"type": "pointerMove", "origin": {ELEMENT: self.element(css)}, "x": 0, "y": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": touch}
        self.post("/actions", actions=[finger])

    def complaints(self) -> list[str]:
        """What stands in the console, but for the statuses of pages that are errors on purpose."""
        entries = self.post("/se/log", type="browser")
        return [entry["message"] for entry in entries if "responded with a status of 40" not in entry["message"]]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serves an application at the address that it gives, each request in a thread of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until(question: Callable[[], Any]) -> None:
    """Waits until the question is answered with yes, at most ten seconds."""
    deadline = time.monotonic() + 10
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)
