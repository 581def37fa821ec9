"""The engine protocol in plain Python: what every engine must agree with.

Nothing here is fast: each search looks at every document, by the definitions of `indexer.query.nodes` and `ranking`.
"""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import Self, TypeAlias, assert_never

from indexer.documents import (
    FACET_FIELDS,
    KEYWORD_FIELD_NAMES,
    KEYWORD_FIELDS,
    LENGTH_FIELDS,
    TEXT_FIELD_NAMES,
    Document,
    field_tokens,
)
from indexer.engine import Problem, SegmentBuilder
from indexer.errors import IndexLocked, IndexMissing
from indexer.knowledge import body_sites, icd10
from indexer.query.nodes import (
    SLACK,
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Not,
    One,
    Or,
    Phrase,
    Prefix,
    Should,
    Term,
)
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import Filter, Page, Sort
from indexer.results import GROUP_FIELDS, FieldCounts, Match, Matches, Name, NameKind
from indexer.text.analyzer import fold

Scores: TypeAlias = dict[str, float]  # the documents that match, and what they score


class Indexed:
    """A document with its terms."""

    def __init__(self, document: Document) -> None:
        self.document = document
        by_field = field_tokens(document)
        self.words = {(token.word, token.term) for tokens in by_field.values() for token in tokens}
        self.lengths = {field: len(tokens) for field, tokens in by_field.items()}
        self.positions: dict[tuple[str, str], list[int]] = {}
        for field, tokens in by_field.items():
            for token in tokens:
                self.positions.setdefault((field, token.term), []).append(token.position)
        self.values = {field.name: tuple(dict.fromkeys(field.values(document))) for field in KEYWORD_FIELDS}

    def has(self, field: str | None, term: str) -> bool:
        """Whether the field (None: any text field) has the term or value."""
        if field in self.values:
            return term in self.values[field]
        return any((name, term) in self.positions for name in text_fields(field))

    def names(self) -> set[tuple[NameKind, str, str]]:
        """What suggestions offer: kind, text, value."""
        document = self.document
        names: set[tuple[NameKind, str, str]] = {("condition", document.condition, document.condition_key)}
        names |= {("name", name, document.condition_key) for name in document.names}
        if document.code is not None:
            names |= {("code", code, code) for code in (*(each.code for each in document.ancestors), document.code)}
        return names | {("site", body_sites.label(site), site) for site in self.values["site"]}


def text_fields(field: str | None) -> tuple[str, ...]:
    """The text fields that a leaf looks at."""
    return TEXT_FIELD_NAMES if field is None else tuple(name for name in TEXT_FIELD_NAMES if name == field)


def count_phrase(places: list[list[int]]) -> int:
    """How often the terms stand at consecutive positions."""
    return sum(all(start + i in positions for i, positions in enumerate(places)) for start in places[0])


def count_near(places: list[list[int]], window: int, *, ordered: bool) -> int:
    """How many positions begin a place where all terms stand within the window."""
    if ordered:
        count = 0
        for start in places[0]:
            position: int | None = start
            for positions in places[1:]:
                position = min((each for each in positions if position is not None and each > position), default=None)
            count += position is not None and position - start <= window
        return count
    starts = {position for positions in places for position in positions}
    return sum(
        all(any(start <= each <= start + window for each in positions) for positions in places) for start in starts
    )


class Scorer:
    """Scores the documents that match a node."""

    def __init__(self, documents: Mapping[str, Indexed], ranking: Ranking) -> None:
        self.documents = documents
        self.ranking = ranking
        self.weights, self.b = dict(ranking.field_weights), dict(ranking.field_b)
        totals = Counter[str]()
        for indexed in documents.values():
            totals.update({field: length(indexed, field) for field in TEXT_FIELD_NAMES})
        self.means = {field: totals[field] / len(documents) for field in TEXT_FIELD_NAMES} if documents else {}

    def evaluate(self, node: Node) -> Scores:
        match node:
            case Term(term, field):
                if field in KEYWORD_FIELD_NAMES:
                    return self.values(field, lambda value: value == term)
                return self.leaf(lambda indexed, name: len(indexed.positions.get((name, term), ())), field)
            case Prefix(prefix, field):
                if field in KEYWORD_FIELD_NAMES:
                    return self.values(field, lambda value: value.startswith(prefix))
                terms = {t for each in self.documents.values() for word, t in each.words if word.startswith(prefix)}
                return self.leaf(
                    lambda indexed, name: sum(len(indexed.positions.get((name, term), ())) for term in terms), field
                )
            case Phrase(terms, field):
                return self.leaf(
                    lambda indexed, name: (
                        count_phrase([indexed.positions.get((name, term), []) for term in terms]) if terms else 0
                    ),
                    field,
                    idf=total([self.idf_of(term, field) for term in terms]),
                )
            case Near():
                return self.near(node)
            case Alternatives(nodes):
                return self.gather([self.evaluate(each) for each in nodes], 1, max)
            case AtLeast(n, nodes, weights):
                return self.gather([self.evaluate(each) for each in nodes], n, total, weights)
            case And(nodes):
                return self.gather([self.evaluate(each) for each in nodes], len(nodes), total)
            case Or(nodes):
                return self.gather([self.evaluate(each) for each in nodes], 1, total)
            case Coverage():
                return self.coverage(node)
            case One(id):
                return {id: 1.0} if id in self.documents else {}
            case Not(inner):
                without = self.evaluate(inner)
                return {id: 0.0 for id in self.documents if id not in without}
            case All():
                return dict.fromkeys(self.documents, 0.0)
            case Should(must, optional):
                extra = self.evaluate(optional)
                return {id: score + extra.get(id, 0.0) for id, score in self.evaluate(must).items()}
            case Boost(inner, weight):
                return {id: score * weight for id, score in self.evaluate(inner).items()}
            case _:
                assert_never(node)

    def near(self, node: Near) -> Scores:
        def count(indexed: Indexed, name: str) -> int:
            if not node.nodes or any(each.field not in {None, name} for each in node.nodes):
                return 0
            places = [indexed.positions.get((name, each.term), []) for each in node.nodes]
            return count_near(places, node.window, ordered=node.ordered)

        return self.leaf(count, None, idf=total([self.idf_of(each.term, each.field) for each in node.nodes]))

    def gather(
        self,
        scored: list[Scores],
        needed: float,
        combine: Callable[[list[float]], float],
        weights: tuple[float, ...] = (),
    ) -> Scores:
        result = {}
        weights = weights or (1.0,) * len(scored)
        for id in self.documents:
            matching = [(each[id], weight) for each, weight in zip(scored, weights, strict=True) if id in each]
            if total([weight for _, weight in matching]) >= needed - SLACK:
                result[id] = combine([score for score, _ in matching])
        return result

    def coverage(self, node: Coverage) -> Scores:
        result = {}
        for id, indexed in self.documents.items():
            terms = sorted(
                (term for field, term in indexed.positions if field == node.field),
                key=lambda t: t.encode("utf-8", "surrogatepass"),
            )
            matched = total([self.idf_of(term, node.field) for term in terms if term in node.terms])
            share = matched / total([self.idf_of(term, node.field) for term in terms]) if matched else 0.0
            if matched and share >= node.share - SLACK:
                result[id] = share
        return result

    def idf(self, with_leaf: int) -> float:
        return math.log(1 + (len(self.documents) - with_leaf + 0.5) / (with_leaf + 0.5))

    def idf_of(self, term: str, field: str | None) -> float:
        return self.idf(sum(indexed.has(field, term) for indexed in self.documents.values()))

    def values(self, field: str, test: Callable[[str], bool]) -> Scores:
        ids = [id for id, indexed in self.documents.items() if any(map(test, indexed.values[field]))]
        return dict.fromkeys(ids, self.idf(len(ids)))

    def leaf(self, count: Callable[[Indexed, str], int], field: str | None, idf: float | None = None) -> Scores:
        frequencies: Scores = {}
        for id, indexed in self.documents.items():
            counts = {name: count(indexed, name) for name in text_fields(field)}
            if any(counts.values()):
                frequencies[id] = total(
                    [self.frequency(indexed, name, counted) for name, counted in counts.items() if counted]
                )
        idf = self.idf(len(frequencies)) if idf is None else idf
        return {
            id: idf * (frequency / (self.ranking.k1 + frequency)) if frequency else 0.0
            for id, frequency in frequencies.items()
        }

    def frequency(self, indexed: Indexed, field: str, count: int) -> float:
        b = self.b.get(field, 0.0)
        norm = 1 - b + b * length(indexed, field) / self.means[field]
        return self.weights.get(field, 0.0) * count / norm


def length(indexed: Indexed, field: str) -> int:
    """Tokens that make up the length of the field."""
    return sum(indexed.lengths[each] for each in LENGTH_FIELDS[field])


def total(scores: list[float]) -> float:
    """The sum, from left to right (`sum` may compensate for rounding)."""
    result = 0.0
    for score in scores:
        result += score
    return result


class ReferenceSearcher:
    """A snapshot."""

    def __init__(self, generation: str, documents: Mapping[str, Indexed]) -> None:
        self.generation = generation
        self.documents = documents

    @property
    def document_count(self) -> int:
        return len(self.documents)

    def search(self, query: Query, page: Page, *, facets: bool = True) -> Matches:
        scores = Scorer(self.documents, query.ranking).evaluate(query.root)
        chosen = self.ranked(query, scores)
        groups, by_score = dict[str, list[str]](), query.sort == "relevance"
        for id in chosen:
            groups.setdefault(self.documents[id].document.condition_key, []).append(id)
        counted = []
        for field in FACET_FIELDS if facets else ():
            others = tuple(each for each in query.filters if each.field != field)
            counted.append(self.count(field, [id for id in scores if not self.failed(id, others)]))
        leads = (min(group, key=lambda id: by_score and self.failed(id, query.lead)) for group in groups.values())
        matches = []
        for id in (list(leads) if page.collapse else chosen)[page.offset : page.offset + page.limit]:
            document = self.documents[id].document
            group = groups[document.condition_key] if page.collapse else []
            counts = tuple(self.count(field, group) for field in GROUP_FIELDS if group)
            matches.append(Match(document, scores[id], len(group) or 1, counts, scores[(group or [id])[0]]))
        return Matches(len(chosen), len(groups), tuple(matches), tuple(counted))

    def ranked(self, query: Query, scores: Mapping[str, float]) -> list[str]:
        chosen = (id for id in scores if not self.failed(id, query.filters))
        return sorted(chosen, key=lambda id: self.order(id, scores[id], query.sort))

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

    def scan(self, query: Query) -> Iterator[Document]:
        scores = Scorer(self.documents, query.ranking).evaluate(query.root)
        return (self.documents[id].document for id in self.ranked(query, scores))

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

    def verify(self) -> tuple[Problem, ...]:
        return ()

    def close(self) -> None:
        pass
