"""What answers at a location, or does not, is said in one line; no OpenSearch is needed for that."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.errors import EngineUnavailable

Answer = Callable[[str], tuple[int, str, str]]  # a path to status, type and body
OPENSEARCH = {"version": {"distribution": "opensearch", "number": "3.8.0"}}


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A location where something answers."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"opensearch://user:secret@127.0.0.1:{server.server_port}/library"
        server.shutdown()


def message_at(location: str) -> str:
    engine = OpenSearchEngine(ClusterAddress.parse(location))
    with pytest.raises(EngineUnavailable) as raised:
        engine.searcher()
    engine.close()
    message = str(raised.value)
    assert "\n" not in message
    assert "secret" not in message
    return message


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    message = message_at(f"opensearch://user:secret@127.0.0.1:{port}/library")
    assert message.startswith(f"opensearch://127.0.0.1:{port}/library does not answer; check that it runs")


def test_a_slow_cluster() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        location = f"opensearch://127.0.0.1:{silent.getsockname()[1]}/library?timeout=1"
        assert "does not answer within 1 s; check that the cluster is green and not overloaded" in message_at(location)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, "text/html", "<h1>It works!</h1>"), "is not OpenSearch; check the host and port"),
        ((200, "application/json", "[]"), "is not OpenSearch; check the host and port"),
        ((200, "application/json", '{"name": "x"}'), "something else answers there, not OpenSearch"),
        ((200, "application/json", '{"version": {"number": "8.1.0"}}'), "Elasticsearch answers there, not OpenSearch"),
        ((401, "application/json", '{"error": "no"}'), "the user or the password is wrong; check both"),
        ((403, "application/json", '{"error": {"type": "security_exception", "reason": "no\\nway"}}'), "(no way)"),
        ((500, "text/plain", "out of\nmemory"), "the cluster refuses a request (500 "),
    ],
)
def test_something_else_answers(answer: tuple[int, str, str], message: str) -> None:
    with answering(lambda path: answer) as location:
        assert message in message_at(location)


def test_a_plain_server_where_tls_is_expected() -> None:
    with answering(lambda path: (200, "application/json", json.dumps(OPENSEARCH))) as location:
        message = message_at(f"{location}?tls=true&verify=false&timeout=2")
        assert "check the options tls, ca and verify" in message or "the option tls of the location" in message
    with pytest.raises(EngineUnavailable, match="there is no file /no/such/file; check the options"):
        OpenSearchEngine(ClusterAddress.parse(f"{location}?tls=true&ca=/no/such/file"))
