import pytest

from indexer.search.medical_words import is_medical
from indexer.text.analyzer import ANALYZER


@pytest.mark.parametrize(
    "word",
    [
        "fever",
        "Swollen",
        "swellings",
        "oedema",
        "haemorrhages",
        "urate",
        "vedolizumab",
        "statins",
        "colonoscopies",
        "cysts",
    ],
)
def test_signs_substances_and_medical_endings_are_medical(word: str) -> None:
    assert is_medical(word, ANALYZER)


@pytest.mark.parametrize(
    "word", ["wrong", "product", "supposedly", "diagnosis", "program", "geography", "fast", "lines"]
)
def test_general_english_is_not(word: str) -> None:
    assert not is_medical(word, ANALYZER)
