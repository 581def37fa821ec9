"""The numbers of one generation that a search needs, from its tally; what a tally cannot say is asked once."""

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.caching import ENTRY_BYTES, BoundedCache, deep_size
from indexer.documents import KEYWORD_FIELD_NAMES, LENGTH_FIELDS, TEXT_FIELD_NAMES
from indexer.engines.opensearch.mapping import keyword, term_hash
from indexer.engines.opensearch.tally import ANY, NUMBERS, SEPARATOR, TITLES, TOTALS, WORDS, Tally
from indexer.engines.opensearch.title_bags import TitleBags
from indexer.query.nodes import Prefix

MAX_COUNTS: Final = 2_000  # beginnings of words that the server was asked for
MAX_SHARES_BYTES: Final = 32 << 20  # of titles that have some terms


class GenerationStatistics:
    """The numbers of a generation; safe in any thread.

    `count` asks the server how many documents match a leaf.
    """

    def __init__(self, tally: Tally, count: Callable[[Prefix], int]) -> None:
        self.tally: Final = tally
        self._count = count
        self._counts = BoundedCache[Prefix, int](MAX_COUNTS, lambda leaf, count: 1)
        self._shares = BoundedCache[tuple[str, ...], tuple[NDArray[np.int64], NDArray[np.float64]]](
            MAX_SHARES_BYTES, lambda terms, shares: ENTRY_BYTES + deep_size(terms) + shares[0].nbytes + shares[1].nbytes
        )

    @property
    def document_count(self) -> int:
        """The number of documents."""
        return self.tally.documents

    def idf(self, doc_frequency: int) -> float:
        """See `LeafStatistics`."""
        return math.log(1 + (self.document_count - doc_frequency + 0.5) / (doc_frequency + 0.5))

    def frequency(self, field: str | None, term: str) -> int:
        """See `LeafStatistics`."""
        if field is None:
            return self.tally.get(ANY, term)
        if field in KEYWORD_FIELD_NAMES:
            return self.tally.get(field, keyword(term))
        return self.tally.get(field, term) if field in TEXT_FIELD_NAMES else 0

    def mean_length(self, field: str) -> float:
        """See `LeafStatistics`."""
        total = sum(self.tally.get(TOTALS, each) for each in LENGTH_FIELDS[field])
        return total / self.document_count if self.document_count else 0.0

    @property
    def condition_numbers(self) -> int:
        """The greatest number of a condition."""
        return len(self.tally.section(NUMBERS))

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self.tally.section(WORDS))  # no character of a word is below SEPARATOR

    @cached_property
    def _terms(self) -> dict[str, str]:
        return dict(entry.split(SEPARATOR) for entry in self.tally.section(WORDS))

    @cached_property
    def _words_by_term(self) -> dict[str, list[str]]:
        by_term: dict[str, list[str]] = {}
        for entry in self._words:
            word, term = entry.split(SEPARATOR)
            by_term.setdefault(term, []).append(word)
        return by_term

    def words(self, prefix: str) -> Iterator[tuple[str, str, int]]:
        """See `indexer.engine.Searcher`."""
        entries, counts = self._words, self.tally.section(WORDS)
        for row in range(bisect_left(entries, prefix), len(entries)):
            if not entries[row].startswith(prefix):
                return
            word, term = entries[row].split(SEPARATOR)
            yield word, term, counts[entries[row]]

    def term_of(self, word: str) -> str | None:
        """See `indexer.engine.Searcher`."""
        return self._terms.get(word)

    def words_of(self, term: str) -> tuple[str, ...]:
        """See `indexer.engine.Searcher`."""
        return tuple(self._words_by_term.get(term, ()))

    def terms_of_words(self, prefix: str) -> tuple[str, ...]:
        """See `LeafStatistics`."""
        return tuple(sorted({term for _, term, _ in self.words(prefix)}))

    def matching(self, leaf: Prefix) -> int:
        """See `LeafStatistics`."""
        return self._counts.get_or_compute(leaf, lambda: self._count(leaf))

    def field_terms(self, field: str) -> Collection[str]:
        """See `LeafStatistics`."""
        return self.tally.section(field)

    @cached_property
    def _bags(self) -> TitleBags:
        idf = {term: self.idf(count) for term, count in self.tally.section("title").items()}
        return TitleBags(self.tally.section(TITLES), idf)

    def title_shares(self, terms: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """See `LeafStatistics`."""
        return self._shares.get_or_compute(terms, lambda: self._bags.shares(terms))

    def title_sums(self, hashes: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of the idf of the terms of each title, by its hash; 1 for a title of no terms."""
        return self._bags.sums(hashes)

    def idf_by_hash(self, field: str) -> Mapping[int, float]:
        """The idf of each term of a text field, by its hash; of several terms of one hash, of one."""
        return {term_hash(term): self.idf(count) for term, count in self.tally.section(field).items()}
