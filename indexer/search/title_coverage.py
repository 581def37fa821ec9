"""How much of a title a query has, where the words of a symptom count as words: "burning" is not Burn.

Terms are stems, and "burning" and "burn" are one. So the documents are named whose title has the term of an inflected
word of a symptom, but not the word; for them the term does not count.
"""

from collections.abc import Iterable
from typing import Final

from indexer.query.nodes import And, Boost, Coverage, Node, Not, One, Or
from indexer.query.parsed_query import Word
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import words

MAX_TITLES: Final = 99  # titles with a term that are read; where more have it, the term counts for none


def with_other_word_in_title(word: Word, statistics: TermStatistics) -> tuple[str, ...]:
    """The ids of documents whose title has the term of the word, but not the word; none where too many have it."""
    titles = statistics.titles(word.term, MAX_TITLES + 1)
    if len(titles) > MAX_TITLES:
        return ()
    return tuple(sorted(id for id, title in titles if word.folded not in {each for each, _, _ in words(title)}))


def outside(ids: Iterable[str], node: Node) -> Node:
    """The node on all documents but these."""
    return And((node, Not(Or(tuple(map(One, ids)))))) if ids else node


def title_coverage(
    terms: Iterable[str], inflected: Iterable[Word], statistics: TermStatistics, share: float = 0.0
) -> Node:
    """The share of the title that the terms make up; of the inflected words only where it has the word itself."""
    every = tuple(dict.fromkeys(terms))
    others: set[str] = set()
    uncounted: set[str] = set()
    for word in {word.term: word for word in inflected if word.term in every}.values():
        ids = with_other_word_in_title(word, statistics)
        if ids:
            others.update(ids)
            uncounted.add(word.term)
        elif len(statistics.titles(word.term, MAX_TITLES + 1)) > MAX_TITLES:
            every = tuple(term for term in every if term != word.term)
    whole = Coverage(every, "title", share)
    if not others:
        return whole
    ids = tuple(sorted(others))
    rest = Coverage(tuple(term for term in every if term not in uncounted), "title", share)
    return Or((outside(ids, whole), And((rest, Boost(Or(tuple(map(One, ids))), 0.0)))))
