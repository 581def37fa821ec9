"""`conditions serve` as a shell runs it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from select import select

import pytest
from click.testing import CliRunner

from indexer import open_library
from indexer.engines import open_engine
from tests.benchmarks.processes import family
from tests.faults.processes import SECONDS, wait_until
from tests.webapp.serving import Serving, gone, sockets_of
from webapp.cli import conditions


def refused(*words: str) -> tuple[int, str]:
    """The exit code of `conditions serve`, which does not begin to serve, and what it prints on standard error."""
    command = [sys.executable, "-m", "webapp.cli", "serve", "--port", "0", *words]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    return outcome.returncode, outcome.stderr


def test_it_indexes_then_serves_then_stops(serve: Callable[..., Serving], articles: Path, tmp_path: Path) -> None:
    site = serve("--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "2")
    assert site.lines[0].startswith("1 added")
    assert site.total("gout") == 1
    for _ in range(10):
        assert site.get("healthz")[0] == 200
    assert 'requests_total{route="/healthz",status="200"} 10' in site.get("metrics")[1]  # whichever worker answered
    assert site.get("search?q=" + "a" * 8000)[0] == 200
    assert site.get("search?q=" + "a" * 20_000)[0] == 414
    assert site.get("search?q=" + "a" * 100_000)[0] == 414
    assert site.stop() == 0
    wait_until(lambda: gone(site.process.pid))
    assert site.lines[1] == f"Serving {tmp_path / 'index'} at {site.url} (stop with Ctrl-C)"


def test_a_site_that_is_killed_leaves_no_file(
    serve: Callable[..., Serving], index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    site = serve("--no-sync", "--index", str(index), "--workers", "2")
    assert site.get("metrics")[0] == 200
    assert site.stop(signal.SIGKILL) == -signal.SIGKILL
    assert list(temporary.iterdir()) == []


def test_the_thesaurus_reaches_the_workers(
    serve: Callable[..., Serving], index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "names.toml"
    names.write_text('[[same]]\nnames = ["gout", "rich folks complaint"]\n')
    monkeypatch.setenv("CONDITIONS_THESAURUS", str(names))
    site = serve("--no-sync", "--index", str(index), "--workers", "1")
    assert site.total("rich+folks+complaint") == site.total("gout")
    site.stop()
    names.write_text("[[other]]\n")
    code, printed = refused("--no-sync", "--index", str(index))
    assert (code, printed.count("\n")) == (2, 1)
    assert "other" in printed


def test_slow_clients_keep_nobody_waiting(serve: Callable[..., Serving], index: Path) -> None:
    site = serve("--no-sync", "--index", str(index), "--workers", "1", "--threads", "2")
    with ExitStack() as stack:
        for _ in range(20):
            client = stack.enter_context(site.connected())
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert site.get("healthz")[0] == 200


def test_what_nobody_waits_for_any_more_ends_with_the_site(serve: Callable[..., Serving], index: Path) -> None:
    site = serve("--no-sync", "--index", str(index), "--workers", "1", "--threads", "8")
    assert site.get("readyz")[0] == 200
    for number in range(100):  # more than can be answered before it stops
        words = "+".join(f"word{each}" for each in range(number, number + 50))
        with site.connected() as client:
            client.sendall(f"GET /search?q={words} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert "panicked" not in site.last_words(signal.SIGTERM)
    assert site.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_still_waits_is_answered_before_it_stops(
    serve: Callable[..., Serving], index: Path, number: signal.Signals
) -> None:
    site = serve("--no-sync", "--index", str(index), "--workers", "2")
    assert site.get("readyz")[0] == 200
    # Ctrl-C reaches the group of the parent alone.
    wait_until(lambda: sum(os.getpgid(pid) == pid for pid in family(site.process.pid)) == 3)
    with ExitStack() as stack:
        clients = [stack.enter_context(site.connected()) for _ in range(20)]
        for place, client in enumerate(clients):
            client.sendall(b"GET /search?q=gout+toe+%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % place)
        wait_until(lambda: bool(select(clients, [], [], 0)[0]))  # all have been read, when the first is answered
        os.killpg(site.process.pid, number)  # as a terminal does with Ctrl-C
        answers = [b"".join(iter(partial(client.recv, 1 << 16), b"")) for client in clients]
    assert {answer[9:12] for answer in answers} <= {b"200", b"503"}  # busy ones say so, but all answer
    assert site.process.wait(SECONDS) == 0


def test_connections_are_spread_over_the_workers(serve: Callable[..., Serving], index: Path) -> None:
    site = serve("--no-sync", "--index", str(index), "--workers", "2")
    with ExitStack() as stack:
        clients = [stack.enter_context(site.connected()) for _ in range(64)]
        for client in clients:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for client in clients:
            assert client.recv(1 << 16)[9:12] == b"200"
        shares = [sockets_of(pid) for pid in family(site.process.pid)[1:]]
    assert sum(share > 16 for share in shares) == 2, shares  # at random, fewer come to one once in 50,000 times


def test_watching_finds_what_is_new(serve: Callable[..., Serving], articles: Path, tmp_path: Path) -> None:
    with open_library(tmp_path / "index") as library:
        library.sync([articles])
    site = serve("--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "1", "--watch")
    assert "1 kept" in site.lines[0]
    (articles / "lupus.txt").write_text("Lupus\n\nLupus is an autoimmune disease of skin and joints.\n")
    wait_until(lambda: bool(site.total("lupus") == 1))
    (articles / "gout.txt").unlink()
    wait_until(lambda: bool(site.total("gout") == 0))
    site.process.kill()  # nothing that was started outlives the one that was
    site.stop()
    wait_until(lambda: gone(site.process.pid))


def test_an_index_that_cannot_be_changed_is_served_as_it_is(
    serve: Callable[..., Serving], articles: Path, tmp_path: Path
) -> None:
    words = ("--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "1")
    with open_library(tmp_path / "index") as library:
        library.sync([articles])
    (articles / "lupus.txt").write_text("Lupus\n\nLupus is an autoimmune disease of skin and joints.\n")
    with open_engine(tmp_path / "index").batch():
        site = serve(*words)
    assert "is being written to by process" in site.lines[0]
    assert site.total("gout") == 1
    assert site.stop() == 0
    (tmp_path / "index" / "manifest.json").write_text("{")
    code, printed = refused(*words)
    assert (code, printed.count("\n")) == (2, 1)
    assert "manifest.json cannot be read" in printed


def test_without_sync_nothing_is_indexed(serve: Callable[..., Serving], articles: Path, tmp_path: Path) -> None:
    site = serve("--no-sync", "--index", str(tmp_path / "index"), "--corpus", str(articles), "--workers", "1")
    assert site.get("")[0] == 503
    assert site.get("readyz")[0] == 503
    assert site.stop(signal.SIGINT) == 0
    assert not (tmp_path / "index").exists()


def test_a_taken_port_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        outcome = CliRunner().invoke(conditions, ["serve", "--port", port, "--index", str(tmp_path / "index")])
    assert outcome.exit_code == 2
    (line,) = outcome.stderr.strip().splitlines()
    assert port in line
    assert "--port" in line
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    "words", [("--host", "no.such.host.invalid"), ("--corpus", "none-such"), ("--watch", "--corpus=none-such")]
)
def test_what_cannot_be_served_is_one_line_and_exit_code_2(tmp_path: Path, words: tuple[str, str]) -> None:
    code, printed = refused("--index", str(tmp_path / "index"), *words)
    assert code == 2
    (line,) = printed.strip().splitlines()
    assert words[1].removeprefix("--corpus=") in line


def test_help_shows_examples() -> None:
    outcome = CliRunner().invoke(conditions, ["serve", "--help"])
    assert "conditions serve --watch" in outcome.output
