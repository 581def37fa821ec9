import re

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
from indexer.articles.headings import heading_text


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
        ("anti-\ninflammatory", "anti-inflammatory"),
        ("anti-\nbodies", "antibodies"),
        ("the mid-\n1990s", "the mid-1990s"),
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
        ("a rash", "a,b", ""),
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


GLUED = """
itching7|fever12,13 and chills|headache3.|painful rash5, which|swelling1–3 is common|nausea2;|wheezing14:|
(diarrhea9)|seizures21-24 may follow|of the kidney8|vomiting10 or|dizziness4?|the infection6 spreads|people16 have|
cholesterol11 rises|depression22|is contagious1,2|stiffness33 in the morning|weakness100 grows|children7 are|
bleeding15!|of the retina18|risk factors19|dehydration2,5,9|insomnia30|bruising17|jaundice25.|itching.7 Some|
fever.12,13 Later|pain (mild to severe)4 The|the cause.3|of vision,6 and|insulin5 is|aspirin12 helps|skin3 and|
toxin8 is|a mild course7
"""
OWN_NUMBERS = """
vitamin B12|T4 and T3|H1N1|CD4 count|COVID-19|covid19|vitamin D3|HbA1c|p53|omega3 fats|interleukin6|aquaporin4|
type2 diabetes|stage3|grade2|within24 hours|about10 percent|than5 years|aged65 and over|Prevnar13|Gardasil9|
Pneumovax23|M86.341|E11.9|10 mg|5mg|500mg|50 × 10^9/L|m2|kg/m2|page7|table1|notch1|alpha1|beta2 agonist|gamma1|
name123.com|user12@mail.org|www.site24.org|sars2|ages 5-10|2019|in 2010,12 people|enterovirus71|serotype2|
technetium99 scan|iodine131|rhinovirus14|genotype4|SARS-CoV-2|factor8|exon7|chromosome21|24/7|A1C|C3 and C4|L5-S1|
HLA-B27|step3|week12|day3|9.5|1,000|approx.5 mg|fig.2|https://a.org/item12|doi.org/abcd12|presenilin1|line2|dose1|
BRCA1|FOXP3|Factor12|every8 hours|from3 to 5|abcd1234|hepatitis10 mg|utf8|over40 people|take2 tablets|fever38 °C|
dose1 and dose2|lasting7 days|reaches40 degrees|isoforms DM20|tp53|mp3
"""


def phrases(written: str) -> list[str]:
    return [phrase.strip("\n") for phrase in written.split("|")]


@pytest.mark.parametrize("phrase", phrases(GLUED))
def test_a_number_glued_to_a_word_is_a_reference(phrase: str) -> None:
    assert not re.search(r"\d", without_references(phrase))


@pytest.mark.parametrize("phrase", phrases(OWN_NUMBERS))
def test_a_number_that_belongs_to_a_word_or_counts_something_stays(phrase: str) -> None:
    assert without_references(phrase) == phrase


def test_a_number_glued_to_a_heading_leaves_its_field() -> None:
    assert heading_text("Symptoms in adults4,5") == "Symptoms in adults"
    assert heading_text("Diabetes mellitus type2") == "Diabetes mellitus type2"
