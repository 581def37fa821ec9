"""The Searcher of the engine protocol, over one snapshot."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from indexer.documents import Document
from indexer.engines.scoring.keys import to_bytes, to_text
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.format.manifest import damage_named
from indexer.engines.whoosh.format.segments import SEPARATOR
from indexer.engines.whoosh.searching.collector import collect, matching_ids
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.knowledge import body_sites
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Matches, Name, NameKind


class WhooshSearcher:
    """A reference to a snapshot: its files stay open as long as a searcher or the engine refers to it."""

    def __init__(self, snapshot: Snapshot, location: Path) -> None:
        self._referenced: Snapshot | None = snapshot
        self._location = location

    @property
    def _snapshot(self) -> Snapshot:
        if self._referenced is None:
            raise RuntimeError("the searcher is closed")
        return self._referenced

    @property
    def generation(self) -> str:
        """See `indexer.engine.Searcher`."""
        return self._snapshot.generation

    @property
    def document_count(self) -> int:
        """See `indexer.engine.Searcher`."""
        return self._snapshot.document_count

    def search(self, query: Query, page: Page, *, counts: bool = True) -> Matches:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            return collect(self._snapshot, query, page, counts=counts)

    def get(self, id: str) -> Document | None:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            doc = self._snapshot.find(id)
            return None if doc is None else self._snapshot.document(doc)

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            docs = {doc: id for id in ids if (doc := self._snapshot.find(id)) is not None}
            held: dict[str, set[str]] = {id: set() for id in docs.values()}
            for term in terms:
                for doc in self._snapshot.docs_with(to_bytes(term), sorted(docs)):
                    held[docs[doc]].add(term)
            return {id: frozenset(own) for id, own in held.items()}

    def scan(self, query: Query) -> Iterator[Document]:
        """See `indexer.engine.Searcher`."""
        snapshot = self._snapshot
        with damage_named(self._location):
            for doc in matching_ids(snapshot, query).tolist():
                yield decode_document(snapshot.stored(doc))

    def frequency(self, field: str | None, term: str) -> int:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            return self._snapshot.doc_frequency(field, to_bytes(term))

    def words(self, prefix: str = "") -> Iterator[tuple[str, str, int]]:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            for entry, documents in self._snapshot.terms("word", to_bytes(prefix)):
                word, _, term = to_text(entry).partition(SEPARATOR)
                yield word, term, documents

    def term_of(self, word: str) -> str | None:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            term = self._snapshot.term_of(to_bytes(word))
            return None if term is None else to_text(term)

    def words_of(self, term: str) -> tuple[str, ...]:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            return tuple(map(to_text, self._snapshot.words_of(to_bytes(term))))

    def names(self) -> Iterator[Name]:
        """See `indexer.engine.Searcher`."""
        with damage_named(self._location):
            for entry, documents in self._snapshot.terms("name"):
                kind, value, text = to_text(entry).split(SEPARATOR, 2)
                yield Name(cast(NameKind, kind), text, value, documents)
            for entry, documents in self._snapshot.terms("site"):
                site = to_text(entry)
                yield Name("site", body_sites.label(site), site, documents)

    def close(self) -> None:
        """See `indexer.engine.Searcher`."""
        self._referenced = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
