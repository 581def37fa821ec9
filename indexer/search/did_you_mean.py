"""What was typed to what may have been meant instead: a word that hardly any article has, a name where nothing was found.

Nothing here changes an answer: it is asked of the reader. What is offered has articles under the same filters.
"""

import re
from array import array
from itertools import chain
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from indexer.engine import Searcher
from indexer.query.nodes import And, Term
from indexer.results import Name
from indexer.search.relaxation import Count
from indexer.search.rewriting import Correct, Piece, Reading
from indexer.suggestions.names import Names
from indexer.text.analyzer import fold, tokens
from indexer.text.stemming import term

RARE: Final = 3  # articles that have a word which may be a slip of one of them
TIMES: Final = 10  # as many articles must have the word that was meant, at least
BETTER: Final = 4  # times as many articles and more must have all the words then
MIN_LENGTH: Final = 5  # letters; what is shorter is as likely an abbreviation
NAMING: Final = ("title", "names")
MAX_WORDS: Final = 8  # a longer text has rare words as a matter of course
MAX_NAMES: Final = 6
SCORERS: Final = (fuzz.ratio, fuzz.token_set_ratio)  # letter by letter, and words in any order; the better counts
MIN_LIKENESS: Final = 65  # of 100, of a name that is shown
MIN_LIKENESS_MEANT: Final = 85  # and of one that is taken for what was meant


def better_spelled(reading: Reading, searcher: Searcher, correct: Correct, count: Count) -> str | None:
    """The query with one rare word replaced by one that is near it, where many more articles have all its words then."""
    if len(reading.pieces) > MAX_WORDS:
        return None
    terms = [Term(piece.word.term) for piece in reading.pieces if piece.weight == 1.0]
    for index, piece in enumerate(reading.pieces):
        if index in reading.named or not _may_be_a_slip(piece, searcher):
            continue
        for word in correct(piece.word.word):
            meant = Term(term(word))
            if OSA.distance(piece.word.word, word) > 1 or word[0] != piece.word.word[0]:
                continue
            if searcher.frequency(None, meant.term) < TIMES * piece.documents:
                continue
            typed = count(And((*terms, *reading.strict)))
            better = [meant if each.term == piece.word.term else each for each in terms]
            if count(And((*better, *reading.strict))) > BETTER * typed:
                return re.sub(rf"(?<!\w){re.escape(piece.word.typed)}(?!\w)", word, reading.query.text, count=1)
    return None


def _may_be_a_slip(piece: Piece, searcher: Searcher) -> bool:
    """Whether hardly any article has the word and none is named by it, and it is no code, number or abbreviation.

    A slip may share its term with a word of a name: migrane with erythema migrans.
    """
    word = piece.word
    is_word = word.word.isalpha() and len(word.word) >= MIN_LENGTH and not word.typed.isupper()
    is_rare = piece.weight == 1.0 and 0 < piece.documents <= RARE and not piece.instead
    if not (is_word and is_rare):
        return False
    first = next(searcher.words(word.word), None)
    return first is None or first[0] != word.word or not any(searcher.frequency(each, word.term) for each in NAMING)


class NameFinder:
    """The names of one snapshot but the codes, to be looked up by likeness."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._numbers = array("q", (number for number, name in enumerate(names) if name.kind != "code"))
        self._folded = [fold(names[number].text) for number in self._numbers]

    def nearest(self, typed: str) -> tuple[Name, ...]:
        """At most MAX_NAMES that look like what was typed, the likest first, each value once; none for an abbreviation."""
        if len(typed) < MIN_LENGTH:
            return ()
        found = chain.from_iterable(
            process.extract(fold(typed), self._folded, scorer=scorer, score_cutoff=MIN_LIKENESS, limit=4 * MAX_NAMES)
            for scorer in SCORERS
        )
        likest = [(-likeness, self._names[self._numbers[place]], text) for text, likeness, place in found]
        unique: dict[str, Name] = {}
        for _, name, _ in sorted(likest, key=lambda each: (each[0], -each[1].documents, each[2])):
            unique.setdefault(name.value, name)
        return tuple(unique.values())[:MAX_NAMES]


def likeness(typed: str, name: str) -> float:
    """How like a name what was typed is, 0 to 100."""
    return max(scorer(fold(typed), fold(name)) for scorer in SCORERS)


def likely_name(typed: str, names: tuple[Name, ...], count: Count) -> str | None:
    """The first name that is so like what was typed that it may be meant, and has articles under the filters."""
    for name in names:
        if likeness(typed, name.text) >= MIN_LIKENESS_MEANT and count(
            And(tuple(Term(token.term) for token in tokens(name.text)))
        ):
            return name.text
    return None
