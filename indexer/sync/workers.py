"""Raw articles to segments: in this process or, where there are many, in several."""

import gc
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple, TypeAlias

from indexer.articles.blocks import ExtractedText
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure
from indexer.documents import Document
from indexer.engine import SegmentBuilder
from indexer.errors import WorkerEnded
from indexer.sync.article_reader import ArticleReader

CHUNK_ARTICLES: Final = 512  # articles of one segment, and sent to a process together
MIN_PARALLEL_ARTICLES: Final = 1000  # fewer are read here: starting a process, with its code tables, costs as much
PARENT_CHECK_S: Final = 0.5  # between two looks of a reading process at whether its parent lives

# An article, and its text where it was extracted before.
ReaderInput: TypeAlias = tuple[RawArticle, ExtractedText | None]


class ChunkResult(NamedTuple):
    """What became of a chunk of articles: the segment of those that were read (None: of none), their ids, failures."""

    segment: object | None
    ids: tuple[str, ...]
    failures: tuple[Failure, ...]


def build_segments(
    articles: Iterable[ReaderInput], reader: ArticleReader, build_segment: SegmentBuilder, jobs: int | None
) -> Iterator[ChunkResult]:
    """Segments of the articles, in their order, for `Batch.add_segment`; at most two chunks a process are in memory.

    An article whose reading raises is a failure, and the others of its chunk are indexed. Raises WorkerEnded.

    `jobs` is the number of processes (default: one a core).
    """
    jobs = jobs or os.cpu_count() or 1
    articles = iter(articles)
    first = list(islice(articles, MIN_PARALLEL_ARTICLES if jobs > 1 else CHUNK_ARTICLES))
    chunks = chain(_chunks(iter(first)), _chunks(articles))
    if jobs == 1 or len(first) < MIN_PARALLEL_ARTICLES:
        yield from (_build(reader, build_segment, chunk) for chunk in chunks)
        return
    # Loky's processes neither fork, which would copy the locks of an open index, nor run the caller's script again.
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import BrokenProcessPool

    parallel = Parallel(
        jobs,
        backend="loky",
        return_as="generator",
        batch_size=1,
        pre_dispatch=2 * jobs,
        initializer=_end_with,
        initargs=(os.getpid(),),
    )
    try:
        yield from parallel(delayed(_build_in_worker)(reader, build_segment, chunk) for chunk in chunks)
    except BrokenProcessPool as error:
        raise WorkerEnded(
            "a process that reads articles was ended, by the system where memory ran out; the index stays as it was; "
            "run the command again, with less at once: --jobs 1"
        ) from error
    finally:
        # Left alone they would keep their tables, 0.4 GB each, for minutes, and the program could not end meanwhile.
        get_reusable_executor().shutdown(wait=True)


def _chunks(articles: Iterator[ReaderInput]) -> Iterator[list[ReaderInput]]:
    return iter(lambda: list(islice(articles, CHUNK_ARTICLES)), [])


def _build(reader: ArticleReader, build_segment: SegmentBuilder, chunk: Sequence[ReaderInput]) -> ChunkResult:
    ids: list[str] = []
    failures: list[Failure] = []

    def documents() -> Iterator[Document]:
        for raw, extracted in chunk:
            document = reader.read(raw, extracted)
            if isinstance(document, Failure):
                failures.append(document)
            else:
                ids.append(document.id)
                yield document

    segment = build_segment(documents())
    return ChunkResult(segment if ids else None, tuple(ids), tuple(failures))


def _build_in_worker(reader: ArticleReader, build_segment: SegmentBuilder, chunk: Sequence[ReaderInput]) -> ChunkResult:
    result = _build(reader, build_segment, chunk)
    # Tables are loaded bit by bit; to scan them for garbage again and again would take a fifth of the time.
    gc.collect()
    gc.freeze()
    return result


def _end_with(parent: int) -> None:
    """Ends this process soon after its parent, however that ends: nobody would wait for what it reads."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_S)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()
