"""The page of an article: what to know at once, its sections, and where it stands in medicine."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.library import Library, open_library
from tests.webapp.test_pages import ParsedPage, get, total
from webapp import article_page, create_app

LONG = "It hurts, and the pain is the worst of the night. Most people are well again in a week or two. " * 8
ARTICLES: tuple[dict[str, str], ...] = (
    {
        "id": "gout",
        "title": "Gout in People With Crohn's Disease",
        "code": "M10.9",
        "text": (
            "Gout is known to people with Crohn's disease. Kidney stones are frequent.\n\n"
            "Causes\n\nUrate & crystals.\n\n"
            "SYMPTOMS\n\nThe toe is red. Call an ambulance if you cannot breathe.\n\nA red toe\nA hot toe\n"
        ),
    },
    {"id": "stone", "title": "Kidney stone", "text": "Kidney stone and gout: urate crystals, urate & crystals.\n"},
    {"id": "easy", "title": "Headache", "text": f"{LONG}\n", "language": "en-GB"},
    {"id": "arabic", "title": "النقرس", "text": "النقرس مرض مؤلم.\n\nيصيب المفاصل.\n", "language": "ar"},
    {"id": "untold", "title": "النقرس", "text": "النقرس مرض مؤلم.\n", "language": '"><script>'},
    {
        "id": "cut",
        "title": "Bursitis",
        "text": (
            "Bursitis hurts.\n\nCauses\n\nToo much kneeling.\n\n"
            "To see full information about treatment please Sign up or Log in\n"
        ),
    },
    *(
        {"id": f"filler-{letter}", "title": f"Ailment {letter * 5}", "text": f"Nobody knows {letter * 4}.\n"}
        for letter in "abcdefghijklmnopqrstuvwxyz"
    ),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    top = tmp_path_factory.mktemp("articles")
    (top / "articles.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    with open_library(top / "index") as library:
        assert not library.sync([top], jobs=1).failed
        yield library


@pytest.fixture(scope="module")
def small_app(small: Library) -> Flask:
    return create_app(library=small)


@pytest.fixture
def reader(small_app: Flask) -> FlaskClient:
    return small_app.test_client()


def element(html: str, pattern: str) -> str:
    """The first element whose tag matches; no element of its name may stand in it."""
    match = re.search(rf"<(\w+)[^>]*{pattern}[^>]*>.*?</\1>", html, re.DOTALL)
    assert match, pattern
    return match[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_article_shows_what_is_known(client: FlaskClient) -> None:
    page = get(client, "/articles/cmo/right-hand")
    for text in (
        "Chronic multifocal osteomyelitis, right hand",
        "M86.341",
        "Review date 1 March 2024",
        "The hand aches and swells",
        "How this article was read",
        "This is not medical advice",
        "Other osteopathies",
    ):
        assert text in page.text
    assert page.link("^Osteomyelitis M86$") == "/search?code=M86"
    assert total(get(client, page.link("^Osteomyelitis M86$"))) == 4
    assert page.link("^https://example.org/cmo/right-hand$") == "https://example.org/cmo/right-hand"
    assert page.link("left femur") == "/articles/cmo/left-femur"
    assert page.link("^All 4 articles on") == "/conditions/chronic-multifocal-osteomyelitis"
    get(client, "/articles/none-such", 404)


def test_the_code_site_and_side_stand_under_the_title(client: FlaskClient) -> None:
    html = client.get("/articles/cmo/right-hand").text
    brief = element(html, 'class="brief"')
    assert words(brief) == "M86.341 Hand Right Reviewed 1 March 2024 All facts"
    assert html.index("<h1") < html.index(brief) < html.index('<section aria-labelledby="section-1"')
    assert 'href="#facts"' in brief
    assert 'id="facts"' in html


def test_what_is_not_stated_is_said(reader: FlaskClient) -> None:
    page = get(reader, "/articles/stone")
    assert "Review date: not stated" in page.text
    assert "Review date Not stated" in page.text
    assert "Source Not stated" in page.text
    assert "No code could be found" in get(reader, "/articles/filler-a").text
    assert "Has no section on Symptoms, diagnosis, treatment" in get(reader, "/articles/cut").text


def test_urgent_text_stands_before_the_notice_and_the_sections(reader: FlaskClient) -> None:
    html = reader.get("/articles/gout").text
    urgent = element(html, 'class="get-help"')
    assert "Call an ambulance if you cannot breathe." in words(urgent)
    assert html.index(urgent) < html.index('class="contents"')
    assert 'class="get-help"' not in reader.get("/articles/easy").text


def test_titles_and_headings_are_in_sentence_case_but_the_json_keeps_them(reader: FlaskClient) -> None:
    page = get(reader, "/articles/gout")
    assert "Gout in people with Crohn's disease" in page.text
    assert page.link("^Symptoms$") == "#section-3"
    json_title = reader.get("/api/v1/articles/gout").get_json()["title"]
    assert json_title == "Gout in People With Crohn's Disease"


def test_contents_lead_to_every_section(reader: FlaskClient) -> None:
    page = get(reader, "/articles/gout")
    targets = [href.removeprefix("#") for href, _ in page.links if href.startswith("#section-")]
    assert targets == ["section-1", "section-2", "section-3"]
    assert set(targets) <= set(page.ids)
    assert not [href for href, _ in get(reader, "/articles/easy").links if href.startswith("#section-")]


def test_the_reading_level_is_said_of_english_text_of_some_length(reader: FlaskClient) -> None:
    assert re.search(r"Reading level Reads like US grade \d ", get(reader, "/articles/easy").text)
    for id in ("stone", "arabic"):
        assert "Reading level" not in get(reader, f"/articles/{id}").text


def test_what_is_missing_of_a_cut_off_article_is_said(reader: FlaskClient) -> None:
    notice = words(element(reader.get("/articles/cut").text, 'class="notice"'))
    assert "This article is incomplete" in notice
    assert "To see full information about treatment" in notice
    assert "No symptoms, diagnosis or treatment section was found." in notice


@pytest.mark.parametrize(
    ("id", "attributes"),
    [("arabic", 'lang="ar" dir="rtl"'), ("easy", 'lang="en-GB" dir="ltr"'), ("untold", 'dir="auto"')],
)
def test_the_text_has_the_language_of_the_article(reader: FlaskClient, id: str, attributes: str) -> None:
    html = reader.get(f"/articles/{id}").text
    assert f"<h1 {attributes}>" in html
    assert re.search(rf"<div {attributes}>\s*<p>", html)
    assert '<html lang="en">' in html


def test_the_words_of_a_search_are_marked_on_request(reader: FlaskClient) -> None:
    assert "<mark" not in reader.get("/articles/gout").text
    html = reader.get("/articles/gout?q=urate+crystals").text
    assert '<mark id="first-mark">Urate</mark> &amp; <mark>crystals</mark>.' in html
    page = ParsedPage(html)
    assert "“" not in page.text.split("urate crystals")[0][-1:]
    assert re.search(r"urate crystals : (\d+) places marked", page.text)
    assert page.link("^Go to the first$") == "#first-mark"
    off = get(reader, page.link("^Hide the words of your search$"))
    assert "mark" not in off.tags
    assert get(reader, off.link("^Show the words of your search$")).tags.count("mark") == html.count("<mark")


def test_marks_are_those_of_the_snippets(client: FlaskClient, library: Library) -> None:
    (hit, *_) = library.search("autoimmune bone inflammation").hits
    marked = {snippet.text[start:end] for snippet in hit.snippets for start, end in snippet.spans}
    html = client.get(f"/articles/{hit.document.id}?q=autoimmune+bone+inflammation").text
    assert marked
    assert marked <= set(re.findall(r"<mark[^>]*>(.*?)</mark>", html))


def test_words_that_an_article_lacks_are_no_error(reader: FlaskClient) -> None:
    page = get(reader, "/articles/gout?q=zebrafish")
    assert "None of the words of your search" in page.text
    assert "mark" not in page.tags
    for query in ('"', "<script>alert(1)</script>", "%00", "a" * 3000, "-gout"):
        get(reader, f"/articles/gout?q={query}")


def test_siblings_are_a_table_of_sites_by_sides(client: FlaskClient) -> None:
    html = client.get("/articles/cmo/right-hand").text
    table = element(element(html, 'class="wide-table"') + "</div>", "")
    rows = [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]
    assert rows[0] == ["Body site", "Right", "Left"]
    assert [row[0] for row in rows[1:]] == ["Femur", "Hand", "Shoulder"]
    femur, hand, _ = rows[1:]
    assert femur[1:] == ["– None", "M86.352 , Chronic multifocal osteomyelitis, left femur"]
    assert hand[1].startswith("M86.341")
    assert "this article" in hand[1]
    assert '<a href="/articles/cmo/left-hand">' in table
    assert '<a href="/articles/cmo/right-hand">' not in table


def test_of_many_siblings_the_nearest_are_shown(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_page, "MAX_SIBLINGS", 2)
    section = element(client.get("/articles/cmo/right-hand").text, 'class="siblings"')
    assert "The nearest 2 are shown. All 4 articles on Chronic multifocal osteomyelitis" in words(section)
    assert "/articles/cmo/left-hand" in section
    assert "femur" not in section


def test_an_article_that_is_alone_has_no_siblings(client: FlaskClient) -> None:
    assert "The same condition elsewhere" not in client.get("/articles/ulcer").text


def test_related_conditions_have_their_reasons(reader: FlaskClient, client: FlaskClient) -> None:
    related = element(reader.get("/articles/gout").text, 'class="related"')
    assert '<a href="/articles/stone">' in related
    assert "Both mention: gout, kidney stones" in words(related)
    assert "crystals" not in words(related)
    assert "Related conditions" not in reader.get("/articles/filler-a").text


def test_related_conditions_are_chosen_to_compare_with_the_article(reader: FlaskClient) -> None:
    for path in ("/articles/gout", "/conditions/gout"):
        related = element(reader.get(path).text, 'class="related"')
        form = re.search(r'<form [^>]*id="compare" action="/compare">.*?</form>', related, re.DOTALL)
        assert form
        assert 'name="id" value="gout"' in form[0]
        assert 'name="id" value="stone" form="compare"' in related


def test_the_evidence_is_in_sentences_with_the_words_that_decided(client: FlaskClient, reader: FlaskClient) -> None:
    evidence = words(element(client.get("/articles/cmo/left-hand").text, 'class="evidence"'))
    assert "Title Chronic multifocal osteomyelitis, left hand It came with the article" in evidence
    assert "Condition Chronic multifocal osteomyelitis The title, and the official title of M86.342" in evidence
    assert "Site Hand The title says it" in evidence
    assert "Side Left The title says it" in evidence
    assert "Symptoms The left hand aches and swells, with... Its heading: Symptoms" in evidence
