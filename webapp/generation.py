"""The newest generation to a page that is open: a script asks for it, and says when the library has changed."""

from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from indexer.encoding import JsonObject
from indexer.errors import ConditionSearchError
from webapp import request_context
from webapp.http_cache import conditional

generation = Blueprint("generation", __name__)


class GenerationJson(JsonObject, frozen=True):
    """The generation of the index that is searched; it changes with every change of the library."""

    generation: Annotated[str, Meta(description="Name of the generation.", examples=["42-9f86d081"])]


@generation.get("/api/v1/generation")
@conditional
def current() -> Response:
    """The newest generation."""
    return Response(msgspec.json.encode(GenerationJson(request_context.generation())), mimetype="application/json")


@generation.app_template_global()
def generation_shown() -> str:
    """The generation that a page is made from; "" where there is none."""
    try:
        return request_context.generation()
    except ConditionSearchError:
        return ""
