from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.phrase_matcher import EARLY, PhraseMatcher, phrases_of


def test_the_longest_phrase_uses_its_words_up() -> None:
    matcher = PhraseMatcher({"relieve symptoms": 1, "symptoms": 2, "relieve": 3})
    assert matcher.find("drugs relieve symptoms and relieve other symptoms".split()) == [1, 3, 2]


def test_endings_and_gaps() -> None:
    matcher = PhraseMatcher({"diagnos*": 1, "diagnosed with": 2, "how _ spreads": 3})
    assert matcher.find("diagnoses diagnosed with how it spreads how fast it spreads".split()) == [1, 2, 3]


def test_a_longer_beginning_counts_before_a_shorter() -> None:
    assert PhraseMatcher({"diag*": 1, "diagnos*": 2}).find(["diagnosis"]) == [2]


def test_a_beginning_is_not_the_word_that_it_is() -> None:
    matcher = PhraseMatcher({"eat*": 1, "eat": 2, "to eat": 3, "ea*": 4})
    assert matcher.find("eat eating each to eat to eating".split()) == [2, 1, 4, 3, 1]


def test_an_early_phrase_counts_only_early() -> None:
    matcher = PhraseMatcher({"^treatment": 1, "treatment": 2})
    words = ["x"] * EARLY
    assert matcher.find(["the", "treatment"]) == [1]
    assert matcher.find([*words, "treatment"]) == [2]
    assert PhraseMatcher({"^treatment": 1}).find([*words, "treatment"]) == []


def test_phrases_of() -> None:
    assert list(phrases_of(" a  b,\n c,, ")) == ["a b", "c"]


WORD = st.text("abc", min_size=1, max_size=3)


@given(
    st.dictionaries(st.lists(WORD, min_size=1, max_size=3).map(" ".join), st.integers(), max_size=12),
    st.lists(WORD, max_size=30),
)
def test_plain_phrases_as_by_hand(phrases: dict[str, int], words: list[str]) -> None:
    expected, place = [], 0
    while place < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[place : place + length])
            if place + length <= len(words) and phrase in phrases:
                expected.append(phrases[phrase])
                place += length
                break
        else:
            place += 1
    assert PhraseMatcher(phrases).find(words) == expected
