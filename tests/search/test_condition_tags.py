import pytest

from indexer import Library, Page


def found(library: Library, text: str) -> set[str]:
    return {hit.document.condition for hit in library.search(text, page=Page(limit=100)).hits}


@pytest.mark.parametrize(
    "typed",
    [
        "condition:gout",
        "condition: gout",
        "Condition:Gout",
        "condition:idiopathic gout",
        'condition:"idiopathic gout"',
        "condition:idiopathic-gout",
    ],
)
def test_a_condition_is_named_as_people_name_it(corpus_library: Library, typed: str) -> None:
    assert found(corpus_library, typed) == {"Idiopathic gout"}


def test_a_synonym_names_its_condition_and_further_words_are_searched(corpus_library: Library) -> None:
    named = found(corpus_library, "condition:heart attack")
    assert named
    assert all("infarction" in condition for condition in named)
    assert found(corpus_library, "condition:heart attack nausea") <= named


def test_a_name_of_nothing_is_searched_everywhere_and_it_is_said(corpus_library: Library) -> None:
    results = corpus_library.search("condition:heartburn")
    assert results.total
    assert any("No condition is called “heartburn”" in note for note in results.notes)
