"""What was asked to JSON: the same searches as the pages, for programs."""

import json
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, abort, url_for

from indexer.encoding import Json, encode_completion, encode_document, encode_results
from webapp import links, request_context
from webapp.openapi import description
from webapp.security import unless_known, unless_made

api = Blueprint("api", __name__, url_prefix="/api/v1")

SUGGESTIONS: Final = 8


@api.get("/search")
@unless_known
@unless_made
def search() -> Response:
    """A page of results with facets."""
    asked = request_context.asked()
    return _json(encode_results(request_context.answer(asked), explain=asked.explain))


@api.get("/articles/<id:id>")
@unless_known
def article(id: str) -> Response:
    """One article as it is stored, with related conditions."""
    document = request_context.library().get(id) or abort(404)
    return _json(encode_document(document, request_context.library().related(id)))


@api.get("/suggest")
@unless_known
def suggest() -> Response:
    """Names that the typed text may become, each with the page that it leads to."""
    typed = request_context.asked().q
    completions = request_context.library().complete(typed, SUGGESTIONS)
    return _json(
        {
            "query": typed,
            "suggestions": [encode_completion(each) | {"url": links.name_url(each.name)} for each in completions],
        }
    )


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    return _json(description(url_for("pages.home")))


def _json(value: Mapping[str, Json]) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
