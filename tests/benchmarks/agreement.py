"""A library in a cluster beside the same in a folder: how often pages agree, and how long searches and indexing take.

Two nodes on this machine, and beside our searches OpenSearch's own multi_match of the same words over the same
articles, with highlights and two aggregations. Nothing here asserts a time.

python -m tests.benchmarks.agreement --articles 20000
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError

import click

from indexer import Library, Page, open_library
from indexer.results import Results
from tests.benchmarks.corpus import write_jsonl
from tests.benchmarks.mix import Ask, mix
from tests.engines.opensearch.servers import FULL_DISKS, Servers

SCORE_ERROR = 2e-4  # of two scores that count as equal
PEER = "/peer"
BULK = 1_000  # articles in a request
# By default copies of a new index come at 40 MB/s, as if they stood on one slow disk; here everything is in memory.
SETTINGS = (FULL_DISKS, "indices.recovery.max_bytes_per_sec: 200mb")
TOO_BUSY = 429  # such a request is sent again after a pause
PAUSE_S = 1.0


def ask(library: Library, each: Ask, *, collapse: bool) -> Results:
    filters = {name: [value] for name, value in (("site", each.site), ("chapter", each.chapter)) if value}
    return library.search(each.text, filters=filters, page=Page(collapse=collapse))


def agree(one: Results, other: Results) -> bool:
    """Whether both pages have the same articles in the same order, equal scores aside."""
    scores = [hit.score for hit in one.hits], [hit.score for hit in other.hits]
    return len(scores[0]) == len(scores[1]) and all(
        abs(here - there) < SCORE_ERROR for here, there in zip(*scores, strict=True)
    )


def index_peer(servers: Servers, library: Library) -> float:
    """Index the documents as somebody would who has OpenSearch alone: title and text in English, sites and chapter."""
    text = {"type": "text", "analyzer": "english"}
    fields = {"title": text, "names": text, "text": text, "site": {"type": "keyword"}, "chapter": {"type": "keyword"}}
    settings = {"number_of_shards": 2, "number_of_replicas": 1, "refresh_interval": "-1"}
    servers.ask("PUT", PEER, {"settings": settings, "mappings": {"properties": fields}})
    started, lines = time.perf_counter(), list[str]()

    def send() -> None:
        while lines:
            try:
                servers.ask("POST", f"{PEER}/_bulk", "\n".join(lines) + "\n")
                lines.clear()
            except HTTPError as error:
                if error.code != TOO_BUSY:
                    raise
                time.sleep(PAUSE_S)

    for document in library.scan():
        text_of = " ".join(section.text for section in document.sections)
        values = {"site": document.sites, "chapter": document.chapter}
        lines += [
            '{"index": {}}',
            json.dumps({"title": document.title, "names": document.names, "text": text_of, **values}),
        ]
        if len(lines) >= 2 * BULK:
            send()
    if lines:
        send()
    servers.ask("POST", f"{PEER}/_refresh")
    return time.perf_counter() - started


def ask_peer(servers: Servers, each: Ask) -> None:
    match: dict[str, Any] = {"query": " ".join(each.words), "fields": ["title^5", "names^5", "text"]}
    filters = [{"term": {name: value}} for name, value in (("site", each.site), ("chapter", each.chapter)) if value]
    servers.ask(
        "POST",
        f"{PEER}/_search",
        {
            "query": {"bool": {"must": [{"multi_match": match}], "filter": filters}},
            "highlight": {"fields": {"text": {}, "title": {}}},
            "aggs": {name: {"terms": {"field": name, "size": 200}} for name in ("site", "chapter")},
            "track_total_hits": True,
        },
    )


def milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def summary(times: list[float]) -> str:
    times = sorted(times)
    return f"median {statistics.median(times):.0f} ms, p99 {times[int(0.99 * (len(times) - 1))]:.0f} ms"


@click.command()
@click.option("--articles", default=20_000, show_default=True)
@click.option("--queries", default=150, show_default=True, help="At most.")
@click.option("--rounds", default=2, show_default=True, help="The first warms up, the last is measured.")
def main(articles: int, queries: int, rounds: int) -> None:
    """Index generated articles in a folder and in a cluster, and compare the answers."""
    asks = mix()[:queries]
    with TemporaryDirectory(prefix="agreement-") as folder, Servers(2, SETTINGS, optimized=True, heap="1g") as servers:
        source = Path(folder) / "library.jsonl"
        write_jsonl(source, articles)
        here, there = open_library(Path(folder) / "index"), open_library(f"opensearch://{servers.hosts}/measured")
        for name, library in (("folder", here), ("cluster", there)):
            report = library.sync([source])
            click.echo(f"{name}: {len(report.added) / report.seconds:.0f} articles a second")
        click.echo(f"OpenSearch alone: {articles / index_peer(servers, here):.0f} articles a second, read already")
        same, different = 0, []
        for each in asks:
            for collapse in (False, True):
                one, other = ask(here, each, collapse=collapse), ask(there, each, collapse=collapse)
                assert (one.total, one.groups, one.facets) == (other.total, other.groups, other.facets), each
                same += agree(one, other)
                different += [] if agree(one, other) else [f"{each.text} ({one.total} matches)"]
        click.echo(f"{same} of {2 * len(asks)} pages agree; not: {'; '.join(sorted(set(different)))}")
        ours, peers = [], []
        for _ in range(rounds):
            ours = [milliseconds(lambda each=each: ask(there, each, collapse=True)) for each in asks]  # type: ignore[misc]
            peers = [milliseconds(lambda each=each: ask_peer(servers, each)) for each in asks]  # type: ignore[misc]
        click.echo(f"our searches: {summary(ours)}; multi_match: {summary(peers)}")


if __name__ == "__main__":
    main()
