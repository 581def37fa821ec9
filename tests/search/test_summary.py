from indexer.articles.model import Section
from indexer.documents import Document
from indexer.search.summary import MAX_SUMMARY, summary


def document(*sections: tuple[str, str], condition: str = "Gout", names: tuple[str, ...] = ()) -> Document:
    made = tuple(Section(kind, None, text, "") for kind, text in sections)  # type: ignore[arg-type]
    return Document(id="x", source="", title=condition, condition=condition, names=names, sections=made)


def text(made: Document) -> str:
    found = summary(made)
    return found.text if found else ""


def test_it_begins_with_the_sentence_that_says_what_the_condition_is() -> None:
    told = (
        "A king could not walk for weeks because of a toe. Gout is a disease of urate crystals. It hurts a lot. More."
    )
    assert text(document(("overview", told))) == "Gout is a disease of urate crystals. It hurts a lot."


def test_another_name_counts_and_a_beginning_that_leans_on_another_sentence_does_not() -> None:
    told = "This is a strange beginning of an article about gout. Podagra is the swelling of a single big toe."
    assert text(document(("overview", told), names=("podagra",))).startswith("Podagra is")


def test_it_stays_in_its_paragraph_and_within_its_length() -> None:
    assert text(document(("overview", "Gout is a disease of the joints in men.\nA list."))).endswith("in men.")
    long = "Gout is a disease of the joints in men. " + "And so on, " * 60 + "to the end."
    assert len(text(document(("overview", long)))) < MAX_SUMMARY


def test_without_an_overview_the_first_section_is_quoted_and_without_text_nothing() -> None:
    found = summary(document(("causes", "Gout comes from crystals of urate in a joint."), ("treatment", "Rest.")))
    assert found
    assert (found.number, found.section.kind) == (1, "causes")
    assert summary(document()) is None
