"""The engine protocol in plain Python: what every engine must agree with.

Nothing here is fast: each search looks at every document, by the definitions of `indexer.query.nodes` and `ranking`.
"""

import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import Self

from indexer.documents import (
    FACET_FIELDS,
    Document,
)
from indexer.engine import Problem, SegmentBuilder
from indexer.errors import IndexLocked, IndexMissing
from indexer.knowledge import icd10
from indexer.query.query import Query
from indexer.query.request import Filter, Page, Sort
from indexer.results import GROUP_FIELDS, SIDES, FieldCounts, Match, Matches, Name
from indexer.text.analyzer import fold
from tests.engines.reference_scoring import Indexed, Scorer


class ReferenceSearcher:
    """A snapshot."""

    def __init__(self, generation: str, documents: Mapping[str, Indexed]) -> None:
        self.generation = generation
        self.documents = documents

    @property
    def document_count(self) -> int:
        return len(self.documents)

    def search(self, query: Query, page: Page, *, counts: bool = True) -> Matches:
        scores = Scorer(self.documents, query.ranking).evaluate(query.root)
        chosen = self.ranked(query, scores)
        groups, by_score = dict[str, list[str]](), query.sort == "relevance"
        for id in chosen:
            groups.setdefault(self.documents[id].document.condition_key, []).append(id)
        counted = []
        for field in FACET_FIELDS if counts else ():
            others = tuple(each for each in query.filters if each.field != field)
            counted.append(self.count(field, [id for id in scores if not self.failed(id, others)]))
        anywhere = tuple(each for each in query.filters if each.field not in ("site", "side"))
        found = [id for id in scores if not self.failed(id, anywhere)] if counts else []
        by_side = tuple(
            self.count("site", [id for id in found if self.documents[id].document.side == side])
            for side in (SIDES if counts else ())
        )
        leads = [min(group, key=lambda id: by_score and self.failed(id, query.lead)) for group in groups.values()]
        matches = []
        for id in (leads if page.collapse else chosen)[page.offset : page.offset + page.limit]:
            document = self.documents[id].document
            group = groups[document.condition_key] if page.collapse else []
            counted_of = tuple(self.count(field, group) for field in GROUP_FIELDS if group)
            matches.append(Match(document, scores[id], len(group) or 1, counted_of, scores[(group or [id])[0]]))
        return Matches(len(chosen), len(groups) if counts else 0, tuple(matches), tuple(counted), by_side)

    def ranked(self, query: Query, scores: Mapping[str, float]) -> list[str]:
        passing = [id for id in scores if not self.failed(id, query.filters)]
        return sorted(passing, key=lambda id: self.order(id, scores[id], query.sort))

    def failed(self, id: str, filters: tuple[Filter, ...]) -> int:
        values = self.documents[id].values
        return sum(not any(value in values.get(each.field, ()) for value in each.values) for each in filters)

    def order(self, id: str, score: float, sort: Sort) -> tuple[float, str, str]:
        document = self.documents[id].document
        if sort == "code":
            return (0.0, icd10.term(document.code), id) if document.code else (1.0, "", id)
        return (0.0, fold(document.title), id) if sort == "title" else (-score, "", id)

    def count(self, field: str, ids: list[str]) -> FieldCounts:
        counts = Counter(value for id in ids for value in self.documents[id].values[field])
        return FieldCounts(field, tuple(sorted(counts.items())))

    def get(self, id: str) -> Document | None:
        return self.documents[id].document if id in self.documents else None

    def held_terms(self, ids: Collection[str], terms: Collection[str]) -> Mapping[str, frozenset[str]]:
        return {
            id: frozenset(term for term in terms if self.documents[id].has(None, term))
            for id in ids
            if id in self.documents
        }

    def scan(self, query: Query) -> Iterator[Document]:
        ranked = self.ranked(query, Scorer(self.documents, query.ranking).evaluate(query.root))
        return (self.documents[id].document for id in ranked)

    def frequency(self, field: str | None, term: str) -> int:
        return sum(indexed.has(field, term) for indexed in self.documents.values())

    @cached_property
    def vocabulary(self) -> list[tuple[str, str, int]]:
        counts = Counter(pair for indexed in self.documents.values() for pair in indexed.words)
        return [(word, term, counts[word, term]) for word, term in sorted(counts)]

    def words(self, prefix: str = "") -> Iterator[tuple[str, str, int]]:
        return (each for each in self.vocabulary if each[0].startswith(prefix))

    def term_of(self, word: str) -> str | None:
        return next((term for own, term, _ in self.words(word) if own == word), None)

    def words_of(self, term: str) -> tuple[str, ...]:
        return tuple(word for word, own, _ in self.words() if own == term)

    def names(self) -> Iterator[Name]:
        counts = Counter(name for indexed in self.documents.values() for name in indexed.names())
        return (Name(*name, count) for name, count in sorted(counts.items()))

    def close(self) -> None:
        self.documents = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ReferenceBatch:
    """Changes to copies."""

    def __init__(self, documents: dict[str, Indexed], properties: dict[str, str]) -> None:
        self.documents, self.described = documents, properties

    def put(self, document: Document) -> None:
        self.documents[document.id] = Indexed(document)

    def add_segment(self, segment: object) -> None:
        assert isinstance(segment, tuple)
        self.documents |= {document.id: Indexed(document) for document in segment}

    def delete(self, id: str) -> None:
        self.documents.pop(id, None)

    def describe(self, name: str, value: str) -> None:
        self.described[name] = value


class ReferenceEngine:
    """Documents in memory."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._current: tuple[int, dict[str, Indexed], dict[str, str]] = (0, {}, {})

    def searcher(self) -> ReferenceSearcher:
        number, documents, _ = self._current
        if not number:
            raise IndexMissing("there is no index yet; run: conditions index PATH")
        return ReferenceSearcher(str(number), documents)

    def digests(self) -> Mapping[str, str]:
        return {id: indexed.document.digest for id, indexed in self._current[1].items()}

    def sources(self) -> Mapping[str, str]:
        return {id: indexed.document.source for id, indexed in self._current[1].items()}

    def properties(self) -> Mapping[str, str]:
        return dict(self._current[2])

    @contextmanager
    def batch(self, *, fresh: bool = False) -> Iterator[ReferenceBatch]:
        if not self._writing.acquire(blocking=False):
            raise IndexLocked("another thread is writing; run the command again when it is done")
        try:
            number, documents, properties = (self._current[0], {}, {}) if fresh else self._current
            batch = ReferenceBatch(dict(documents), dict(properties))
            yield batch
            if fresh or batch.documents != documents or batch.described != properties:
                self._current = (number + 1, batch.documents, batch.described)
        finally:
            self._writing.release()

    @property
    def segment_builder(self) -> SegmentBuilder:
        return tuple

    def collect_garbage(self) -> None:
        pass

    def check(self) -> None:
        pass

    def verify(self) -> tuple[Problem, ...]:
        return ()

    def close(self) -> None:
        pass
