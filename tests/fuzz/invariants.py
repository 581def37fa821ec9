"""Bytes to an article, and what must be true of it: nothing is raised, every sentence lies in one section."""

from collections import Counter

from indexer.articles.model import SECTION_KINDS, Article, RawArticle, RawKind
from indexer.articles.reader import read_article
from indexer.documents import field_tokens, to_document

KINDS: tuple[RawKind, ...] = ("text", "markdown", "html")


def read_bytes(received: bytes) -> Article:
    """The article of these bytes; the first one chooses the kind of text."""
    kind = KINDS[received[0] % len(KINDS)] if received else "text"
    text = received[1:].decode("utf-8", "replace")
    return read_article(RawArticle("fuzzed", "fuzzed.txt", kind, text))


def check(received: bytes) -> None:
    """Read the bytes, index what was read, and assert what must hold."""
    article = read_bytes(received)
    for section in article.sections:
        assert section.kind in SECTION_KINDS
        assert section.text == section.text.strip()
        assert section.text
    if received and KINDS[received[0] % len(KINDS)] == "text":
        # Nothing is kept twice: no letter stands in the article more often than it was received.
        given = Counter(received[1:].decode("utf-8", "replace"))
        kept = Counter(letter for section in article.sections for letter in section.text)
        twice = {
            letter for letter, count in kept.items() if letter.isascii() and letter.isalpha() and count > given[letter]
        }
        assert not twice, twice
    document = to_document(article)
    assert document.condition is not None
    field_tokens(document)
