"""The URL of a library in a cluster to where it is, how to get in, and how its indices are made.

opensearch://[user:password@]host:port[,host:port...]/name[?option=value&...]

tls=true               TLS; the next four need it
ca=FILE                the certificates of who may sign those of the nodes; without, those that the system trusts
cert=FILE, key=FILE    a certificate of this client
verify=false           take any certificate, for trials only
password_file=FILE     the password, where it is to be in no command line
timeout=SECONDS        that a request may take; default 30
shards=N, replicas=N   of an index that a rebuild makes; default 2 and 1
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.errors import EngineUnavailable

FORM: Final = "opensearch://[user:password@]host:port[,host:port]/name"
DEFAULT_PORT: Final = 9200
DEFAULT_SHARDS: Final = 2
DEFAULT_REPLICAS: Final = 1
DEFAULT_TIMEOUT_S: Final = 30.0
MAX_SHARDS: Final = 1024
OPTIONS: Final = ("tls", "ca", "cert", "key", "verify", "password_file", "timeout", "shards", "replicas")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@/,\s]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a library is in a cluster; written out without its password."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    verify: bool = True
    timeout_s: float = DEFAULT_TIMEOUT_S
    shards: int = DEFAULT_SHARDS
    replicas: int = DEFAULT_REPLICAS

    def __str__(self) -> str:
        return f"opensearch://{','.join(f'{host}:{port}' for host, port in self.hosts)}/{self.name}"

    @classmethod
    def parse(cls, url: str) -> Self:
        """The address of a URL. Raises EngineUnavailable for one that is none, without repeating a password."""
        try:
            split = urlsplit(url)
        except ValueError as error:
            raise EngineUnavailable(f"this is no address of a library in OpenSearch ({error}); use {FORM}") from None
        login, _, hosts = split.netloc.rpartition("@")
        user, has_password, password = login.partition(":")
        name = split.path.strip("/")
        if not _NAME.fullmatch(name):
            raise EngineUnavailable(
                f"“{name}” cannot be the name of a library in OpenSearch: it has lower-case letters, digits, hyphens "
                f"and underscores; use {FORM}"
            )
        options = dict(parse_qsl(split.query, keep_blank_values=True))
        for each in options:
            if each not in OPTIONS:
                raise EngineUnavailable(f"unknown option “{each}” of OpenSearch; use {', '.join(OPTIONS)}")
        secret = unquote(password) if has_password else None
        if "password_file" in options:
            secret = _first_line(options["password_file"])
        return cls(
            tuple(map(_host, hosts.split(","))),
            name,
            user=unquote(user) or None,
            password=secret,
            tls=_switch(options, "tls", default=False),
            ca=options.get("ca"),
            cert=options.get("cert"),
            key=options.get("key"),
            verify=_switch(options, "verify", default=True),
            timeout_s=float(_number(options, "timeout", DEFAULT_TIMEOUT_S, 1, 3600)),
            shards=int(_number(options, "shards", DEFAULT_SHARDS, 1, MAX_SHARDS)),
            replicas=int(_number(options, "replicas", DEFAULT_REPLICAS, 0, MAX_SHARDS)),
        )


def _host(text: str) -> tuple[str, int]:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or DEFAULT_PORT) if match else 0
    if match is None or not 0 < port < 1 << 16:
        raise EngineUnavailable(f"“{text}” is no host of OpenSearch; use {FORM}")
    return match["host"], port


def _switch(options: dict[str, str], name: str, *, default: bool) -> bool:
    value = options.get(name, str(default).lower())
    if value not in ("true", "false"):
        raise EngineUnavailable(f"the option {name} of OpenSearch is “{value}”; use true or false")
    return value == "true"


def _number(options: dict[str, str], name: str, default: float, least: int, most: int) -> int | float:
    value = options.get(name, "")
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise EngineUnavailable(f"the option {name} of OpenSearch is “{value}”; use a number from {least} to {most}")
    return int(value)


def _first_line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise EngineUnavailable(f"the password file {path} cannot be read ({reason}); check the path") from None
