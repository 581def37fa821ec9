"""The writing API to its part of the description of the API."""

from typing import Final

from indexer.articles.article_id import ID_PATTERN
from webapp.editors.writing_api import KINDS_OF_MEDIA
from webapp.openapi import NOT_MODIFIED, Schema, answer, problems

_SECURITY: Final[list[Schema]] = [{"token": []}]
SECURITY_SCHEMES: Final[Schema] = {
    "token": {"type": "http", "scheme": "bearer", "description": "CONDITIONS_TOKEN of the site; none on its machine."}
}
_ID: Final[Schema] = {
    "name": "id",
    "in": "path",
    "description": "Id of the article: its path below the corpus without a suffix. Each part is a name of a file.",
    "schema": {"type": "string", "pattern": ID_PATTERN},
    "example": "gout/left-knee",
    "required": True,
}
_IF_MATCH: Final[Schema] = {
    "name": "If-Match",
    "in": "header",
    "description": "ETag of the raw text that is to be replaced; `*` for any.",
    "schema": {"type": "string"},
    "example": '"75447fb0ca98b6e423b46310d5383830"',
}
_IF_NONE_MATCH: Final[Schema] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "`*`: only if there is no such article yet.",
    "schema": {"type": "string"},
    "example": "*",
}
_PROBLEMS: Final = {
    400: "An id or a text that no article can have.",
    401: "The token is missing or wrong.",
    403: "Editing is not switched on for other machines, or another site sent the request.",
    404: "There is no such article.",
    405: "The path does not take this method; `Allow` says which.",
    409: "The article is held in a file that cannot be changed so; `detail` names it.",
    412: "The raw text is not the one that If-Match or If-None-Match asks for.",
    413: "The text is larger than 2 MB, or Content-Length is missing.",
    414: "The address is too long.",
    415: "The media type is no kind of article.",
    429: "Too many wrong tokens.",
    503: "The index is damaged or from another version.",
}


def with_editing(description: Schema) -> Schema:
    """The description of the API with the operations of editors, and what they show to be let in."""
    paths: dict[str, Schema] = description["paths"]
    for path, operations in _paths().items():
        paths[path] = paths.get(path, {}) | operations
    return description | {"components": description["components"] | {"securitySchemes": SECURITY_SCHEMES}}


def _paths() -> dict[str, dict[str, Schema]]:
    changed = {
        "200": answer("The change is live.", "Change"),
        "202": answer("The change is in the corpus; the index follows.", "Change"),
    }
    created = {"201": answer("The article is new, and live.", "Change")}
    body = {
        media: {"schema": {"type": "string", "pattern": r"\S"}, "example": "Gout\n\nGout hurts."}
        for media in KINDS_OF_MEDIA
    }
    text = {"description": "The raw text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {
        "/api/v1/articles/{id}": {
            "put": {
                "operationId": "putArticle",
                "summary": "Write the raw text of an article; the index follows.",
                "security": _SECURITY,
                "parameters": [_ID, _IF_MATCH, _IF_NONE_MATCH],
                "requestBody": {"required": True, "content": body},
                "responses": {**changed, **created, **problems(_PROBLEMS, _PROBLEMS)},
            },
            "delete": {
                "operationId": "deleteArticle",
                "summary": "Delete the raw text of an article; the index follows.",
                "security": _SECURITY,
                "parameters": [_ID, _IF_MATCH],
                "responses": {**changed, **problems(_PROBLEMS, set(_PROBLEMS) - {415})},
            },
        },
        "/api/v1/raw/{id}": {
            "get": {
                "operationId": "rawArticle",
                "summary": "The raw text of an article as the corpus has it; its ETag is what If-Match takes.",
                "security": _SECURITY,
                "parameters": [_ID],
                "responses": {
                    "200": text,
                    "304": NOT_MODIFIED,
                    **problems(_PROBLEMS, (400, 401, 403, 404, 405, 409, 413, 414, 429, 503)),
                },
            }
        },
    }
