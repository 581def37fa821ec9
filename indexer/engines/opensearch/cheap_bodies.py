"""Nodes to cheap scores that put about the same documents first: what candidates for the page are chosen by.

The exact score of a document takes the positions of all terms, which the client must be sent. Lucene's own BM25 over
one field that has all terms, those of the title and the other names NAME_BOOST times, ranks much alike, for it has the
same idf and saturation, and nearly the same weights. Titles that are covered are scored as they are, in LEVELS;
proximity is left to the exact score.
"""

from collections.abc import Sequence
from heapq import nlargest
from typing import Final, assert_never

import numpy as np

from indexer.documents import KEYWORD_FIELD_NAMES
from indexer.engines.opensearch.mapping import TITLE_BAG, JsonObject, text_name
from indexer.engines.opensearch.match_bodies import (
    NONE,
    TITLE,
    LeafStatistics,
    MatchBodies,
    any_of,
    constant,
    encodable,
)
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

LEVELS: Final = 10  # of title coverage, each scored as its lower end
MAX_PREFIX_TERMS: Final = 32  # of those that a beginning of a word stands for
MAX_TITLES: Final = 500  # the best covered ones of a clause
TYPICAL: Final = 0.6  # the share of its idf that a leaf scores where it matches


class CheapBodies:
    """The cheap scores of nodes for one generation."""

    def __init__(self, statistics: LeafStatistics, bodies: MatchBodies) -> None:
        self._statistics = statistics
        self._bodies = bodies

    def scoring(self, node: Node, weight: float = 1.0) -> JsonObject:
        """What may score something by the node, with about that score; what only has to match is left out: NONE."""
        if not weight:
            return NONE
        match node:
            case Term(term, field):
                return self._term(term, field, weight)
            case Phrase(terms, field):
                if field is None and len(terms) > 1 and all(map(encodable, terms)):
                    query = {"query": " ".join(terms), "analyzer": "plain", "boost": weight}
                    return {"match_phrase": {text_name(None): query}}
                idf = sum(self._statistics.idf(self._statistics.frequency(field, term)) for term in terms)
                return constant(self._bodies.matching(node), TYPICAL * idf * weight)
            case Prefix():
                return self._prefix(node, weight)
            case Coverage():
                return self._coverage(node, weight)
            case One():
                return constant(self._bodies.matching(node), weight)
            case Alternatives(nodes):
                useful = self._useful(nodes, weight)
                return {"dis_max": {"queries": useful}} if useful else NONE
            case Or(nodes) | And(nodes) | AtLeast(_, nodes):
                return any_of(self._useful(nodes, weight))
            case Boost(inner, own):
                return self.scoring(inner, weight * own)
            case Should(must, optional):
                return any_of(self._useful((must, optional), weight))
            case Near() | Not() | All():
                return NONE
            case _:
                assert_never(node)

    def _useful(self, nodes: Sequence[Node], weight: float) -> list[JsonObject]:
        return [body for each in nodes if (body := self.scoring(each, weight)) != NONE]

    def _term(self, term: str, field: str | None, weight: float) -> JsonObject:
        frequency = self._statistics.frequency(field, term)
        if not frequency or not encodable(term):
            return NONE
        if field is None:
            return {"term": {text_name(None): {"value": term, "boost": weight}}}
        idf = self._statistics.idf(frequency) * weight
        scored = idf if field in KEYWORD_FIELD_NAMES else TYPICAL * idf
        return constant(self._bodies.matching(Term(term, field)), scored)

    def _prefix(self, leaf: Prefix, weight: float) -> JsonObject:
        """The sum of the most frequent of its terms, which have most of its occurrences; with its idf."""
        idf = self._statistics.idf(self._statistics.matching(leaf))
        if leaf.field is not None:
            return constant(self._bodies.matching(leaf), TYPICAL * idf * weight)
        counted = {
            term: self._statistics.frequency(None, term) for term in self._statistics.terms_of_words(leaf.prefix)
        }
        frequent = nlargest(MAX_PREFIX_TERMS, counted, key=counted.__getitem__)
        return any_of([self._term(term, None, weight * idf / self._statistics.idf(counted[term])) for term in frequent])

    def _coverage(self, leaf: Coverage, weight: float) -> JsonObject:
        if leaf.field != TITLE:
            return NONE
        hashes, shares = self._statistics.title_shares(tuple(leaf.terms))
        enough = shares >= leaf.share - SLACK
        hashes, shares = hashes[enough], shares[enough]
        if len(shares) > MAX_TITLES:
            best = np.argpartition(-shares, MAX_TITLES)[:MAX_TITLES]
            hashes, shares = hashes[best], shares[best]
        if not len(shares):
            return NONE
        # Levels between the least and the most, for of frequent words no title has much.
        step = (shares.max() - shares.min()) / LEVELS
        levels = np.floor((shares - shares.min()) / step) if step else np.zeros(len(shares))
        return any_of(
            [
                constant(
                    {"terms": {TITLE_BAG: hashes[levels == level].tolist()}}, weight * (shares.min() + level * step)
                )
                for level in np.unique(levels).tolist()
            ]
        )
