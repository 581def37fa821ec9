"""The API's description, OpenAPI 3.1, from the same tables that its answers are made of."""

from typing import Any, Final, TypeAlias, get_args

from indexer.articles.model import SECTION_KINDS
from indexer.documents import FACET_FIELDS, TEXT_FIELD_NAMES
from indexer.knowledge import icd10
from indexer.query.request import MAX_LIMIT
from indexer.results import NameKind
from indexer.search.facets import SIDE_LABELS
from webapp.search_params import DEFAULT_SIZE, SORTS

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
PERHAPS: Final[Schema] = {"type": ["string", "null"]}
SIDE: Final[Schema] = {"enum": [*SIDE_LABELS, None]}
CODE_MATCH: Final[Schema] = {"enum": ["exact", "parent", "inferred", None]}


def many(schema: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": schema}


def record(perhaps: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object that has these properties and no others, always but for those of `perhaps`."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in perhaps],
        "additionalProperties": False,
    }


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


SPANS: Final = many({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}) | {
    "description": "Half-open ranges of code points."
}
_COUNTED: Final = record(value=TEXT, label=TEXT, count=COUNT)

SCHEMAS: Final[dict[str, Schema]] = {
    "Results": record(
        perhaps=("nearest",),
        query=TEXT,
        generation=TEXT | {"description": "Names the state of the index that answered."},
        total=COUNT | {"description": "Matching articles."},
        groups=COUNT | {"description": "Conditions that they are about."},
        took_ms={"type": "number"},
        notes=many(TEXT) | {"description": "Sentences for the reader, such as what was left out."},
        interpretation=many(_named("Interpretation")),
        suggestion=PERHAPS | {"description": "Words that may have been meant; they have results."},
        hits=many(_named("Hit")),
        facets=many(_named("Facet")),
        nearest=many(record(kind={"enum": list(get_args(NameKind))}, text=TEXT, value=TEXT))
        | {"description": "Names that are like the words; only where nothing has the words, whatever the filters."},
    ),
    "Interpretation": record(
        text=TEXT,
        meaning=many(TEXT),
        how={"enum": ["exact", "stem", "synonym", "abbreviation", "spelling", "code", "dropped"]},
    ),
    "Hit": record(
        perhaps=("explanation",),
        id=TEXT,
        title=TEXT,
        condition=TEXT,
        code=PERHAPS,
        code_match=CODE_MATCH,
        chapter=PERHAPS,
        sites=many(TEXT),
        side=SIDE,
        score={"type": "number"},
        flags=many(TEXT),
        missing=many(TEXT) | {"description": "Words of the query that the article does not have."},
        group=record(size=COUNT, sites=many(_COUNTED), sides=many(_COUNTED)),
        snippets=many(record(field={"enum": list(TEXT_FIELD_NAMES)}, text=TEXT, spans=SPANS)),
        explanation=many(record(label=TEXT, score={"type": "number"}))
        | {"description": "What the score is the sum of, most first; only with `explain=1`."},
    ),
    "Facet": record(field={"enum": list(FACET_FIELDS)}, buckets=many(_named("Bucket"))),
    "Bucket": record(
        value=TEXT, label=TEXT, count=COUNT, selected={"type": "boolean"}, children=many(_named("Bucket"))
    ),
    "Article": record(
        id=TEXT,
        title=TEXT,
        condition=TEXT,
        names=many(TEXT),
        code=PERHAPS,
        code_match=CODE_MATCH,
        chapter=PERHAPS,
        sites=many(TEXT),
        side=SIDE,
        sections=many(record(kind={"enum": list(SECTION_KINDS)}, heading=PERHAPS, text=TEXT, evidence=TEXT)),
        dropped=many(TEXT),
        issues=many(TEXT),
        code_title=PERHAPS,
        ancestors=many(record(code=TEXT, title=TEXT)),
        inclusion_terms=many(TEXT),
        flags=many(TEXT),
        url=PERHAPS,
        reviewed=PERHAPS,
        language=PERHAPS,
        related=many(
            record(
                condition=TEXT,
                id=TEXT | {"description": "The article on it that is most like this one."},
                title=TEXT,
                words=many(TEXT) | {"description": "Words that both dwell on, the most telling first."},
            )
        ),
    ),
    "Suggestions": record(
        query=TEXT,
        suggestions=many(
            record(
                kind={"enum": list(get_args(NameKind))},
                text=TEXT,
                value=TEXT,
                documents=COUNT,
                spans=SPANS,
                url=TEXT | {"description": "The page that it leads to."},
            )
        ),
    ),
    "Problem": record(type=TEXT, status={"type": "integer"}, title=TEXT, detail=TEXT),
}


def _parameter(name: str, schema: Schema, what: str) -> Schema:
    return {"name": name, "in": "query", "description": what, "schema": schema}


def _repeatable(name: str, schema: Schema, what: str) -> Schema:
    return _parameter(name, many(schema), f"{what} Repeatable: any of them.") | {"style": "form", "explode": True}


PARAMETERS: Final = (
    _parameter("q", TEXT, 'Words, "phrases", -word, a OR b, field:word, begin*, codes with or without the dot.'),
    _repeatable("site", TEXT, "Body site, its parts included."),
    _repeatable("side", {"enum": list(SIDE_LABELS)}, "Side of the body."),
    _repeatable("chapter", {"enum": list(icd10.chapter_labels())}, "Chapter of ICD-10-CM."),
    _repeatable("condition", TEXT, "Condition, as it stands in the address of its page."),
    _repeatable("code", TEXT, "ICD-10-CM code, narrower ones included."),
    _repeatable("field", {"enum": list(TEXT_FIELD_NAMES)}, "Match in this part of an article only."),
    _parameter("sort", {"enum": list(SORTS), "default": SORTS[0]}, "Order of the results."),
    _parameter("page", {"type": "integer", "minimum": 1, "default": 1}, "Page of the results."),
    _parameter(
        "size", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_SIZE}, "Results on a page."
    ),
    _parameter("collapse", {"enum": ["0", "1"], "default": "1"}, "Only the best article of each condition."),
    _parameter("explain", {"enum": ["0", "1"], "default": "0"}, "Say of each hit what added how much to its score."),
    _parameter("plain", {"enum": ["0", "1"], "default": "0"}, "Take the words as typed, without their other meanings."),
)


def description(root: str) -> dict[str, Any]:
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
            "/api/v1/search": _get("search", "A page of results with facets.", "Results", PARAMETERS, (400, 414, 503)),
            "/api/v1/articles/{id}": _get(
                "article",
                "One article as it is stored, with related conditions.",
                "Article",
                (
                    _parameter("id", TEXT, "Id of the article; slashes stand as they are.")
                    | {"in": "path", "required": True},
                ),
                (404, 503),
            ),
            "/api/v1/suggest": _get(
                "suggest", "Names that the beginning of a word may become.", "Suggestions", PARAMETERS[:1], (414, 503)
            ),
        },
        "components": {"schemas": SCHEMAS},
    }


_WHEN: Final = {
    400: "A parameter has a value that cannot be; `detail` says what would be right.",
    404: "There is no such article.",
    414: "The address is too long.",
    503: "The index is missing, damaged, or just being made.",
}


def _get(name: str, summary: str, schema: str, parameters: tuple[Schema, ...], failures: tuple[int, ...]) -> Schema:
    def answer(words: str, media: str, what: str) -> Schema:
        return {"description": words, "content": {media: {"schema": _named(what)}}}

    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": answer(summary, "application/json", schema),
                **{str(each): answer(_WHEN[each], "application/problem+json", "Problem") for each in failures},
            },
        }
    }
