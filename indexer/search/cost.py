"""A SearchRequest to an estimate of its cost in postings, before anything is searched.

Nothing but document frequencies is looked up, so an estimate takes a hundredth of what it estimates. The numbers are
measured: a posting took 0.25 microseconds of one core, with 20,000 articles, and everything else is as many postings
as it took time.
"""

from typing import Final

from indexer.engine import Searcher
from indexer.query.nodes import Alternatives, And, Node, Not, Or, Phrase, Term
from indexer.query.parsed_query import Clause
from indexer.query.parser import MAX_TEXT, parse_query
from indexer.query.request import SearchRequest
from indexer.text.analyzer import Analyzer

WORD: Final = 4_000  # a word, whatever its frequency
UNKNOWN_WORD: Final = 30_000  # a word that no document has: it is corrected, or the query relaxed
HIT: Final = 1_000  # a hit of the page, its snippets
REASON: Final = 400  # what a clause added to the score of a hit
REASONS_PER_WORD: Final = 2  # the word itself, and its nearness to the next
EARLIER_HIT: Final = 25  # a hit of the pages before
FILTER_VALUE: Final = 500
POSITIONS: Final = 4  # of a posting, that a phrase reads


def least_cost(request: SearchRequest) -> int:
    """The cost of a search apart from how frequent its words are: nothing is parsed or looked up."""
    fields = max(1, len(set(request.fields)))
    of_word = fields * WORD
    if request.explain:
        of_word += request.page.limit * REASONS_PER_WORD * REASON
    values = sum(len(each.values) for each in request.filters)
    words = len(request.text[:MAX_TEXT].split())
    return words * of_word + request.page.limit * HIT + request.page.offset * EARLIER_HIT + values * FILTER_VALUE


def estimate_cost(request: SearchRequest, searcher: Searcher, analyzer: Analyzer) -> int:
    """About how many postings a search may read, or could for the same time."""
    clauses = parse_query(request.text, analyzer).clauses
    fields = max(1, len(set(request.fields)))
    return least_cost(request) + fields * sum(_cost_of_clause(clause, searcher) for clause in clauses)


def _cost_of_clause(clause: Clause, searcher: Searcher) -> int:
    postings = _postings(clause.node, searcher)
    return postings if postings or not clause.free else UNKNOWN_WORD


def _postings(node: Node, searcher: Searcher) -> int:
    match node:
        case Term(term, field):
            return searcher.frequency(field, term)
        case Phrase(terms, field):
            return POSITIONS * sum(searcher.frequency(field, term) for term in terms)
        case Not(inner):
            return _postings(inner, searcher)
        case Alternatives(nodes) | And(nodes) | Or(nodes):
            return sum(_postings(each, searcher) for each in nodes)
        case _:  # of the others, the parser makes beginnings of words: which they are would have to be looked up
            return searcher.document_count
