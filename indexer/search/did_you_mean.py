"""A query to another query to suggest: one with a rare word respelled, or a name like a text that finds nothing.

A suggestion does not change the results, it is offered to the user. What is suggested has results under the same
filters.
"""

import re
from collections.abc import Callable
from typing import Final

from rapidfuzz.distance import OSA

from indexer.engine import Searcher
from indexer.query.nodes import And, Node, Term
from indexer.results import Name
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery
from indexer.search.term_statistics import TermStatistics
from indexer.suggestions.name_finder import similarity
from indexer.text.analyzer import Analyzer

MAX_TERMS: Final = 8  # a longer query has rare words as a matter of course
MIN_LENGTH: Final = 5  # letters of a word; what is shorter is as likely an abbreviation
RARE: Final = 3  # documents, at most, that have a word which may be misspelled in them
MIN_FREQUENCY_RATIO: Final = 10  # of the document frequency of a suggested word to that of the rare one
MIN_HIT_RATIO: Final = 4  # of the hits of a suggested query to those of the query; it must be exceeded
MIN_SIMILARITY: Final = 85  # of 100, of a name that is suggested

_NAME_FIELDS: Final = ("title", "names")


def suggest_spelling(
    rewritten: RewrittenQuery,
    searcher: Searcher,
    statistics: TermStatistics,
    knowledge: Knowledge,
    count: Callable[[Node], int],
) -> str | None:
    """The query with one rare word replaced by a similar one, where far more documents match; `count` counts them."""
    searched = rewritten.searched
    if len(searched) > MAX_TERMS:
        return None
    named = rewritten.named
    terms = [Term(term.word.term) for term in searched.values() if term.is_main]
    required = rewritten.required_nodes
    for index, rare in searched.items():
        if index in named or not _may_be_misspelled(rare, searcher, statistics):
            continue
        for folded in knowledge.spelling().correct(rare.word.folded):
            if OSA.distance(rare.word.folded, folded) > 1 or folded[0] != rare.word.folded[0]:
                continue
            suggested = Term(knowledge.analyzer.term(folded))
            if statistics.frequency(None, suggested.term) < MIN_FREQUENCY_RATIO * rare.frequency:
                continue
            hits = count(And((*terms, *required)))
            respelled = [suggested if term.term == rare.word.term else term for term in terms]
            if count(And((*respelled, *required))) > MIN_HIT_RATIO * hits:
                return re.sub(rf"(?<!\w){re.escape(rare.word.typed)}(?!\w)", folded, rewritten.parsed.text, count=1)
    return None


def _may_be_misspelled(rare: QueryTerm, searcher: Searcher, statistics: TermStatistics) -> bool:
    """Whether hardly any document has the word, no name does, and it is no code, number or abbreviation.

    A misspelled word may share its term with a word of a name: migrane with erythema migrans.
    """
    folded, typed = rare.word.folded, rare.word.typed
    is_word = folded.isalpha() and len(folded) >= MIN_LENGTH and not typed.isupper()
    if not (is_word and rare.is_main and 0 < rare.frequency <= RARE and not rare.alternatives):
        return False
    first = next(searcher.words(folded), None)
    if first is None or first[0] != folded:
        return True
    return not any(statistics.frequency(field, rare.word.term) for field in _NAME_FIELDS)


def suggest_name(typed: str, names: tuple[Name, ...], analyzer: Analyzer, count: Callable[[Node], int]) -> str | None:
    """The first name that is very similar to the text and has matches, which `count` counts."""
    for name in names:
        if similarity(typed, name.text) >= MIN_SIMILARITY:
            terms = tuple(Term(token.term) for token in analyzer.tokens(name.text))
            if count(And(terms)):
                return name.text
    return None
