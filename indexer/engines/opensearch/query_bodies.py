"""Nodes of a query to the bodies of requests: pure functions of the node, the ranking and the numbers of a generation.

`matching` gives what matches a node, without a score, `scoring` what it scores. Only what must be scored is: no script
runs for what only has to match.
"""

import math
from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES
from indexer.engines.opensearch.leaf_bodies import (
    EVERY,
    NONE,
    SLACK_F32,
    LeafBodies,
    LeafStatistics,
    all_of,
    any_of,
    constant,
    encodable,
    unscored,
)
from indexer.engines.opensearch.mapping import JsonObject, key_of, keyword, keyword_name
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
from indexer.query.request import Filter


class QueryBodies:
    """The bodies of nodes for one generation and one ranking; where only documents with `titles` are scored, fewer."""

    def __init__(self, statistics: LeafStatistics, ranking: Ranking, titles: NDArray[np.int64] | None = None) -> None:
        self._leaves = LeafBodies(statistics, ranking, titles)

    def matching(self, node: Node) -> JsonObject:
        """What matches the node; the scores mean nothing."""
        match node:
            case Term():
                return self._leaves.term_filter(node)
            case Phrase():
                return self._leaves.phrase_filter(node)
            case Prefix():
                return self._leaves.prefix_filter(node)
            case Near():
                return self._leaves.near_filter(node)
            case Coverage():
                return self._leaves.coverage_filter(node)
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

    def scoring(self, node: Node, weight: float = 1.0) -> JsonObject:
        """What matches the node, with its scores times the weight."""
        if not weight:
            return unscored(self.matching(node))
        match node:
            case Term():
                return self._leaves.term(node, weight)
            case Phrase():
                return self._leaves.phrase(node, weight)
            case Prefix():
                return self._leaves.prefix(node, weight)
            case Near():
                return self._leaves.near(node, weight)
            case Coverage():
                return self._leaves.coverage(node, weight)
            case One():
                return constant(self.matching(node), weight)
            case Alternatives(nodes):
                useful = [each for each in self._scored(nodes, weight) if each != NONE]
                return {"dis_max": {"queries": useful}} if useful else NONE
            case Or(nodes):
                return any_of(self._scored(nodes, weight))
            case And(nodes):
                scored = self._scored(nodes, weight)
                if NONE in scored:
                    return NONE
                return {"bool": {"must": scored}} if scored else unscored(EVERY)
            case AtLeast(_, nodes):
                matching = self._at_least(node)
                scored = [each for each in self._scored(nodes, weight) if each != NONE]
                return NONE if matching == NONE else {"bool": {"filter": [matching], "should": scored}}
            case Not() | All():
                return unscored(self.matching(node))
            case Should(must, optional):
                scored_must, scored_optional = self.scoring(must, weight), self.scoring(optional, weight)
                if NONE in (scored_must, scored_optional):
                    return scored_must
                return {"bool": {"must": [scored_must], "should": [scored_optional]}}
            case Boost(inner, own):
                return self.scoring(inner, weight * own)
            case _:
                assert_never(node)

    def _each(self, nodes: Sequence[Node]) -> list[JsonObject]:
        return [self.matching(each) for each in nodes]

    def _scored(self, nodes: Sequence[Node], weight: float) -> list[JsonObject]:
        return [self.scoring(each, weight) for each in nodes]

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
