"""`serve`, added to the `conditions` command; and `main`, the entry point, so that nothing below knows Flask."""

import gc
import os
import socket
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import click

from indexer.cli import conditions, output
from indexer.cli.commands import common_options
from indexer.cli.exit_codes import run
from indexer.engines import without_password
from indexer.errors import ConditionSearchError, SourceError
from indexer.library import Library, open_library
from indexer.settings import Settings

__all__ = ["conditions", "main", "serve"]


def main() -> None:
    """Run the command."""
    # Most of what a command allocates stays in use: collecting garbage meanwhile costs more than it frees.
    gc.set_threshold(100_000)
    run(conditions)


class ServeOptions(TypedDict):
    """The options of `conditions serve`."""

    host: str
    port: int
    workers: int | None
    threads: int
    corpus: Path | None
    sync: bool
    watch: bool
    location: str
    as_json: bool


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
@click.option(
    "--threads",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Requests that each process answers at a time, beside one search.",
)
@click.option(
    "--corpus", type=click.Path(path_type=Path), help="Folder of articles.  [default: $CONDITIONS_CORPUS, else corpus]"
)
@click.option("--sync/--no-sync", default=True, show_default=True, help="Index what is new in the corpus first.")
@click.option("--watch", is_flag=True, help="Go on indexing whenever a file of the corpus changes.")
@common_options
def serve(**options: Unpack[ServeOptions]) -> None:
    """Serve the website and the API until interrupted.

    What is new in the corpus is indexed first; then the address is printed. Searches go on while articles are indexed.
    """
    from webapp import server
    from webapp.door import SiteAddress
    from webapp.metrics_port import metrics_address
    from webapp.watching import watching

    location, as_json = options["location"], options["as_json"]
    bound = _bound(options["host"], options["port"])
    settings = replace(Settings.from_environment(), index=location)
    prefix = SiteAddress.of(settings).prefix
    metrics = _bound(*metrics_address(settings.metrics)) if settings.metrics else None
    folder = options["corpus"] or settings.corpus
    if (options["corpus"] or options["watch"]) and not folder.exists():
        raise SourceError(str(folder), "there is no such folder of articles; name another with --corpus")
    # What is wrong with the settings is said here once, not by every worker.
    with open_library(location, thesaurus=settings.thesaurus, emergency=settings.emergency) as library:
        if options["sync"] and folder.exists():
            _sync(library, folder, as_json=as_json)
    with ExitStack() as stack:
        if options["watch"]:
            stack.enter_context(watching(location, folder))
        server.run(
            replace(settings, corpus=folder, watched=options["watch"]),
            bound,
            workers=options["workers"] or os.cpu_count() or 1,
            threads=options["threads"],
            metrics=metrics,
            when_ready=lambda: _say_ready(
                without_password(location),
                f"{_address(bound, prefix)}",
                has_token=settings.token is not None,
                as_json=as_json,
            ),
        )


def _sync(library: Library, folder: Path, *, as_json: bool) -> None:
    """Index what is new; where that fails, an older index is better than no site."""
    try:
        with output.progress(quiet=as_json) as progress:
            report = library.sync([folder], progress=progress)
    except ConditionSearchError as error:
        with suppress(ConditionSearchError):
            library.check()
            click.echo(f"conditions: {error} (serving the index as it is)", err=True)
            return
        raise
    output.emit(output.report_json(report)) if as_json else output.show_report(report, dry_run=False)


def _say_ready(location: str, address: str, *, has_token: bool, as_json: bool) -> None:
    if as_json:
        output.emit({"index": location, "address": address, "library": f"{address}library"})
    else:
        click.echo(f"Serving {location} at {address} (stop with Ctrl-C)")
        whom = (
            "with the token of CONDITIONS_TOKEN"
            if has_token
            else "from this machine alone; CONDITIONS_TOKEN lets others in"
        )
        click.echo(f"Editors: {address}library ({whom})")


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


def _address(bound: socket.socket, prefix: str) -> str:
    host, port = bound.getsockname()[:2]
    host = f"[{host}]" if bound.family == socket.AF_INET6 else host
    return f"http://{host}:{port}{prefix}/"


if __name__ == "__main__":
    main()
