"""A document to the documents on its condition: at other sites, of other sides, of another stage."""

from indexer.documents import Document
from indexer.engine import Searcher
from indexer.query.nodes import Boost, Node, One, Or, Should, Term
from indexer.query.query import Query
from indexer.query.request import Page


def siblings(document: Document, searcher: Searcher, limit: int) -> tuple[int, tuple[Document, ...]]:
    """How many there are, the document itself too, and at most `limit` of them: those nearest to it, itself first."""
    condition = Term(document.condition_key, "condition")
    near: list[Node] = [Boost(One(document.id), 8.0)]
    near += [Term(site, "own_site") for site in document.sites]
    near += [Boost(Term(document.side, "side"), 0.5)] if document.side else []
    root = Should(Boost(condition, 0.0), Or(tuple(near)))
    matches = searcher.search(Query("", root=root), Page(limit=limit), counts=False)
    return matches.total, tuple(match.document for match in matches.page)
