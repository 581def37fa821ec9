from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Library, Page, open_library
from indexer.query.nodes import Node
from indexer.query.query import Query
from indexer.results import Name, Results
from indexer.search.did_you_mean import MAX_NAMES, NameFinder, likely_name
from indexer.suggestions.names import Names
from tests.relevance.test_relevance import QUERIES

NAMES = (
    Name("condition", "Sjögren syndrome", "sjogren-syndrome", 3),
    Name("name", "Sicca syndrome", "sjogren-syndrome", 1),
    Name("condition", "Gout", "gout", 9),
    Name("condition", "Acute gout", "acute-gout", 2),
    Name("code", "M35.0", "m350", 3),
    Name("site", "Knee", "knee", 20),
)
ONE = Page(limit=1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Many articles on abscesses, one of them with a slip, and one on an abdomen."""
    top = tmp_path_factory.mktemp("meant")
    for number in range(30):
        (top / f"abscess-{number}.txt").write_text(f"Ailment {number}\n\nAn abscess of the liver number {number}.\n")
    (top / "slip.txt").write_text("Trouble\n\nIt is no abcess, says the doctor, but a cyst of the liver.\n")
    (top / "named.txt").write_text("Abscesa\n\nThe abscesa is a made-up ailment of the liver.\n")
    library = open_library(top / "index")
    library.sync([top])
    return library


def test_a_slip_that_an_article_has_is_asked_about(library: Library) -> None:
    results = library.search("Abcess of the liver")
    assert results.suggestion == "abscess of the liver"
    assert results.total
    assert library.search(results.suggestion).total >= 30


@pytest.mark.parametrize("text", ["ABCESS", "abscess", "abcess causes:zyzzyx", "cyst", '"abcess" liver', "Abscesa"])
def test_nothing_is_asked_about_other_words(library: Library, text: str) -> None:
    assert library.search(text).suggestion is None


def test_what_no_article_has_is_corrected_and_not_asked_about(library: Library) -> None:
    results = library.search("absceess")
    assert (results.suggestion, results.total > 20) == (None, True)


def test_a_suggestion_has_articles_under_the_filters(library: Library) -> None:
    assert library.search("abcess", filters={"chapter": ["1"]}).suggestion is None


def test_suggestions_are_rare_and_have_results(corpus_library: Library, judged_results: Mapping[str, Results]) -> None:
    asked = [(text, results.suggestion) for text, results in judged_results.items() if results.suggestion]
    assert len(asked) <= len(QUERIES) // 100
    for text, suggestion in asked:
        assert corpus_library.search(suggestion, page=ONE).total, text


def test_names_are_found_by_letters_and_by_words() -> None:
    finder = NameFinder(Names(NAMES))
    assert [name.text for name in finder.nearest("sjogrensyndrom")] == ["Sjögren syndrome"]
    assert [name.text for name in finder.nearest("syndrome of Sjögren")][:1] == ["Sjögren syndrome"]
    assert finder.nearest("gouts")[0].text == "Gout"
    assert {name.value for name in finder.nearest("acute gout")} == {"acute-gout", "gout"}
    assert finder.nearest("xqzyvw") == ()


def test_abbreviations_and_codes_are_near_to_nothing() -> None:
    assert NameFinder(Names(NAMES)).nearest("GOU") == ()
    assert all(name.kind != "code" for name in NameFinder(Names(NAMES)).nearest("M35.01"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30) | st.sampled_from([name.text for name in NAMES]))
def test_near_names_are_few_and_lead_to_different_places(typed: str) -> None:
    found = NameFinder(Names(NAMES)).nearest(typed)
    assert len({name.value for name in found}) == len(found) <= MAX_NAMES


def test_the_likeliest_name_has_articles() -> None:
    asked: list[Node] = []

    def count(node: Node) -> int:
        asked.append(Query("", node).root)
        return len(asked) - 1

    assert likely_name("acute gout", (NAMES[3], NAMES[2], NAMES[5]), count) == "Gout"
    assert len(asked) == 2
    assert likely_name("something else", NAMES, count) is None


@pytest.mark.parametrize("names", [[], [Name("code", "M10", "m10", 1)]])
@pytest.mark.parametrize("typed", ["gouts", "\u0301" * 5])
def test_where_there_are_no_names_nothing_is_near(names: list[Name], typed: str) -> None:
    assert NameFinder(Names(names)).nearest(typed) == ()
