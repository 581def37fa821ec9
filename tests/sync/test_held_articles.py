import pytest

from indexer.articles.model import RawArticle
from indexer.sync import held_articles
from indexer.sync.held_articles import HeldArticles


def test_the_articles_with_the_lowest_content_digests_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_articles, "HELD_BYTES", 3_000)
    held = HeldArticles()
    for content_digest in ("05", "01", "01", "ff", "03", "04"):
        held.add(RawArticle(content_digest, "/a", "text", "x" * 900), content_digest)
    kept = [content_digest for content_digest in ("01", "03", "04", "05", "ff") if held.get("/a", content_digest)]
    assert kept == ["01", "03", "04"]
    assert held.get("/b", "01") is None
