"""Condition Search: raw condition articles to a searchable library.

from indexer import Page, open_library, parse_article

library = open_library("var/index")
library.sync(["corpus/"])
results = library.search("autoimmune bone inflammation", filters={"site": ["hand"]}, page=Page(limit=10))
"""

from typing import TYPE_CHECKING

from indexer.library import Library, open_library
from indexer.query.request import Page

if TYPE_CHECKING:
    from indexer.articles.reader import parse_article

__all__ = ["Library", "Page", "open_library", "parse_article"]


def __getattr__(name: str) -> object:
    """`parse_article`, whose cues and patterns a search process does without."""
    if name != "parse_article":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from indexer.articles.reader import parse_article

    return parse_article
