import pytest

from indexer import Library
from indexer.query.parsed_query import Word
from indexer.search.beginnings import MAX_COMPLETIONS, completions
from indexer.search.term_statistics import TermStatistics


def words_for(library: Library, typed: str) -> list[str]:
    with library.searcher() as searcher:
        word = Word(typed, typed, typed)
        return [each.folded for each in completions(word, TermStatistics(searcher))]


def test_the_beginning_of_a_word_completes(named: Library) -> None:
    results = named.search("gastro")
    assert [hit.document.id for hit in results.hits][:2] == ["gastro-2", "gastro-1"]
    (reading,) = results.interpretation
    assert (reading.text, reading.how) == ("gastro", "prefix")
    assert {"gastroenteritis", "gastroparesis"} <= set(reading.meaning)


@pytest.mark.parametrize(
    "typed, first", [("castlem", "il6"), ("siltux treatment", "il6"), ("fracture clav", "clavicle")]
)
def test_also_among_other_words(named: Library, typed: str, first: str) -> None:
    assert named.search(typed).hits[0].document.id == first


@pytest.mark.parametrize("typed", ["gas", "stomach", "knee", "zzzz", "il6x"])
def test_what_is_short_known_or_no_beginning_completes_to_nothing(named: Library, typed: str) -> None:
    assert words_for(named, typed) == []


@pytest.mark.parametrize("typed", ["osteo", "arthr", "dermat", "nephr", "cardi", "hepat", "neuro"])
def test_in_a_real_library_most_completions_begin_so(corpus_library: Library, typed: str) -> None:
    found = words_for(corpus_library, typed)
    assert 1 < len(found) <= MAX_COMPLETIONS
    assert all(word.startswith(typed) for word in found)


@pytest.mark.parametrize("typed", ["headache", "fever", "gout", "thumb"])
def test_a_word_of_the_library_stays_as_it_is(corpus_library: Library, typed: str) -> None:
    assert {each.how for each in corpus_library.search(typed).interpretation} <= {"exact", "stem", "synonym"}


def test_as_typed_it_is_no_beginning(named: Library) -> None:
    assert named.search("gastro", expand=False).total == 0
