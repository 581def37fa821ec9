import pytest

from indexer.articles.model import Section
from indexer.articles.reader import parse_article
from indexer.documents import Document, to_document
from indexer.editing.evidence import Sign, section_sign, value_label, value_sign


def document(text: str, title: str | None = None) -> Document:
    return to_document(parse_article("an-id", text, title=title))


def signs(document: Document) -> dict[str, Sign]:
    return {each.what: value_sign(document, each) for each in document.evidence}


@pytest.mark.parametrize(
    ("evidence", "sign"),
    [
        ("heading 'What's wrong?'", Sign("Its heading", "What's wrong?")),
        ("cues 'one in', 'mammogra' (diagnosis)", Sign("Words in it", "one in, Mammography")),
        ("cue 'rare' (frequency)", Sign("Words in it", "rare")),
        ("it stands before the headings", Sign("It stands before the headings")),
        ("nothing says otherwise", Sign("Nothing says otherwise")),
        (
            "heading 'Notes' names no field",
            Sign("Its heading leaves it open; it says nothing of another kind", "Notes"),
        ),
    ],
)
def test_the_sign_of_a_section_quotes_its_words(evidence: str, sign: Sign) -> None:
    assert section_sign(Section("overview", None, "Mammography is for one in ten; it is rare.", evidence)) == sign


def test_title_and_code_are_quoted_from_the_lines_that_state_them() -> None:
    found = signs(document("Gout, right knee\n\nICD-10 code: M10.061\n\nIt hurts at night, and more by day.\n"))
    assert found["title"] == Sign("A line of its own, at the top", "Gout, right knee")
    assert found["code"] == Sign("The article states it", "ICD-10 code: M10.061")
    assert found["condition"] == Sign("The title, and the official title of M10.061")
    assert found["side"] == Sign("The title says it")


def test_what_only_the_text_says_is_quoted_from_it() -> None:
    found = signs(document("Cellulitis\n\nCellulitis of the left foot is an infection of the skin of the left foot.\n"))
    assert found["side"] == Sign(
        "A sentence of the text", "Cellulitis of the left foot is an infection of the skin of the left foot."
    )


def test_values_have_the_labels_that_readers_know() -> None:
    labels = {each.what: value_label(each) for each in document("It hurts.", "Gout, right knee").evidence}
    assert (labels["site"], labels["side"], labels["condition"]) == ("Knee", "Right", "Gout")
