import pytest

from indexer.search.asked_topics import asked, wider_field, words_of_titles


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what causes gout", "causes"),
        ("How do I know if it's gout?", "symptoms"),
        ("what should I do", "treatment"),
        ("what is gout", "definition"),
        ("is gout hereditary", "inheritance"),
        ("how long does it last", "outlook"),
        ("how can I prevent it", "prevention"),
        ("gout and the kidneys?", "definition"),
        ("does gout cause kidney stones", None),
    ],
)
def test_the_topic_of_a_question(text: str, topic: str | None) -> None:
    question = asked(text, is_question=True)
    assert question is not None
    assert question.topic == topic


def test_a_question_about_a_disease_describes_nothing() -> None:
    question = asked("what is the best treatment of gout", is_question=True)
    assert question is not None
    assert not question.is_description


@pytest.mark.parametrize("text", ["", "gout", "gout?", "my gout", "gout right knee", "–"])
def test_a_few_words_ask_nothing(text: str) -> None:
    assert asked(text, is_question=False) is None


def test_a_sentence_about_oneself_describes() -> None:
    question = asked("my child’s collarbone hurts again and again", is_question=False)
    assert question is not None
    assert question.is_description
    assert question.topic is None
    assert "again" in question.words
    assert "collarbone" not in question.words


def test_words_that_ask_are_no_part_of_a_name() -> None:
    question = asked("can hemorrhoids go away without surgery", is_question=False)
    assert question is not None
    assert {"go", "away", "surgery"} <= question.words
    assert "hemorrhoids" not in question.words


def test_every_topic_has_a_field() -> None:
    assert [wider_field(topic) for topic in ("causes", "inheritance", "outlook", "prevention")] == [
        "causes",
        "causes",
        "overview",
        "treatment",
    ]


def test_titles_say_fracture_for_what_is_broken() -> None:
    assert words_of_titles("broken") == ("fracture",)
    assert words_of_titles("gout") == ()
