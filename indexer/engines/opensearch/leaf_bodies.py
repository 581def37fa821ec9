"""Leaves of a query to the bodies of requests: what matches a leaf, and what it scores (BM25F, see `Ranking`).

All numbers of a score come from the client: idf, mean lengths, weights. A weight that multiplies a node is multiplied
into its idf, for every score is linear in it.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.opensearch.mapping import (
    LENGTH_NAMES,
    JsonObject,
    keyword,
    keyword_name,
    positions_name,
    term_hash,
    text_name,
)
from indexer.engines.opensearch.scripts import (
    ANY_FREQUENCY,
    COVERAGE,
    FIELD_FREQUENCY,
    NEAR_FREQUENCY,
    SATURATION,
    TITLE_SHARE,
)
from indexer.query.nodes import SLACK, Coverage, Near, Phrase, Prefix, Term
from indexer.query.ranking import Ranking

NONE: Final[JsonObject] = {"match_none": {}}
EVERY: Final[JsonObject] = {"match_all": {}}
SLACK_F32: Final = 1e-5  # the server adds in single precision: what a sum may lack by it
SHARE_SLACK: Final = 1e-6
TITLE: Final = "title"
TITLE_BAG: Final = "b_title"


class LeafStatistics(Protocol):
    """The numbers of one generation that leaves need."""

    def idf(self, doc_frequency: int) -> float:
        """The inverse document frequency of what so many documents have; see `Ranking`."""

    def frequency(self, field: str | None, term: str) -> int:
        """The document frequency of the term in the field; None: in any text field."""

    def mean_length(self, field: str) -> float:
        """The mean length of a text field, in tokens."""

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


def text_fields(field: str | None) -> tuple[str, ...]:
    """The text fields that a leaf looks at."""
    return TEXT_FIELD_NAMES if field is None else tuple(name for name in TEXT_FIELD_NAMES if name == field)


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


def scripted(query: JsonObject, source: str, params: dict[str, Any]) -> JsonObject:
    """The matches of the query with the score of a script."""
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


class LeafBodies:
    """The bodies of leaves for one generation and one ranking; where only documents with `titles` are scored, fewer."""

    def __init__(self, statistics: LeafStatistics, ranking: Ranking, titles: NDArray[np.int64] | None = None) -> None:
        self._statistics = statistics
        self._titles = titles
        self._k1 = ranking.k1
        self._weights = dict(ranking.field_weights)
        self._b = dict(ranking.field_b)

    def term_filter(self, leaf: Term) -> JsonObject:
        """What matches a term or value."""
        if not encodable(leaf.term):
            return NONE
        if leaf.field in KEYWORD_FIELD_NAMES:
            return {"term": {keyword_name(leaf.field): keyword(leaf.term)}}
        if leaf.field is None or leaf.field in TEXT_FIELD_NAMES:
            return {"term": {text_name(leaf.field): leaf.term}}
        return NONE

    def phrase_filter(self, leaf: Phrase) -> JsonObject:
        """What matches a phrase."""
        if len(leaf.terms) == 1:
            return self.term_filter(Term(leaf.terms[0], leaf.field)) if text_fields(leaf.field) else NONE
        return any_of([self._phrase(leaf.terms, field) for field in text_fields(leaf.field)])

    def prefix_filter(self, leaf: Prefix) -> JsonObject:
        """What matches a prefix."""
        if not encodable(leaf.prefix):
            return NONE
        if leaf.field in KEYWORD_FIELD_NAMES:
            return {"prefix": {keyword_name(leaf.field): leaf.prefix}}
        terms = self._statistics.terms_of_words(leaf.prefix)
        if not terms or (leaf.field is not None and leaf.field not in TEXT_FIELD_NAMES):
            return NONE
        return {"terms": {text_name(leaf.field): list(terms)}}

    def near_filter(self, leaf: Near) -> JsonObject:
        """What matches terms near each other."""
        return any_of([self._near(leaf, field) for field in near_fields(leaf)])

    def coverage_filter(self, leaf: Coverage) -> JsonObject:
        """What matches a coverage, if only by a term where that is enough."""
        covered = self._covered(leaf)
        if leaf.share <= 0 or covered == NONE:
            return covered
        if leaf.field != TITLE:
            return unscored(self._coverage_of_terms(leaf, 1.0))
        hashes, shares = self._statistics.title_shares(tuple(leaf.terms))
        enough = hashes[shares >= leaf.share - SLACK].tolist()
        return {"terms": {TITLE_BAG: enough}} if enough else NONE

    def term(self, leaf: Term, weight: float) -> JsonObject:
        """The matches of a term with their scores."""
        body = self.term_filter(leaf)
        if body == NONE:
            return NONE
        idf = self._statistics.idf(self._statistics.frequency(leaf.field, leaf.term)) * weight
        if leaf.field in KEYWORD_FIELD_NAMES:
            return constant(body, idf)
        parts = []
        for fields, norm in self._norms(text_fields(leaf.field)):
            there = [field for field in fields if self._statistics.frequency(field, leaf.term)]
            parts.append(_counted([{"term": {text_name(field): leaf.term}} for field in there], norm, 1))
        return self._saturated(parts, idf)

    def phrase(self, leaf: Phrase, weight: float) -> JsonObject:
        """The matches of a phrase with their scores; each of its terms counts an occurrence."""
        idf = sum(self._statistics.idf(self._statistics.frequency(leaf.field, term)) for term in leaf.terms)
        parts = [
            _counted([self._phrase(leaf.terms, field) for field in fields], norm, len(leaf.terms))
            for fields, norm in self._norms(text_fields(leaf.field))
        ]
        return self._saturated(parts, idf * weight)

    def prefix(self, leaf: Prefix, weight: float) -> JsonObject:
        """The matches of a prefix with their scores."""
        body = self.prefix_filter(leaf)
        if body == NONE:
            return NONE
        idf = self._statistics.idf(self._statistics.matching(leaf)) * weight
        if leaf.field in KEYWORD_FIELD_NAMES:
            return constant(body, idf)
        terms = self._statistics.terms_of_words(leaf.prefix)
        hashes = sorted({term_hash(term) for term in terms})
        parts = [
            scripted(
                any_of([{"terms": {text_name(field): list(terms)}} for field in fields]),
                ANY_FREQUENCY,
                {"h": hashes, "p": [positions_name(field) for field in fields], **norm},
            )
            for fields, norm in self._norms(text_fields(leaf.field))
        ]
        return self._saturated(parts, idf)

    def near(self, leaf: Near, weight: float) -> JsonObject:
        """The matches of terms near each other with their scores."""
        idf = sum(self._statistics.idf(self._statistics.frequency(each.field, each.term)) for each in leaf.nodes)
        terms = [each.term for each in leaf.nodes]
        hashes = [term_hash(term) for term in (terms if leaf.ordered else dict.fromkeys(terms))]
        params = {"h": hashes, "r": leaf.window, "o": leaf.ordered}
        parts = []
        for fields, norm in self._norms(near_fields(leaf)):
            body = any_of([self._near(leaf, field) for field in fields])
            if body != NONE:
                positions = {"p": [positions_name(field) for field in fields]}
                parts.append(scripted(unscored(body), NEAR_FREQUENCY, params | positions | norm))
        return self._saturated(parts, idf * weight)

    def coverage(self, leaf: Coverage, weight: float) -> JsonObject:
        """The matches of a coverage with the share that they have, times the weight."""
        body = self.coverage_filter(leaf)
        if body == NONE or leaf.field != TITLE:
            return NONE if body == NONE else self._coverage_of_terms(leaf, weight)
        hashes, shares = self._statistics.title_shares(tuple(leaf.terms))
        scored = shares >= leaf.share - SLACK
        if self._titles is not None:
            scored &= np.isin(hashes, self._titles)
        hashes, shares = hashes[scored], shares[scored] * weight
        order = np.argsort(hashes)
        params = {"h": hashes[order].tolist(), "s": shares[order].tolist()}
        return scripted(body, TITLE_SHARE, params)

    def _coverage_of_terms(self, leaf: Coverage, weight: float) -> JsonObject:
        """The same of another field than the title, which no plan has."""
        terms = set(leaf.terms)
        by_hash = {term_hash(term): term for term in self._statistics.field_terms(leaf.field)}
        hashes = sorted(by_hash)
        idf = [self._statistics.idf(self._statistics.frequency(leaf.field, by_hash[each])) for each in hashes]
        counted = [int(by_hash[each] in terms) for each in hashes]
        params = {"p": positions_name(leaf.field), "h": hashes, "i": idf, "c": counted, "w": weight}
        scored = scripted(self._covered(leaf), COVERAGE, params)
        if leaf.share > 0:
            scored["script_score"]["min_score"] = (leaf.share - SHARE_SLACK) * weight
        return scored

    def _covered(self, leaf: Coverage) -> JsonObject:
        terms = sorted({term for term in leaf.terms if encodable(term)})
        if leaf.field not in TEXT_FIELD_NAMES or not terms:
            return NONE
        return {"terms": {text_name(leaf.field): terms}}

    def _phrase(self, terms: tuple[str, ...], field: str) -> JsonObject:
        if not terms or not all(map(encodable, terms)):
            return NONE
        if len(terms) == 1:
            return {"term": {text_name(field): terms[0]}}
        return {"match_phrase": {text_name(field): {"query": " ".join(terms), "analyzer": "plain"}}}

    def _near(self, leaf: Near, field: str) -> JsonObject:
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

    def _norms(self, fields: Sequence[str]) -> list[tuple[list[str], dict[str, Any]]]:
        """The fields by what their frequencies are weighted with: sections mostly share that, and can be added up."""
        by_norm: dict[tuple[float, float, str], list[str]] = {}
        for field in fields:
            norm = (self._weights.get(field, 0.0), self._b.get(field, 0.0), LENGTH_NAMES[field])
            by_norm.setdefault(norm, []).append(field)
        return [
            (same, {"w": weight, "b": b, "n": length, "m": self._statistics.mean_length(same[0]) or 1.0})
            for (weight, b, length), same in by_norm.items()
        ]

    def _saturated(self, parts: Sequence[JsonObject], idf: float) -> JsonObject:
        body = any_of(parts)
        return NONE if body == NONE else scripted(body, SATURATION, {"w": idf, "k": self._k1})


def _counted(queries: Sequence[JsonObject], norm: dict[str, Any], times: int) -> JsonObject:
    """What the frequencies that the queries score add to the weighted term frequency; each is `times` too high."""
    query = any_of(queries)
    return NONE if query == NONE else scripted(query, FIELD_FREQUENCY, {"k": times, **norm})


def near_fields(leaf: Near) -> tuple[str, ...]:
    """The text fields in which all terms of the leaf may stand."""
    fields = {each.field for each in leaf.nodes if each.field is not None}
    if not leaf.nodes or len(fields) > 1:
        return ()
    return text_fields(next(iter(fields), None))
