import pytest

from indexer.knowledge import code_lookup


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("M86.352", "M86.352"),
        ("m86352", "M86.352"),
        (" m86.352. ", "M86.352"),
        ("m86–m90", "M86-M90"),
        ("13", "13"),
        ("t67.01a", "T67.01XA"),
        ("M61.16x", "M61.16"),
        ("qa00", "QA0.0"),
        ("m00–m99", "13"),
        ("A00-B99", "1"),
        ("M86.357", None),
        ("A00-B98", None),
        ("M86-M91", None),
        ("23", None),
        ("", None),
        ("bone", None),
    ],
)
def test_a_code_is_found_however_it_is_written(text: str, code: str | None) -> None:
    assert code_lookup.find(text) == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("M86.357", ["M86.35", "M86.351", "M86.352", "M86.359"]),  # the last character is wrong
        ("K35.2l", ["K35.2", "K35.20", "K35.21"]),
        ("h25.15", ["H25.1", "H25.10"]),
        ("S52.531Z", ["S52.531", "S52.531A"]),
    ],
)
def test_the_nearest_begin_as_the_text_does(text: str, codes: list[str]) -> None:
    found = code_lookup.nearest(text)
    assert list(found[: len(codes)]) == codes
    assert len(found) == len(set(found)) <= code_lookup.MAX_NEAREST


def test_a_letter_in_place_of_a_digit_is_near() -> None:
    assert "J45.909" in code_lookup.nearest("J4S.909")
    assert "I10" in code_lookup.nearest("I1O")


@pytest.mark.parametrize("text", ["", "bone", "M", "12345", "M86.3 and more words", "ü86.3"])
def test_nothing_is_near_to_what_is_no_code(text: str) -> None:
    assert code_lookup.nearest(text) == ()
