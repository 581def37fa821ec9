"""Titles and the inflected words of symptoms: "burning" is not Burn."""

from collections.abc import Iterator

import pytest

from indexer import Library, open_library
from indexer.engine import Searcher
from indexer.query.nodes import Coverage
from indexer.query.parsed_query import Word
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.search import title_coverage as module
from indexer.search.term_statistics import TermStatistics
from indexer.search.title_coverage import title_coverage

ARTICLES = {
    "burn": "Burn\n\nICD-10 code: T30.0\n\nHeat harms the skin. Burning wood is a cause.",
    "mouth": "Burning mouth\n\nICD-10 code: K14.6\n\nThe tongue is sore. No burn is seen.",
    "ring": "Ring chromosome 20\n\nICD-10 code: Q93.2\n\nThe ends of the chromosome are a ring. The ears are low.",
    "ear": "Ear disorders\n\nICD-10 code: H93.90\n\nTinnitus is one of them, a ringing in both ears.",
    "bladder": "Cystitis\n\nICD-10 code: N30.90\n\nDysuria, which is painful urination. Passing water is burning.",
}
BURNING = Word("burning", "burning", "burn")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    top = tmp_path_factory.mktemp("titles")
    for id, text in ARTICLES.items():
        (top / f"{id}.txt").write_text(text + "\n")
    with open_library(top / "index") as library:
        library.sync([top])
        yield library


@pytest.fixture
def searcher(library: Library) -> Iterator[Searcher]:
    with library.searcher() as opened:
        yield opened


def covered(searcher: Searcher, inflected: list[Word]) -> dict[str, float]:
    node = title_coverage(["burn", "mouth"], inflected, TermStatistics(searcher), 0.0)
    return {each.document.id: each.score for each in searcher.search(Query("", root=node), Page(limit=9)).page}


def test_an_inflected_word_counts_only_for_titles_that_have_the_word(searcher: Searcher) -> None:
    assert covered(searcher, []) == {"burn": 1.0, "mouth": 1.0}
    assert covered(searcher, [BURNING]) == {"mouth": 1.0}


def test_where_many_titles_have_the_term_it_counts_for_none(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_TITLES", 1)
    node = title_coverage(["burn", "mouth"], [BURNING], TermStatistics(searcher), 0.5)
    assert node == Coverage(("mouth",), "title", 0.5)


def test_burning_water_is_no_burn(library: Library) -> None:
    for text in ("it burns when I pee", "why is it burning when I pee?"):
        results = library.search(text)
        assert results.hits[0].document.id == "bladder"
        (dysuria,) = [each for each in results.interpretation if "dysuria" in each.meaning]
        assert dysuria.how == "synonym"
    assert library.search("burning mouth").hits[0].document.id == "mouth"


def test_ringing_ears_are_no_ring_chromosome(library: Library) -> None:
    found = [hit.document.id for hit in library.search("why is it ringing in my ears when I wake up?").hits]
    assert found[0] == "ear"  # a plural counts for its title
    assert "ring" not in found
