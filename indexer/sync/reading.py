"""Raw articles to Documents, in this process or, where there are many, in several."""

import hashlib
import os
from collections.abc import Iterable, Iterator
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

    def digest(self, raw: str) -> str:
        """What decides "changed", in hexadecimal: the digest of a raw article, the program and the sentences left out."""
        return _blake2b(_version(self.repeated), raw)

    def read(self, raw: RawArticle) -> Document:
        """The document as it is indexed."""
        return to_document(read_article(raw, repeated=self.repeated), digest=self.digest(raw.digest))

    def read_chunk(self, chunk: list[RawArticle]) -> list[Document]:
        """Documents in the order of the chunk."""
        return [self.read(raw) for raw in chunk]


@lru_cache(maxsize=8)
def _version(repeated: frozenset[str]) -> str:
    return _blake2b(READER_VERSION, *sorted(repeated))


def _blake2b(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def read_documents(work: Iterable[RawArticle], reader: Reader, jobs: int | None) -> Iterator[Document]:
    """Documents in the order of the work; at most two chunks for each process are under way, so memory stays bounded."""
    jobs = jobs or os.cpu_count() or 1
    work = iter(work)
    first = [] if jobs == 1 else list(islice(work, FEW))
    work = chain(first, work)
    if len(first) < FEW:
        yield from map(reader.read, work)
        return
    # Loky's processes neither fork, which would copy the locks of an open index, nor run the caller's script again.
    from joblib import Parallel, delayed

    chunks = iter(lambda: list(islice(work, CHUNK)), [])
    parallel = Parallel(jobs, backend="loky", return_as="generator", batch_size=1, pre_dispatch=2 * jobs)
    for documents in parallel(delayed(reader.read_chunk)(chunk) for chunk in chunks):
        yield from documents
