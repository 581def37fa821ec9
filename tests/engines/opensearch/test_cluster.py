"""What answers at a location, or does not, is said in one line; no OpenSearch is needed for that."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer.engines.opensearch.address import ClusterAddress
from indexer.engines.opensearch.bulk import MAX_TRIES, BulkWriter
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.errors import EngineUnavailable, IndexMissing

Answer = Callable[[str], tuple[int, str, str]]  # a path to status, type and body
OPENSEARCH = {"version": {"distribution": "opensearch", "number": "3.8.0"}}


@contextmanager
def answering(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A location where something answers."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
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


def answer_of_a_cluster(path: str) -> tuple[int, str, str]:
    known = path == "/"
    return 200 if known else 404, "application/json", json.dumps(OPENSEARCH if known else {"found": False})


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with an authority, and what it signed for a server and a client: NAME.pem and NAME.key."""
    for name in ("authority", "server", "client"):
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        words += ["-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}"]
        if name != "authority":
            words += ["-CA", "authority.pem", "-CAkey", "authority.key", "-addext", "subjectAltName=IP:127.0.0.1"]
            words += ["-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_tls_with_an_authority_and_a_certificate_of_the_client(certificates: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    tls.load_verify_locations(certificates / "authority.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    known = f"ca={certificates}/authority.pem&cert={certificates}/client.pem&key={certificates}/client.key"
    with answering(answer_of_a_cluster, tls) as location:
        engine = OpenSearchEngine(ClusterAddress.parse(f"{location}?tls=true&{known}"))
        with pytest.raises(IndexMissing):
            engine.searcher()
        engine.close()
        for options in (f"tls=true&{known.partition('&')[2]}", f"tls=true&{known.partition('&')[0]}"):
            assert "; check " in message_at(f"{location}?{options}&timeout=2")


BUSY = json.dumps({"error": {"type": "rejected_execution_exception", "reason": "full"}, "status": 429})
DONE = json.dumps({"errors": False, "items": [{"delete": {"status": 200}}]})
ONE_REFUSED = json.dumps(
    {
        "errors": True,
        "items": [{"delete": {"status": 429, "error": {"type": "rejected_execution_exception", "reason": "full"}}}],
    }
)


@pytest.mark.parametrize(
    ("answers", "is_written"),
    [
        ([(429, BUSY), (429, BUSY), (200, ONE_REFUSED), (200, DONE)], True),
        ([(429, BUSY)], False),
        ([(200, ONE_REFUSED)], False),
    ],
)
def test_a_full_queue_is_tried_again_for_some_time(
    answers: list[tuple[int, str]], is_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.opensearch.bulk.FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr("indexer.engines.opensearch.bulk.LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr("indexer.engines.opensearch.cluster.RETRIED", ())
    asked = []

    def answer(path: str) -> tuple[int, str, str]:
        if path.endswith("/_bulk"):
            asked.append(path)
            status, body = answers[min(len(asked), len(answers)) - 1]
            return status, "application/json", body
        return answer_of_a_cluster(path)

    with answering(answer) as location:
        cluster = Cluster(ClusterAddress.parse(location))
        writer = BulkWriter(cluster, "x")
        writer.add({"delete": {"_id": "1"}})
        if is_written:
            writer.flush()
            assert len(asked) == len(answers)
        else:
            with pytest.raises(EngineUnavailable, match=r"refuses documents; run the command again later$"):
                writer.flush()
            assert len(asked) == MAX_TRIES
        writer.close()
        cluster.close()
