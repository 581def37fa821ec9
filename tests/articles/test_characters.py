import pytest

from indexer.articles.characters import (
    clean_characters,
    is_garbled,
    joined_words,
    superscript,
    without_entities,
    without_references,
    without_wiki_marks,
)


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("a swol-\nlen joint", "a swollen joint"),
        ("a tired-\nness", "a tiredness"),
        ("a low-\ndose tablet", "a low-dose tablet"),
        ("mosquito-\nborne illness", "mosquito-borne illness"),
        ("a 6-\nmonth course", "a 6-month course"),
        ("up-to-\ndate", "up-to-date"),
        ("non-\nsmoker, and a non-smoker", "non-smoker, and a non-smoker"),
        ("light-\nheaded and lightheaded", "lightheaded and lightheaded"),
        ("pre-\nor postnatal", "pre-\nor postnatal"),
        ("Causes -\nnone", "Causes -\nnone"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_joined(broken: str, joined: str) -> None:
    assert joined_words(broken) == joined


def test_what_breaks_words_unseen_is_taken_out() -> None:
    assert (
        clean_characters("car\u00addio\u200blogy de\ufb01ned in\u00ad\nside\r\nnext")
        == "cardiology defined inside\nnext"
    )
    assert without_entities("card&shy;iac &lt; 5 &amp; more") == "card\u00adiac < 5 & more"


def test_references_are_cut_off_and_exponents_stay() -> None:
    assert without_references("a dry cough [12, 14] at night[3], fever\u00b9\u2074.") == "a dry cough at night, fever."
    assert without_references("30 kg/m\u00b2 and 10\u2079/L [not seen]") == "30 kg/m\u00b2 and 10\u2079/L [not seen]"


@pytest.mark.parametrize(
    ("before", "raised", "text"),
    [
        ("a rash", "12", ""),
        ("a rash", "[3,4]", ""),
        ("a rash.", "5\u20137", ""),
        ("a rash", "\u2020", ""),
        ("3 \u00d7 10", "12", "^12"),
        ("25 kg/m", "2", "\u00b2"),
        ("K", "+", "+"),
        ("the 1", "st", "st"),
    ],
)
def test_a_superscript_is_a_reference_or_an_exponent(before: str, raised: str, text: str) -> None:
    assert superscript(raised, before) == text


def test_marks_of_wikis_are_no_text() -> None:
    text = "'''Rubella''' is a [[virus|viral]] [[Infection#Types]]{{cite web}}. [[File:Rash.png|thumb]]"
    assert without_wiki_marks(text) == "Rubella is a viral Infection. "


def test_is_garbled() -> None:
    assert is_garbled("a\ufffd") and is_garbled("\udc80") and not is_garbled("é")
