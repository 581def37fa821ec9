"""The setting of whom to call."""

import pytest

from indexer.errors import SourceError
from indexer.knowledge.emergency_numbers import EmergencyNumber, EmergencyNumbers

WRITTEN = "en-US=911, 988; en-GB=999, 116 123; de=112; 000"


def test_one_number_serves_everybody() -> None:
    assert EmergencyNumbers.parse("112").of(["en-US", "fr"]) == EmergencyNumber("112")
    assert EmergencyNumbers.parse("112").of([]) == EmergencyNumber("112")


def test_without_a_setting_the_words_are_neutral() -> None:
    assert EmergencyNumbers.parse("").of(["en-US"]) == EmergencyNumber("your local emergency number")


@pytest.mark.parametrize(
    ("languages", "number"),
    [
        (["en-US"], EmergencyNumber("911", "988")),
        (["en_gb"], EmergencyNumber("999", "116 123")),
        (["fr", "en-GB", "en-US"], EmergencyNumber("999", "116 123")),
        (["de-AT"], EmergencyNumber("112")),
        (["en"], EmergencyNumber("000")),  # which says nothing about where somebody is
        (["en-AU"], EmergencyNumber("000")),
        ([], EmergencyNumber("000")),
    ],
)
def test_the_reader_s_locale_has_its_number(languages: list[str], number: EmergencyNumber) -> None:
    assert EmergencyNumbers.parse(WRITTEN).of(languages) == number


@pytest.mark.parametrize("setting", ["en-US=", "=911", "en-GB=, 116 123", "1" * 100])
def test_a_wrong_setting_says_what_would_be_right(setting: str) -> None:
    with pytest.raises(SourceError, match=r"CONDITIONS_EMERGENCY: cannot use .*; write 112, or"):
        EmergencyNumbers.parse(f"112; {setting}")
