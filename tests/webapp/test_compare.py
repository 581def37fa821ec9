import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from indexer.library import Library, open_library
from tests.webapp.test_pages import ParsedPage, get
from webapp import create_app

HAND, FEMUR, KNEE = "cmo/right-hand", "cmo/left-femur", "gout/right-knee"


def path(*ids: str) -> str:
    return "/compare?" + "&".join(f"id={id}" for id in ids)


def headers(page: ParsedPage) -> list[str]:
    return [href for href, _ in page.links if href.startswith("/articles/")]


@pytest.fixture(scope="module")
def confused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Of a library with a pair of conditions that are taken for one another."""
    top = tmp_path_factory.mktemp("confused")
    texts = {
        "gout": "Gout\n\nGout is a disease of urate crystals.\n\nTreatment\n\nAllopurinol lowers urate.\n",
        "pseudogout": "Pseudogout\n\nPseudogout comes from crystals of calcium.\n\nTreatment\n\nIce & rest.\n",
        "asthma": "Asthma\n\nAsthma narrows the airways.\n",
        **{f"other-{letter}": f"Ailment {letter * 5}\n\nNobody {letter * 4}.\n" for letter in "abcdefghijkl"},
    }
    for id, text in texts.items():
        (top / f"{id}.txt").write_text(text)
    with open_library(top / "index") as library:
        library.sync([top], jobs=1)
        yield create_app(library=library).test_client()


@pytest.mark.parametrize("ids", [(HAND, KNEE), (HAND, KNEE, "ulcer"), (HAND, KNEE, "ulcer", "asthma")])
def test_two_to_four_articles_stand_side_by_side(client: FlaskClient, library: Library, ids: tuple[str, ...]) -> None:
    page = get(client, path(*ids))
    assert headers(page) == [f"/articles/{id}" for id in ids]
    assert page.tags.count("h2") >= len(("facts", "overview", "help"))
    assert page.tags.count("h3") == page.tags.count("h2") * len(ids)  # each part has a column for each article
    for id in ids:
        document = library.get(id)
        assert document
        for section in document.sections:
            assert " ".join(section.text.split()) in page.text.replace(" .", ".").replace(" ,", ",")


def test_the_order_is_that_of_the_address_and_an_id_counts_once(client: FlaskClient) -> None:
    assert headers(get(client, path(KNEE, HAND, KNEE, ""))) == [f"/articles/{KNEE}", f"/articles/{HAND}"]


def test_shared_words_and_those_of_one_are_listed_and_marked(confused: FlaskClient) -> None:
    page = get(confused, path("gout", "pseudogout"))
    assert "Named in both: crystals" in page.text
    assert re.search(r"Overview .*Named only here: urate .*Named only here: calcium", page.text)
    html = confused.get(path("gout", "pseudogout")).text
    assert '<mark class="shared">crystals</mark>' in html
    assert '<mark class="only">Allopurinol</mark>' in html
    assert re.search("Ice(?:</mark>)? &amp; ", html)


def test_facts_that_agree_and_that_differ_are_named(client: FlaskClient) -> None:
    assert "The same: side. Different: code, body site." in get(client, path("cmo/left-hand", FEMUR)).text
    assert "not stated" in get(client, path("asthma", KNEE)).text


def test_an_article_is_taken_out_and_another_one_added(client: FlaskClient) -> None:
    three = get(client, path(HAND, KNEE, "ulcer"))
    two = get(client, three.link("^Remove Idiopathic gout"))
    assert headers(two) == [f"/articles/{HAND}", "/articles/ulcer"]
    found = get(client, f"{path(HAND, KNEE)}&find=asthma")
    assert headers(get(client, found.link("^Compare with Asthma"))) == [
        f"/articles/{id}" for id in (HAND, KNEE, "asthma")
    ]
    assert "Nothing else was found for zebrafish" in get(client, f"{path(HAND, KNEE)}&find=zebrafish").text.replace(
        "  ", " "
    )
    full = get(client, path(HAND, KNEE, "ulcer", "asthma"))
    assert "Add another" not in full.text


def test_of_one_article_the_page_helps_to_choose_the_second(confused: FlaskClient) -> None:
    page = get(confused, path("gout"))
    assert page.tags.count("h2") == 0
    assert "often confused: Crystals inflame a joint" in page.text
    assert headers(get(confused, page.link("^Compare with Pseudogout"))) == ["/articles/gout", "/articles/pseudogout"]


def test_without_an_article_there_are_the_pairs_of_the_library(confused: FlaskClient, client: FlaskClient) -> None:
    page = get(confused, "/compare")
    assert len(headers(get(confused, page.link("^Gout and pseudogout$")))) == 2
    assert "Often confused" not in get(client, "/compare").text


@pytest.mark.parametrize("added", ["", "&find=asthma", "&id=ulcer&id=asthma"])
def test_the_contents_lead_to_parts_of_the_page(client: FlaskClient, added: str) -> None:
    page = get(client, path(HAND, KNEE) + added)
    parts = [href.removeprefix("#") for href, _ in page.links if href.startswith("#")]
    assert len(parts) > 5
    assert set(parts) <= set(page.ids)


def test_an_unknown_id_is_named(client: FlaskClient) -> None:
    assert "no article “nope”" in get(client, path(HAND, "nope"), 404).text
    long = get(client, path("<b>" + "x" * 500), 404).text
    assert "“<b>xxx" in long
    assert "x" * 100 not in long


def test_five_articles_are_too_many(client: FlaskClient) -> None:
    page = get(client, path(HAND, KNEE, "ulcer", "asthma", "cataract"), 400)
    assert "5 articles are too many to compare; choose two to four" in page.text


def test_an_odd_id_is_quoted_in_every_address(client: FlaskClient, library: Library) -> None:
    odd = next(document.id for document in library.scan() if document.id.startswith("odd/"))
    answer = client.get("/compare", query_string=[("id", odd), ("id", HAND)])
    page = ParsedPage(answer.text)
    assert "<script>alert" not in answer.text
    only = get(client, page.link("^Remove Chronic"))
    assert "Compare Gout <script>" in only.text


def test_hits_have_boxes_that_belong_to_the_form(client: FlaskClient) -> None:
    page = get(client, "/search?q=osteomyelitis&collapse=0")
    boxes = [value for name, value in page.attributes if (name, value) == ("form", "compare")]
    assert len(boxes) == 4
    assert page.ids.count("compare") == 1
    assert ("action", "/compare") in page.attributes


def test_a_search_an_article_and_a_condition_offer_what_is_often_confused(confused: FlaskClient) -> None:
    for shown in ("/search?q=gout", "/articles/gout", "/conditions/gout"):
        page = get(confused, shown)
        assert page.link("^Compare gout and pseudogout$") == "/compare?id=gout&id=pseudogout", shown
    assert "Often confused" not in get(confused, "/search?q=asthma").text
    assert "Often confused" not in get(confused, "/search?q=gout+treatment").text
