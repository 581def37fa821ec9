"""A compound to its other ways of writing, closed up, hyphenated or open: covid19, "covid 19"; hba 1c, HbA1c.

A word that no document has is split at the borders of letters and digits, and where all the parts are words of the
library; the parts must follow one another in some document. Consecutive words are joined where the library has the
joined word.
"""

import re
from collections.abc import Iterator
from typing import Final

from indexer.knowledge.thesaurus import Synonym
from indexer.query.nodes import Phrase
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import STOP_WORDS, Analyzer

MIN_SPLIT: Final = 4  # letters of a word without digits whose parts are looked for, on each side MIN_PART
MIN_PART: Final = 3
MAX_PARTS: Final = 4
MAX_SPLITS: Final = 12  # splits of one word that are looked up as phrases
MAX_JOINED: Final = 3  # words
MIN_JOINED: Final = 4  # characters
RARE: Final = 3  # documents, at most, of a known word that is also searched in parts
MIN_COUNT_RATIO: Final = 10  # of the documents with the parts to those with the word

_RUN: Final = re.compile(r"[^\W\d_]+|[0-9]+")


def compound_synonyms(words: tuple[str, ...], statistics: TermStatistics, analyzer: Analyzer) -> Iterator[Synonym]:
    """The other ways in which documents write the compound that these folded words are."""
    if len(words) == 1:
        yield from _split(words[0], statistics, analyzer)
    elif len(words) <= MAX_JOINED:
        joined = "".join(words)
        has_digit = not joined.isalpha()
        if len(joined) >= MIN_JOINED and (has_digit or min(map(len, words)) > 1) and statistics.has_word(joined):
            yield Synonym(joined, (analyzer.term(joined),), "spelling")


def _split(word: str, statistics: TermStatistics, analyzer: Analyzer) -> Iterator[Synonym]:
    frequency = statistics.frequency(None, analyzer.term(word)) if statistics.has_word(word) else 0
    if frequency > RARE:
        return
    counts: dict[tuple[str, ...], int] = {}
    for parts in _partitions(word, statistics):
        terms = tuple(analyzer.term(part) for part in parts if part not in STOP_WORDS)
        if len(parts) > 1 and len(terms) > 1 and (count := statistics.count(Phrase(terms))):
            counts[parts] = count
        if len(counts) == MAX_SPLITS:
            break
    best = max(counts, key=lambda parts: (counts[parts], -len(parts)), default=None)
    if best is not None and counts[best] >= MIN_COUNT_RATIO * frequency:
        yield Synonym(" ".join(best), tuple(analyzer.term(part) for part in best if part not in STOP_WORDS), "spelling")


def _partitions(word: str, statistics: TermStatistics) -> Iterator[tuple[str, ...]]:
    """The ways to part the word into words of the library, at most MAX_PARTS."""
    runs = _RUN.findall(word)
    if "".join(runs) != word or len(runs) > MAX_PARTS:
        return
    choices: list[tuple[str, ...]] = [()]
    for run in runs:
        min_part = MIN_PART if len(runs) == 1 else 2
        ways: list[tuple[str, ...]] = [(run,)] if statistics.has_word(run) else []
        if run.isalpha() and len(run) >= MIN_SPLIT:
            halves = ((run[:at], run[at:]) for at in range(min_part, len(run) - min_part + 1))
            ways += [pair for pair in halves if all(map(statistics.has_word, pair))]
        choices = [(*before, *way) for before in choices for way in ways]
    yield from (parts for parts in choices if 1 < len(parts) <= MAX_PARTS)
