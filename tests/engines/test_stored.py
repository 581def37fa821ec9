import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.documents import Document
from indexer.engines.stored import decode_document, encode_document
from tests.engines.strategies import documents


@settings(max_examples=100, deadline=None)
@given(document=documents())
def test_a_document_survives(document: Document) -> None:
    assert decode_document(encode_document(document)) == document


@settings(max_examples=100, deadline=None)
@given(
    stored=st.binary() | st.recursive(st.integers() | st.text(), st.lists).map(lambda each: json.dumps(each).encode())
)
def test_other_bytes_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError):
        decode_document(stored)


def test_a_pickle_is_no_document() -> None:
    with pytest.raises(ValueError, match="codec can't decode"):
        decode_document(pickle.dumps(Document(id="a", source="a", title="a")))
