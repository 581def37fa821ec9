"""Requests and responses to safe ones: rejects what is too large, and tells browsers to load nothing from elsewhere."""

from typing import Final

from flask import Flask, Response, abort, request

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
_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_CONTENT_SECURITY_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def add_to(app: Flask) -> None:
    """Limit every request and guard every response of the application."""
    app.before_request(_reject_oversized)
    app.after_request(_add_headers)


def _reject_oversized() -> None:
    if len(request.environ.get("QUERY_STRING", "")) + len(request.path) > MAX_URL_BYTES:
        abort(414)
    if request.content_length or "Transfer-Encoding" in request.headers:
        abort(413)


def _add_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
