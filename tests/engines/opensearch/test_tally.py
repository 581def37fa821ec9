import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Document, field_tokens
from indexer.engines.opensearch.tally import ANY, NAMES, WORDS, Tally
from tests.engines.strategies import documents, libraries


def counted(*library: Document) -> Tally:
    tally = Tally()
    for document in library:
        tally.add(document, field_tokens(document))
    return tally


def test_documents_are_counted_not_places() -> None:
    tally = counted(
        Document(id="1", source="", title="Bone pain, bones", condition="Gout", sites=("hand",)),
        Document(id="2", source="", title="Bone fever", condition="Gout"),
    )
    assert tally.documents == 2
    assert (tally.get("title", "bone"), tally.get(ANY, "pain"), tally.get("causes", "bone")) == (2, 1, 0)
    assert tally.section(WORDS) == {"bone bone": 2, "pain pain": 1, "bones bone": 1, "fever fever": 1}
    assert tally.section(NAMES) == {'["condition", "Gout", "gout"]': 2}
    assert tally.section("own_site") == {"hand": 1}


@given(before=libraries, after=libraries)
def test_what_is_taken_off_leaves_no_trace(before: list[Document], after: list[Document]) -> None:
    tally = counted(*before, *after)
    for document in before:
        tally.add(document, field_tokens(document), -1)
    assert tally == counted(*after)
    difference = counted(*after)
    for document in before:
        difference.add(document, field_tokens(document), -1)
    whole = counted(*before)
    whole.merge(difference)
    assert whole == counted(*after)


@given(document=documents())
def test_a_tally_is_the_same_once_decoded(document: Document) -> None:
    assert Tally.decode(counted(document).encode()) == counted(document)


@given(stored=st.binary())
def test_other_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="not a stored tally"):
        Tally.decode(stored)
