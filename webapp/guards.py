"""Requests and responses to safe ones: what is too large is turned away, and every answer says what a browser may do with it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Final, ParamSpec

from flask import Flask, Response, abort, current_app, request

from webapp import current

MAX_ADDRESS: Final = 16_384  # bytes; the longest search of MAX_TEXT characters, percent-encoded, has 12 kB

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_P = ParamSpec("_P")


def add_to(app: Flask) -> None:
    """Guard every request and response of the application."""
    app.before_request(_turn_away)
    app.after_request(_label)


def _turn_away() -> None:
    if len(request.environ.get("QUERY_STRING", "")) + len(request.path) > MAX_ADDRESS:
        abort(414)
    if request.content_length or "Transfer-Encoding" in request.headers:
        abort(413)


def _label(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint == "static" and request.args.get("v") == current_app.extensions["edition"]:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def unless_known(view: Callable[_P, Response]) -> Callable[_P, Response]:
    """Answer 304 where the browser has this address of this generation already; the view is not called then."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        tag = _tag()
        known = request.if_none_match.contains_weak(tag)
        response = Response(status=304) if known else view(*args, **kwargs)
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return guarded


def unless_made(view: Callable[_P, Response]) -> Callable[_P, Response]:
    """Answer again what was answered to the same address of this generation; the view is not called then.

    Much of what is asked of a search box is asked by many; and a page is loaded again, or left and come back to.
    """

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        made: Answers = current_app.extensions["answers"]
        key = (_tag(), request.url)
        answer = made.get(key)
        if answer is None:
            response = view(*args, **kwargs)
            if response.status_code == 200:
                made.put(key, (response.get_data(), response.mimetype or ""))
            return response
        return Response(answer[0], mimetype=answer[1])

    return guarded


def _tag() -> str:
    with current.library().searcher() as searcher:
        return f"{current_app.extensions['edition']}-{searcher.generation}"


class Answers:
    """Bodies of answers with their types, by what was asked; the most recently used, of MAX_BYTES together. Safe in any thread."""

    MAX_BYTES: Final = 16 << 20

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[bytes, str]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> tuple[bytes, str] | None:
        """What was put under the key, if it is still there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, answer: tuple[bytes, str]) -> None:
        """Keep it, and let go of what was not asked for the longest where that is too much."""
        with self._lock:
            if (old := self._kept.pop(key, None)) is not None:
                self._bytes -= len(old[0])
            self._kept[key] = answer
            self._bytes += len(answer[0])
            while self._bytes > self.MAX_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1][0])
