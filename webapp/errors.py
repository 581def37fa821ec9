"""Errors to statuses, and each status to a page or to JSON (RFC 9457): the one table of the website.

A response says what went wrong and what fixes it; paths and traces go to the log alone.
"""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from flask import Flask, Response, has_request_context, render_template, request
from flask.globals import request_ctx
from msgspec import Meta
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import HTTP_STATUS_CODES

from indexer import errors
from indexer.encoding import JsonObject
from webapp.admission import SiteBusy
from webapp.door import log_fault
from webapp.markup import Templates
from webapp.search_params import AddressTooLong, PageOutOfReach

STATUSES: Final[Mapping[type[errors.ConditionSearchError], int]] = {
    errors.QueryRejected: 400,
    PageOutOfReach: 404,
    AddressTooLong: 414,
    errors.IndexMissing: 503,
    errors.IndexStale: 503,
    errors.IndexDamaged: 503,
    errors.IndexLocked: 503,
    errors.EngineUnavailable: 503,
    errors.RequestTooCostly: 503,
    errors.ArticleRejected: 400,
    errors.ArticleConflict: 409,
    errors.ConditionSearchError: 500,
}

# Title and text: by kind of error where that is known, else by status.
MESSAGES: Final[Mapping[type[Exception] | int, tuple[str, str]]] = {
    errors.IndexMissing: (
        "Nothing is indexed yet",
        "The library has no index to search. Whoever runs this site can make it with “conditions index”.",
    ),
    errors.IndexStale: (
        "The index is from another version",
        "It has to be made anew. Whoever runs this site can do that with “conditions index --rebuild”.",
    ),
    errors.IndexDamaged: (
        "The index is damaged",
        "Searching stopped rather than give wrong answers. Whoever runs this site can see what is wrong "
        "with “conditions verify” and make the index anew with “conditions index --rebuild”.",
    ),
    errors.EngineUnavailable: (
        "The search engine does not answer",
        "This is usually over soon. Please try again in a minute.",
    ),
    errors.RequestTooCostly: (
        "That search takes too long",
        "Please ask with fewer or rarer words, or look for one condition at a time.",
    ),
    SiteBusy: ("Too many are asking just now", "Please try again in a few seconds, or with fewer words."),
    errors.ArticleRejected: ("That cannot be an article", ""),
    SecurityError: (
        "This is no address of the site",
        "Ask for it by its own name. Whoever runs this site can add names with CONDITIONS_HOSTS.",
    ),
    400: ("That search cannot be done", "Something in the address is not what it should be."),
    401: ("Who are you?", "This needs the token of the site: sign in, or send it with “Authorization: Bearer”."),
    403: ("This is for editors", "Whoever runs this site can switch it on with CONDITIONS_TOKEN."),
    404: ("There is no such page", "Check the address, or search for what you were looking for."),
    405: ("That cannot be done here", "Pages and answers here can only be read: ask with GET."),
    409: ("That cannot be changed so", "Load it again and repeat the change."),
    412: ("The article has changed", "Load it again and repeat the change."),
    413: ("The request is too large", "Questions to this site are addresses; they need no body."),
    414: ("The address is too long", "Ask with fewer or shorter words."),
    415: ("That is no kind of article", "Send text/plain, text/html or text/markdown, in UTF-8."),
    429: ("Too many attempts", "Please wait a minute."),
    500: ("Something went wrong here", "It is not your fault, and it has been logged. Please try again."),
    503: ("The library cannot be searched just now", "Please try again in a minute."),
}


class ProblemJson(JsonObject, frozen=True):
    """What went wrong and what fixes it (RFC 9457)."""

    type: Annotated[str, Meta(description="Always `about:blank`: the status says it all.", examples=["about:blank"])]
    status: Annotated[int, Meta(description="The HTTP status.", examples=[400])]
    title: Annotated[str, Meta(description="What went wrong.", examples=["That search cannot be done"])]
    detail: Annotated[
        str, Meta(description="What fixes it.", examples=["Side cannot be “up”; use right, left, bilateral."])
    ]


class Site(Flask):
    """Flask's application, which logs a fault of its own in one line, and makes addresses in half the time."""

    jinja_environment = Templates

    def url_for(self, /, endpoint: str, *, _external: bool | None = None, **values: Any) -> str:
        """As Flask does, without what this site does not use of it: a page has fifty addresses within the site."""
        if _external is None and has_request_context() and (adapter := request_ctx.url_adapter):
            return adapter.build(endpoint, values)
        return super().url_for(endpoint, _external=_external, **values)

    def log_exception(self, exc_info: object) -> None:
        """Log the exception that is being handled."""
        if (error := sys.exception()) is not None:
            log_fault(request.environ, error)


def add_to(app: Flask) -> None:
    """Answer every error of the application in words."""
    app.register_error_handler(errors.ConditionSearchError, _library_failed)
    app.register_error_handler(HTTPException, _request_failed)


def _library_failed(error: errors.ConditionSearchError) -> Response:
    status = next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    title, detail = MESSAGES.get(type(error), MESSAGES[status])
    if status >= 500 and not isinstance(error, errors.RequestTooCostly):  # which whoever asks can cause at will
        log_fault(request.environ, error)
    else:
        detail = f"{str(error)[:1].upper()}{str(error)[1:]}."
    response = _problem(status, title, detail)
    if isinstance(error, SiteBusy):
        response.headers["Retry-After"] = "5"
    return response


def _request_failed(error: HTTPException) -> Response:
    status = error.code or 500
    title, detail = MESSAGES.get(type(error)) or MESSAGES.get(status, (HTTP_STATUS_CODES.get(status, "Error"), ""))
    if error.description and error.description != type(error).description:
        detail = error.description  # of this very request
    response = _problem(status, title, detail or error.description or "")
    for name in ("Allow", "WWW-Authenticate", "Retry-After"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    return response


def _problem(status: int, title: str, detail: str) -> Response:
    if request.path.startswith("/api/"):
        problem = ProblemJson(type="about:blank", status=status, title=title, detail=detail)
        response = Response(msgspec.json.encode(problem), status, mimetype="application/problem+json")
    else:
        response = Response(render_template("problem.html", status=status, title=title, detail=detail), status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    return response
