"""Raw articles to Documents, in this process or, where there are many, in several."""

import hashlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from indexer.articles.model import RawArticle
from indexer.articles.parser import READER_VERSION, read_article
from indexer.documents import Document, to_document

CHUNK: Final = 64  # articles sent to a process at a time
FEW: Final = 1000  # articles that are read here: starting a process, with its code tables, costs as much


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a raw article into a Document; `repeated` are the sentences that are the publisher's."""

    repeated: frozenset[str] = frozenset()

    def digest(self, raw: RawArticle) -> str:
        """What decides "changed", in hexadecimal: the raw article, the program and the sentences left out."""
        return _blake2b(_version(self.repeated), raw.digest)

    def read(self, raw: RawArticle) -> Document:
        """The document as it is indexed."""
        return to_document(read_article(raw, repeated=self.repeated), digest=self.digest(raw))

    def read_chunk(self, chunk: list[RawArticle]) -> list[Document]:
        """Documents in the order of the chunk."""
        return [self.read(raw) for raw in chunk]


@lru_cache(maxsize=8)
def _version(repeated: frozenset[str]) -> str:
    return _blake2b(READER_VERSION, *sorted(repeated))


def _blake2b(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


@contextmanager
def read_documents(work: Iterable[RawArticle], reader: Reader, jobs: int | None) -> Iterator[Iterator[Document]]:
    """Documents in the order of the work; at most two chunks for each process are under way, so memory stays bounded."""
    jobs = jobs or os.cpu_count() or 1
    work = iter(work)
    first = [] if jobs == 1 else list(islice(work, FEW))
    work = chain(first, work)
    if len(first) < FEW:
        yield map(reader.read, work)
        return
    # Never fork: a child of a process with threads or an open index inherits their locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        try:
            yield _in_order(pool, work, reader, 2 * jobs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, work: Iterator[RawArticle], reader: Reader, under_way: int
) -> Iterator[Document]:
    waiting: deque[Future[list[Document]]] = deque()
    while True:
        while len(waiting) < under_way and (chunk := list(islice(work, CHUNK))):
            waiting.append(pool.submit(reader.read_chunk, chunk))
        if not waiting:
            return
        yield from waiting.popleft().result()
