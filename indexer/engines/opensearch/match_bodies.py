"""Nodes of a query to what matches them, as bodies of requests: pure functions of node and generation.

No score is computed on the server by these: see `candidates`.
"""

import math
from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Final, Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.opensearch.mapping import (
    TITLE_BAG,
    JsonObject,
    key_of,
    keyword,
    keyword_name,
    term_hash,
    text_name,
)
from indexer.engines.opensearch.scripts import COVERAGE
from indexer.engines.scoring.keys import FIELD_NUMBERS
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
from indexer.query.request import Filter

NONE: Final[JsonObject] = {"match_none": {}}
EVERY: Final[JsonObject] = {"match_all": {}}
SLACK_F32: Final = 1e-5  # the server adds in single precision: what a sum may lack by it
SHARE_SLACK: Final = 1e-6
TITLE: Final = "title"
MAX_SUBSETS_OF: Final = 6  # clauses with weights, of which 20 subsets at most are enough; more are added up by scores


class LeafStatistics(Protocol):
    """The numbers of one generation that leaves need."""

    def idf(self, doc_frequency: int) -> float:
        """The inverse document frequency of what so many documents have; see `Ranking`."""

    def frequency(self, field: str | None, term: str) -> int:
        """The document frequency of the term in the field; None: in any text field."""

    def terms_of_words(self, prefix: str) -> tuple[str, ...]:
        """The terms of the words that begin with the prefix, ascending."""

    def matching(self, leaf: Prefix) -> int:
        """The documents that match the leaf."""

    def field_terms(self, field: str) -> Collection[str]:
        """All terms of a text field."""

    def title_shares(self, terms: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The hashes of the titles that have any of the terms, and the share of its idf that they make up of each."""


def encodable(text: str) -> bool:
    """Whether the server can be sent the text; what it cannot be sent, no document has."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def text_fields(field: str | None) -> tuple[str | None, ...]:
    """The text fields of the index that a leaf looks at: one, or none; None is that of all."""
    return (field,) if field is None or field in TEXT_FIELD_NAMES else ()


def any_of(bodies: Sequence[JsonObject]) -> JsonObject:
    """What matches any of the bodies, and scores the sum of those that it matches."""
    useful = [each for each in bodies if each != NONE]
    if len(useful) < 2:
        return useful[0] if useful else NONE
    return {"bool": {"should": useful, "minimum_should_match": 1}}


def all_of(bodies: Sequence[JsonObject]) -> JsonObject:
    """What matches all of the bodies, without a score."""
    if NONE in bodies:
        return NONE
    useful = [each for each in bodies if each != EVERY]
    return {"bool": {"filter": useful}} if useful else unscored(EVERY)


def unscored(body: JsonObject) -> JsonObject:
    """The same matches, each with a score of 0."""
    return NONE if body == NONE else {"bool": {"filter": [body]}}


def constant(body: JsonObject, score: float) -> JsonObject:
    """The same matches, each with that score."""
    if body == NONE:
        return NONE
    return {"constant_score": {"filter": body, "boost": score}} if score else unscored(body)


class MatchBodies:
    """What matches nodes in one generation."""

    def __init__(self, statistics: LeafStatistics) -> None:
        self._statistics = statistics

    def matching(self, node: Node) -> JsonObject:
        """What matches the node; the scores mean nothing."""
        match node:
            case Term():
                return self._term(node)
            case Phrase():
                return self._phrase(node)
            case Prefix():
                return self._prefix(node)
            case Near():
                return self._near(node)
            case Coverage():
                return self._coverage(node)
            case One(id):
                return _one(id)
            case Alternatives(nodes) | Or(nodes):
                return any_of(self._each(nodes))
            case And(nodes):
                return all_of(self._each(nodes))
            case AtLeast():
                return self._at_least(node)
            case Not(inner):
                return {"bool": {"filter": [EVERY], "must_not": [self.matching(inner)]}}
            case All():
                return EVERY
            case Should(must, _) | Boost(must, _):
                return self.matching(must)
            case _:
                assert_never(node)

    def _each(self, nodes: Sequence[Node]) -> list[JsonObject]:
        return [self.matching(each) for each in nodes]

    def _at_least(self, node: AtLeast) -> JsonObject:
        if node.n <= SLACK:
            return EVERY
        matching = self._each(node.nodes)
        if not node.weights:
            needed = math.ceil(node.n - SLACK)
            useful = [each for each in matching if each != NONE]
            if needed > len(useful):
                return NONE
            return {"bool": {"should": useful, "minimum_should_match": needed}}
        if len(node.nodes) <= MAX_SUBSETS_OF:
            return any_of([all_of([matching[i] for i in subset]) for subset in _least_subsets(node.weights, node.n)])
        anywhere = any_of(matching)
        if anywhere == NONE:
            return NONE
        functions = [
            {"filter": each, "weight": weight}
            for each, weight in zip(matching, node.weights, strict=True)
            if each != NONE
        ]
        return {
            "function_score": {
                "query": unscored(anywhere),
                "functions": functions,
                "score_mode": "sum",
                "boost_mode": "replace",
                "min_score": node.n - SLACK_F32,
            }
        }

    def _term(self, leaf: Term) -> JsonObject:
        if not encodable(leaf.term):
            return NONE
        if leaf.field in KEYWORD_FIELD_NAMES:
            return {"term": {keyword_name(leaf.field): keyword(leaf.term)}}
        if leaf.field is None or leaf.field in TEXT_FIELD_NAMES:
            return {"term": {text_name(leaf.field): leaf.term}}
        return NONE

    def _phrase(self, leaf: Phrase) -> JsonObject:
        if len(leaf.terms) == 1:
            return self._term(Term(leaf.terms[0], leaf.field)) if text_fields(leaf.field) else NONE
        return any_of([_phrase_in(leaf.terms, field) for field in text_fields(leaf.field)])

    def _prefix(self, leaf: Prefix) -> JsonObject:
        if not encodable(leaf.prefix):
            return NONE
        if leaf.field in KEYWORD_FIELD_NAMES:
            return {"prefix": {keyword_name(leaf.field): leaf.prefix}}
        terms = self._statistics.terms_of_words(leaf.prefix)
        if not terms or (leaf.field is not None and leaf.field not in TEXT_FIELD_NAMES):
            return NONE
        return {"terms": {text_name(leaf.field): list(terms)}}

    def _near(self, leaf: Near) -> JsonObject:
        return any_of([_near_in(leaf, field) for field in _near_fields(leaf)])

    def _coverage(self, leaf: Coverage) -> JsonObject:
        covered = self._covered(leaf)
        if leaf.share <= 0 or covered == NONE:
            return covered
        if leaf.field != TITLE:
            return self._coverage_of_terms(leaf)
        hashes, shares = self._statistics.title_shares(tuple(leaf.terms))
        enough = hashes[shares >= leaf.share - SLACK].tolist()
        return {"terms": {TITLE_BAG: enough}} if enough else NONE

    def _coverage_of_terms(self, leaf: Coverage) -> JsonObject:
        """The same of another field than the title, which no plan has."""
        terms = set(leaf.terms)
        by_hash = {term_hash(term): term for term in self._statistics.field_terms(leaf.field)}
        hashes = sorted(by_hash)
        idf = [self._statistics.idf(self._statistics.frequency(leaf.field, by_hash[each])) for each in hashes]
        counted = [int(by_hash[each] in terms) for each in hashes]
        params = {"f": FIELD_NUMBERS[leaf.field], "h": hashes, "i": idf, "c": counted}
        script = {"source": COVERAGE, "params": params}
        scored = {"query": self._covered(leaf), "script": script, "min_score": leaf.share - SHARE_SLACK}
        return unscored({"script_score": scored})

    def _covered(self, leaf: Coverage) -> JsonObject:
        terms = sorted({term for term in leaf.terms if encodable(term)})
        if leaf.field not in TEXT_FIELD_NAMES or not terms:
            return NONE
        return {"terms": {text_name(leaf.field): terms}}


def _least_subsets(weights: Sequence[float], needed: float) -> list[tuple[int, ...]]:
    """The places of weights that together are enough, without those that would be so without one of theirs."""
    least: list[tuple[int, ...]] = []
    for size in range(1, len(weights) + 1):
        for subset in combinations(range(len(weights)), size):
            enough = sum(weights[i] for i in subset) >= needed - SLACK
            if enough and not any(set(smaller) <= set(subset) for smaller in least):
                least.append(subset)
    return least


def _phrase_in(terms: tuple[str, ...], field: str | None) -> JsonObject:
    if not terms or not all(map(encodable, terms)):
        return NONE
    if len(terms) == 1:
        return {"term": {text_name(field): terms[0]}}
    return {"match_phrase": {text_name(field): {"query": " ".join(terms), "analyzer": "plain"}}}


def _near_in(leaf: Near, field: str | None) -> JsonObject:
    terms = [each.term for each in leaf.nodes]
    if not leaf.ordered:
        terms = list(dict.fromkeys(terms))
    gaps = leaf.window + 1 - len(terms)
    if not all(map(encodable, terms)) or gaps < 0:
        return NONE
    name = text_name(field)
    if len(terms) == 1:
        return {"term": {name: terms[0]}}
    each = [{"match": {"query": term, "analyzer": "plain"}} for term in terms]
    return {"intervals": {name: {"all_of": {"ordered": leaf.ordered, "max_gaps": gaps, "intervals": each}}}}


def _near_fields(leaf: Near) -> tuple[str | None, ...]:
    """The text fields of the index in which all terms of the leaf may stand."""
    fields = {each.field for each in leaf.nodes if each.field is not None}
    if not leaf.nodes or len(fields) > 1:
        return ()
    return text_fields(next(iter(fields), None))


def _one(id: str) -> JsonObject:
    return {"term": {"key": key_of(id)}}


def filter_body(each: Filter) -> JsonObject:
    """What passes a filter."""
    values = [keyword(value) for value in each.values if encodable(value)]
    if each.field not in KEYWORD_FIELD_NAMES or not values:
        return NONE
    return {"terms": {keyword_name(each.field): values}}


def filter_bodies(filters: Sequence[Filter], without: Sequence[str] = ()) -> list[JsonObject]:
    """What passes each of the filters but those on some fields."""
    return [filter_body(each) for each in filters if each.field not in without]
