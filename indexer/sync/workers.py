"""Raw articles to what an index takes, in this process or, where there are many, in several."""

import gc
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Final

from indexer.articles.model import RawArticle
from indexer.articles.reader import READER_VERSION, read_article
from indexer.documents import Document, to_document
from indexer.engine import SegmentBuilder

CHUNK: Final = 512  # articles sent to a process at a time
FEW: Final = 1000  # articles that are read here: starting a process, with its code tables, costs as much


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a raw article into a Document; `repeated` are the sentences that are the publisher's."""

    repeated: frozenset[str] = frozenset()

    def digest(self, raw: str) -> str:
        """What decides "changed", in hexadecimal: the digest of a raw article, the program and the sentences left out."""
        return _blake2b(_version(self.repeated), raw)

    def read(self, raw: RawArticle) -> Document:
        """The document as it is indexed."""
        return to_document(read_article(raw, repeated=self.repeated), digest=self.digest(raw.digest))


@lru_cache(maxsize=8)
def _version(repeated: frozenset[str]) -> str:
    return _blake2b(READER_VERSION, *sorted(repeated))


def _blake2b(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def read_segments(
    work: Iterable[RawArticle], reader: Reader, build_segment: SegmentBuilder, jobs: int | None
) -> Iterator[object]:
    """The work in its order, read and made ready for `Batch.add_segment`; at most two chunks for each process are under way."""
    jobs = jobs or os.cpu_count() or 1
    work = iter(work)
    first = list(islice(work, FEW if jobs > 1 else CHUNK))
    chunks = chain((first[start : start + CHUNK] for start in range(0, len(first), CHUNK)), _chunks(work))
    if jobs == 1 or len(first) < FEW:
        yield from (_read(reader, build_segment, chunk) for chunk in chunks)
        return
    # Loky's processes neither fork, which would copy the locks of an open index, nor run the caller's script again.
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    parallel = Parallel(jobs, backend="loky", return_as="generator", batch_size=1, pre_dispatch=2 * jobs)
    try:
        yield from parallel(delayed(_read_apart)(reader, build_segment, chunk) for chunk in chunks)
    finally:
        # Left alone they would keep their tables, 0.4 GB each, for minutes, and a program that ends would wait for them.
        get_reusable_executor().shutdown(wait=True)


def _chunks(work: Iterator[RawArticle]) -> Iterator[list[RawArticle]]:
    return iter(lambda: list(islice(work, CHUNK)), [])


def _read(reader: Reader, build_segment: SegmentBuilder, chunk: list[RawArticle]) -> object:
    return build_segment([reader.read(raw) for raw in chunk])


def _read_apart(reader: Reader, build_segment: SegmentBuilder, chunk: list[RawArticle]) -> object:
    packed = _read(reader, build_segment, chunk)
    _settle()
    return packed


@cache
def _settle() -> None:
    """Tell the garbage collector of a process that reads, once, that the tables it has loaded stay: looking through them is a fifth of the work."""
    gc.collect()
    gc.freeze()
