from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.query.leaves import leaves
from indexer.query.parser import parse_query
from indexer.search.answer_passages import MAX_PASSAGE, AnswerPassage, answer_passage
from indexer.search.asked_topics import Asked
from indexer.text.analyzer import ANALYZER

CAUSES = (
    "It was named long ago. The disease is caused by crystals of urate in a joint. "
    "Alcohol and some drugs raise the risk. Nobody knows the rest."
)
DOCUMENT = Document(
    id="x",
    source="",
    title="Gout",
    sections=(
        Section(
            "overview", None, "Gout is a painful inflammation of joints. Most people recover within two weeks.", ""
        ),
        Section("causes", "Causes", CAUSES, ""),
        Section("symptoms", None, "The joint swells? Yes:\na red toe\na hot knee, worse at night", ""),
    ),
)


def quoted(topic: str | None, query: str = "gout", document: Document = DOCUMENT) -> str | None:
    question = Asked(topic, is_description=topic is None)
    passage = answer_passage(document, question, leaves(parse_query(query).root), ANALYZER)
    return passage and text_of(passage)


def text_of(passage: AnswerPassage) -> str:
    return passage.section.text[passage.start : passage.end]


def test_two_sentences_in_a_row_that_speak_for_the_topic() -> None:
    assert quoted("causes") == (
        "The disease is caused by crystals of urate in a joint. Alcohol and some drugs raise the risk."
    )


def test_a_field_that_the_article_has_not_is_not_made_up() -> None:
    assert quoted("treatment") is None
    assert quoted("diagnosis") is None


def test_the_outlook_is_found_wherever_it_stands() -> None:
    assert quoted("outlook") == "Most people recover within two weeks."


def test_what_is_described_is_looked_for_by_its_words() -> None:
    assert quoted(None, "hot knee at night") == "a hot knee, worse at night"


def test_a_sentence_about_codes_is_quoted_only_where_there_is_no_other() -> None:
    coding = "In coding, a hot knee at night is part of the leg."
    for text, said in ((f"A toe is red. {coding}", "A toe is red."), (coding, coding)):
        document = Document(id="x", source="", title="Gout", sections=(Section("symptoms", None, text, ""),))
        assert quoted(None, "hot knee at night", document) == said


def test_the_section_is_numbered_from_one() -> None:
    passage = answer_passage(DOCUMENT, Asked("causes", is_description=False), (), ANALYZER)
    assert passage is not None
    assert passage.number == 2


LINES = st.lists(
    st.sampled_from(
        ["It is rare.", "Gout is caused by urate crystals.", "Why?", "a red toe that hurts at night", "\n", "x" * 600]
    ),
    max_size=12,
).map(" ".join)


@given(text=LINES, topic=st.sampled_from([None, "causes", "outlook", "definition", "prevention"]))
def test_a_passage_lies_in_its_section_and_is_short(text: str, topic: str | None) -> None:
    document = Document(id="x", source="", title="", sections=(Section("overview", None, text, ""),))
    passage = quoted(topic, "gout", document)
    assert passage is None or (passage in text and 0 < len(passage) <= MAX_PASSAGE)
