import pytest

from indexer import Library
from indexer.search.everyday_words import everyday_words, irregular_forms


@pytest.mark.parametrize("typed", "hubby lads gonna thru kinda tummy mum skinny".split())
def test_an_everyday_word_is_never_corrected(corpus_library: Library, typed: str) -> None:
    assert {each.how for each in corpus_library.search(f"{typed} arthritis").interpretation} <= {
        "exact", "stem", "dropped", "synonym", "abbreviation",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["psittacosis", "kwashiorkor", "pellagra"])
def test_a_word_of_another_disease_is_no_slip(corpus_library: Library, typed: str) -> None:
    results = corpus_library.search(typed)
    assert results.total == 0
    assert results.notes == ("No article has this word.",)


def test_irregular_forms_are_searched_as_their_word(corpus_library: Library) -> None:
    (reading,) = (each for each in corpus_library.search("fell").interpretation if each.text == "fell")
    assert (reading.meaning, reading.how) == (("fall",), "spelling")
    assert all(form != word for form, word in irregular_forms().items())


def test_the_lists_are_folded_words() -> None:
    assert len(everyday_words()) > 900
    assert all(word == word.lower() and word.isalnum() for word in everyday_words())
