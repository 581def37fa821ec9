"""Sitemap, robots.txt and OpenSearch, as those who read them want them."""

import re
import tracemalloc
import xml.etree.ElementTree as ET
from datetime import date
from urllib.robotparser import RobotFileParser

import pytest
from flask.testing import FlaskClient

from indexer.library import Library
from webapp import crawlers

ROOT = "http://localhost"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def sitemap(client: FlaskClient, path: str = "/sitemap.xml") -> dict[str, str | None]:
    """The addresses of a valid sitemap, or index of sitemaps, and when each page was last changed."""
    response = client.get(path)
    assert response.mimetype == "application/xml"
    tree = ET.fromstring(response.data)
    entry = {f"{SITEMAPS}urlset": "url", f"{SITEMAPS}sitemapindex": "sitemap"}[tree.tag]
    found: dict[str, str | None] = {}
    for each in tree:
        assert each.tag == f"{SITEMAPS}{entry}"
        assert [child.tag for child in each] in ([f"{SITEMAPS}loc"], [f"{SITEMAPS}loc", f"{SITEMAPS}lastmod"])
        location, modified = each[0].text or "", each[1].text if len(each) > 1 else None
        assert 12 <= len(location) <= 2047
        assert location.isascii() and location not in found
        if modified is not None:
            date.fromisoformat(modified)
        found[location] = modified
    assert 0 < len(found) <= 50_000
    return found


def test_the_sitemap_has_every_page_once_and_no_other(client: FlaskClient, library: Library) -> None:
    listed = sitemap(client)
    assert all(client.get(url.removeprefix(ROOT)).status_code == 200 for url in listed)
    paths = [url.removeprefix(ROOT) for url in listed]
    assert sum(path.startswith("/articles/") for path in paths) == library.stats().documents
    assert sum(path.startswith("/conditions/") for path in paths) == library.stats().conditions
    assert {"/", "/browse", "/about", "/codes", "/codes/M86.352", "/codes/M86.3", "/codes/M86-M90"} <= set(paths)
    assert "/codes/M86.351" not in paths  # nobody wrote about it


def test_only_a_stated_review_is_a_modification(client: FlaskClient) -> None:
    listed = sitemap(client)
    assert listed[f"{ROOT}/articles/ulcer"] == "2024-03-01"
    assert [path for path, modified in listed.items() if modified and "/articles/" not in path] == []
    assert [modified for path, modified in listed.items() if "/articles/odd" in path] == [None]


def test_a_large_sitemap_is_an_index_of_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sitemap(client)
    monkeypatch.setattr(crawlers, "SITEMAP_SIZE", 10)
    parts = list(sitemap(client))
    assert parts == [f"{ROOT}/sitemap.xml?page={number + 1}" for number in range(-(-len(whole) // 10))]
    joined = [entry for part in parts for entry in sitemap(client, part.removeprefix(ROOT)).items()]
    assert joined == list(whole.items())
    assert client.get(f"/sitemap.xml?page={len(parts) + 1}").status_code == 404


def test_a_sitemap_is_sent_in_constant_memory(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawlers, "_codes", lambda: (f"A{number}" for number in range(40_000)))
    tracemalloc.start()
    response = client.get("/sitemap.xml", headers={"Accept-Encoding": "gzip"}, buffered=False)
    size = sum(len(chunk) for chunk in response.iter_encoded())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    response.close()
    assert size > 50_000
    assert peak < 1_500_000  # the whole has 2.2 MB


def test_robots_may_read_pages_but_not_every_view_of_results(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    for path in ("/", "/articles/ulcer", "/codes/M86", "/conditions/gout", "/browse", "/static/style.css", "/api"):
        assert rules.can_fetch("anybody", ROOT + path)
    for path in ("/search", "/search?q=gout", "/api/v1/search?q=gout", "/library", "/compare?id=a&id=b"):
        assert not rules.can_fetch("anybody", ROOT + path)
    assert rules.site_maps() == [f"{ROOT}/sitemap.xml"]
    below = client.get("/robots.txt", base_url="http://localhost/library").text
    assert "Disallow: /library/search\n" in below
    assert "Sitemap: http://localhost/library/sitemap.xml\n" in below


def test_a_browser_can_offer_the_search(client: FlaskClient) -> None:
    tree = ET.fromstring(client.get("/opensearch.xml").data)
    assert tree.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert len(tree.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    assert len(tree.findtext(f"{OPENSEARCH}Description") or "") <= 1024
    for image in tree.iter(f"{OPENSEARCH}Image"):
        assert client.get((image.text or "").removeprefix(ROOT)).mimetype == image.get("type")
    templates = {url.get("type"): url.get("template") or "" for url in tree.iter(f"{OPENSEARCH}Url")}
    for kind in ("text/html", "application/x-suggestions+json"):
        path = templates[kind].removeprefix(ROOT).replace("{searchTerms}", "go%C3%BCt")
        assert "{" not in path
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (200, kind)
    assert client.get(templates["application/opensearchdescription+xml"].removeprefix(ROOT)).status_code == 200


@pytest.mark.parametrize("base", [ROOT, f"{ROOT}/library"])
def test_suggestions_are_those_of_the_search_box(client: FlaskClient, base: str) -> None:
    typed, texts, descriptions, urls = client.get("/opensearch-suggestions?q=m86.3", base_url=base).get_json()
    boxed = client.get("/api/v1/suggest?q=m86.3", base_url=base).get_json()["suggestions"]
    assert typed == "m86.3"
    assert texts == [each["text"] for each in boxed] != []
    assert urls == [ROOT + each["url"] for each in boxed]
    assert descriptions[0] == "Chronic multifocal osteomyelitis"
    found = client.get("/opensearch-suggestions?q=gout").get_json()
    assert all(re.fullmatch(r"\d+ articles?", each) for each in found[2])
