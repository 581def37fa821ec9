"""Sources to an index that agrees with them: only what changed is read in full, and all of it becomes visible at once."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from heapq import nsmallest
from operator import attrgetter
from os import PathLike
from pathlib import Path

from indexer.articles.boilerplate import repeated_sentences
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, Listing, SourceRecord, list_sources, records
from indexer.engine import Batch, Engine
from indexer.sync.plan import Plan
from indexer.sync.report import Report
from indexer.sync.seen_files import Memory
from indexer.sync.workers import Reader, read_segments

REPEATED = "repeated-sentences"  # the property of an index that keeps what `repeated_sentences` found when it was built
# Articles in which sentences that repeat are looked for: a share of a tenth is found with an error of 0.6 percent of the articles.
SAMPLE = 2_500

Progress = Callable[[int, int], None]


def sync(
    engine: Engine,
    paths: Sequence[str | PathLike[str]],
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    memory: Path | None = None,
) -> Report:
    """Make the index agree with the sources below the paths, in one commit.

    `rebuild` begins with an empty index, `dry_run` writes nothing, `jobs` is the number of processes that read
    (default: one a core); `progress` is called with the files done and their number; `memory` is a file that spares the
    next sync reading what did not change (see seen_files.py). Raises SourceError for a path that does not exist and what
    `Engine.batch` raises. Where nothing changed, nothing is written.
    """
    started = time.perf_counter()
    seen = Memory(memory)
    listing = list_sources([Path(path) for path in paths])
    digests = {} if rebuild else engine.digests()
    plan = Plan(digests, {} if rebuild else engine.sources(), listing.roots, exists=os.path.exists)
    fresh = not digests
    reader = Reader(repeated_sentences(_sampled(listing))) if fresh else reader_for(engine)
    failures: list[Failure] = list(listing.failures)
    outcome: dict[str, list[str]] = {"added": [], "changed": [], "kept": []}

    def wanted() -> Iterator[RawArticle]:
        for done, file in enumerate(listing.files, 1):
            for sighting in seen.look(file):
                if isinstance(sighting, Failure):
                    failures.append(sighting)
                    continue
                decision = plan.decide(sighting.id, file.source, reader.digest(sighting.digest))
                if isinstance(decision, Failure):
                    failures.append(decision)
                    continue
                if decision != "kept" and not dry_run:
                    raw = sighting.read()
                    if isinstance(raw, Failure):
                        failures.append(raw)
                        continue
                    yield raw
                outcome[decision].append(sighting.id)
            if progress:
                progress(done, len(listing.files))

    with ExitStack() as stack:
        batch: Batch | None = stack.enter_context(engine.batch(fresh=True)) if rebuild and not dry_run else None
        for packed in read_segments(wanted(), reader, engine.segment_builder, jobs):
            batch = batch or stack.enter_context(engine.batch())
            batch.add_segment(packed)
        deleted = plan.vanished(failure.source for failure in failures)
        if not dry_run:
            for id in deleted:
                batch = batch or stack.enter_context(engine.batch())
                batch.delete(id)
            if batch and fresh:
                batch.describe(REPEATED, json.dumps(sorted(reader.repeated)))
    if not dry_run:
        seen.keep(listing)
    return Report(
        added=tuple(outcome["added"]),
        changed=tuple(outcome["changed"]),
        deleted=deleted,
        kept=tuple(outcome["kept"]),
        failed=tuple(failures),
        seconds=time.perf_counter() - started,
    )


def reader_for(engine: Engine) -> Reader:
    """Reads as a sync of that engine would, now."""
    stored = engine.properties().get(REPEATED)
    return Reader(frozenset(json.loads(stored)) if stored else frozenset())


def _sampled(listing: Listing) -> Iterator[RawArticle]:
    """The articles, or SAMPLE of them: those whose bytes have the lowest digests, the same whatever their order."""
    found = (record for file in listing.files for record in records(file) if isinstance(record, SourceRecord))
    for record in nsmallest(SAMPLE, found, key=attrgetter("content_digest")):
        raw = record.read()
        if isinstance(raw, RawArticle):
            yield raw
