import base64
import json

import numpy as np
from hypothesis import given

from indexer.documents import LENGTH_FIELDS, TEXT_FIELD_NAMES, Document, field_tokens
from indexer.engines.opensearch.index_entries import NAME_BOOST, build_entries
from indexer.engines.opensearch.mapping import (
    CONDITION_NUMBER,
    FILLER,
    HASH_SHIFT,
    LENGTH_NAMES,
    POSITION_BITS,
    keyword_name,
    term_hash,
    text_name,
)
from indexer.engines.opensearch.tally import count_documents
from indexer.engines.scoring.keys import FIELD_NUMBERS
from tests.engines.strategies import libraries


@given(library=libraries)
def test_entries_have_the_tokens_of_their_documents(library: list[Document]) -> None:
    segment = build_entries(library)
    assert [entry.id for entry in segment.entries] == [document.id for document in library]
    assert segment.tally == count_documents(library)
    for entry, document in zip(segment.entries, library, strict=True):
        source, by_field = json.loads(entry.at(7, 9)), field_tokens(document)
        assert (source["born"], source[CONDITION_NUMBER]) == (7, 9)
        assert source[keyword_name("condition")] == [entry.condition]
        positions, anywhere = set(), []
        for field in TEXT_FIELD_NAMES:
            tokens = {token.position: token.term for token in by_field[field]}
            terms = dict(enumerate(source.get(text_name(field), "").split()))
            assert {place: term for place, term in terms.items() if term != FILLER} == tokens
            assert source[LENGTH_NAMES[field]] == sum(len(by_field[each]) for each in LENGTH_FIELDS[field])
            number = FIELD_NUMBERS[field] << POSITION_BITS
            positions |= {term_hash(term) << HASH_SHIFT | number | place for place, term in tokens.items()}
            if field in ("title", "names") and tokens:
                anywhere += [source[text_name(field)]] * (NAME_BOOST - 1)  # the server adds all fields once
        assert source.get(text_name(None), []) == anywhere
        stored = np.frombuffer(base64.b64decode(source.get("p", "")), dtype=">i8")
        assert stored.tolist() == sorted(positions)


def test_no_documents_are_no_entries() -> None:
    assert build_entries([]).entries == ()
