"""The API's description, OpenAPI 3.1, from the types of its answers and the table of its parameters."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from indexer.code_details import CodeDetailsJson
from indexer.encoding import ArticleJson, CompletionJson, JsonObject, ResultsJson
from indexer.query.request import MAX_FILTER_VALUES
from webapp.editors.writing_api import ChangeJson
from webapp.errors import ProblemJson
from webapp.generation import GenerationJson
from webapp.search_params import DEFAULTS, PARAMETERS

Schema: TypeAlias = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{name}"


class SuggestionJson(CompletionJson, frozen=True):
    """A name that the typed text may become, and the page that it leads to."""

    url: Annotated[str, Meta(description="The page that it leads to.", examples=["/conditions/idiopathic-gout"])]
    title: (
        Annotated[str, Meta(description="Only of a code: what it means.", examples=["Idiopathic gout"])] | UnsetType
    ) = UNSET


class SuggestionsJson(JsonObject, frozen=True):
    """Names that the typed text may become."""

    query: Annotated[str, Meta(description="The text, as typed.", examples=["idiopathic g"])]
    suggestions: Annotated[tuple[SuggestionJson, ...], Meta(description="The names, most likely first.")]


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
    values: Schema = {"enum": list(parameter.accepted())} if parameter.accepted else {"type": "string"}
    described: Schema = {"name": name, "in": "query", "description": parameter.description}
    described |= {"example": parameter.example}
    if parameter.accepted or parameter.maximum:
        described |= {"allowEmptyValue": True}  # counts as not given
    match default:
        case tuple():
            schema: Schema = {"type": "array", "items": values, "maxItems": MAX_FILTER_VALUES}
            repeatable = {
                "style": "form",
                "explode": True,
                "description": f"{parameter.description} Repeatable: any of them.",
            }
            return described | repeatable | {"example": [parameter.example], "schema": schema}
        case bool():
            schema = values | {"default": str(int(default))}
        case int():
            schema = {"type": "integer", "minimum": 1, "maximum": parameter.maximum, "default": default}
        case _:
            schema = values | ({"default": default} if default else {})
    return described | {"schema": schema}


SEARCH_PARAMETERS: Final = tuple(_query_parameter(name, default) for name, default in DEFAULTS)
ID_PARAMETER: Final[Schema] = {
    "name": "id",
    "in": "path",
    "description": "Id of the article; slashes stand as they are.",
    "schema": {"type": "string"},
    "example": "cmo/right-hand",
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
    404: "There is none such; `detail` names the nearest codes, or the last page.",
    405: "The path is only read; `Allow` says how.",
    413: "The request has a body; a question is an address.",
    414: "The address is too long.",
    503: "The index is missing, damaged, or just being made.",
}
ALWAYS: Final = (405, 413, 414, 503)  # what any operation may answer
NOT_MODIFIED: Final[Schema] = {"description": "The answer is still the one whose ETag is given in `If-None-Match`."}


def answer(text: str, schema: str, media: str = "application/json") -> Schema:
    """An answer of the schema of that name, described by the text."""
    return {"description": text, "content": {media: {"schema": {"$ref": REFERENCE.format(name=schema)}}}}


def problems(texts: Mapping[int, str], statuses: Iterable[int]) -> dict[str, Schema]:
    """The answers of these statuses, each with its text."""
    return {str(each): answer(texts[each], "Problem", "application/problem+json") for each in sorted(statuses)}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can ask: where, with which parameters, what the answer is, and what else it can be."""

    path: str
    name: str
    schema: str
    parameters: tuple[Schema, ...]
    problems: tuple[int, ...]
    method: str = "get"

    @property
    def summary(self) -> str:
        """What the answer is."""
        summary: str = SCHEMAS[self.schema]["description"]
        return summary

    def responses(self) -> Schema:
        """Every status that it answers with."""
        etag = {"ETag": {"description": "Names this state of the answer.", "schema": {"type": "string"}}}
        return {
            "200": answer(self.summary, self.schema) | {"headers": etag},
            "304": NOT_MODIFIED,
            **problems(PROBLEMS, (*self.problems, *ALWAYS)),
        }


OPERATIONS: Final = (
    Operation("/api/v1/search", "search", "Results", SEARCH_PARAMETERS, (400, 404)),
    Operation("/api/v1/articles/{id}", "article", "Article", (ID_PARAMETER,), (404,)),
    Operation("/api/v1/codes/{code}", "code", "CodeDetails", (CODE_PARAMETER,), (404,)),
    Operation("/api/v1/suggest", "suggest", "Suggestions", SEARCH_PARAMETERS[:1], (400,)),
    Operation("/api/v1/generation", "generation", "Generation", (), ()),
)


def description(root: str) -> Schema:
    """The whole document; `root` is the address of the site."""
    paths: dict[str, Schema] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method] = {
            "operationId": each.name,
            "summary": each.summary,
            "parameters": list(each.parameters),
            "responses": each.responses(),
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Condition Search",
            "version": "1",
            "description": "Searches a library of articles about medical conditions. Not medical advice.",
        },
        "servers": [{"url": root.rstrip("/") or "/"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }
