"""The JSON-LD of every page is valid in the vocabulary of schema.org, and says only what is known."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

ROOT = "http://localhost"
TYPES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("schema_org.json").read_text())["types"]
ACTION_PROPERTIES = {"query-input"}  # schema.org/docs/actions.html: a property of an action's target, written so
PATHS = ("/", "/articles/cmo/right-hand", "/articles/no code at all", "/conditions/idiopathic-gout", "/codes/M86.352")


def json_ld(client: FlaskClient, path: str) -> dict[str, Any]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    parsed: dict[str, Any] = json.loads(block)
    return parsed


def nodes(client: FlaskClient, path: str) -> dict[str, dict[str, Any]]:
    parsed = json_ld(client, path)
    return {node["@type"]: node for node in parsed.get("@graph", [parsed])}


def faults(value: Any, expected: list[str], at: str) -> list[str]:
    """Where a value of a property is not of one of the types that schema.org expects."""
    if isinstance(value, list):
        return [fault for each in value for fault in faults(each, expected, at)]
    if isinstance(value, dict) and value.keys() == {"@id"}:  # a reference to a thing
        return faults(value["@id"], ["URL"], at)
    if isinstance(value, dict):
        wrong = [] if {*expected} & {*TYPES[value["@type"]]["kinds"]} else [f"{at}: {value['@type']} is none of them"]
        return wrong + node_faults(value, at)
    if isinstance(value, int):
        return [] if "Integer" in expected else [f"{at}: {value} is a number"]
    if "Date" in expected and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return []
    if "URL" in expected and urlsplit(value).scheme in {"http", "https"}:
        return []
    return [] if "Text" in expected else [f"{at}: {value!r} is none of {expected}"]


def node_faults(node: dict[str, Any], at: str = "") -> list[str]:
    properties = TYPES[node["@type"]]["properties"]
    wrong = []
    for name, value in node.items():
        if name.startswith("@") or name in ACTION_PROPERTIES:
            continue
        here = f"{at}/{node['@type']}.{name}"
        wrong += faults(value, properties[name], here) if name in properties else [f"{here}: no such property"]
    return wrong


@pytest.mark.parametrize("path", PATHS)
def test_it_is_in_the_vocabulary(client: FlaskClient, path: str) -> None:
    assert json_ld(client, path)["@context"] == "https://schema.org"
    for node in nodes(client, path).values():
        assert node_faults(node) == []


def test_faults_are_found() -> None:
    code = {"@type": "MedicalCode", "codeValue": 3, "colour": "red"}
    page = {"@type": "MedicalWebPage", "lastReviewed": "March", "breadcrumb": code}
    assert [fault.partition(":")[0] for fault in node_faults(page)] == [
        "/MedicalWebPage.lastReviewed",
        "/MedicalWebPage.breadcrumb",
        "/MedicalWebPage.breadcrumb/MedicalCode.codeValue",
        "/MedicalWebPage.breadcrumb/MedicalCode.colour",
    ]


def test_an_article_is_a_page_about_a_condition(client: FlaskClient) -> None:
    page = nodes(client, "/articles/cmo/right-hand")["MedicalWebPage"]
    assert page["url"] == f"{ROOT}/articles/cmo/right-hand"
    assert page["lastReviewed"] == "2024-03-01"
    assert page["isBasedOn"] == "https://example.org/cmo/right-hand"
    assert page["aspect"] == ["overview", "causes", "symptoms", "treatment"]
    condition = page["about"]
    assert condition["name"] == "Chronic multifocal osteomyelitis, right hand"
    assert condition["code"]["codeValue"] == "M86.341"
    assert condition["associatedAnatomy"] == [{"@type": "AnatomicalStructure", "name": "Hand"}]
    assert "CRMO" in condition["alternateName"]


def test_what_is_not_known_is_not_said(client: FlaskClient) -> None:
    condition = nodes(client, "/articles/no code at all")["MedicalWebPage"]["about"]
    assert condition.keys() == {"@type", "name"}


@pytest.mark.parametrize("path", PATHS[1:])
def test_the_breadcrumbs_lead_to_the_page(client: FlaskClient, path: str) -> None:
    trail = nodes(client, path)["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in trail] == list(range(1, len(trail) + 1))
    assert all(client.get(each["item"]["@id"].removeprefix(ROOT)).status_code == 200 for each in trail)
    assert trail[-1]["item"]["@id"] == nodes(client, path)["MedicalWebPage"]["url"]


def test_the_search_action_searches(client: FlaskClient) -> None:
    template = nodes(client, "/")["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    found = client.get(template.removeprefix(ROOT).replace("{search_term_string}", "gout"))
    assert "for <q>gout</q>" in found.text


def test_no_text_ends_the_block(client: FlaskClient) -> None:
    path = next(href for href in re.findall(r'"(/articles/odd/[^"]+)"', client.get("/search?q=gout&collapse=0").text))
    page = nodes(client, path)["MedicalWebPage"]
    assert "<script>alert" in page["name"]
    assert "isBasedOn" not in page  # its address is a javascript: one
