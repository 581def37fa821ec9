"""Raw articles in memory between looking at files and indexing, so that most syncs open each file once.

The raw text of a large library does not fit in memory, and a copy of it on disk costs as much as opening its files
again. So the articles with the lowest content digests stay, at most HELD_BYTES of them: the sample for repeated
sentences consists of these. A library with less text is read once; of a larger one, what is not held is read again when
it is indexed.
"""

import sys
from heapq import heappop, heappush
from typing import Final

from indexer.articles.model import RawArticle

HELD_BYTES: Final = 64_000_000  # of text, as Python stores it: 13,000 articles of 800 words

_Key = tuple[str, str]  # source and content digest


class HeldArticles:
    """Holds the raw articles with the lowest content digests."""

    def __init__(self) -> None:
        self._articles: dict[_Key, RawArticle] = {}
        self._highest: list[tuple[int, _Key]] = []  # a heap of negative digests: the highest comes first
        self._bytes = 0

    def get(self, source: str, content_digest: str) -> RawArticle | None:
        """The article whose bytes have the content_digest; None where it is not held."""
        return self._articles.get((source, content_digest))

    def add(self, raw: RawArticle, content_digest: str) -> None:
        """Holds the article if it is among the lowest, and lets go of others; `content_digest` is hexadecimal."""
        key = raw.source, content_digest
        if key in self._articles:
            return
        self._articles[key] = raw
        heappush(self._highest, (-int(content_digest, 16), key))
        self._bytes += sys.getsizeof(raw.text)
        while self._bytes > HELD_BYTES:
            _, key = heappop(self._highest)
            self._bytes -= sys.getsizeof(self._articles.pop(key).text)
