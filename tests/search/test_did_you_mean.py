from collections.abc import Mapping

import pytest

from indexer import Library, Page, open_library
from indexer.query.nodes import Node
from indexer.results import Name, Results
from indexer.search.did_you_mean import suggest_name
from indexer.text.analyzer import ANALYZER
from tests.relevance.test_relevance import QUERIES

GOUT = Name("condition", "Gout", "gout", 9)
ACUTE_GOUT = Name("condition", "Acute gout", "acute-gout", 2)
ONE = Page(limit=1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Many articles on abscesses, one of them with a misspelling, and one on an abdomen."""
    top = tmp_path_factory.mktemp("did-you-mean")
    for number in range(30):
        (top / f"abscess-{number}.txt").write_text(f"Ailment {number}\n\nAn abscess of the liver number {number}.\n")
    (top / "misspelled.txt").write_text("Trouble\n\nIt is no abcess, says the doctor, but a cyst of the liver.\n")
    (top / "named.txt").write_text("Abscesa\n\nThe abscesa is a made-up ailment of the liver.\n")
    library = open_library(top / "index")
    library.sync([top])
    return library


def test_a_rare_misspelling_is_asked_about(library: Library) -> None:
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


def test_a_name_is_suggested_only_if_it_has_articles() -> None:
    counted: list[Node] = []

    def count(node: Node) -> int:
        counted.append(node)
        return len(counted) - 1

    assert suggest_name("acute gout", (ACUTE_GOUT, GOUT), ANALYZER, count) == "Gout"
    assert len(counted) == 2
    assert suggest_name("something else", (ACUTE_GOUT, GOUT), ANALYZER, count) is None
