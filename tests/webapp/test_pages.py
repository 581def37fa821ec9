"""Each page, read as a browser without scripts reads it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from indexer.library import Library, open_library
from indexer.query.request import Page
from indexer.settings import Settings
from webapp import create_app

ROOT = "http://localhost"
VOID = frozenset("meta link input br hr img".split())


class ParsedPage(HTMLParser):
    """A page's links, text, ids and element names; complains about tags that do not pair."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "a":
            self.links.append((given.get("href") or "", given.get("aria-label") or ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self.words.append(data)
        if self.links and "a" in self._open:
            href, text = self.links[-1]
            self.links[-1] = (href, " ".join(f"{text} {data}".split()))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def link(self, pattern: str) -> str:
        return next(href for href, text in self.links if re.search(pattern, text))


def get(client: FlaskClient, path: str, status: int = 200) -> ParsedPage:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.mimetype == "text/html"
    page = ParsedPage(response.text)
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    data = page.attributes.count(("type", "application/ld+json"))
    assert page.tags.count("script") - data == 1  # our own, from a file
    return page


def total(page: ParsedPage) -> int:
    match = re.search(r"([\d,]+) articles? on", page.text)
    return int(match[1]) if match else 0


def test_home_shows_what_is_in_the_library(client: FlaskClient, library: Library) -> None:
    page = get(client, "/")
    stats = library.stats()
    assert f"The library holds {stats.documents} articles on {stats.conditions} conditions" in page.text
    assert page.link(r"^autoimmune bone inflammation$") == "/search?q=autoimmune+bone+inflammation"
    assert "bone marrow" not in page.text  # nothing in this library answers that example
    assert page.link("Musculoskeletal") == "/search?chapter=13"


def test_the_hand_of_the_body_map_leaves_the_articles_of_the_hand(client: FlaskClient, library: Library) -> None:
    there = get(client, get(client, "/").link(r"^Right hand ?, \d+ article"))
    expected = library.search("", filters={"site": ["hand"], "side": ["right"]}, page=Page(limit=100))
    assert total(there) == expected.total > 0
    for hit in expected.hits:
        if "script" not in hit.document.title:
            assert "hand" in hit.document.sites
    back = there.link(r"^Remove: Right hand ?, \d+ article")
    assert total(get(client, back)) == library.stats().documents


def test_search_shows_fields_marks_and_groups(client: FlaskClient) -> None:
    response = client.get("/search?q=autoimmune+bone+inflammation")
    assert (
        '<span class="field">Causes</span> An <mark>autoimmune inflammation</mark> of <mark>bone</mark>'
        in response.text
    )
    page = get(client, "/search?q=autoimmune+bone+inflammation")
    assert total(page) >= 4
    assert page.link(r"^All 4 articles$")
    assert "M86.3" in page.text


def test_every_article_instead_of_every_condition(client: FlaskClient) -> None:
    page = get(client, "/search?q=osteomyelitis")
    assert page.tags.count("article") == 1
    every = get(client, page.link("^Every article$"))
    assert every.tags.count("article") == 4
    assert get(client, every.link("^By condition$")).tags.count("article") == 1


def test_facets_combine_and_are_undone(client: FlaskClient) -> None:
    start = get(client, "/search?q=osteomyelitis&collapse=0")
    left = get(client, start.link(r"^Left \d+ articles$"))
    assert total(left) == 2
    left_hand = get(client, left.link(r"^Hand \d+ articles?$"))
    assert total(left_hand) == 1
    either = get(client, left_hand.link(r"^Right \d+ articles?$"))
    assert total(either) == 2
    assert {"Hand", "Left", "Right"} <= {text.removeprefix("Remove filter: ") for _, text in either.links}
    assert total(get(client, either.link(r"^Remove filter: +Hand$"))) == 4
    assert total(get(client, either.link("^Clear all filters$"))) == total(start)


@pytest.mark.parametrize("query", ["", "osteomyelitis", "pain", "bone -gout", "inflammation joint"])
def test_a_count_is_what_a_click_yields(client: FlaskClient, query: str) -> None:
    page = get(client, f"/search?q={query}")
    facets = ((href, re.search(r"(\d+) articles?$", text)) for href, text in page.links if "condition=" not in href)
    clicks = {href: int(match[1]) for href, match in facets if match and "page=" not in href and href[0] != "#"}
    assert len(clicks) > 3
    for href, count in clicks.items():
        assert total(get(client, href)) == count, href


def test_pages_join_without_gap_or_repeat(client: FlaskClient, library: Library) -> None:
    path, seen = "/search?size=2&collapse=0&sort=title", []
    while path:
        page = get(client, path)
        seen += [href for href, _ in page.links if href.startswith("/articles/")]
        path = next((href for href, text in page.links if text == "Next →"), "")
    assert len(seen) == len(set(seen)) == library.stats().documents


def test_filters_that_leave_nothing_are_undone(client: FlaskClient) -> None:
    page = get(client, "/search?q=osteomyelitis&chapter=1")
    assert "4 articles match, but none with these filters." in page.text
    assert total(get(client, page.link("Search without the filter"))) == 4


def test_nearest_names_where_nothing_matches(client: FlaskClient) -> None:
    page = get(client, "/search?q=zyzzyxsyndrom")
    assert "Nothing found" in page.text
    assert "Did you mean" in page.text
    assert "/conditions/zyzzyx-syndrome" in [href for href, _ in page.links]
    assert page.link("^Zyzzyx syndrome$") == "/search?q=Zyzzyx+syndrome"


def test_other_spellings_are_taken_and_given_back(client: FlaskClient) -> None:
    page = get(client, "/search?q=ostemyelitis")
    assert total(page) == 4
    assert total(get(client, page.link("read as osteomyelitis"))) == 0  # the chip takes it back
    typed = get(client, "/search?q=ostemyelitis&plain=1")
    assert total(typed) == 0
    assert total(get(client, typed.link("without other names and spellings"))) == 4


def test_sort_by_title_and_code(client: FlaskClient) -> None:
    page = get(client, get(client, "/search?collapse=0&size=50").link("^Title$"))
    titles = [text for href, text in page.links if href.startswith("/articles/")]
    assert titles == sorted(titles, key=str.casefold)


def test_what_a_search_leaves_out_is_said(client: FlaskClient) -> None:
    page = get(client, "/search?q=what+urate+crystals+joint+zebrafish")
    assert "Left out: what" in page.text
    together = get(client, "/search?q=what+is+gouut")
    assert "gouut : read as gout" in together.text
    assert "Left out: what." in together.text
    assert re.search(r"Not in this article: +zebrafish", page.text)
    assert "only its first 1,024 characters" in get(client, "/search?q=" + "bone " * 400).text


def test_an_emergency_has_one_card_above_the_answers(client: FlaskClient) -> None:
    page = client.get("/search?q=baby+not+breathing+bone").text
    assert page.count('class="urgent"') == 1
    assert page.index('<section class="urgent" role="note" aria-labelledby="notice">') < page.index('<h1 id="heading">')
    assert '<h2 id="notice">Could this be an emergency?</h2>' in page
    assert "call your local emergency number" in page
    assert 'href="tel:' not in page
    assert 'class="urgent"' not in client.get("/search?q=bone").text


def test_the_card_has_the_numbers_of_the_reader_s_locale(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index", emergency="en-US=911, 988; en-GB=999, 116 123; 112") as library:
        library.sync([tmp_path])
        client = create_app(library=library).test_client()
        path = "/search?q=i+want+to+die"

        def called(languages: str) -> list[str]:
            response = client.get(path, headers={"Accept-Language": languages})
            assert "Accept-Language" in response.vary
            return re.findall(r'<a href="tel:([^"]+)">', response.text)

        assert called("en-US,en;q=0.9") == ["988", "911"]
        assert called("fr;q=0.5,en-GB") == ["116123", "999"]
        assert called("en") == called("") == ["112"]
        tag = client.get(path, headers={"Accept-Language": "en-US"}).headers["ETag"]
        assert client.get(path, headers={"Accept-Language": "en-GB", "If-None-Match": tag}).status_code == 200
        api = client.get("/api/v1/search?q=i+want+to+die", headers={"Accept-Language": "en-GB"}).json
        assert api is not None
        assert set(api["notice"]) == {"kind", "text"}
        assert "call 999" in api["notice"]["text"]


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    page = get(client, "/search?q=zebrafish&site=hand")
    assert "Nothing found" in page.text
    assert page.link("Search without the filter") == "/search?q=zebrafish"
    assert page.link("^Upper limb") == "/search?site=upper-limb"
    assert page.link("Musculoskeletal") == "/search?chapter=13"
    beyond = get(client, "/search?q=osteomyelitis&page=7")
    assert beyond.link("last page") == "/search?q=osteomyelitis"


def test_why_these_results(client: FlaskClient, library: Library) -> None:
    page = get(client, get(client, "/search?q=bones").link("^Why these results"))
    assert "What made this result" in page.text
    shown = [float(number) for number in re.findall(r"Score (\d+\.\d+), the sum of", page.text)]
    expected = library.search("bones", page=Page(collapse=True)).hits
    assert shown == pytest.approx([hit.score for hit in expected], abs=0.001)
    assert "“bones”" in page.text
    assert "Score" not in get(client, "/search?q=bones").text
    assert "What made this result" not in get(client, page.link("^Hide this$")).text


@pytest.mark.parametrize(
    "query", ["", "*", '"', "((((", "-bone", "OR", "%00", "%ED%A0%80", "🦴", "the of and", "x:y", "a" * 3000, "%FF%FE"]
)
def test_any_words_get_a_page(client: FlaskClient, query: str) -> None:
    get(client, f"/search?q={query}")


def test_other_words_keep_the_filters(client: FlaskClient) -> None:
    page = get(client, "/search?q=pain&site=hand&collapse=0&page=1")
    values = [value for name, value in page.attributes if name == "value"]
    assert values == ["pain", "hand", "0"]


def test_about_links_work(client: FlaskClient) -> None:
    for href, _ in get(client, "/about").links:
        assert client.get(urljoin("/about", href)).status_code == 200, href


def test_hostile_articles_are_only_text(client: FlaskClient) -> None:
    listed = client.get("/search?q=gout&collapse=0&size=50").text
    path = next(href for href, _ in ParsedPage(listed).links if href.startswith("/articles/odd/"))
    for html in (listed, client.get(path).text, client.get("/search?q=<script>alert(1)</script>").text):
        assert "<script>alert" not in html
        assert "onerror=alert" not in re.sub(r"&#34;.*?&gt;", "", html) or "<img" not in html
        assert 'href="javascript' not in html
        assert html.count("<script") - html.count('<script type="application/ld+json">') == 1
        ParsedPage(html)
    article = get(client, path)
    assert "<script>alert('x')</script>" in article.text
    assert client.get(get(client, path).link("same as JSON")).get_json()["title"].startswith("Gout <script>")


def test_an_empty_library_still_has_pages(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "one.txt").write_text("Gout\n\nGout hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([folder], jobs=1)
        (folder / "one.txt").unlink()
        library.sync([folder], jobs=1)
    empty = create_app(Settings(index=str(tmp_path / "index"))).test_client()
    for path in ("/", "/search?q=gout", "/browse"):
        get(empty, path)
    assert "/articles/" not in empty.get("/sitemap.xml").text
