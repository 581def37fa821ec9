"""The running application to its library, and the current request to its search."""

from dataclasses import replace

from flask import current_app, g, request

from indexer.editing.unanswered import UnansweredQueries
from indexer.knowledge.emergency_numbers import EmergencyNumber
from indexer.library import Library
from indexer.query.request import FILTER_FIELDS, SearchRequest
from indexer.results import Results
from indexer.search.cost import estimate_cost, least_cost
from webapp import admission
from webapp.search_params import SearchParams


def library() -> Library:
    """The library that this application shows."""
    opened: Library = current_app.extensions["library"]
    return opened


def generation() -> str:
    """The newest generation of the library's index, as this request has it: it is named in several places."""
    if "generation" not in g:
        with library().searcher() as searcher:
            g.generation = searcher.generation
    return str(g.generation)


def search_params() -> SearchParams:
    """The search in the URL of this request. Raises QueryRejected."""
    return SearchParams.from_args(request.args)


def emergency_number() -> EmergencyNumber:
    """Whom a notice tells the reader of this request to call."""
    return library().emergency_numbers.of(_languages())


def search(params: SearchParams) -> Results:
    """The page of results that the parameters ask for. Raises SiteBusy, RequestTooCostly."""
    results = answer(params)
    if not results.total and not any(map(params.values, FILTER_FIELDS)) and params.page == 1:
        unanswered: UnansweredQueries = current_app.extensions["unanswered"]
        if unanswered.is_counted:
            unanswered.count(params.q)
            g.is_cacheable = False  # so that the response cache does not answer the next one
    return results


def answer(params: SearchParams) -> Results:
    """The same for a page on something else, where nobody looks for what is not there. Raises as `search` does."""
    results = library().answer(admitted(params))
    if not results.is_complete:
        g.is_cacheable = False  # another time there may be more
    return results


def admitted(params: SearchParams) -> SearchRequest:
    """What the library is asked, once it is this request's turn to do that much. Raises SiteBusy."""
    asked = replace(params.request(), languages=_languages(), limit=admission.WORK_LIMIT)
    if (cost := least_cost(asked)) < admission.COSTLY:
        with library().searcher() as searcher:
            cost = estimate_cost(asked, searcher, library().analyzer)
    admission.admit(cost)
    return asked


def _languages() -> tuple[str, ...]:
    """The locales that the reader's browser asks for, the most preferred first."""
    return tuple(request.accept_languages.values())
