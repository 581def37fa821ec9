from indexer.articles.model import Section
from indexer.documents import Document
from indexer.search.document_terms import surface_forms, term_frequencies
from indexer.text.analyzer import ANALYZER

DOCUMENT = Document(
    id="cmo",
    source="cmo.txt",
    title="Chronic multifocal osteomyelitis",
    sections=(Section("overview", None, "Bones ache in Addison's disease. MRI shows bone. Addison's is rare.", ""),),
)


def test_the_terms_of_a_document_are_those_of_all_fields() -> None:
    assert {"osteomyelit", "bone", "ach"} <= term_frequencies(DOCUMENT, ANALYZER).keys()
    assert term_frequencies(DOCUMENT, ANALYZER)["bone"] == 2


def test_surface_forms_are_words_as_they_stand_but_for_capitals_of_titles_and_beginnings() -> None:
    forms = surface_forms(DOCUMENT, ANALYZER)
    assert forms["bone"] == {"bones": 1, "bone": 1}
    assert forms["addison"] == {"Addison's": 2}
    assert forms["mri"] == {"MRI": 1}
    assert forms["chronic"] == {"chronic": 1}
