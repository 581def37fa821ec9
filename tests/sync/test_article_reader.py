"""What decides that an article must be read again."""

from collections.abc import Iterator

import pytest

from indexer.articles.model import RawArticle
from indexer.sync import article_reader
from indexer.sync.article_reader import ArticleReader

RAW = RawArticle("gout", "gout.txt", "text", "Gout is a painful arthritis.", digest="a")


def forget_digests() -> None:
    article_reader._reader_digest.cache_clear()
    article_reader._data_digest.cache_clear()


@pytest.fixture(autouse=True)
def cached_digests_are_forgotten() -> Iterator[None]:
    yield
    forget_digests()


def test_a_document_has_the_digest_that_was_compared() -> None:
    assert ArticleReader().read(RAW).digest == ArticleReader().digest("a")


def test_the_digest_depends_on_the_article_and_on_the_repeated_sentences() -> None:
    digests = {ArticleReader().digest("a"), ArticleReader().digest("b"), ArticleReader(frozenset({"x"})).digest("a")}
    assert len(digests) == 3


def test_it_depends_on_the_version_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ArticleReader().digest("a")
    monkeypatch.setattr(article_reader, "READER_VERSION", "another")
    forget_digests()
    assert ArticleReader().digest("a") != before


def test_it_depends_on_the_data_that_reading_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ArticleReader().digest("a")
    monkeypatch.setattr(article_reader, "DATA_SUFFIXES", (".toml",))
    forget_digests()
    assert ArticleReader().digest("a") != before
