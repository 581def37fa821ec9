"""The API's description to a page: what can be asked, with examples that work, and every field of the answers.

A room of its own: without this module, api.html and style/api.css, the API has its description in OpenAPI alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, quote_plus

import msgspec
from flask import Blueprint, render_template
from markupsafe import Markup, escape

from indexer.query.request import Page
from webapp import request_context
from webapp.api import whole_description
from webapp.http_cache import conditional
from webapp.openapi import Schema

api_page = Blueprint("api_page", __name__)

MAX_LISTED: Final = 8  # accepted values that are shown
TYPE_NAMES: Final = {"string": "text", "integer": "whole number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter or field: its name, what it holds (`shape` names the object that it is made of), and an example."""

    name: str
    type: str
    shape: str | None
    description: Markup
    example: str


@dataclass(frozen=True, slots=True)
class DescribedOperation:
    """What can be asked, with an example; `url` leads to the answer where a link can."""

    title: str
    id: str
    summary: str
    shape: str | None
    command: str
    url: str | None
    parameters: tuple[Described, ...]
    statuses: tuple[tuple[str, Markup], ...]


@api_page.get("/api")
@conditional
def page() -> str:
    """What can be asked, what is answered, and an example of each."""
    hits = request_context.library().search("", page=Page(limit=1)).hits
    examples = {"id": hits[0].document.id} if hits else {}
    described = whole_description()
    root = described["servers"][0]["url"]
    return render_template(
        "api.html",
        operations=[
            _operation(root, path, method, operation, examples)
            for path, operations in described["paths"].items()
            for method, operation in operations.items()
        ],
        shapes=[
            (name, with_code(schema["description"]), list(_fields(schema)))
            for name, schema in sorted(described["components"]["schemas"].items())
        ],
        search_url=f"{root}/api/v1/search?q=gout",
    )


def with_code(text: str) -> Markup:
    """A description with what stands in backticks as code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )


def _operation(root: str, path: str, method: str, operation: Schema, examples: Mapping[str, str]) -> DescribedOperation:
    url, query = root + path, ""
    for parameter in operation["parameters"]:
        example = examples.get(parameter["name"], parameter["example"])
        if parameter["in"] == "path":
            url = url.replace(f"{{{parameter['name']}}}", quote(example))
        elif parameter["in"] == "query" and not query:
            query = f"?{parameter['name']}={quote_plus(example)}"
    options = "" if method == "get" else f"-X {method.upper()} "
    if "security" in operation:
        options += '-H "Authorization: Bearer $CONDITIONS_TOKEN" '
    if "requestBody" in operation:
        options += f"-H 'Content-Type: {next(iter(operation['requestBody']['content']))}' --data-binary @article.txt "
    contents = operation["responses"]["200"]["content"]
    schema = next(iter(contents.values()))["schema"]
    return DescribedOperation(
        f"{method.upper()} {path}",
        operation["operationId"],
        operation["summary"],
        _type(schema)[1],
        f"curl {options}'{url}{query}'",
        None if options else url + query,
        tuple(map(_parameter, operation["parameters"])),
        tuple((status, with_code(answer["description"])) for status, answer in operation["responses"].items()),
    )


def _parameter(parameter: Schema) -> Described:
    schema, example = parameter["schema"], parameter["example"]
    if schema.get("type") == "array":  # `description` says that it is repeatable
        schema, example = schema["items"], example[0]
    type, shape = _type(schema)
    if "default" in schema:
        type += f"; {schema['default']} if not given"
    return Described(parameter["name"], type, shape, with_code(parameter["description"]), str(example))


def _fields(schema: Schema) -> Iterator[Described]:
    for name, field in schema["properties"].items():
        type, shape = _type(field)
        if name not in schema["required"]:
            type += ", or left out"
        examples = field.get("examples", ())
        example = msgspec.json.encode(examples[0]).decode() if examples else ""
        yield Described(name, type, shape, with_code(field["description"]), example)


def _type(schema: Schema) -> tuple[str, str | None]:
    """What a schema accepts in words, and the name of the object that it is made of."""
    if "$ref" in schema:
        return "object", schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        ((type, shape),) = (_type(each) for each in schema["anyOf"] if each != {"type": "null"})
        return f"{type} or null", shape
    if "enum" in schema:
        values: list[Any] = schema["enum"]
        return " | ".join(values) if len(values) <= MAX_LISTED else f"one of {len(values)}", None
    if schema["type"] == "array":
        if "items" not in schema or schema["items"] is False:
            return "pair of numbers", None
        type, shape = _type(schema["items"])
        return f"list of {type}", shape
    bounds = f", {schema['minimum']} to {schema['maximum']:,}" if "maximum" in schema else ""
    name: str = schema["type"]
    return TYPE_NAMES.get(name, name) + bounds, None
