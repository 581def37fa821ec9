import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.asides import asides


def covered(text: str) -> list[str]:
    """The letters and digits of the text that are asides, as typed, in order."""
    spans = sorted((span.start, span.end) for span in asides(text))
    places = sorted({place for start, end in spans for place in range(start, end)})
    return "".join(text[place] if place in places else "\n" for place in range(len(text))).split("\n")


def words_of(text: str) -> list[str]:
    return [piece.strip() for piece in covered(text) if piece.strip()]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("he couldn't swallow", ["couldn't"]),
        ("wound doesn’t heal", ["doesn’t"]),
        ("knee wont straighten", ["wont"]),
        ("they've got hives", ["they've"]),
        ("Graves' disease", []),
        ("Parkinson's", []),
        ("ill after eating shellfish", []),
        ("WONT syndrome", []),
    ],
)
def test_contractions(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("should I worry about bipolar I", ["I"]),
        ("whenever i stand up", ["i"]),
        ("I have Chiari type I", ["I"]),
        ("stage I melanoma", []),
        ("complex regional pain syndrome I", []),
        ("angiotensin I and II", []),
    ],
)
def test_the_pronoun_and_not_the_numeral(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("my 7 year old wheezes", ["7 year old"]),
        ("18-month-old with croup", ["18-month-old"]),
        ("two year old earache", ["two year old"]),
        ("aged 80 confusion", ["aged 80"]),
        ("hot flushes in her 50s", ["in her 50s"]),
        ("62yo back pain", ["62yo"]),
        ("vitamin B12", []),
        ("day 3 of measles", []),
        ("type 2 diabetes", []),
        ("T12 fracture", []),
    ],
)
def test_ages(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("ICD-10-CM L40.0", ["ICD-10-CM"]),
        ("icd10 code L40.0", ["icd10 code"]),
        ("dx code: J45.909", ["dx code"]),
        ("J45.909 billing code", ["billing code"]),
        ("ICD 10 for K50-K52", ["ICD 10 for"]),
        ("icd-10 code psoriasis", ["icd-10 code"]),
        ("ICD shock at night", []),
        ("code blue", []),
    ],
)
def test_words_that_announce_a_code(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@given(st.text(max_size=60))
def test_asides_lie_within_any_text(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in asides(text))
