import re
from collections.abc import Iterator
from string import ascii_uppercase

import pytest
from flask.testing import FlaskClient

from indexer.library import Library, open_library
from indexer.suggestions import alphabetical_index
from tests.webapp.test_pages import get, total
from webapp import create_app


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Of a library with more conditions under one letter than a page holds."""
    top = tmp_path_factory.mktemp("many")
    for number in range(7):
        (top / f"{number}.txt").write_text(f"Ailment {chr(97 + number)}ba\n\nIt hurts. It is also called a blight.\n")
    with pytest.MonkeyPatch.context() as patch, open_library(top / "index") as library:
        patch.setattr(alphabetical_index, "PAGE_SIZE", 3)
        library.sync([top], jobs=1)
        yield create_app(library=library).test_client()


def test_browse_counts_everything(client: FlaskClient, library: Library) -> None:
    page = get(client, "/browse")
    stats = library.stats()
    for facet in stats.facets:
        for bucket in facet.buckets:
            assert f"{bucket.label} {bucket.count} article" in page.text


def test_a_chapter_has_its_blocks_with_what_is_in_them(client: FlaskClient) -> None:
    page = get(client, "/browse")
    assert page.link(r"^Other osteopathies M86-M90 4 articles$") == "/codes/M86-M90"
    assert not [text for _, text in page.links if re.search(r"\b0 articles", text)]


def test_every_condition_stands_under_its_letter(client: FlaskClient, library: Library) -> None:
    letters = [href for href, _ in get(client, "/browse").links if re.fullmatch(r"/browse/[a-z]", href)]
    listed = [href for letter in letters for href, _ in get(client, letter).links if href.startswith("/conditions/")]
    assert {f"/conditions/{document.condition_key}" for document in library.scan()} == set(listed)


def test_the_whole_alphabet_is_there_and_a_letter_without_names_is_no_link(client: FlaskClient) -> None:
    for path in ("/browse", "/browse/c"):
        page = get(client, path)
        assert re.search(" ".join(rf"{letter} , [a-z0-9 ]+?" for letter in ascii_uppercase), page.text), path
        assert "Q , none" in page.text
        assert "/browse/q" not in {href for href, _ in page.links}


def test_each_condition_says_how_many_articles_it_has(client: FlaskClient, many: FlaskClient) -> None:
    assert "Chronic multifocal osteomyelitis 4 articles" in get(client, "/browse/c").text
    assert "Ailment aba 1 article " in get(many, "/browse/a").text


def test_another_name_leads_to_the_condition(client: FlaskClient) -> None:
    page = get(client, get(client, "/browse").link("^C , 1 condition$"))
    assert re.search(r"CRMO , see Chronic multifocal osteomyelitis", page.text)
    assert len(get(client, page.link("^Chronic multifocal")).links) > 4


def test_a_letter_of_many_names_has_pages_by_their_first_names(many: FlaskClient) -> None:
    page = get(many, "/browse/a")
    assert "3 pages, by their first names" in page.text
    assert page.link(r"^Ailment dba$") == "/browse/a?page=2"
    seen, path = [], "/browse/a"
    while path:
        here = get(many, path)
        seen += [href for href, _ in here.links if href.startswith("/conditions/")]
        path = next((href for href, text in here.links if text.endswith("→")), "")
    assert seen == [f"/conditions/ailment-{letter}ba" for letter in "abcdefg"]


@pytest.mark.parametrize("path", ["/browse/zz", "/browse/A", "/browse/a?page=99", "/browse/%F0%9F%A6%B4"])
def test_a_letter_that_no_name_has_is_not_found(client: FlaskClient, path: str) -> None:
    get(client, path, 404)


def test_a_count_of_a_site_is_what_a_click_yields(client: FlaskClient) -> None:
    page = get(client, "/browse")
    href, text = next((href, text) for href, text in page.links if re.match(r"Hand \d", text))
    assert total(get(client, href)) == int(text.split()[1])
