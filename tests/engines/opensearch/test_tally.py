from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import TEXT_FIELD_NAMES, Document, field_tokens
from indexer.engines.opensearch.tally import ANY, NAMES, NUMBERS, TITLES, TOTALS, WORDS, Tally, count_documents
from tests.engines.strategies import documents, libraries


def test_documents_are_counted_not_places() -> None:
    tally = count_documents(
        [
            Document(id="1", source="", title="Bone pain, bones", condition="Gout", sites=("hand",)),
            Document(id="2", source="", title="Bone fever", condition="Gout"),
        ]
    )
    assert tally.documents == 2
    assert (tally.get("title", "bone"), tally.get(ANY, "pain"), tally.get("causes", "bone")) == (2, 1, 0)
    assert tally.section(WORDS) == {"bone bone": 2, "pain pain": 1, "bones bone": 1, "fever fever": 1}
    assert tally.section(NAMES) == {'["condition", "Gout", "gout"]': 2}
    assert tally.section("own_site") == {"hand": 1}


@given(library=libraries)
def test_documents_are_counted_by_their_tokens(library: list[Document]) -> None:
    tally, tokens = count_documents(library), [field_tokens(document) for document in library]
    for field in TEXT_FIELD_NAMES:
        assert tally.section(field) == Counter(
            term for each in tokens for term in {token.term for token in each[field]}
        )
        assert tally.get(TOTALS, field) == sum(len(each[field]) for each in tokens)
    anywhere = [[token for of_field in each.values() for token in of_field] for each in tokens]
    assert tally.section(ANY) == Counter(term for each in anywhere for term in {token.term for token in each})
    assert tally.section(WORDS) == Counter(
        word for each in anywhere for word in {f"{token.word} {token.term}" for token in each}
    )
    assert tally.section(TITLES) == Counter(
        " ".join(sorted({token.term for token in each["title"]})) for each in tokens
    )


@given(before=libraries, after=libraries)
def test_what_is_taken_off_leaves_no_trace(before: list[Document], after: list[Document]) -> None:
    tally = count_documents([*before, *after])
    tally.merge(count_documents(before), -1)
    assert tally == count_documents(after)
    difference = Tally()
    difference.merge(count_documents(before), -1)
    difference.merge(count_documents(after))
    whole = count_documents(before)
    whole.merge(difference)
    assert whole == count_documents(after)


def test_a_condition_keeps_its_number_even_without_a_document() -> None:
    before = count_documents([])
    assert [before.assign_number(condition, Tally()) for condition in ("gout", "flu", "gout")] == [1, 2, 1]
    difference = Tally()
    assert [difference.assign_number(condition, before) for condition in ("acne", "flu", "mumps", "acne")] == [
        3,
        2,
        4,
        3,
    ]
    before.merge(difference)
    assert before.section(NUMBERS) == {"gout": 1, "flu": 2, "acne": 3, "mumps": 4}
    assert before.without(NUMBERS) == count_documents([])


@given(document=documents())
def test_a_tally_is_the_same_once_decoded(document: Document) -> None:
    assert Tally.decode(count_documents([document]).encode()) == count_documents([document])


@given(stored=st.binary())
def test_other_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="not a stored tally"):
        Tally.decode(stored)
