"""Requests to a cluster: several hosts, retries, TLS; what goes wrong is one of the project's errors, in one line.

Only this module imports opensearchpy.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import urllib3
from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    ConnectionError as NoConnection,
)
from opensearchpy.exceptions import (
    ConnectionTimeout,
    ImproperlyConfigured,
    OpenSearchException,
    SerializationError,
    SSLError,
    TransportError,
)
from opensearchpy.serializer import JSONSerializer

from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.mapping import JsonObject
from indexer.errors import EngineUnavailable
from indexer.printable import printable

MAX_RETRIES: Final = 4  # on other hosts, of a request that no host answered
RETRIED: Final = (429, 502, 503, 504)
MAX_REASON: Final = 300  # characters
COPIES_S: Final = 15.0  # that a new replica may take before it begins to be copied
MAX_COPIES_S: Final = 3_600.0  # that it may take while it is copied
TIMED_OUT: Final = 408
CONNECTIONS: Final = 16  # to each host
MISSING: Final = 404
CONFLICT: Final = 409
EXPECTED: Final = (400, MISSING, CONFLICT)  # what the client need not log: the caller knows what it means
PRODUCT: Final = "opensearch"

# The client logs each try that fails, with a traceback; what fails in the end is raised.
logging.getLogger("opensearch").setLevel(logging.ERROR)


class Refused(Exception):
    """The server refused a request; the caller knows what that means, or lets it become EngineUnavailable."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.kind = kind
        self.reason = reason


class _Json(JSONSerializer):
    """The JSON of the client, in at most a third of its time: an answer with candidates has a hundred kilobytes."""

    def dumps(self, data: Any) -> Any:
        return data if isinstance(data, (str, bytes)) else msgspec.json.encode(data, enc_hook=self.default)

    def loads(self, s: str) -> Any:
        try:
            return msgspec.json.decode(s)
        except msgspec.DecodeError as error:
            raise SerializationError(s, error) from error


class Cluster:
    """The connection to a cluster; safe in any thread."""

    def __init__(self, address: ClusterAddress) -> None:
        self.address: Final = address
        self._lock = threading.Lock()
        self._is_known = False
        options: dict[str, Any] = {}
        if address.user is not None:
            options["http_auth"] = (address.user, address.password or "")
        if address.tls:
            options |= {"use_ssl": True, "verify_certs": address.verify, "ssl_show_warn": False}
            options |= {} if address.verify else {"ssl_assert_hostname": False}  # any other value is a host's name
            named = {"ca_certs": address.ca, "client_cert": address.cert, "client_key": address.key}
            options |= {name: value for name, value in named.items() if value}
            for path in filter(None, named.values()):
                if not Path(path).is_file():
                    raise EngineUnavailable(f"{address}: there is no file {path}; check the options of the location")
            if not address.verify:
                urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        try:
            self._client = OpenSearch(
                hosts=[{"host": host, "port": port} for host, port in address.hosts],
                timeout=address.timeout_s,
                max_retries=max(MAX_RETRIES, len(address.hosts)),
                retry_on_timeout=True,
                retry_on_status=RETRIED,
                pool_maxsize=CONNECTIONS,
                http_compress=False,
                serializer=_Json(),
                **options,
            )
        except (ImproperlyConfigured, OSError, ValueError) as error:
            raise EngineUnavailable(
                f"{address}: {_in_one_line(str(error))}; check the options of the location"
            ) from error

    def get(self, path: str, **params: Any) -> JsonObject:
        """What the server has there. Raises Refused."""
        return self.ask("GET", path, **params)

    def post(self, path: str, body: object = None, **params: Any) -> JsonObject:
        """The answer to a POST. Raises Refused."""
        return self.ask("POST", path, body, **params)

    def ask(self, method: str, path: str, body: object = None, **params: Any) -> JsonObject:
        """The answer to any request. Raises Refused, EngineUnavailable."""
        self._recognize()
        return self._perform(method, path, body, params)

    def search(self, index: str, body: object, **params: Any) -> JsonObject:
        """The answer to a search, of all shards or none. Raises Refused, EngineUnavailable."""
        return self.post(f"/{index}/_search", body, allow_partial_search_results="false", **params)

    def count(self, index: str, query: JsonObject) -> int:
        """How many documents match."""
        body = {"size": 0, "track_total_hits": True, "query": query}
        return int(self.search(index, body, filter_path="hits.total")["hits"]["total"]["value"])

    def _recognize(self) -> None:
        """Make sure, once, that what answers is an OpenSearch."""
        if self._is_known:
            return
        with self._lock, self.errors_named():
            said = self._perform("GET", "/", None, {}).get("version", {})
            product = said.get("distribution") if isinstance(said, Mapping) else None
            if product != PRODUCT:
                name = "something else" if not isinstance(said, Mapping) or not said else "Elasticsearch"
                raise EngineUnavailable(
                    f"{self.address}: {name} answers there, not OpenSearch; check the host and port of the location"
                )
            self._is_known = True

    def _perform(self, method: str, path: str, body: object, params: dict[str, Any]) -> JsonObject:
        try:
            answer = self._client.transport.perform_request(
                method,
                path,
                params={**params, "ignore": EXPECTED},
                body=body,
                headers={"content-type": "application/json"},
            )
        except (ConnectionTimeout, SSLError, NoConnection) as error:
            raise EngineUnavailable(self._silence(error)) from error
        except SerializationError as error:
            raise EngineUnavailable(
                f"{self.address}: what answers there is not OpenSearch; check the host and port of the location"
            ) from error
        except TransportError as error:
            status = error.status_code if isinstance(error.status_code, int) else 0
            raise _refused(status, error.info if isinstance(error.info, dict) else {}) from error
        except OpenSearchException as error:
            raise EngineUnavailable(f"{self.address}: {_in_one_line(str(error))}; check the cluster") from error
        if not isinstance(answer, dict):
            raise EngineUnavailable(
                f"{self.address}: what answers there is not OpenSearch; check the host and port of the location"
            )
        if "error" in answer and answer.get("status") in EXPECTED:
            raise _refused(int(answer["status"]), answer)
        return answer

    def _silence(self, error: TransportError) -> str:
        if isinstance(error, SSLError):
            return (
                f"{self.address}: no secure connection ({_in_one_line(str(error.info))}); "
                "check the options tls, ca and verify of the location"
            )
        if isinstance(error, ConnectionTimeout):
            return (
                f"{self.address} does not answer within {self.address.timeout_s:g} s; check that the cluster is green "
                "and not overloaded, then run the command again"
            )
        return f"{self.address} does not answer; check that it runs, and the hosts and the option tls of the location"

    @contextmanager
    def errors_named(self) -> Iterator[None]:
        """Turn a refusal that nobody expected into EngineUnavailable, with what fixes it."""
        try:
            yield
        except Refused as error:
            raise EngineUnavailable(f"{self.address}: {_advice(error)}") from error

    def await_copies(self, *indices: str) -> JsonObject:
        """The health of indices, once all copies are there, or none is made within COPIES_S."""
        path = f"/_cluster/health/{','.join(indices)}"
        deadline = time.monotonic() + MAX_COPIES_S
        while True:
            try:  # a parameter of the name timeout the client would take for itself
                return self.get(f"{path}?level=indices&wait_for_status=green&timeout={COPIES_S:g}s")
            except Refused as error:
                if error.status != TIMED_OUT:
                    raise
            health = self.get(path, level="indices")
            if not health["initializing_shards"] or time.monotonic() > deadline:
                return health

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _refused(status: int, info: JsonObject) -> Refused:
    cause = info.get("error", {})
    if not isinstance(cause, dict):
        return Refused(status, "", str(cause))
    first = next(iter(cause.get("root_cause", ())), cause)
    for shard in cause.get("failed_shards", ()):
        first = shard.get("reason", first)
    while isinstance(first.get("caused_by"), dict):
        first = first["caused_by"]
    return Refused(status, str(cause.get("type", "")), str(first.get("reason") or cause.get("reason") or ""))


def _advice(error: Refused) -> str:
    reason = _in_one_line(error.reason)
    if "block" in error.kind or "read-only" in reason:
        return (
            f"the cluster takes no writes ({reason}); free disk space on its nodes, "
            "or remove the block index.blocks.read_only_allow_delete"
        )
    match error.status:
        case 401:
            return "the user or the password is wrong; check both in the location"
        case 403:
            return f"the user may not do that ({reason}); give the role that the README names"
        case 413:
            return "the cluster refuses requests of that size; raise its http.max_content_length"
        case 429:
            return "the cluster is overloaded and refuses requests; run the command again later"
        case _:
            return f"the cluster refuses a request ({error.status} {reason}); check its log"


def _in_one_line(text: str) -> str:
    return printable(" ".join(text.split()), limit=MAX_REASON)


def lines_of(actions: list[tuple[JsonObject, str | None]]) -> str:
    """The body of a bulk request: of each action its line, and that of its document if it has one."""
    lines = []
    for action, source in actions:
        lines.append(json.dumps(action))
        if source is not None:
            lines.append(source)
    return "\n".join(lines) + "\n"
