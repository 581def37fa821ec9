"""The numbers of one generation that a search needs, from its tally; what a tally cannot say is asked once."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final

from indexer.caching import ENTRY_BYTES, BoundedCache, deep_size
from indexer.documents import KEYWORD_FIELD_NAMES, LENGTH_FIELDS, TEXT_FIELD_NAMES
from indexer.engines.opensearch.mapping import keyword
from indexer.engines.opensearch.tally import ANY, SEPARATOR, TOTALS, WORDS, Tally
from indexer.query.nodes import Prefix

MAX_ANSWERS_BYTES: Final = 16 << 20  # of counts and vocabularies that the server was asked for
MAX_WHOLE_VOCABULARY: Final = 500  # terms of a field that are sent whole: asking for those needed costs as much


class GenerationStatistics:
    """The numbers of a generation; safe in any thread.

    `count` asks the server how many documents match a leaf, `terms_beside` for the terms of a field that stand beside
    others.
    """

    def __init__(
        self,
        tally: Tally,
        count: Callable[[Prefix], int],
        terms_beside: Callable[[tuple[str, ...], str], Sequence[str]],
    ) -> None:
        self.tally: Final = tally
        self._count = count
        self._terms_beside = terms_beside
        self._answers = BoundedCache[object, tuple[object, ...]](
            MAX_ANSWERS_BYTES, lambda key, value: 2 * ENTRY_BYTES + deep_size(value)
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
        (count,) = self._answers.get_or_compute(leaf, lambda: (self._count(leaf),))
        assert isinstance(count, int)
        return count

    def beside(self, terms: tuple[str, ...], field: str) -> Sequence[str]:
        """See `LeafStatistics`; only the title is asked about, as no plan has the coverage of another field."""
        whole = self.tally.section(field)
        if field != "title" or len(whole) <= MAX_WHOLE_VOCABULARY:
            return tuple(whole)
        found = self._answers.get_or_compute((terms, field), lambda: tuple(self._terms_beside(terms, field)))
        return [str(each) for each in found]
