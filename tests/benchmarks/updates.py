"""A library that changes: nothing, a hundred files among all, and thousands of articles one by one.

python -m tests.benchmarks.updates --articles 5000
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import click

from indexer.articles.model import RawArticle
from indexer.articles.source import list_sources, read_sources
from indexer.documents import Document
from indexer.engines import open_engine
from indexer.library import open_library
from indexer.sync.article_reader import ArticleReader
from indexer.sync.report import Report
from indexer.sync.seen_files import SeenFiles
from tests.benchmarks.corpus import SEED, articles, file_of, write_files, write_jsonl
from tests.benchmarks.figures import MB, facts_table
from tests.benchmarks.mix import mix
from tests.benchmarks.peers.ours import Engine
from tests.benchmarks.processes import size_of

CHANGED: Final = 100
PAUSE: Final = 0.1  # seconds after which a sync knows that a file is as it was
SINGLE: Final = 2_000
MARKER: Final = "zzyzxia"  # a word that only changed articles have


def measure(folder: Path, count: int, seed: int = SEED) -> dict[str, str]:
    """Figures of a library of so many files, which are written to the folder first."""
    files, index = folder / "files", folder / "index"
    write_files(files, count, seed)
    ids = [each.id for each in articles(min(count, CHANGED + SINGLE), seed)]
    facts: dict[str, str] = {}
    with open_library(index) as library:
        built, _ = _timed(lambda: library.sync([files], rebuild=True))
        facts[f"build from {count:,} files, s"] = f"{built:,.1f}"
        fresh = size_of(index)
        time.sleep(PAUSE)
        facts["fresh index, MB"] = f"{fresh / MB:,.1f}"
        again, report = _timed(lambda: library.sync([files]))
        facts["nothing changed, s"] = f"{again:.2f}" + (" (but something was written)" if report.written else "")
        for id in ids[:CHANGED]:
            _change(file_of(files, id))
        time.sleep(PAUSE)
        changed, report = _timed(lambda: library.sync([files]))
        facts[f"{len(report.changed)} changed files, s"] = f"{changed:.2f}"
        facts["changed articles that are found"] = f"{library.search(MARKER).total}"
        one, _ = _timed(lambda: library.sync([file_of(files, ids[-1])]))
        facts["sync of a single file, s"] = f"{one:.2f}"
    facts |= _lines(folder, count, seed)
    before = _query_seconds(index)
    seconds, disk = _update_one_by_one(files, index, ids[CHANGED:])
    after = _query_seconds(index)
    facts[f"{len(seconds):,} single updates, ms each"] = f"{median(seconds) * 1000:,.1f}"
    facts["slowest update, ms"] = f"{max(seconds) * 1000:,.0f}"
    facts["segments after them"] = f"{len(list((index / 'segments').glob('*.postings')))}"
    facts["index after them, times fresh"] = f"{size_of(index) / fresh:.2f}"
    facts["most disk meanwhile, times fresh"] = f"{disk / fresh:.2f}"
    facts["median query before, ms"] = f"{before * 1000:.2f}"
    facts["median query after, ms"] = f"{after * 1000:.2f}"
    facts["query time, times before"] = f"{after / before:.2f}"
    with open_library(index) as library:
        facts["problems that verify finds"] = f"{len(library.verify())}"
    return facts


def _lines(folder: Path, count: int, seed: int) -> dict[str, str]:
    """How long it takes to find what changed in a single .jsonl file."""
    path, saved = folder / "library.jsonl", folder / "seen"
    write_jsonl(path, count, seed)
    facts = {}
    for what in ("read for the first time", "nothing changed", "one line changed"):
        if what == "one line changed":
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            lines[count // 2] = lines[count // 2].replace("the", MARKER, 1)
            path.write_text("".join(lines), encoding="utf-8")
        time.sleep(PAUSE)
        started = time.perf_counter()
        seen = SeenFiles(list_sources([path]), saved)
        found = len(seen.sightings)
        seen.save()
        facts[f"{found:,} lines of one .jsonl, {what}, s"] = f"{time.perf_counter() - started:.2f}"
    return facts


def _timed(sync: Callable[[], Report]) -> tuple[float, Report]:
    started = time.perf_counter()
    report = sync()
    return time.perf_counter() - started, report


def _change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + f"\nReaders say {MARKER} to it.\n", encoding="utf-8")


def _update_one_by_one(files: Path, index: Path, ids: list[str]) -> tuple[list[float], int]:
    """The seconds of each commit, reading not counted, and the most bytes that the index had."""
    engine = open_engine(index)
    reader = ArticleReader.stored(engine)
    seconds = []
    most = 0
    for number, id in enumerate(ids):
        path = file_of(files, id)
        _change(path)
        (raw,) = (raw for raw in read_sources([path]) if isinstance(raw, RawArticle))
        document = reader.read(raw)
        assert isinstance(document, Document)
        started = time.perf_counter()
        with engine.batch() as batch:
            batch.put(document)
        seconds.append(time.perf_counter() - started)
        if number % 50 == 0:
            most = max(most, size_of(index))
    engine.close()
    return seconds, most


def _query_seconds(index: Path) -> float:
    """The median over the mix, of the engine alone, once warm."""
    peer = Engine()
    peer.open(index)
    seconds = []
    for round in range(3):
        for ask in mix():
            started = time.perf_counter()
            peer.search(ask)
            if round:
                seconds.append(time.perf_counter() - started)
    return median(seconds)


@click.command()
@click.option("--articles", default=5_000, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
def main(articles: int, seed: int) -> None:
    """Measure syncs and commits of a library that changes."""
    with TemporaryDirectory(prefix="benchmark-") as folder:
        click.echo(facts_table("updates", measure(Path(folder), articles, seed)))


if __name__ == "__main__":
    main()
