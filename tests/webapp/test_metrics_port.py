import http.client
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import SourceError
from tests.webapp.serving import Serving
from webapp.metrics_port import metrics_address


@pytest.mark.parametrize(
    ("text", "address"), [("127.0.0.1:9100", ("127.0.0.1", 9100)), ("[::1]:1", ("::1", 1)), ("host:0", ("host", 0))]
)
def test_an_address_has_a_host_and_a_port(text: str, address: tuple[str, int]) -> None:
    assert metrics_address(text) == address


@pytest.mark.parametrize(
    "text", ["9100", "127.0.0.1", ":9100", "a:b", "a:70000", "http://a:1", "a:1/metrics", "me@a:1"]
)
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(SourceError, match=r"CONDITIONS_METRICS.*127\.0\.0\.1:9100"):
        metrics_address(text)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


def asked(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    with connection.getresponse() as response:
        return response.status, response.read().decode()


def test_the_counters_of_all_workers_have_a_port_of_their_own(
    tmp_path: Path, articles: Path, serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("CONDITIONS_METRICS", f"127.0.0.1:{port}")
    site = serve("--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "2")
    assert site.total("gout") == 1
    assert site.get("metrics")[0] == 404
    status, text = asked(port, "/metrics")
    assert status == 200
    assert 'condition_search_requests_total{route="/api/v1/search",status="200"} 1' in text.splitlines()
    assert [asked(port, path)[0] for path in ("/", "/search?q=gout", "/articles/gout", "/metrics/")] == [404] * 4
    assert site.stop() == 0
