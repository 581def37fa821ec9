"""PUT and DELETE of articles to changes of the corpus, which the index follows; for programs."""

from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response, abort, request, url_for
from msgspec import Meta

from indexer.articles.model import RawKind
from indexer.editing.index_updater import LiveState
from indexer.encoding import JsonObject
from webapp import admission
from webapp.editors.desk import desk, document_of, find_file

writing_api = Blueprint("writing_api", __name__, url_prefix="/api/v1")

KINDS_OF_MEDIA: Final[dict[str, RawKind]] = {"text/plain": "text", "text/html": "html", "text/markdown": "markdown"}
WAIT_S: Final = 4.0  # for a change to become live before the answer says that it is not yet


class ChangeJson(JsonObject, frozen=True):
    """What became of a change: it is in the corpus, and live once the index that is searched has it."""

    id: Annotated[str, Meta(description="Id of the article.", examples=["gout/left-knee"])]
    live: Annotated[bool, Meta(description="Whether the generation that is searched has it.", examples=[True])]
    generation: Annotated[str, Meta(description="The generation that is searched.", examples=["42-9f86d081"])]
    since: Annotated[
        str,
        Meta(
            description="Since when it is live, in UTC by ISO 8601; empty where that is not known.",
            examples=["2026-11-29T12:01:03+00:00"],
        ),
    ]
    problem: Annotated[str, Meta(description="What stands in the way of its being live; else empty.", examples=[""])]


@writing_api.before_request
def _require_editor() -> None:
    desk().access.require()
    admission.receive_body(of_stranger=False)


@writing_api.get("/raw/<id:id>")
def raw(id: str) -> Response:
    """The raw text of an article as the corpus has it; its ETag is what If-Match takes."""
    file = find_file(id) or abort(404)
    response = Response(file.raw.text, mimetype="text/plain")  # whatever it is: no browser shall show it as a page
    if file.version:
        response.set_etag(file.version)
    response.make_conditional(request)
    return response


@writing_api.put("/articles/<id:id>")
def put(id: str) -> Response:
    """Write the raw text of an article."""
    kind = KINDS_OF_MEDIA.get(request.mimetype)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if kind is None or charset not in {"utf-8", "us-ascii"} or "Content-Encoding" in request.headers:
        abort(415)
    expected = _expected_version(id)
    document = document_of(id)
    source = document.source if document else None
    file, created = desk().files.write(id, kind, request.get_data(), source=source, expected=expected)
    desk().updater.update()
    response = _answer(id, desk().wait(id, file, WAIT_S), created=created)
    response.set_etag(file.version)
    return response


@writing_api.delete("/articles/<id:id>")
def delete(id: str) -> Response:
    """Delete the raw file of an article."""
    document = document_of(id)
    expected = _expected_version(id)
    if not desk().files.delete(id, source=document.source if document else None, expected=expected):
        abort(404)
    desk().updater.update()
    return _answer(id, desk().wait(id, None, WAIT_S))


def _expected_version(id: str) -> str | None:
    """The version that the request's conditions ask for; aborts with 412 where the file has another."""
    if "If-Match" not in request.headers and not request.if_none_match:
        return None
    file = find_file(id)
    version = file.version if file else ""
    if "If-Match" in request.headers and not (version and (request.if_match.star_tag or version in request.if_match)):
        abort(412)
    if request.if_none_match.star_tag and version:
        abort(412, "There is such an article already.")
    return version


def _answer(id: str, state: LiveState, *, created: bool = False) -> Response:
    change = ChangeJson(id, state.live, state.generation, state.since, state.problem)
    status = 202 if not state.live else 201 if created else 200
    response = Response(msgspec.json.encode(change), status, mimetype="application/json")
    if created:
        response.headers["Location"] = url_for("api.article", id=id)
    return response
