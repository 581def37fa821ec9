"""The description describes: real answers fit its schemas, its paths are the routes, and it is valid OpenAPI."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.articles.model import SECTION_KINDS
from indexer.documents import FACET_FIELDS, TEXT_FIELD_NAMES
from indexer.knowledge import body_sites
from webapp import openapi
from webapp.search_params import PARAMETERS

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def misfits(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value is not what a schema says: the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        return misfits(value, openapi.SCHEMAS[schema["$ref"].removeprefix("#/components/schemas/")], at)
    if "anyOf" in schema:
        return min((misfits(value, each, at) for each in schema["anyOf"]), key=len)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r} is none of {schema['enum']}"]
    if not isinstance(value, TYPES[schema["type"]]) or ("minimum" in schema and value < schema["minimum"]):
        return [f"{at}: {value!r} is no {schema['type']}"]
    wrong: list[str] = []
    if isinstance(value, dict):
        wrong += [f"{at}: lacks {name}" for name in schema["required"] if name not in value]
        wrong += [f"{at}: has {name}" for name in value if name not in schema["properties"]]
        for name in value.keys() & schema["properties"].keys():
            wrong += misfits(value[name], schema["properties"][name], f"{at}.{name}")
    elif isinstance(value, list):
        schemas = schema.get("prefixItems") or [schema["items"]] * len(value)
        wrong += [] if len(value) == len(schemas) else [f"{at}: has {len(value)} items"]
        for number, (each, inner) in enumerate(zip(value, schemas, strict=False)):
            wrong += misfits(each, inner, f"{at}[{number}]")
    return wrong


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/api/v1/search", "Results"),
        ("/api/v1/search?q=what+is+autoimmune+bone+inflammation&site=hand", "Results"),
        ("/api/v1/search?q=M86.341+pain&collapse=0&size=100", "Results"),
        ("/api/v1/search?q=bones+of+the+hand&explain=1", "Results"),
        ("/api/v1/search?q=zyzzyxsyndrome", "Results"),
        ("/api/v1/articles/cmo/right-hand", "Article"),
        ("/api/v1/articles/no code at all", "Article"),
        ("/api/v1/suggest?q=osteo", "Suggestions"),
        ("/api/v1/suggest?q=M86.3", "Suggestions"),
        ("/api/v1/codes/M86.352", "CodeDetails"),
        ("/api/v1/codes/13", "CodeDetails"),
        ("/api/v1/codes/S52.531A", "CodeDetails"),
        ("/api/v1/codes/M86.357", "Problem"),
        ("/api/v1/generation", "Generation"),
        ("/api/v1/search?page=x", "Problem"),
        ("/api/v1/none", "Problem"),
    ],
)
def test_answers_fit_the_schemas(client: FlaskClient, path: str, schema: str) -> None:
    assert misfits(client.get(path).get_json(), {"$ref": f"#/components/schemas/{schema}"}) == []


def test_misfits_are_found() -> None:
    assert misfits({"type": 1, "status": 400, "title": "", "more": ""}, {"$ref": "#/components/schemas/Problem"}) == [
        "$: lacks detail",
        "$: has more",
        "$.type: 1 is no string",
    ]


def test_the_paths_are_the_routes(client: FlaskClient, app: Flask) -> None:
    described = set(client.get("/api/v1/openapi.json").get_json()["paths"])
    routes = {
        rule.rule.replace("<id:id>", "{id}").replace("<code>", "{code}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert described == routes - {"/api/v1/openapi.json"}


def test_every_parameter_is_described_with_what_it_accepts() -> None:
    described = {parameter["name"]: parameter for parameter in openapi.SEARCH_PARAMETERS}
    assert list(described) == list(PARAMETERS)
    assert all(parameter["description"] and parameter["example"] for parameter in described.values())
    assert described["side"]["schema"]["items"] == {"enum": ["right", "left", "bilateral"]}
    assert described["site"]["schema"]["items"] == {"enum": list(body_sites.tree())}
    assert described["code"]["schema"] == {"type": "array", "items": {"type": "string"}, "maxItems": 100}
    assert described["sort"]["schema"] == {"enum": ["relevance", "title", "code"], "default": "relevance"}
    assert described["size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert described["collapse"]["schema"] == {"enum": ["1", "true", "on", "0", "false", "off"], "default": "1"}
    assert [name for name, each in described.items() if each.get("explode")] == [
        "site", "side", "chapter", "condition", "code", "field",
    ]  # fmt: skip


def test_the_schemas_are_strict() -> None:
    for name, schema in openapi.SCHEMAS.items():
        assert schema["additionalProperties"] is False
        optional = schema["properties"].keys() - set(schema["required"])
        optional_of = {
            "Results": {"answer", "nearest"},
            "Hit": {"explanation"},
            "Section": {"urgent"},
            "Suggestion": {"title"},
        }
        assert optional == optional_of.get(name, set())
        assert schema["description"]
    properties = openapi.SCHEMAS["Snippet"]["properties"]
    assert properties["field"]["enum"] == list(TEXT_FIELD_NAMES)
    assert openapi.SCHEMAS["Facet"]["properties"]["field"]["enum"] == list(FACET_FIELDS)
    assert openapi.SCHEMAS["Section"]["properties"]["kind"]["enum"] == sorted(SECTION_KINDS)
    assert properties["spans"]["items"]["maxItems"] == 2
    assert "Json" not in json.dumps(openapi.SCHEMAS)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(each)


def test_the_description_is_valid(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.1.")
    assert {"title", "version"} <= described["info"].keys()
    for part in parts(described):
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/components/schemas/") in described["components"]["schemas"]
    operations = [path["get"] for path in described["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for path, operation in zip(described["paths"], operations, strict=True):
        inside = {each["name"] for each in operation["parameters"] if each["in"] == "path" and each["required"]}
        assert inside == set(re.findall(r"{(\w+)}", path))
        for status, answer in operation["responses"].items():
            assert answer["description"]
            assert ("content" in answer) is (status != "304")


def test_every_field_has_a_description_and_an_example_that_fits() -> None:
    for name, schema in openapi.SCHEMAS.items():
        for field, property in schema["properties"].items():
            assert property.get("description"), f"{name}.{field} is not described"
            # What an object holds has examples of its own.
            assert property.get("examples") or "$ref" in json.dumps(property), f"{name}.{field} has no example"
            for example in property.get("examples", ()):
                assert misfits(example, property, f"{name}.{field}") == []


def test_the_examples_of_parameters_are_accepted(client: FlaskClient) -> None:
    for parameter in openapi.SEARCH_PARAMETERS:
        response = client.get("/api/v1/search", query_string={parameter["name"]: parameter["example"]})
        assert response.status_code == 200, parameter["name"]
