"""The running application to its library, and the current request to its search."""

from flask import current_app, request

from indexer.library import Library
from indexer.results import Results
from webapp.search_params import SearchParams


def library() -> Library:
    """The library that this application shows."""
    opened: Library = current_app.extensions["library"]
    return opened


def generation() -> str:
    """The newest generation of the library's index."""
    with library().searcher() as searcher:
        return searcher.generation


def search_params() -> SearchParams:
    """The search in the URL of this request. Raises QueryRejected."""
    return SearchParams.from_args(request.args)


def search(params: SearchParams) -> Results:
    """The page of results that the parameters ask for."""
    return library().answer(params.request())
