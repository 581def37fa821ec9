"""Sources to an index that agrees with them: only what changed is read, and all changes become visible at once.

list    the files below the paths
look    the id and digest of each article; files that have not changed since the last sync are not opened
sample  for a new index, articles in which repeated sentences are searched: they are the publisher's, not the articles'
plan    what must be indexed and deleted
index   read those articles, build segments, delete documents: one commit
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from heapq import nsmallest
from itertools import chain
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import Final

from indexer.articles.blocks import ExtractedText
from indexer.articles.boilerplate import repeated_sentences
from indexer.articles.extraction import extract_text
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, list_sources
from indexer.engine import Engine
from indexer.sync.article_reader import READER_FAULTS, ArticleReader
from indexer.sync.plan import StoredDocuments, plan_sync
from indexer.sync.report import Report
from indexer.sync.seen_files import SeenFiles, Sighting
from indexer.sync.workers import ReaderInput, build_segments

SAMPLE_ARTICLES: Final = 2_500  # the share of articles that have a sentence, a tenth, is estimated to 0.6 percent

Progress = Callable[[int, int], None]


def sync(
    engine: Engine,
    paths: Sequence[str | PathLike[str]],
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    seen_path: Path | None = None,
) -> Report:
    """Makes the index agree with the sources below the paths, in one commit.

    `rebuild` begins with an empty index, `dry_run` writes nothing, `jobs` is the number of processes that read
    (default: one a core). `progress` is called with the articles read and the number to read. `seen_path` is a file
    that spares the next sync opening what did not change (see seen_files.py). Raises SourceError for a path that does
    not exist, and what `Engine.batch` raises. Where nothing changed, nothing is written.
    """
    started = time.perf_counter()
    listing = list_sources([Path(path) for path in paths])
    stored = StoredDocuments() if rebuild else StoredDocuments(engine.digests(), engine.sources())
    seen = SeenFiles(listing, seen_path)
    is_new = not stored.digests
    sample = _sample(seen) if is_new and not dry_run else {}
    reader = ArticleReader(repeated_sentences(sample.values())) if is_new else ArticleReader.stored(engine)
    found = chain(listing.failures, seen.sightings)
    plan = plan_sync(found, stored, listing.roots, digest=reader.digest, exists=os.path.exists)
    failures = list(plan.failures)
    indexed: list[str] = []

    def articles() -> Iterator[ReaderInput]:
        for done, (sighting, raw) in enumerate(seen.read(plan.to_index), 1):
            if isinstance(raw, Failure):
                failures.append(raw)
            else:
                yield raw, sample.pop(sighting, None)
            if progress:
                progress(done, len(plan.to_index))

    if dry_run:
        indexed += (sighting.id for sighting in plan.to_index)
    else:
        if plan.to_index or plan.deleted or rebuild:
            with engine.batch(fresh=rebuild) as batch:
                for result in build_segments(articles(), reader, engine.segment_builder, jobs):
                    if result.segment is not None:
                        batch.add_segment(result.segment)
                    indexed += result.ids
                    failures += result.failures
                for id in plan.deleted:
                    batch.delete(id)
                if is_new and (indexed or rebuild):
                    reader.store(batch)
        else:
            engine.collect_garbage()
        seen.save()
    return Report(
        added=tuple(id for id in indexed if id not in stored.digests),
        changed=tuple(id for id in indexed if id in stored.digests),
        deleted=plan.deleted,
        kept=plan.kept,
        failed=tuple(failures),
        seconds=time.perf_counter() - started,
    )


def _sample(seen: SeenFiles) -> dict[Sighting, ExtractedText]:
    """The texts of SAMPLE_ARTICLES articles: those with the lowest content digests, which is a reproducible choice."""
    found = (sighting for sighting in seen.sightings if isinstance(sighting, Sighting))
    lowest = frozenset(nsmallest(SAMPLE_ARTICLES, found, key=attrgetter("content_digest")))
    in_order = (each for each in seen.sightings if isinstance(each, Sighting) and each in lowest)
    sample = {}
    for sighting, raw in seen.read(in_order):
        if isinstance(raw, RawArticle):
            with suppress(*READER_FAULTS):  # the article fails when it is indexed
                sample[sighting] = extract_text(raw)
    return sample
