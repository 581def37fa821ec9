import pytest

from indexer.text.readability import MIN_WORDS, grade

EASY = "The cat sat on the mat. It was a hot day and the cat had a nap. " * 8
HARD = (
    "Immunosuppressive pharmacotherapy is considered in patients with histologically demonstrated granulomatous "
    "inflammation, notwithstanding the considerable heterogeneity of the underlying pathophysiological mechanisms. "
) * 6


def test_long_words_and_sentences_need_more_years_of_school() -> None:
    easy, hard = grade(EASY), grade(HARD)
    assert easy is not None
    assert hard is not None
    assert 1 <= easy <= 3
    assert hard > 16


def test_the_index_is_that_of_the_formula() -> None:
    sentence = "The pains of a hollow bone ceases to trouble anybody. "
    assert (len(sentence.split()), sum(map(str.isalpha, sentence))) == (10, 43)
    assert grade(sentence * 10) == round(4.71 * 4.3 + 0.5 * 10 - 21.43)


@pytest.mark.parametrize("text", ["", "Too short.", "Der Fuss schmerzt und das Knie ist rot. " * 20, "骨 " * 300])
def test_short_and_foreign_texts_have_none(text: str) -> None:
    assert grade(text) is None


def test_a_hundred_words_are_enough() -> None:
    words = ("the pain is in a joint and it can be " * 20).split()
    assert grade(" ".join(words[:MIN_WORDS])) is not None
    assert grade(" ".join(words[: MIN_WORDS - 1])) is None
