import pytest

from tests.corpus.reading_grade import reading_grade, syllables

COUNTED = {
    1: "bone pain caused the knee scale rash which bones aged",
    2: "muscle treated muscles causes doctor asthma fever fusion needle swollen",
    3: "infection arteries medicine hospital condition",
    4: "emergency diagnosis antibodies bacteria",
}


@pytest.mark.parametrize("count", COUNTED)
def test_syllables(count: int) -> None:
    assert {word: syllables(word) for word in COUNTED[count].split()} == dict.fromkeys(COUNTED[count].split(), count)


def test_grades_are_those_of_the_formulas() -> None:
    grade = reading_grade(["The doctor sees the swollen knee.", "Call for help!", "..."])
    assert grade.flesch_kincaid == pytest.approx(0.39 * 9 / 2 + 11.8 * 11 / 9 - 15.59)
    assert grade.automated_readability == pytest.approx(0.5 * 9 / 2 + 4.71 * 38 / 9 - 21.43)
