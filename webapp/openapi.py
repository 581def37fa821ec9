"""The API's description, OpenAPI 3.1, from the types of its answers and the table of its parameters."""

import json
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from indexer.encoding import ArticleJson, CompletionJson, JsonObject, ResultsJson
from webapp.code_details import CodeDetailsJson
from webapp.editors.writing_api import ChangeJson
from webapp.errors import ProblemJson
from webapp.generation import GenerationJson
from webapp.search_params import DEFAULTS, PARAMETERS

Schema: TypeAlias = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{name}"


class SuggestionJson(CompletionJson, frozen=True):
    """A name that the typed text may become, and the page that it leads to."""

    url: Annotated[str, Meta(description="The page that it leads to.")]
    title: Annotated[str, Meta(description="Only of a code: what it means.")] | UnsetType = UNSET


class SuggestionsJson(JsonObject, frozen=True):
    """Names that the typed text may become."""

    query: str
    suggestions: tuple[SuggestionJson, ...]


def _schemas(*types: type[JsonObject]) -> dict[str, Schema]:
    """The schemas of the types and of all that they hold, by the name of the type without its ending."""
    _, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    named: dict[str, Schema] = json.loads(json.dumps(components).replace('Json"', '"'))
    return named


SCHEMAS: Final = _schemas(
    ResultsJson, ArticleJson, CodeDetailsJson, SuggestionsJson, ChangeJson, GenerationJson, ProblemJson
)


def _query_parameter(name: str, default: object) -> Schema:
    parameter = PARAMETERS[name]
    description = parameter.description
    schema: Schema
    values: Schema = {"enum": list(parameter.named_values())} if parameter.named_values() else {"type": "string"}
    match default:
        case tuple():
            schema = {"type": "array", "items": values}
            description += " Repeatable: any of them."
        case bool():
            schema = {"enum": ["0", "1"], "default": str(int(default))}
        case int():
            maximum = {"maximum": parameter.maximum} if parameter.maximum else {}
            schema = {"type": "integer", "minimum": 1, **maximum, "default": default}
        case _:
            schema = values | ({"default": default} if default else {})
    style = {"style": "form", "explode": True} if isinstance(default, tuple) else {}
    return {"name": name, "in": "query", "description": description, "schema": schema, **style}


SEARCH_PARAMETERS: Final = tuple(_query_parameter(name, default) for name, default in DEFAULTS)
ID_PARAMETER: Final[Schema] = {
    "name": "id",
    "in": "path",
    "description": "Id of the article; slashes stand as they are.",
    "schema": {"type": "string"},
    "required": True,
}
CODE_PARAMETER: Final[Schema] = {
    "name": "code",
    "in": "path",
    "description": "Code, block (M86-M90) or chapter (13) of ICD-10-CM; in any case, with or without the dot.",
    "schema": {"type": "string"},
    "example": "M86.352",
    "required": True,
}
PROBLEMS: Final = {
    400: "A parameter has a value that cannot be; `detail` says what would be right.",
    404: "There is none such; of a code, `detail` names the nearest.",
    414: "The address is too long.",
    503: "The index is missing, damaged, or just being made.",
}


def description(root: str) -> Schema:
    """The whole document; `root` is the path below which the site stands."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Condition Search",
            "version": "1",
            "description": "Searches a library of articles about medical conditions. Not medical advice.",
        },
        "servers": [{"url": root}],
        "paths": {
            "/api/v1/search": _get("search", "Results", SEARCH_PARAMETERS, (400, 414, 503)),
            "/api/v1/articles/{id}": _get("article", "Article", (ID_PARAMETER,), (404, 503)),
            "/api/v1/codes/{code}": _get("code", "CodeDetails", (CODE_PARAMETER,), (404, 503)),
            "/api/v1/suggest": _get("suggest", "Suggestions", SEARCH_PARAMETERS[:1], (414, 503)),
        },
        "components": {"schemas": SCHEMAS},
    }


def _get(name: str, schema: str, parameters: tuple[Schema, ...], problems: tuple[int, ...]) -> Schema:
    def answer(text: str, media: str, shape: str) -> Schema:
        return {"description": text, "content": {media: {"schema": {"$ref": REFERENCE.format(name=shape)}}}}

    summary = SCHEMAS[schema]["description"]
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": answer(summary, "application/json", schema),
                **{str(each): answer(PROBLEMS[each], "application/problem+json", "Problem") for each in problems},
            },
        }
    }
