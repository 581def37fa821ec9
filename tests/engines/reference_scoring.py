"""Nodes to scores in plain Python: the definitions of `query.nodes` and `query.ranking`, taken literally."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeAlias, assert_never

from indexer.documents import (
    KEYWORD_FIELD_NAMES,
    KEYWORD_FIELDS,
    LENGTH_FIELDS,
    TEXT_FIELD_NAMES,
    Document,
    field_tokens,
)
from indexer.knowledge import body_sites
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
from indexer.query.ranking import Ranking
from indexer.results import NameKind

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
