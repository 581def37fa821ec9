"""Requests as they arrive to requests of this site: who asks, by which name, below which path. No reply leaves bare.

What a proxy says of a request (X-Forwarded-For, -Proto, -Host, -Prefix) is believed only of one that is trusted. The
name of the site is the Host header, which anybody can make up: it must be well-formed, one of CONDITIONS_HOSTS where
these are set, and is repeated into absolute addresses only where it is one of them, or the machine's own.
"""

import logging
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import request
from werkzeug.exceptions import NotFound, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import ClosingIterator

from indexer.errors import SourceError
from indexer.printable import printable
from indexer.settings import Settings
from webapp.security import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REFUSED: Final = "conditions.refused"  # in the environment of a request that Flask shall answer with this error
PROXIED: Final = "conditions.proxied"  # there where a trusted proxy passes the request on
NAMED: Final = "conditions.named"  # there where the Host header is known to be a name of this site

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(
    rf"(?P<name>(?=.{{1,253}}(?::|$)){_LABEL}(?:\.{_LABEL})*)\.?(?::(?P<port>[0-9]{{1,5}}))?"
    r"|\[(?P<address>[0-9a-f:.]+)\](?::(?P<port_6>[0-9]{1,5}))?",
    re.IGNORECASE | re.ASCII,
)
_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")
_MAX_LOGGED: Final = 200  # characters of a path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Under which names and below which path the site is reached, and which proxies may say so.

    A host that begins with a dot stands for every name below it.
    """

    hosts: tuple[str, ...] = ()
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    prefix: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "SiteAddress":
        """Those of the settings. Raises SourceError, which names the variable and what it should be."""
        hosts = tuple(name.lower() for name in _listed(settings.hosts))
        if wrong := [name for name in hosts if host_name(name.removeprefix(".")) != name.removeprefix(".")]:
            raise SourceError(
                "CONDITIONS_HOSTS", f"“{wrong[0]}” is no name of a host; write example.org, www.example.org"
            )
        try:
            proxies = tuple(ip_network(proxy, strict=False) for proxy in _listed(settings.proxies))
        except ValueError as error:
            raise SourceError(
                "CONDITIONS_PROXIES", f"{error}; write addresses or networks: 127.0.0.1, 10.0.0.0/8"
            ) from None
        prefix = settings.prefix.rstrip("/")
        if prefix and not _PREFIX.fullmatch(prefix):
            raise SourceError("CONDITIONS_PREFIX", f"“{settings.prefix}” is no path; write /conditions")
        return cls(hosts, proxies, prefix)

    def is_named(self, name: str) -> bool:
        """Whether a host is one of those that are set, or this machine by itself."""
        listed = name in self.hosts or any(name.endswith(host) for host in self.hosts if host.startswith("."))
        return listed or is_loopback(name)

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a trusted proxy."""
        peer = address_of(address)
        return peer is not None and any(peer in network for network in self.proxies)


class Door:
    """A WSGI application in front of another, which only gets requests that are understood."""

    def __init__(self, site: "WSGIApplication", address: SiteAddress) -> None:
        self._site = site
        self._address = address

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with the headers of `security`, whatever happens."""

        def start(status: str, headers: "list[tuple[str, str]]", *exc_info: Any) -> "Callable[[bytes], object]":
            return start_response(status, [*headers, *HEADERS.items()], *exc_info)

        try:
            body = self._through_proxies(environ)(environ, start)
        except Exception as error:  # noqa: BLE001 -- the server would answer without headers, and log pages
            log_fault(environ, error)
            start(f"500 {HTTPStatus(500).phrase}", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"Something went wrong here. It is not your fault, and it has been logged.\n"]
        return ClosingIterator(_logged(environ, body), getattr(body, "close", None))

    def _through_proxies(self, environ: "WSGIEnvironment") -> "WSGIApplication":
        """What answers once the headers of trusted proxies, and of no others, have been taken for true."""
        if not self._address.is_proxy(environ.get("REMOTE_ADDR", "")):
            return self._enter
        environ[PROXIED] = True
        hops = 1
        for address in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not self._address.is_proxy(address.strip()):
                break
            hops += 1
        return ProxyFix(self._enter, x_for=hops, x_host=1, x_prefix=1)

    def _enter(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the request in, without its host, scheme and prefix where these are wrong."""
        if environ.get("wsgi.url_scheme") not in {"http", "https"}:
            environ["wsgi.url_scheme"] = "http"
        script_name = environ.get("SCRIPT_NAME", "").rstrip("/")
        environ["SCRIPT_NAME"] = script_name if _PREFIX.fullmatch(script_name) else ""
        host = environ.setdefault("HTTP_HOST", _own_host(environ))
        name = host_name(host)
        environ[NAMED] = name is not None and self._address.is_named(name)
        if name is None or (self._address.hosts and not environ[NAMED]):
            environ[REFUSED] = SecurityError()
            environ["HTTP_HOST"] = "localhost"
        prefix = self._address.prefix
        if prefix and not environ["SCRIPT_NAME"]:
            environ["SCRIPT_NAME"] = prefix
            path = environ.get("PATH_INFO", "")
            if path == prefix or path.startswith(f"{prefix}/"):
                environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
            else:
                environ.setdefault(REFUSED, NotFound())
        return self._site(environ, start_response)


def raise_refusal() -> None:
    """Answer a request with what was found wrong with it on its way in."""
    refusal: Exception | None = request.environ.get(REFUSED)
    if refusal is not None:
        raise refusal


def host_name(host: str) -> str | None:
    """The name or address of a Host header, in small letters, without its port; None where it is not well-formed."""
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or match["port_6"] or 1) not in range(1, 65_536):
        return None
    if match["address"] is None:
        return match["name"].lower()
    try:
        return f"[{ip_address(match['address'])}]"
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Whether a host name or an address means the machine itself."""
    address = address_of(name.strip("[]"))
    return name == "localhost" or (address is not None and address.is_loopback)


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is; that of IPv4 where a socket for both writes it as one of IPv6."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def log_fault(environ: "WSGIEnvironment", error: BaseException) -> None:
    """One line about a request that failed: no address, no query, and nothing that a terminal obeys."""
    path = printable(environ.get("PATH_INFO", ""), limit=_MAX_LOGGED)
    what = printable("".join(traceback.format_exception_only(error)).strip(), limit=5 * _MAX_LOGGED)
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _log.error("%s %s: %s; in %s", printable(environ.get("REQUEST_METHOD", ""), limit=20), path, what, where)


def _logged(environ: "WSGIEnvironment", body: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from body
    except Exception as error:
        log_fault(environ, error)
        raise  # the connection ends, so that nobody takes what was sent for the whole


def _own_host(environ: "WSGIEnvironment") -> str:
    """What stands in for the Host header of HTTP/1.0, which may have none."""
    return f"localhost:{environ.get('SERVER_PORT') or 80}"


def _listed(text: str) -> list[str]:
    return [part for each in text.split(",") if (part := each.strip())]
