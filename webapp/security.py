"""Requests to those that are not too large; and the headers that tell browsers to load nothing from elsewhere."""

from typing import Final

from flask import Flask, abort, current_app, request
from werkzeug.exceptions import MethodNotAllowed

MAX_URL_BYTES: Final = 16_384  # the longest search of 1,024 characters, percent-encoded, has 12 kB

_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_CONTENT_SECURITY_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def add_to(app: Flask) -> None:
    """Limit every request of the application; the headers are added at its `door`, to what fails as well.

    A part that takes bodies says so in `app.extensions["body_limits"]`: the bytes that each of its endpoints takes.
    """
    app.extensions.setdefault("body_limits", {})
    app.before_request(_reject_oversized)


def _reject_oversized() -> None:
    if len(request.environ.get("QUERY_STRING", "")) + len(request.path) > MAX_URL_BYTES:
        abort(414)
    if isinstance(request.routing_exception, MethodNotAllowed):
        return  # which says more than that there is no body to be taken
    limit: int = current_app.extensions["body_limits"].get(request.endpoint, 0)
    if (request.content_length or 0) > limit or "Transfer-Encoding" in request.headers:
        abort(413, f"At most {limit:,} bytes are taken, and Content-Length has to say how many." if limit else None)
