"""Requests to those of an editor: by the token of the site, or from the machine itself where there is none.

A browser shows the token once and gets a cookie that its own pages alone send back; a program shows it each time. Every
write must come from a page of this site, or from a program.
"""

import hmac
import re
import threading
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from cachetools import TTLCache
from flask import Response, abort, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import TooManyRequests, Unauthorized

COOKIE: Final = "__Host-editor"
SESSION_S: Final = 12 * 3600
MAX_ATTEMPTS: Final = 10  # of one address that failed, within PERIOD_S of each other, in one worker
PERIOD_S: Final = 60
MAX_ADDRESSES: Final = 1_024

# A reverse proxy on the same machine: what it passes on is not from there.
_FORWARDED: Final = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
_SWITCHED_OFF: Final = (
    "The library is looked after from the machine that serves it. Whoever runs this site can open it to others by "
    "setting CONDITIONS_TOKEN to a long secret, which editors then sign in with."
)
_FROM_ELSEWHERE: Final = (
    "A change must come from a page of this site. Behind a proxy, the proxy has to pass the Host header on."
)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may look after the library. `token` is None where only the machine itself may."""

    token: str | None = field(repr=False)
    _failed: TTLCache[str, int] = field(default_factory=lambda: TTLCache(MAX_ADDRESSES, PERIOD_S))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def require(self) -> None:
        """Abort this request unless it is an editor's, and no other site made their browser send it."""
        if self.token is None:
            if not _is_local():
                abort(403, _SWITCHED_OFF)
        elif not self.signed_in() and not self._shows_token():
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
        self.require_own_page()

    def require_own_page(self) -> None:
        """Abort a write that comes from a page of another site."""
        if request.method in {"GET", "HEAD"}:
            return
        origin = request.headers.get("Origin")
        if origin is None:
            is_own = request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"} and not self.signed_in()
        else:
            is_own = origin.partition("://")[2] == request.host
        if not is_own:
            abort(403, _FROM_ELSEWHERE)

    def signed_in(self) -> bool:
        """Whether the request has a cookie that `sign_in` set, and that is still good."""
        expires, _, signature = request.cookies.get(COOKIE, "").partition(".")
        if self.token is None or not expires.isascii() or not expires.isdecimal() or len(expires) > 12:
            return False
        return int(expires) > time.time() and _equal(signature, self._signature(int(expires)))

    def sign_in(self, shown: str, response: Response) -> bool:
        """Set the cookie on the response if what was shown is the token."""
        if not self._accepts(shown):
            return False
        expires = int(time.time()) + SESSION_S
        cookie = f"{expires}.{self._signature(expires)}"
        response.set_cookie(COOKIE, cookie, max_age=SESSION_S, secure=True, httponly=True, samesite="Strict")
        return True

    @staticmethod
    def sign_out(response: Response) -> None:
        """Have the browser forget the cookie."""
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict")

    def _shows_token(self) -> bool:
        authorization = request.authorization
        if authorization is None or authorization.type != "bearer" or not authorization.token:
            return False
        return self._accepts(authorization.token)

    def _accepts(self, shown: str) -> bool:
        """Whether that is the token. Raises TooManyRequests for an address that tried too often."""
        address = request.remote_addr or ""
        with self._lock:
            attempts = self._failed.get(address, 0)
        if attempts >= MAX_ATTEMPTS:
            raise TooManyRequests(retry_after=PERIOD_S)
        if self.token is not None and _equal(shown, self.token):
            return True
        with self._lock:
            self._failed[address] = attempts + 1
        return False

    def _signature(self, expires: int) -> str:
        return hmac.new((self.token or "").encode(), b"editor until %d" % expires, "sha256").hexdigest()


def _equal(one: str, other: str) -> bool:
    """Whether they are equal, in a time that does not say how far they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _is_local() -> bool:
    """Whether the request comes from this machine, without a proxy, to a name of this machine.

    The name matters: another site could have its own name lead here, and act in the browser of whoever opens it.
    """
    host = re.sub(r":\d*$", "", request.host).strip("[]")
    return (
        _is_loopback(request.remote_addr or "")
        and (host == "localhost" or _is_loopback(host))
        and not any(name in request.headers for name in _FORWARDED)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
