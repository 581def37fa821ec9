"""What was asked to JSON: the same searches as the pages, for programs."""

import json
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, abort, url_for

from indexer.encoding import Json, encode_completion, encode_document, encode_results
from indexer.results import Completion, NameKind
from webapp import current, links
from webapp.guards import unless_known
from webapp.openapi import description
from webapp.parameters import Asked

api = Blueprint("api", __name__, url_prefix="/api/v1")

SUGGESTIONS: Final = 8
# The filter whose values a kind of name is; a name that an article gives itself leads to the article's condition.
_FILTER_OF: Final[Mapping[NameKind, str]] = {
    "condition": "condition",
    "name": "condition",
    "code": "code",
    "site": "site",
}


@api.get("/search")
@unless_known
def search() -> Response:
    """A page of results with facets."""
    return _json(encode_results(current.answer(current.asked())))


@api.get("/articles/<id:id>")
@unless_known
def article(id: str) -> Response:
    """One article as it is stored, with related conditions."""
    document = current.library().get(id) or abort(404)
    return _json(encode_document(document, current.library().related(id)))


@api.get("/suggest")
@unless_known
def suggest() -> Response:
    """Names that the typed text may become, each with the page that it leads to."""
    typed = current.asked().q
    completions = current.library().complete(typed, SUGGESTIONS)
    return _json(
        {"query": typed, "suggestions": [encode_completion(each) | {"url": _leads_to(each)} for each in completions]}
    )


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    return _json(description(url_for("pages.home")))


def _leads_to(completion: Completion) -> str:
    name = _FILTER_OF[completion.name.kind]
    if name == "condition":
        return url_for("pages.condition", condition=completion.name.value)
    return links.search_url(url_for("pages.search"), Asked(filters=((name, (completion.name.value,)),)))


def _json(value: Mapping[str, Json]) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
