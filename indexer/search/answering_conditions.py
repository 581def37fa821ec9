"""A text that no name begins with to the conditions that a quick search for it finds: "collarbone pain", a sentence."""

from typing import Final

from indexer.budget import WorkLimit
from indexer.engine import Searcher
from indexer.errors import RequestTooCostly
from indexer.query.request import Page, SearchRequest
from indexer.results import Completion, Name
from indexer.search.query_knowledge import Knowledge
from indexer.search.search import rank
from indexer.suggestions.completer import Completer

MIN_WORDS: Final = 2
MIN_LENGTH: Final = 8  # letters
MAX_LENGTH: Final = 200  # code points that are searched
WORK_LIMIT: Final = WorkLimit(postings=10_000_000, seconds=0.5)  # who types has gone on by then
MIN_SHARE: Final = 0.4  # of the best score; what has less shares a common word with the text


def answering_conditions(
    typed: str, limit: int, searcher: Searcher, knowledge: Knowledge, completer: Completer
) -> tuple[Completion, ...]:
    """At most `limit` conditions: the one by whose name the text begins, then the best. None for a single word.

    Of what a search finds no part is marked as typed.
    """
    if len(typed.split()) < MIN_WORDS or len(typed.strip()) < MIN_LENGTH:
        return ()
    request = SearchRequest(typed[:MAX_LENGTH], page=Page(limit=limit, collapse=True), limit=WORK_LIMIT)
    try:
        matches = rank(request, searcher, knowledge)
    except RequestTooCostly:
        matches = ()
    least = MIN_SHARE * max((match.group_score for match in matches), default=0.0)
    named = completer.begun_with(typed)
    taken = {each.name.value for each in named}
    documents = ((match.document, match.group_size) for match in matches if match.group_score >= least)
    found = (
        Completion(Name("condition", document.condition, document.condition_key, size), ())
        for document, size in documents
        if document.condition_key not in taken
    )
    return (*named, *found)[:limit]
