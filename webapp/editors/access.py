"""Requests to those of an editor: by the token of the site, or from the machine itself where there is none.

A browser shows the token once and gets a cookie that its own pages alone send back; a program shows it each time. Every
write must come from a page of this site, or from a program.
"""

import hmac
import re
import threading
import time
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Final

from cachetools import TTLCache
from flask import Response, abort, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import TooManyRequests, Unauthorized

from webapp.door import PROXIED, address_of, host_name, is_loopback

SESSION_S: Final = 12 * 3600
MAX_ATTEMPTS: Final = 10  # of one network that failed, in each PERIOD_S, in one worker
PERIOD_S: Final = 60
MAX_WRITES: Final = 600  # of one network in each PERIOD_S, in one worker
MAX_NETWORKS: Final = 1_024
NETWORK_BITS: Final = 64  # of an IPv6 address, whose holder has all of the others

# A reverse proxy on the same machine: what it passes on is not from there. One that is told nothing may add no header,
# and name itself in Host; nginx then speaks HTTP/1.0, which browsers and other clients do not.
_FORWARDED: Final = re.compile(
    r"Forwarded|Via|X-Forwarded\b.*|X-Real-IP|(?:.+-)?(?:Client|Connecting)-IP", re.IGNORECASE
)
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
    _failed: "Attempts" = field(default_factory=lambda: Attempts(MAX_ATTEMPTS))
    _written: "Attempts" = field(default_factory=lambda: Attempts(MAX_WRITES))

    def require(self) -> None:
        """Abort this request unless it is an editor's, and no other site made their browser send it."""
        if self.token is None:
            if not _is_local():
                abort(403, _SWITCHED_OFF)
        elif not self.signed_in() and not self._shows_token():
            raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
        self.require_own_page()
        if request.method not in {"GET", "HEAD"}:
            self._written.check()
            self._written.add()

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
        expires, _, signature = request.cookies.get(_cookie()[0], "").partition(".")
        if self.token is None or not expires.isascii() or not expires.isdecimal() or len(expires) > 12:
            return False
        return int(expires) > time.time() and _equal(signature, self._signature(int(expires)))

    def sign_in(self, shown: str, response: Response) -> bool:
        """Set the cookie on the response if what was shown is the token."""
        if not self._accepts(shown):
            return False
        expires = int(time.time()) + SESSION_S
        value, (name, path) = f"{expires}.{self._signature(expires)}", _cookie()
        response.set_cookie(name, value, max_age=SESSION_S, path=path, secure=True, httponly=True, samesite="Strict")
        return True

    @staticmethod
    def sign_out(response: Response) -> None:
        """Have the browser forget the cookie."""
        name, path = _cookie()
        response.delete_cookie(name, path=path, secure=True, httponly=True, samesite="Strict")

    def _shows_token(self) -> bool:
        authorization = request.authorization
        if authorization is None or authorization.type != "bearer" or not authorization.token:
            return False
        return self._accepts(authorization.token)

    def _accepts(self, shown: str) -> bool:
        """Whether that is the token. Raises TooManyRequests for an address that tried too often."""
        self._failed.check()
        if self.token is not None and _equal(shown, self.token):
            return True
        self._failed.add()
        return False

    def _signature(self, expires: int) -> str:
        return hmac.new((self.token or "").encode(), b"editor until %d" % expires, "sha256").hexdigest()


class Attempts:
    """How often each network tried something in this period."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: TTLCache[tuple[str, int], int] = TTLCache(MAX_NETWORKS, PERIOD_S)
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises TooManyRequests for the network of this request, if it tried too often."""
        with self._lock:
            if self._counts.get(_network_and_period(), 0) >= self._limit:
                raise TooManyRequests(retry_after=PERIOD_S)

    def add(self) -> None:
        """Count an attempt of the network of this request."""
        with self._lock:
            self._counts[_network_and_period()] = self._counts.get(_network_and_period(), 0) + 1


def _network_and_period() -> tuple[str, int]:
    """The address of this request, or as much of it as its holder cannot choose; and the number of this minute."""
    address, period = address_of(request.remote_addr or ""), int(time.monotonic() // PERIOD_S)
    if address is None or address.version == 4:
        return str(address), period
    return str(ip_network((address, NETWORK_BITS), strict=False)), period


def _cookie() -> tuple[str, str]:
    """Name and path of the cookie: of this host alone, and below a prefix of this site alone."""
    root = request.script_root
    return ("__Secure-editor", f"{root}/") if root else ("__Host-editor", "/")


def _equal(one: str, other: str) -> bool:
    """Whether they are equal, in a time that does not say how far they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _is_local() -> bool:
    """Whether the request comes from this machine, without a proxy, to a name of this machine.

    The name matters: another site could have its own name lead here, and act in the browser of whoever opens it.
    """
    return (
        is_loopback(request.remote_addr or "")
        and is_loopback(host_name(request.host) or "")
        and not request.environ.get(PROXIED)
        and request.environ.get("SERVER_PROTOCOL") not in {"HTTP/1", "HTTP/1.0"}  # as granian and as others write it
        and not any(_FORWARDED.fullmatch(name) for name, _ in request.headers)
    )
