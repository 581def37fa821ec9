"""Raw articles to pages: the one table of raw kinds, with the characters and the length that reading bears."""

import re
from collections.abc import Callable
from typing import Final

from indexer.articles.blocks import Page, markdown_page, plain_page
from indexer.articles.cleaning import html_page
from indexer.articles.model import RawArticle, RawKind

# Code points that are read of a raw article: one of 400 words has 2,500, a page around it may have a million.
MAX_TEXT: Final[dict[RawKind, int]] = {"text": 400_000, "markdown": 400_000, "html": 2_000_000}

_PAGES: Final[dict[RawKind, Callable[[str], Page]]] = {"text": plain_page, "markdown": markdown_page, "html": html_page}
_ODD: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufeff\ufff9-\uffff]"
)
_BREAKS: Final = frozenset("\x0b\x0c\r\x85\u2028\u2029")
_GARBLED: Final = re.compile("[\ud800-\udfff\ufffd]")


def page_of(raw: RawArticle) -> Page:
    """The blocks of a raw article, of which no more than MAX_TEXT code points are read."""
    text = raw.text[: MAX_TEXT[raw.kind]]
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _PAGES[raw.kind](_ODD.sub(_even, text))


def is_garbled(text: str) -> bool:
    """Whether a text has characters that stand for bytes nobody could read."""
    return not text.isascii() and _GARBLED.search(text) is not None


def _even(odd: re.Match[str]) -> str:
    character = odd[0]
    if character in _BREAKS:
        return "\n"
    return "\ufffd" if _GARBLED.match(character) else " " if character < " " else ""
