from pathlib import Path
from string import ascii_lowercase

import pytest

from indexer import Library, open_library
from indexer.search.comparison import MAX_WORDS, FieldComparison

TEXTS = {
    "gout": (
        "Gout of the knee",
        "Urate crystals inflame the joint. Fever may come, and uric acid is high. Smoking? Nobody knows.",
        "Allopurinol lowers urate.",
    ),
    "pseudogout": (
        "Pseudogout of the knee",
        "Crystals of calcium inflame the joint, with fever. Crystals are everywhere in the knee of smokers.",
        "",
    ),
    "sepsis": (
        "Septic arthritis",
        "Bacteria inflame the joint. Fever and chills.",
        "Antibiotics, e.g. flucloxacillin.",
    ),
    **{
        f"other-{n}": (f"Ailment {letter * 5}", f"Nobody {letter * 4}.", "") for n, letter in enumerate(ascii_lowercase)
    },
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    top = tmp_path_factory.mktemp("compared")
    for id, (title, causes, treatment) in TEXTS.items():
        treated = f"\nTreatment\n\n{treatment}\n" if treatment else ""
        (top / f"{id}.txt").write_text(f"{title}\n\n{title} hurts.\n\nCauses\n\n{causes}\n{treated}")
    library = open_library(top / "index")
    library.sync([top], jobs=1)
    return library


def compare(library: Library, *ids: str) -> dict[str, FieldComparison]:
    documents = [document for document in map(library.get, ids) if document]
    return {field.kind: field for field in library.compare(documents)}


def test_medical_words_of_both_are_shared_and_those_of_one_are_only_there(library: Library) -> None:
    causes = compare(library, "gout", "pseudogout")["causes"]
    assert set(causes.shared) == {"crystals", "joint", "fever", "inflame"}
    gout, pseudogout = (document.distinct for document in causes.documents)
    assert set(gout) == {"urate", "uric acid"}
    assert set(pseudogout) == {"calcium"}  # the knee is in both titles, and smokers smoke


def test_of_three_only_what_all_have_is_shared_and_what_one_has_is_only_there(library: Library) -> None:
    causes = compare(library, "gout", "pseudogout", "sepsis")["causes"]
    assert "fever" in causes.shared
    assert "crystals" not in (*causes.shared, *(word for each in causes.documents for word in each.distinct))
    assert {"bacteria", "chills"} <= set(causes.documents[2].distinct)


def test_beside_an_article_without_the_section_nothing_is_only_here(library: Library) -> None:
    treatment = compare(library, "gout", "pseudogout")["treatment"]
    assert treatment.shared == ()
    assert [document.distinct for document in treatment.documents] == [(), ()]
    assert treatment.documents[1].texts == ()
    assert compare(library, "gout", "sepsis")["treatment"].documents[1].distinct


def test_the_spans_are_the_words_that_are_shown(library: Library) -> None:
    for field in compare(library, "gout", "pseudogout", "sepsis").values():
        for document in field.documents:
            for text in document.texts:
                marked = {text.text[start:end].lower() for start, end in text.distinct}
                assert marked == {part.lower() for word in document.distinct for part in word.split()}
                assert {text.text[start:end].lower() for start, end in text.shared} <= {
                    word.lower() for word in field.shared
                }
            assert len(document.distinct) <= MAX_WORDS


def test_a_part_that_no_article_has_is_not_compared(library: Library) -> None:
    assert set(compare(library, "gout", "pseudogout")) == {"overview", "causes", "treatment"}
    assert compare(library) == {}


def test_what_is_denied_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Ringworm\n\nRingworm itches.\n\nSymptoms\n\nFever and a rash, without an abscess. Jaundice isn’t seen; the "
        "cough is dry. Injury does not cause it.\n"
    )
    (tmp_path / "b.txt").write_text("Cellulitis\n\nCellulitis hurts.\n\nSymptoms\n\nA swelling, not a rash; chills.\n")
    library = open_library(tmp_path / "index")
    library.sync([tmp_path], jobs=1)
    symptoms = compare(library, "a", "b")["symptoms"]
    first, second = symptoms.documents
    assert set(first.distinct) == {"fever", "rash", "cough"}
    assert not {"rash"} & set(second.distinct)
    assert not symptoms.shared
    (text,) = first.texts
    assert [text.text[start:end] for start, end in text.distinct] == ["Fever", "rash", "cough"]
