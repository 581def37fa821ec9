"""Views to cached views: ETags for what a browser has, and a response cache for what it has not.

Both are keyed by the fingerprint of the program and the generation of the index: a new version and every commit
invalidate all of it. An answer depends on nothing else but its URL and the emergency number of the reader's locale.
"""

import hashlib
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeAlias

from flask import Flask, Response, current_app, g, make_response, request

from indexer.caching import ENTRY_BYTES, BoundedCache
from webapp import request_context
from webapp.compression import accepted_coding, compress

MAX_CACHED_BYTES: Final = 16 << 20  # of responses with their keys

ResponseCache: TypeAlias = BoundedCache[bytes, tuple[bytes, str, str | None]]  # body, media type and content coding

_P = ParamSpec("_P")


def add_to(app: Flask) -> None:
    """Give every response of the application a Cache-Control header, and the application its response cache."""
    app.extensions["responses"] = ResponseCache(
        MAX_CACHED_BYTES, lambda key, cached: ENTRY_BYTES + len(key) + len(cached[0])
    )
    app.after_request(_add_cache_control)


def _add_cache_control(response: Response) -> Response:
    if request.endpoint == "static" and request.args.get("v") == current_app.extensions["fingerprint"]:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def conditional(view: Callable[_P, Response | str]) -> Callable[_P, Response]:
    """Adds an ETag, and answers 304 where the request has it already; the view is not called then."""

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        etag = _etag()
        matches = request.if_none_match.contains_weak(etag)
        response = Response(status=304) if matches else make_response(view(*args, **kwargs))
        if g.get("is_cacheable", True):
            response.set_etag(etag, weak=True)
            response.headers["Cache-Control"] = "no-cache"
        if request_context.library().emergency_numbers.by_locale:
            response.vary.add("Accept-Language")
        return response

    return answer


def cached_response(view: Callable[_P, Response | str]) -> Callable[_P, Response]:
    """Answers the same URL from the response cache, until the next generation; the view is not called then.

    Many ask the same of a search box; and a page is loaded again, or left and come back to. It is stored compressed, as
    its client accepts it.
    """

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> Response:
        responses: ResponseCache = current_app.extensions["responses"]
        asked = f"{_etag()} {accepted_coding()} {request.root_url} {request.full_path}".encode(errors="surrogatepass")
        key = hashlib.blake2b(asked, digest_size=32).digest()  # an address may have 16 kB
        cached = responses.get(key)
        if cached is None:
            response = compress(make_response(view(*args, **kwargs)))
            if response.status_code == 200 and g.get("is_cacheable", True):
                responses.put(key, (response.get_data(), response.mimetype or "", response.content_encoding))
            return response
        body, mimetype, coding = cached
        response = Response(body, mimetype=mimetype)
        if coding:
            response.content_encoding = coding
        response.vary.add("Accept-Encoding")
        return response

    return answer


def _etag() -> str:
    """The ETag of this request; where it is asked for again, no file is looked at again."""
    if "etag" not in g:
        g.etag = _new_etag()
    etag: str = g.etag
    return etag


def _new_etag() -> str:
    number = zlib.crc32(repr(request_context.emergency_number()).encode())
    return f"{current_app.extensions['fingerprint']}-{request_context.generation()}-{number:x}"
