"""Condition Search: raw condition articles to a searchable library.

from indexer import Page, open_library, parse_article

library = open_library("var/index")
library.sync(["corpus/"])
results = library.search("autoimmune bone inflammation", filters={"site": ["hand"]}, page=Page(limit=10))

Its packages and modules, from the lowest to the highest; each imports only from those before it:

settings     environment variables to where things are
errors       what can go wrong, each with what fixes it
caching      caches bounded in bytes or in number
budget       a request to the work that may still be done for it
disk         durable file operations
printable    text from elsewhere to text that is safe to print
user_files   files that a user names to their text, or what is wrong with them in one line
text         text to tokens
knowledge    codes, body sites and synonyms, as data and the code that looks them up
articles     raw files to articles
classification  an article to its code, condition, body sites and side, with evidence
documents    an article with knowledge to the document that is indexed
query        typed words to what an engine evaluates
results      matches from an engine, and hits as they are shown
encoding     results and documents to JSON
json_fields  the fields that several JSON objects have
suggestions  beginnings and misspelled names to names
engine       the protocol that every engine follows
engines      a location to the engine that stores documents there
search       a request to results, over any engine
sync         sources to an index that agrees with them
evaluation   queries and judgments to measures of relevance
library      a location to all of the above
code_details  a code to what the table and the library say of it
editing      what those need who look after a library
cli          the `conditions` command
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
