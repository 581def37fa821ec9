from indexer.articles.model import SECTION_KINDS
from indexer.search.question_words import wording
from indexer.text.analyzer import fold


def test_every_word_is_folded_and_one() -> None:
    lists = wording()
    for words in (lists.asking, lists.empty, lists.common, lists.wanted):
        assert words
        assert all(fold(word) == word and word.isalpha() for word in words)


def test_what_is_wanted_names_a_section_and_is_never_empty() -> None:
    lists = wording()
    assert set(lists.wanted.values()) == set(SECTION_KINDS)
    assert lists.empty.isdisjoint(lists.wanted)
    assert lists.empty.isdisjoint(lists.common)
    assert (lists.wanted["signs"], lists.wanted["cure"]) == ("symptoms", "treatment")
