"""`serve`, added to the `conditions` command; and `main`, which the entry point names, so that nothing below knows Flask."""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path

import click

from indexer.cli import conditions, output
from indexer.cli.commands import index_option
from indexer.cli.failures import run
from indexer.library import open_library
from indexer.settings import Settings


def main() -> None:
    """Run the command."""
    run(conditions)


@conditions.command(
    epilog="""
    \b
    Examples:
      conditions serve
      conditions serve --watch --corpus articles/ --port 8080
      conditions serve --no-sync --host 0.0.0.0 --workers 4
    """,
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every one.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 is any free one.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer.  [default: one a core]")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each process.")
@click.option(
    "--corpus", type=click.Path(path_type=Path), help="Folder of articles.  [default: $CONDITIONS_CORPUS, else corpus]"
)
@click.option("--sync/--no-sync", default=True, show_default=True, help="Index what is new in the corpus first.")
@click.option("--watch", is_flag=True, help="Go on indexing whenever a file of the corpus changes.")
@index_option
def serve(
    *,
    host: str,
    port: int,
    workers: int | None,
    threads: int,
    corpus: Path | None,
    sync: bool,
    watch: bool,
    location: str,
) -> None:
    """Serve the website and the API until interrupted.

    What is new in the corpus is indexed first; then the address is printed. Searches go on while articles are indexed.
    """
    from webapp import create_app, server

    bound = _bound(host, port)
    folder = corpus or Settings.from_environment().corpus
    if sync and (corpus or folder.exists()):
        with open_library(location) as library, output.progress(quiet=False) as progress:
            output.show_report(library.sync([folder], progress=progress), dry_run=False)
    with ExitStack() as stack:
        if watch:
            stack.enter_context(_watching(location, folder))
        click.echo(f"Serving {location} at {_address(bound)} (stop with Ctrl-C)")
        settings = Settings(index=location, corpus=folder)
        server.run(lambda: create_app(settings), bound, workers=workers or os.cpu_count() or 1, threads=threads)


class _CannotListen(click.ClickException):
    """An address that cannot be listened on, in one line."""

    exit_code = 2


def _bound(host: str, port: int) -> socket.socket:
    from webapp.server import bind

    try:
        return bind(host, port)
    except OSError as error:
        raise _CannotListen(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --port or --host"
        ) from error


def _address(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}/" if bound.family == socket.AF_INET6 else f"http://{host}:{port}/"


@contextmanager
def _watching(location: str, corpus: Path) -> Iterator[None]:
    """Index changes while the block runs: in a process of its own, so that no worker is forked from one that writes."""
    watcher = multiprocessing.get_context("spawn").Process(target=_watch, args=(location, corpus), name="watch")
    watcher.start()
    try:
        yield
    finally:
        watcher.terminate()
        watcher.join()


def _watch(location: str, corpus: Path) -> None:
    """Sync, then again after each change, until the process that serves is gone."""
    from indexer.sync.watch import watch

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the serving process, which then ends this one
    stop = threading.Event()
    serving = parent_process()
    if serving:
        threading.Thread(target=_set_when_gone, args=(serving, stop), daemon=True).start()
    with open_library(location) as library:
        library.sync([corpus])
        for report in watch(library.sync, [corpus], stop):
            output.show_report(report, dry_run=False)


def _set_when_gone(process: BaseProcess, stop: threading.Event) -> None:
    process.join()
    stop.set()


if __name__ == "__main__":
    main()
