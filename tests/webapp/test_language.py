import pytest

from webapp.language import is_english, text_attributes


@pytest.mark.parametrize(
    ("stated", "lang", "direction"),
    [
        ("en", "en", "ltr"),
        ("en_US", "en-US", "ltr"),
        ("ar", "ar", "rtl"),
        ("he-IL", "he-IL", "rtl"),
        ("FA", "FA", "rtl"),
        ("az-Arab", "az-Arab", "rtl"),
        ("ks-Deva-IN", "ks-Deva-IN", "ltr"),
        ("ar-Latn", "ar-Latn", "ltr"),
        ("zh-Hant-TW", "zh-Hant-TW", "ltr"),
        (None, None, "auto"),
        ("", None, "auto"),
        ("English, or so", None, "auto"),
        ('"><script>', None, "auto"),
        ("e", None, "auto"),
    ],
)
def test_a_language_gives_a_tag_and_a_direction(stated: str | None, lang: str | None, direction: str) -> None:
    assert text_attributes(stated) == {"lang": lang, "dir": direction}


def test_a_text_of_no_stated_language_may_be_english() -> None:
    assert [is_english(each) for each in (None, "", "en", "EN-gb", "de", "fr")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
