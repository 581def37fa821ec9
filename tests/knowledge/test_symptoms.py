"""What people say of symptoms: the built-in table on phrasings and on texts that tell of none, and faulty tables."""

from pathlib import Path

import pytest

from indexer.knowledge.symptoms import (
    PARSED_TABLE,
    SymptomFinder,
    built_in_symptoms,
    default_symptoms,
    parse_table,
    parsed_symptoms,
    read_symptoms,
)
from indexer.knowledge.word_groups import query_words
from indexer.text.analyzer import ANALYZER

HERE = Path(__file__).parent
PHRASES = [line.split("\t") for line in (HERE / "symptom_phrases.tsv").read_text("utf-8").splitlines()]
NEGATIVES = (HERE / "symptom_negatives.txt").read_text("utf-8").splitlines()


def found(text: str, finder: SymptomFinder | None = None) -> list[str]:
    mentions = (finder or default_symptoms()).mentions([word.text for word in query_words(text)])
    return [mention.names[0] for mention in mentions]


@pytest.mark.parametrize(("text", "name"), PHRASES)
def test_what_people_say_leads_to_the_symptom(text: str, name: str) -> None:
    assert name in found(text)


def test_what_people_say_leads_to_few_symptoms() -> None:
    assert sum(len(found(text)) for text, _ in PHRASES) < 1.6 * len(PHRASES)


@pytest.mark.parametrize("text", NEGATIVES)
def test_words_of_symptoms_in_other_texts_lead_to_none(text: str) -> None:
    assert found(text) == []


def test_the_words_may_come_in_any_order_but_stand_together() -> None:
    assert found("when I pee it burns") == found("it burns whenever I have to pee") == ["dysuria"]
    assert "dysuria" not in found("it burns when I eat " + "and there is more to say about me " * 2 + "but I pee")


@pytest.mark.parametrize(
    "typed", ["can't breathe", "cant breathe", "cannot breathe", "can not breathe", "can’t breathe"]
)
def test_every_way_to_write_a_contraction_is_read(typed: str) -> None:
    assert found(f"I {typed}") == ["dyspnea"]


def test_the_parsed_table_is_that_of_the_file() -> None:
    assert parsed_symptoms() == built_in_symptoms()
    assert PARSED_TABLE.read_text("utf-8") == parse_table(), "run python -m indexer.knowledge.symptoms"


def test_the_table_is_large_and_each_name_can_be_searched() -> None:
    symptoms = built_in_symptoms()
    assert len(symptoms) >= 220
    for symptom in symptoms:
        assert all(map(ANALYZER.terms, symptom.names)), symptom.names
        assert len(set(symptom.names)) == len(symptom.names)


def test_a_list_is_named_and_a_single_word_has_its_plural() -> None:
    finder = SymptomFinder(
        read_symptoms('[words]\nhurt = "hurt|sore"\n["knee pain"]\nsay = ["@hurt + knee"]\nunless = "dog"\n')
    )
    assert found("sore knees", finder) == found("my knee hurts", finder) == ["knee pain"]
    assert found("my dog's knee hurts", finder) == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ('["limp"]\nalso = ["limping"]', "nobody says it"),
        ('["limp"]\nsay = ["limp + "]', "empty"),
        ('["limp"]\nsay = ["limp + @leg"]', "there is no list @leg"),
        ('["limp"]\nsay = "limp"', "say is not a list of texts"),
        ('["limp"]\nsay = ["limp"]\nunles = "dog"', "“unles” is no part of a symptom"),
        ('["limp"]\nsay = ["limp"]\nunless = ["dog"]', "unless is no text"),
    ],
)
def test_a_fault_names_the_entry_and_what_is_wrong(table: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r"symptom “limp”: ") as error:
        read_symptoms(table)
    assert fault in str(error.value)
