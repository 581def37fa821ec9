import math

import pytest

from indexer.engine import Searcher
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency


def test_idf_falls_with_the_frequency() -> None:
    assert inverse_document_frequency(10, 0) == 0.0
    assert inverse_document_frequency(10, 1) == pytest.approx(math.log(1 + 9.5 / 1.5))
    falling = [inverse_document_frequency(10, frequency) for frequency in (1, 5, 10)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] > 0


def test_statistics_are_those_of_the_snapshot(searcher: Searcher) -> None:
    statistics = TermStatistics(searcher)
    assert statistics.document_count == searcher.document_count
    for _ in range(2):
        assert statistics.frequency(None, "urat") == searcher.frequency(None, "urat") == 2
    assert statistics.idf("urat") == inverse_document_frequency(searcher.document_count, 2)
    assert "urate" in statistics.words_of("urat")
