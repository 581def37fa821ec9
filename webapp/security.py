"""Requests and responses to safe ones: what is too large is turned away, and every answer says what a browser may do with it."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeAlias

from flask import Flask, Response, abort, current_app, request

from indexer.caching import BoundedCache
from webapp import request_context

MAX_ADDRESS: Final = 16_384  # bytes; the longest search of MAX_TEXT characters, percent-encoded, has 12 kB

ANSWERS: Final = 16 << 20  # bytes of bodies of answers that are kept

Answers: TypeAlias = BoundedCache[tuple[bytes, str]]  # bodies and their types

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
    app.extensions["answers"] = Answers(ANSWERS, lambda answer: len(answer[0]))
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
    with request_context.library().searcher() as searcher:
        return f"{current_app.extensions['edition']}-{searcher.generation}"
