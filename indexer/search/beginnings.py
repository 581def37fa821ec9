"""The beginning of a word to the words that it may become: "osteo" to osteoporosis, osteomyelitis, osteoarthritis.

The more documents have a word, the likelier it is meant, and the more it scores.
"""

import math
from typing import Final

from indexer.query.nodes import Alternatives, Boost, Node, Term
from indexer.query.parsed_query import Word
from indexer.search.everyday_words import everyday_words
from indexer.search.term_statistics import TermStatistics

MIN_LENGTH: Final = 4  # letters
MAX_WORDS: Final = 400  # that begin so; more say nothing
MAX_COMPLETIONS: Final = 64
RARE: Final = 3  # documents, at most, that have the word itself
MIN_FREQUENCY_RATIO: Final = 4  # of the documents of a completion to those of a word that exists

_NAME_FIELDS: Final = ("title", "names")


def completions(word: Word, statistics: TermStatistics) -> tuple[Word, ...]:
    """The words that begin with the word, a term once, those that most documents have first; () where there are none.

    A word that documents have themselves must be rare beside them.
    """
    if len(word.folded) < MIN_LENGTH or not word.folded.isalpha():
        return ()
    is_known = statistics.has_word(word.folded)  # "hepat" is none, although its term is that of "hepatic"
    frequency = statistics.frequency(None, word.term) if is_known else 0
    if frequency > RARE:
        return ()
    best: dict[str, tuple[int, str]] = {}
    for number, (folded, term, documents) in enumerate(statistics.words(word.folded)):
        if number == MAX_WORDS:
            return ()
        if folded.isalpha() and not (is_known and term == word.term) and folded not in everyday_words():
            best[term] = max(best.get(term, (0, "")), (documents, folded))
    by_term = {term: Word(folded, folded, term) for term, (_, folded) in best.items()}
    ordered = sorted(by_term.values(), key=lambda each: (-statistics.frequency(None, each.term), each.term))
    if frequency and not any(
        statistics.frequency(None, each.term) >= MIN_FREQUENCY_RATIO * frequency and _is_in_name(each.term, statistics)
        for each in ordered
    ):
        return ()
    return tuple(ordered[:MAX_COMPLETIONS])


def _is_in_name(term: str, statistics: TermStatistics) -> bool:
    return any(statistics.frequency(field, term) for field in _NAME_FIELDS)


def any_of(words: tuple[Word, ...], statistics: TermStatistics) -> Node:
    """The node that any of the words matches; `words` are those of `completions`.

    A word scores the idf of the most frequent one, and the less the fewer documents have it.
    """
    most = statistics.frequency(None, words[0].term)
    idf = statistics.idf(words[0].term)

    def weight(term: str) -> float:
        likelihood = math.log1p(statistics.frequency(None, term)) / math.log1p(most)
        return likelihood * idf / statistics.idf(term)

    return Alternatives(tuple(Boost(Term(word.term), weight(word.term)) for word in words))
