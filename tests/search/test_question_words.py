from indexer.articles.model import SECTION_KINDS
from indexer.search.question_words import question_words
from indexer.text.analyzer import fold


def test_every_word_is_folded_and_one() -> None:
    lists = question_words()
    for words in (lists.asking, lists.empty, lists.common, lists.unmissed, lists.aspects):
        assert words
        assert all(fold(word) == word and word.isalpha() for word in words)


def test_an_aspect_is_a_section_and_its_words_are_never_empty() -> None:
    lists = question_words()
    assert set(lists.aspects.values()) == set(SECTION_KINDS)
    assert lists.empty.isdisjoint(lists.aspects)
    assert lists.empty.isdisjoint(lists.common)
    assert (lists.aspects["signs"], lists.aspects["cure"]) == ("symptoms", "treatment")
