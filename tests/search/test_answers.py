"""The answer above the results of a question, over the corpus that comes with the project."""

import re
from pathlib import Path

import pytest

from indexer import Library, Page, open_library
from indexer.results import Answer, Results
from indexer.search.answers import MAX_URGENT

QUESTIONS = [
    tuple((*line.split("\t"), "", "")[:3])
    for line in Path(__file__).with_name("questions.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
MIN_RIGHT = 0.92  # of the answers that are shown
MIN_SHOWN = 0.6  # of the questions that an article answers
MAX_PASSAGE = 560

BY_CONDITION = Page(limit=10, collapse=True)


def searched(library: Library, text: str) -> Results:
    return library.search(text, page=BY_CONDITION)


def answer(library: Library, text: str) -> Answer:
    found = searched(library, text).answer
    assert found is not None, text
    return found


def test_answers_are_right_or_none_is_shown(corpus_library: Library) -> None:
    answered = {text: searched(corpus_library, text).answer for text, _, _ in QUESTIONS}
    shown, right, wrong = 0, 0, []
    for text, condition, field in QUESTIONS:
        found = answered[text]
        if found is None:
            continue
        shown += 1
        name = f"{found.document.condition} {found.document.title}".lower()
        is_right = condition != "-" and re.search(condition, name) and re.fullmatch(field or ".*", found.passage.field)
        right += bool(is_right)
        wrong += [] if is_right else [(text, found.document.title, found.passage.field)]
    assert right >= MIN_RIGHT * shown, wrong
    answerable = sum(condition != "-" for _, condition, _ in QUESTIONS)
    assert shown >= MIN_SHOWN * answerable


# A part of the name of a condition is taken for its name: what to do about it is not known yet.
PARTS_OF_NAMES = (
    "what is the best way to lose weight",
    "is sugar bad for you",
    "I love my wife and my dog",
    "how to sleep better",
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, marks=pytest.mark.xfail(strict=True)) if text in PARTS_OF_NAMES else text
        for text, condition, _ in QUESTIONS
        if condition == "-"
    ],
)
def test_a_question_that_no_article_is_about_has_no_answer(corpus_library: Library, text: str) -> None:
    assert searched(corpus_library, text).answer is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("what causes gout", "causes"),
        ("gout symptoms", "symptoms"),
        ("how is gout diagnosed", "diagnosis"),
        ("can gout be cured", "treatment"),
        ("what is gout", "overview"),
    ],
)
def test_the_field_that_was_asked_about_answers(corpus_library: Library, text: str, field: str) -> None:
    found = answer(corpus_library, text)
    assert (found.document.condition, found.passage.field) == ("Idiopathic gout", field)
    assert found.is_named


def test_a_passage_is_quoted_as_it_stands_in_its_section(corpus_library: Library) -> None:
    answers = [found for text, _, _ in QUESTIONS if (found := searched(corpus_library, text).answer)]
    for found in answers:
        section = found.document.sections[found.section - 1]
        assert section.kind == found.passage.field
        assert found.passage.text in section.text
        assert len(found.passage.text) <= MAX_PASSAGE
        assert all(0 <= start < end <= len(found.passage.text) for start, end in found.passage.spans)


def test_what_is_described_is_answered_by_the_article_that_tells_of_all_of_it(corpus_library: Library) -> None:
    found = answer(corpus_library, "my thumb catches and clicks when I bend it")
    assert found.document.id == "trigger-thumb-right-thumb"
    assert not found.is_named
    assert "clicking" in found.passage.text


def test_a_part_of_a_known_name_names_no_condition(tmp_path: Path) -> None:
    (tmp_path / "mi.txt").write_text("Myocardial infarction\n\nMyocardial infarction is told of here.\n")
    for title in ("Transient ischemic attack", "Gout", "Mumps", "Acne", "Lupus", "Scurvy"):
        (tmp_path / f"{title}.txt").write_text(
            f"{title}\n\n{title} can reach the heart, as a heart attack does.\n\n"
            f"Causes\n\nThe causes of {title.lower()} are known.\n"
        )
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path])
        # All say the words more often than the article that is about them, which comes last.
        assert library.search("causes of a heart attack").answer is None
        assert answer(library, "causes of a transient ischemic attack").document.title == "Transient ischemic attack"


def test_words_that_ask_nothing_have_no_answer(corpus_library: Library) -> None:
    for text in ("gout", "osteomyelitis right hand", "M86.341", "", "title:gout"):
        assert searched(corpus_library, text).answer is None


def test_only_the_first_page_by_relevance_has_an_answer(corpus_library: Library) -> None:
    text = "what causes gout"
    assert corpus_library.search(text, page=BY_CONDITION, sort="title").answer is None
    assert corpus_library.search(text, page=Page(10, 10, collapse=True)).answer is None
    assert corpus_library.search(text).answer is not None


def test_when_to_get_help_is_part_of_the_answer(corpus_library: Library) -> None:
    found = answer(corpus_library, "what causes sciatica")
    assert found.urgent
    assert all(any(text in section.text for section in found.document.sections) for text in found.urgent)


def test_an_answer_tells_emergencies_before_what_can_wait(tmp_path: Path) -> None:
    (tmp_path / "mumps.txt").write_text(
        "Mumps\n\nMumps is a viral infection of the salivary glands.\n\nSymptoms\n\nThe cheeks swell. "
        "See a doctor if the swelling lasts. Go the same day for earache. See a dentist if the mouth stays dry. "
        "Call an ambulance for a stiff neck.\n\nCauses\n\nMumps is caused by a virus that spreads in droplets.\n"
    )
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path])
        urgent = answer(library, "what causes mumps").urgent
    assert urgent[0] == "Call an ambulance for a stiff neck."
    assert urgent[1] == "See a doctor if the swelling lasts."
    assert len(urgent) == MAX_URGENT


def test_a_second_condition_of_that_name_is_given_too_but_of_three_none_is_chosen(corpus_library: Library) -> None:
    two = answer(corpus_library, "symptoms of migraine")
    assert {two.document.condition, *(other.condition for other in two.others)} == {
        "Migraine with aura",
        "Migraine without aura",
    }
    assert searched(corpus_library, "what causes breast cancer").answer is None


def test_in_an_emergency_nothing_is_answered_that_only_resembles_it(corpus_library: Library) -> None:
    described = searched(corpus_library, "my arm is weak and my speech is slurred and my face droops")
    assert described.notice
    assert described.answer is None or described.answer.is_named
    crisis = searched(corpus_library, "what is the treatment for depression, i want to kill myself")
    assert crisis.notice
    assert crisis.answer is None


@pytest.mark.parametrize(
    "text",
    [
        "my son has a sore ear and fever",  # all in an article on the eye, in no sentence together
        "my stomach hurts after eating spicy food",
        "my knee clicks and gives way",
        "my husband has chest pain and sweating",  # sweating alone is a name
        "half of my face is drooping and I cannot close my eye",
    ],
)
def test_what_no_passage_tells_of_has_no_answer(corpus_library: Library, text: str) -> None:
    assert searched(corpus_library, text).answer is None
