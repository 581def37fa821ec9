import re

import pytest
from flask.testing import FlaskClient

from indexer.library import Library
from tests.webapp.test_pages import get, total
from webapp import condition_page, create_app

CMO = "/conditions/chronic-multifocal-osteomyelitis"


def test_a_condition_shows_all_its_places(client: FlaskClient) -> None:
    page = get(client, CMO)
    assert "4 articles, by the place in the body" in page.text
    assert len({href for href, _ in page.links if re.fullmatch(r"/articles/cmo/[\w-]+", href)}) == 4
    assert total(get(client, page.link("^Search in them$"))) == 4
    get(client, "/conditions/none-such", 404)
    get(client, "/conditions/gastric-ulcer")


def test_it_says_what_it_is_in_the_words_of_an_article(client: FlaskClient) -> None:
    page = get(client, CMO)
    assert re.search(
        r"Chronic multifocal osteomyelitis \(CMO\) is a rare disease of bones?\. It is also called CRMO\.", page.text
    )
    source = page.link(r"^Chronic multifocal osteomyelitis, ")
    assert source.endswith("#section-1")
    assert "section-1" in get(client, source).ids


def test_other_names_and_codes_are_gathered(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    page = get(client, CMO)
    assert re.search(r"Also called C(?:MO, CRMO|RMO, CMO)", page.text)
    assert [href for href, text in page.links if re.fullmatch(r"M86\.\d+", text)] == [
        f"/codes/{code}" for code in ("M86.311", "M86.341", "M86.342", "M86.352")
    ]
    monkeypatch.setattr(condition_page, "MAX_CODES", 2)
    few = get(create_app(library=library).test_client(), CMO)
    assert [href for href, _ in few.links if href.startswith("/codes/")] == ["/codes/M86.3"]
    assert "No code could be found" in get(client, "/conditions/zyzzyx-syndrome").text


def test_it_leads_to_comparing(client: FlaskClient) -> None:
    page = get(client, CMO)
    assert "Compare Chronic multifocal" in get(client, page.link("^Compare with another condition$")).text


def test_many_articles_of_a_condition_have_pages(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition_page, "CONDITION_SIZE", 3)
    client = create_app(library=library).test_client()
    page = get(client, CMO)
    second = get(client, page.link("^Next →$"))
    articles = {href.partition("#")[0] for href, _ in (*page.links, *second.links) if href.startswith("/articles/")}
    assert len(articles) == 4
