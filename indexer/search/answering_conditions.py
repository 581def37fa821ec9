"""A text that no name begins with to the conditions that a quick search for it finds: "collarbone pain", a sentence."""

from typing import Final

from indexer.engine import Searcher
from indexer.query.request import Page, SearchRequest
from indexer.results import Completion, Name
from indexer.search.query_knowledge import Knowledge
from indexer.search.search import rank

MIN_WORDS: Final = 2
MIN_LENGTH: Final = 8  # letters


def answering_conditions(typed: str, limit: int, searcher: Searcher, knowledge: Knowledge) -> tuple[Completion, ...]:
    """At most `limit` conditions, best first; no part of them is marked as typed. None for a single word."""
    if len(typed.split()) < MIN_WORDS or len(typed.strip()) < MIN_LENGTH:
        return ()
    matches = rank(SearchRequest(typed, page=Page(limit=limit, collapse=True)), searcher, knowledge)
    documents = ((match.document, match.group_size) for match in matches)
    return tuple(
        Completion(Name("condition", document.condition, document.condition_key, size), ())
        for document, size in documents
    )
