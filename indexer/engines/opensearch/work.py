"""The work that a query is, in postings, and the query without what its budget does not reach for."""

from dataclasses import replace
from typing import assert_never

from indexer.engines.opensearch.match_bodies import LeafStatistics
from indexer.query.nodes import (
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


def affordable(query: Query, statistics: LeafStatistics) -> Query:
    """The query without the clauses that only add to scores and that its budget does not reach for.

    Raises RequestTooCostly where it does not reach for what must match.
    """
    match query.root:
        case Should(must, Or(clauses)):
            query.budget.spend(postings(must, statistics))
            reached = []
            with query.budget:
                for each in clauses:
                    query.budget.spend(postings(each, statistics))
                    reached.append(each)
            if len(reached) == len(clauses):
                return query
            return replace(query, root=Should(must, Or(tuple(reached))))
        case root:
            query.budget.spend(postings(root, statistics))
            return query


def postings(node: Node, statistics: LeafStatistics) -> int:
    """The postings that are read to evaluate the node."""
    match node:
        case Term(term, field):
            return statistics.frequency(field, term)
        case Phrase(terms, field):
            return sum(statistics.frequency(field, term) for term in terms)
        case Prefix(prefix, field):
            return sum(statistics.frequency(field, term) for term in statistics.terms_of_words(prefix))
        case Coverage(terms, field):
            return sum(statistics.frequency(field, term) for term in terms)
        case Near(nodes) | Alternatives(nodes) | AtLeast(_, nodes) | And(nodes) | Or(nodes):
            return sum(postings(each, statistics) for each in nodes)
        case Not(inner) | Boost(inner):
            return postings(inner, statistics)
        case Should(must, optional):
            return postings(must, statistics) + postings(optional, statistics)
        case All() | One():
            return 0
        case _:
            assert_never(node)
