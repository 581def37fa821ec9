"""What one query asks of the term dictionary: document frequencies and idf, each looked up once."""

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from indexer.budget import Budget
from indexer.engine import Searcher
from indexer.query.nodes import Node, Term
from indexer.query.query import Query
from indexer.query.request import Page


def inverse_document_frequency(document_count: int, document_frequency: int) -> float:
    """The idf as query/ranking.py defines it; 0 for a term that no document has."""
    return (
        math.log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
        if document_frequency
        else 0.0
    )


def _titles(searcher: Searcher, budget: Budget, term: str, limit: int) -> tuple[tuple[str, str], ...]:
    matches = searcher.search(Query("", root=Term(term, "title"), budget=budget), Page(limit=limit), counts=False)
    return tuple((match.document.id, match.document.title) for match in matches.page)


def _count(searcher: Searcher, budget: Budget, node: Node) -> int:
    return searcher.search(Query("", root=node, budget=budget), Page(limit=0), counts=False).total


class TermStatistics:
    """Statistics of the terms of a query over one snapshot; made for every query."""

    def __init__(self, searcher: Searcher, budget: Budget | None = None) -> None:
        self.budget: Final = budget or Budget()
        """What may still be done for the query."""
        self.document_count: Final = searcher.document_count
        self.frequency: Final[Callable[[str | None, str], int]] = cache(searcher.frequency)
        """Documents whose field (None: any text field) has the term."""
        self.words_of: Final[Callable[[str], tuple[str, ...]]] = cache(searcher.words_of)
        """The unstemmed words of the term."""
        self.held_terms: Final = searcher.held_terms
        """Those of some terms that a text field of each document has, by its id."""
        self.titles: Final[Callable[[str, int], tuple[tuple[str, str], ...]]] = cache(
            partial(_titles, searcher, self.budget)
        )
        """The ids and titles of documents whose title has the term, at most so many."""
        self.words: Final = searcher.words
        """The unstemmed words with a prefix, each with its term and the documents that have it."""
        self.has_word: Final[Callable[[str], bool]] = cache(lambda word: searcher.term_of(word) is not None)
        """Whether a document has the unstemmed word; looking it up needs no stemmer."""
        self.count: Final[Callable[[Node], int]] = cache(partial(_count, searcher, self.budget))
        """Documents that match the node, under no filters."""

    def idf(self, term: str) -> float:
        """The idf of a term in any text field."""
        return inverse_document_frequency(self.document_count, self.frequency(None, term))
