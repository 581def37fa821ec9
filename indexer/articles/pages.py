"""Raw articles to pages: the one table of raw kinds, with the cap on length."""

from collections.abc import Callable
from typing import Final

from indexer.articles.blocks import Page, markdown_page, plain_page
from indexer.articles.cleaning import html_page
from indexer.articles.model import RawArticle, RawKind

MAX_TEXT: Final = 2_000_000  # code points; an article of 400 words has 2,500

_PAGES: Final[dict[RawKind, Callable[[str], Page]]] = {"text": plain_page, "markdown": markdown_page, "html": html_page}


def page_of(raw: RawArticle) -> Page:
    """The blocks of a raw article, of which no more than MAX_TEXT code points are read."""
    return _PAGES[raw.kind](raw.text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
