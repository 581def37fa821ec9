"""The Searcher of the engine protocol, over one generation."""

import json
from collections.abc import Collection, Iterator, Mapping
from types import TracebackType
from typing import Self

from indexer.documents import Document
from indexer.engines.opensearch.generation_view import GenerationView
from indexer.engines.opensearch.page_collector import PageCollector
from indexer.engines.opensearch.tally import NAMES
from indexer.knowledge import body_sites
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Matches, Name


class OpenSearchSearcher:
    """A reference to a generation."""

    def __init__(self, view: GenerationView) -> None:
        self._referenced: GenerationView | None = view

    @property
    def _view(self) -> GenerationView:
        if self._referenced is None:
            raise RuntimeError("the searcher is closed")
        return self._referenced

    @property
    def generation(self) -> str:
        """See `indexer.engine.Searcher`."""
        return self._view.head.name

    @property
    def document_count(self) -> int:
        """See `indexer.engine.Searcher`."""
        return self._view.head.documents

    def search(self, query: Query, page: Page, *, counts: bool = True) -> Matches:
        """See `indexer.engine.Searcher`."""
        return PageCollector(self._view, query).collect(page, counts=counts)

    def get(self, id: str) -> Document | None:
        """See `indexer.engine.Searcher`."""
        return self._view.find(id)

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        """See `indexer.engine.Searcher`."""
        return self._view.held_terms(ids, terms)

    def scan(self, query: Query) -> Iterator[Document]:
        """See `indexer.engine.Searcher`."""
        yield from PageCollector(self._view, query).all_documents()

    def frequency(self, field: str | None, term: str) -> int:
        """See `indexer.engine.Searcher`."""
        return self._view.statistics.frequency(field, term)

    def words(self, prefix: str = "") -> Iterator[tuple[str, str, int]]:
        """See `indexer.engine.Searcher`."""
        return self._view.statistics.words(prefix)

    def term_of(self, word: str) -> str | None:
        """See `indexer.engine.Searcher`."""
        return self._view.statistics.term_of(word)

    def words_of(self, term: str) -> tuple[str, ...]:
        """See `indexer.engine.Searcher`."""
        return self._view.statistics.words_of(term)

    def names(self) -> Iterator[Name]:
        """See `indexer.engine.Searcher`."""
        tally = self._view.statistics.tally
        for entry, documents in sorted(tally.section(NAMES).items()):
            kind, text, value = json.loads(entry)
            yield Name(kind, text, value, documents)
        for site, documents in sorted(tally.section("site").items()):
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
