"""What decides that an article must be read again."""

from collections.abc import Iterator

import pytest

from indexer.articles.model import Article, RawArticle
from indexer.articles.source import Failure
from indexer.documents import Document
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
    document = ArticleReader().read(RAW)
    assert isinstance(document, Document)
    assert document.digest == ArticleReader().digest("a")


@pytest.mark.parametrize("fault", [RecursionError("too deep"), TimeoutError("5 s"), KeyError("gout"), MemoryError()])
def test_a_fault_of_the_reader_is_the_failure_of_its_article(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object) -> Article:
        raise fault

    monkeypatch.setattr(article_reader, "read_article", raises)
    failure = ArticleReader().read(RAW)
    assert isinstance(failure, Failure)
    assert (failure.source, failure.id) == ("gout.txt", "gout")
    assert type(fault).__name__ in failure.reason


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
