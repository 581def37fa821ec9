"""Another engine as a site, behind the web server, the framework and the JSON encoder that `conditions serve` uses.

It is asked for the same addresses as ours. Nothing else is done for a request: no admission, no cache, no headers.

    python -m tests.benchmarks.peers.site tantivy-py --index folder
"""

import gc
import multiprocessing
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

import click
import msgspec
from flask import Flask, Response, request

from tests.benchmarks.mix import Ask, Mode
from tests.benchmarks.trial import PEERS, create
from webapp.server import BoundServer, bind, listening


def read(asked: Mapping[str, str]) -> Ask:
    """The query of the mix that an address has."""
    words = tuple(asked["q"].strip('"').removesuffix("*").split())
    return Ask("", cast(Mode, asked["mode"]), words, asked.get("site"), asked.get("chapter"))


def load(engine: str, index: Path) -> Flask:
    """The application of one worker."""
    peer = create(engine)
    peer.open(index)
    app = Flask(__name__, static_folder=None)

    @app.get("/search")
    def search() -> Response:
        return Response(msgspec.json.encode(peer.search(read(request.args))), mimetype="application/json")

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    gc.collect()
    gc.freeze()
    return app


@click.command()
@click.argument("engine", type=click.Choice(list(PEERS)))
@click.option("--index", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
def main(engine: str, index: Path, workers: int) -> None:
    """Serve until SIGTERM."""
    multiprocessing.set_start_method("spawn", force=True)
    bound = bind("127.0.0.1", 0)
    server = BoundServer(listening(bound, workers))
    server.on_startup(lambda: click.echo(f"Serving {engine} at http://127.0.0.1:{bound.getsockname()[1]}/"))
    server.serve(target_loader=partial(load, engine, index), wrap_loader=False)


if __name__ == "__main__":
    main()
