"""What the head of a page says to those who list it or send it on."""

import re
import struct

import pytest
from flask.testing import FlaskClient

from webapp import assets

ROOT = "http://localhost"


def head(client: FlaskClient, path: str) -> dict[str, str]:
    """The names of a page's metadata to their contents; its canonical address as `canonical`."""
    html = client.get(path).text.partition("</head>")[0]
    listed = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html)
    names = [name for name, _ in listed if name != "theme-color"]  # one for each scheme
    assert len(names) == len(set(names))
    return dict(listed + [("canonical", url) for url in re.findall(r'<link rel="canonical" href="([^"]+)"', html)])


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("/?utm_source=mail", "/"),
        ("/articles/cmo/right-hand", "/articles/cmo/right-hand"),
        ("/articles/cmo/right-hand?q=bone", "/articles/cmo/right-hand"),
        ("/conditions/idiopathic-gout?page=1", "/conditions/idiopathic-gout"),
        ("/codes/M86.352", "/codes/M86.352"),
        ("/codes", "/codes"),
        ("/browse", "/browse"),
        ("/about", "/about"),
        ("/search?q=bone+pain&site=hand&page=2&size=5&sort=title&explain=1&x=y", "/search?q=bone+pain&amp;site=hand"),
        ("/search?q=bone&plain=1&collapse=0", "/search?q=bone&amp;plain=1"),
    ],
)
def test_every_page_has_one_canonical_address(client: FlaskClient, path: str, canonical: str) -> None:
    found = head(client, path)
    assert found["canonical"] == found["og:url"] == ROOT + canonical


@pytest.mark.parametrize("path", ["/", "/search?q=bone", "/articles/ulcer", "/codes/M86.352", "/about", "/browse"])
def test_a_link_to_a_page_can_be_shown_as_a_card(client: FlaskClient, path: str) -> None:
    found = head(client, path)
    title = re.findall(r"<title>(.*) – Condition Search</title>", client.get(path).text)
    assert [found["og:title"]] == title
    assert found["og:description"] == found["description"] != ""
    assert found["og:site_name"] == "Condition Search"
    assert found["og:type"] == ("article" if path == "/articles/ulcer" else "website")
    if assets.SHARE in assets.load():
        assert client.get(found["og:image"].removeprefix(ROOT)).mimetype == "image/png"
    assert ("og:image" in found) is (found["twitter:card"] == "summary_large_image") is (assets.SHARE in assets.load())


@pytest.mark.parametrize("path", ["/none", "/search?page=0", "/codes/M86.357", "/conditions/none"])
def test_errors_are_neither_listed_nor_sent_on(client: FlaskClient, path: str) -> None:
    found = head(client, path)
    assert found["robots"] == "noindex"
    assert not {"canonical", "og:url"} & found.keys()


def test_results_are_not_listed_but_articles_are(client: FlaskClient) -> None:
    assert head(client, "/search?q=bone")["robots"] == "noindex"
    assert "robots" not in head(client, "/articles/ulcer")


def test_a_hostile_title_stays_in_its_attribute(client: FlaskClient) -> None:
    path = next(href for href in re.findall(r'"(/articles/odd/[^"]+)"', client.get("/search?q=gout&collapse=0").text))
    assert head(client, path)["og:title"].startswith("Gout &lt;script&gt;alert(&#39;")


def test_there_is_an_icon_for_whoever_asks_for_one(client: FlaskClient) -> None:
    response = client.get("/favicon.ico")
    kind, images = struct.unpack_from("<2xHH", response.data)
    assert (response.status_code, response.mimetype, kind, images) == (200, "image/vnd.microsoft.icon", 1, 1)
    assert client.get("/static/icon.svg").mimetype == "image/svg+xml"
