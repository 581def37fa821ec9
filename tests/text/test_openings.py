"""A sentence to whether a quotation can begin with it."""

import pytest

from indexer.text.openings import defines, leans


@pytest.mark.parametrize(
    "sentence", ["It swells.", "These crystals melt away.", "However, most heal.", "The latter is rare."]
)
def test_a_sentence_leans_on_the_one_before(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence", ["Itching comes first.", "It is vital to act at once.", "Sores heal.", "Gout hurts."]
)
def test_a_sentence_stands_alone(sentence: str) -> None:
    assert not leans(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Gout is a painful form of arthritis.", True),
        ("Bursae are the cushions of a joint.", True),
        ("Pyrexia means fever.", True),
        ("Gout hurts at night.", False),
        ("Gout is treated with rest.", False),
        (f"{'Long before anybody ' * 8}gout is a word.", False),
    ],
)
def test_a_sentence_defines(sentence: str, expected: bool) -> None:
    assert defines(sentence) is expected
