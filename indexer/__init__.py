"""Condition Search: raw condition articles to a searchable library.

from indexer import Page, open_library, parse_article

library = open_library("var/index")
library.sync(["corpus/"])
results = library.search("autoimmune bone inflammation", filters={"site": ["hand"]}, page=Page(limit=10))
"""

from indexer.articles.parser import parse_article
from indexer.library import Library, open_library
from indexer.results import Page

__all__ = ["Library", "Page", "open_library", "parse_article"]
