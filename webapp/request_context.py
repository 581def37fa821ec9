"""The running application to its library, and what was asked to its answer."""

from flask import current_app, request

from indexer.library import Library
from indexer.results import Results
from webapp.search_params import Asked


def library() -> Library:
    """The library that this application shows."""
    held: Library = current_app.extensions["library"]
    return held


def asked() -> Asked:
    """The search in the URL of this request. Raises QueryRejected."""
    return Asked.read(request.args)


def answer(asked: Asked) -> Results:
    """The page of results that was asked for."""
    return library().answer(asked.request())
