"""Requests to JSON: the same searches as the pages, for programs."""

from typing import Final

import msgspec
from flask import Blueprint, Response, abort
from msgspec import UNSET

from indexer.encoding import encode_completion, encode_document, encode_results
from webapp import codes, request_context
from webapp.editors.api_description import with_editing
from webapp.http_cache import cached_response, conditional
from webapp.links import absolute_url, name_url
from webapp.openapi import Schema, SuggestionJson, SuggestionsJson, description

api = Blueprint("api", __name__, url_prefix="/api/v1")

MAX_SUGGESTIONS: Final = 8


@api.get("/search")
@conditional
@cached_response
def search() -> Response:
    """A page of results with facets."""
    params = request_context.search_params()
    return _json(encode_results(request_context.search(params), explain=params.explain))


@api.get("/articles/<id:id>")
@conditional
def article(id: str) -> Response:
    """One article as it is stored, with related conditions."""
    document = request_context.library().get(id) or abort(404)
    return _json(encode_document(document, request_context.library().related(id)))


@api.get("/suggest")
@conditional
def suggest() -> Response:
    """Names that the typed text may become, each with the page that it leads to."""
    typed = request_context.search_params().q
    return _json(SuggestionsJson(query=typed, suggestions=suggestions(typed)))


def suggestions(typed: str) -> tuple[SuggestionJson, ...]:
    """What the search box suggests while this is typed."""
    completions = request_context.library().complete(typed, MAX_SUGGESTIONS)
    return tuple(
        SuggestionJson(
            url=name_url(each.name),
            title=codes.title_of_name(each.name) or UNSET,
            **msgspec.structs.asdict(encode_completion(each)),
        )
        for each in codes.with_codes(typed, completions, MAX_SUGGESTIONS)
    )


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    return _json(whole_description())


def whole_description() -> Schema:
    """The description of all that programs can ask of this site."""
    return with_editing(description(absolute_url("home.page")))


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), mimetype="application/json")
