import pytest

from indexer.articles import reader
from indexer.documents import Document, to_document
from indexer.search.medical_names import MentionedNames, is_part, key_of


def document(title: str, text: str) -> Document:
    return to_document(reader.parse_article("id", f"{title}\n\n{text}\n", title=title))


def shared(one: str, other: str) -> set[str]:
    ours = MentionedNames(document("One thing", one))
    return {ours.written(name) for name in ours.shared_with(MentionedNames(document("Another", other)))}


def test_a_name_is_found_in_the_singular_and_the_plural() -> None:
    assert shared("He had Kidney stones once.", "A kidney stone hurts.") == {"Kidney stones"}


@pytest.mark.parametrize(
    "text", ["The thigh and the knee, in boots.", "Pain in a disease.", "Water drops on the wall.", "1"]
)
def test_parts_of_the_body_everyday_words_and_general_ones_are_no_names(text: str) -> None:
    assert shared(text, text) == set()


def test_no_name_goes_on_over_a_comma_or_a_line() -> None:
    text = "The kidney, stones and all.\n\nDeep vein\n\nThrombosis"
    assert shared(text, "Kidney stones. Deep vein thrombosis.") == {"thrombosis"}


def test_a_name_within_a_name_is_found_too() -> None:
    text = "It may end in deep vein thrombosis."
    assert shared(text, text) == {"deep vein thrombosis", "thrombosis"}
    assert is_part(key_of("thrombosis"), key_of("deep vein thrombosis"))
    assert not is_part(key_of("vein"), key_of("deep vein thrombosis"))


def test_names_are_written_as_within_a_sentence() -> None:
    text = "Rheumatoid arthritis. COPD. Crohn's disease. Some say Sjögren syndrome; asthma."
    assert shared(text, text) >= {"rheumatoid arthritis", "COPD", "Crohn's disease", "Sjögren syndrome", "asthma"}


def test_the_names_of_either_condition_count_though_nobody_else_knows_them() -> None:
    ours = MentionedNames(document("Zyzzyx syndrome", "Few have a Zyzzyx syndrome."))
    theirs = MentionedNames(document("Gout", "Unlike Zyzzyx syndrome, it hurts."))
    assert [ours.written(name) for name in ours.shared_with(theirs)] == ["Zyzzyx syndrome"]
    assert MentionedNames(document("Gout", "It hurts.")).shared_with(ours) == frozenset()
