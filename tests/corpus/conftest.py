"""The articles of corpus/, read once for all that is asked of them."""

import pytest

from indexer import Library
from tests.corpus.articles import CorpusArticle, read_corpus


@pytest.fixture(scope="session")
def corpus(corpus_library: Library) -> tuple[CorpusArticle, ...]:
    return read_corpus(corpus_library)
