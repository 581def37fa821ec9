"""The engine protocol: what search, sync and evaluation may expect of every engine.

An engine stores documents and evaluates queries. It never analyses text, expands synonyms, corrects spelling or
highlights: all that happens above, so that a query means the same in every engine.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from indexer.documents import Document
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Matches, Name


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of an index; `fix` is the command that fixes it."""

    what: str
    fix: str


class Searcher(Protocol):
    """An immutable snapshot of one generation; safe in any thread; a context manager that frees its files."""

    @property
    def generation(self) -> str:
        """Names the snapshot; changes with every commit that changed something."""

    @property
    def document_count(self) -> int:
        """Documents in the snapshot."""

    def search(self, query: Query, page: Page, *, counts: bool = True) -> Matches:
        """One page of matches, best first (or by the query's sort), then by id; without `counts` only their total.

        What is optional, and then 0 or empty, is the number of conditions and the facets.
        """

    def get(self, id: str) -> Document | None:
        """The document of that id."""

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Those of the terms that a text field of each document has, by the ids that are known."""

    def scan(self, query: Query) -> Iterator[Document]:
        """All matches, streamed in the order of `search`, no two of one condition collapsed."""

    def frequency(self, field: str | None, term: str) -> int:
        """The document frequency of the term in the field; None: in any text field."""

    def words(self, prefix: str = "") -> Iterator[tuple[str, str, int]]:
        """Unstemmed words beginning with the prefix, sorted: word, its term, documents that have the word."""

    def term_of(self, word: str) -> str | None:
        """The term of an unstemmed word of a document, live or deleted; None for any other word."""

    def words_of(self, term: str) -> tuple[str, ...]:
        """The unstemmed words of the term, sorted; words that only deleted documents had may be among them."""

    def names(self) -> Iterator[Name]:
        """Conditions, other names, codes and sites, each once, for suggestions."""

    def close(self) -> None:
        """Release the files of the snapshot; no call may follow."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


SegmentBuilder: TypeAlias = Callable[[Iterable[Document]], object]


class Batch(Protocol):
    """Changes that become visible together when the batch ends, or not at all."""

    def put(self, document: Document) -> None:
        """Add the document, or replace the one of its id; within a batch the last call wins."""

    def add_segment(self, segment: object) -> None:
        """Add or replace several documents with different ids, as a segment that `Engine.segment_builder` built."""

    def delete(self, id: str) -> None:
        """Remove the document of that id; nothing happens where there is none."""

    def describe(self, name: str, value: str) -> None:
        """Set a property of the whole library (see `Engine.properties`)."""


class Engine(Protocol):
    """One location of documents."""

    def searcher(self) -> Searcher:
        """The newest generation; cheap to call for every request. Raises IndexMissing, IndexStale, IndexDamaged."""

    def digests(self) -> Mapping[str, str]:
        """Document id to digest, for sync; empty where there is no index yet."""

    def sources(self) -> Mapping[str, str]:
        """Document id to the source it came from; empty where there is no index yet."""

    def properties(self) -> Mapping[str, str]:
        """The properties that `Batch.describe` set; empty where there is no index yet."""

    def batch(self, *, fresh: bool = False) -> AbstractContextManager[Batch]:
        """Change the index, all or nothing: an exception in the block, or no change, leaves everything as it was.

        `fresh` begins with no documents and no properties, and works on a missing, stale or damaged index too.
        Raises IndexLocked where another writer is at work.
        """

    def collect_garbage(self) -> None:
        """Remove what killed runs left, as every batch does; nothing happens while another process writes."""

    @property
    def segment_builder(self) -> "SegmentBuilder":
        """Builds segments for this engine's `Batch.add_segment`, in any process: much of the work of indexing.

        It asks for one document after another, so that no more than one need be in memory.
        """

    def check(self) -> None:
        """Raise what keeps the newest generation from being opened: `searcher` gives the last good one meanwhile."""

    def verify(self) -> tuple[Problem, ...]:
        """Every problem of the stored index; empty where there is none."""

    def close(self) -> None:
        """Release the files that the engine has open."""
