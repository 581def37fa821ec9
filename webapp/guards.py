"""Requests and responses to safe ones: what is too large is turned away, and every answer says what a browser may do with it."""

from collections.abc import Callable
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
        with current.library().searcher() as searcher:
            tag = f"{current_app.extensions['edition']}-{searcher.generation}"
        known = request.if_none_match.contains_weak(tag)
        response = Response(status=304) if known else view(*args, **kwargs)
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return guarded
