"""Documents to what the index stores of each, in any process: most of the work of indexing."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
import zstandard

from indexer.documents import (
    KEYWORD_FIELDS,
    LENGTH_FIELDS,
    TEXT_FIELD_NAMES,
    Document,
)
from indexer.engines.opensearch.mapping import (
    CONDITION_NUMBER,
    FILLER,
    HASH_SHIFT,
    LENGTH_NAMES,
    MAX_VALUE_BYTES,
    NEVER,
    POSITION_BITS,
    POSITIONS,
    TITLE_BAG,
    JsonObject,
    key_of,
    keyword,
    keyword_name,
    term_hash,
    text_name,
)
from indexer.engines.opensearch.tally import Tally, title_bags
from indexer.engines.opensearch.title_bags import bag_hash
from indexer.engines.scoring.keys import FIELD_BITS, FIELD_NUMBERS, Ids, first_of_runs
from indexer.engines.stored import decode_document, encode_document
from indexer.engines.tokenized_texts import Tokens, tokenize
from indexer.knowledge import icd10
from indexer.text.analyzer import fold

MAX_POSITION: Final = (1 << POSITION_BITS) - 1
NAME_BOOST: Final = 5  # times that a title and other names count in t_any, into which the server copies each once

_ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as the index stores it: its id, its condition, and the JSON of the fields that no batch adds."""

    id: str
    condition: str
    source: bytes

    def at(self, number: int, condition_number: int) -> str:
        """The JSON of the version that is born in the generation of that number."""
        added = f'"{CONDITION_NUMBER}":{condition_number},"born":{number},"died":{NEVER}'
        return f"{self.source[:-1].decode()},{added}}}"


@dataclass(frozen=True, slots=True)
class EntrySegment:
    """Several documents with different ids, and all that is counted of them."""

    entries: tuple[DocumentEntry, ...]
    tally: Tally


def build_entries(documents: Iterable[Document]) -> EntrySegment:
    """The documents as the index stores them."""
    tally = Tally()
    ids: list[tuple[str, str]] = []
    sources: list[JsonObject] = []

    def untokenized() -> Iterator[Document]:
        for document in documents:
            tally.add_values(document)
            ids.append((document.id, keyword(document.condition_key)))
            sources.append(_source_beside_texts(document))
            yield document

    tokens, lengths = tokenize(untokenized())
    tally.add_tokens(tokens, lengths)
    for source, title in zip(sources, title_bags(tokens, len(sources)), strict=True):
        source[TITLE_BAG] = bag_hash(title)
    for field, of_length in LENGTH_FIELDS.items():
        total = lengths[:, [FIELD_NUMBERS[each] for each in of_length]].sum(axis=1)
        for source, length in zip(sources, total.tolist(), strict=True):
            source[LENGTH_NAMES[field]] = length
    _add_texts(sources, tokens)
    _add_positions(sources, tokens)
    entries = (DocumentEntry(*each, _ENCODER.encode(source)) for each, source in zip(ids, sources, strict=True))
    return EntrySegment(tuple(entries), tally)


def _source_beside_texts(document: Document) -> JsonObject:
    """The fields of a document that its tokens have no part in."""
    source: JsonObject = {
        "key": key_of(document.id),
        "s_title": fold(document.title).encode()[: MAX_VALUE_BYTES // 2].hex(),
        "digest": document.digest,
        "source": key_of(document.source),
        "doc": encode_stored(document),
    }
    if document.code:
        source["s_code"] = icd10.term(document.code)
    for each in KEYWORD_FIELDS:
        source[keyword_name(each.name)] = [keyword(value) for value in dict.fromkeys(each.values(document))]
    return source


def _add_texts(sources: Sequence[JsonObject], tokens: Tokens) -> None:
    """Add the terms of each text field, with a filler wherever a position has none."""
    words = [*tokens.terms, FILLER]
    for start, end in _runs(tokens.docs << FIELD_BITS | tokens.fields):
        positions = tokens.positions[start:end]
        places = np.full(int(positions[-1]) + 1, len(tokens.terms))
        places[positions] = tokens.numbers[start:end]
        text = " ".join([words[place] for place in places.tolist()])
        source, field = sources[tokens.docs[start]], TEXT_FIELD_NAMES[tokens.fields[start]]
        source[text_name(field)] = text
        if field in ("title", "names"):
            source.setdefault(text_name(None), []).extend([text] * (NAME_BOOST - 1))


def _add_positions(sources: Sequence[JsonObject], tokens: Tokens) -> None:
    """Add the positions of all terms: ascending, in eight bytes each, the highest first."""
    hashes = np.array(list(map(term_hash, tokens.terms)), dtype=np.int64)[tokens.numbers]
    stored = hashes << HASH_SHIFT | tokens.fields << POSITION_BITS | np.minimum(tokens.positions, MAX_POSITION)
    for start, end in _runs(tokens.docs):
        of_document = np.sort(stored[start:end]).astype(">i8")
        sources[tokens.docs[start]][POSITIONS] = base64.b64encode(of_document.tobytes()).decode("ascii")


def _runs(keys: Ids) -> Iterator[tuple[int, int]]:
    """The runs of equal keys, half-open."""
    bounds = [*np.flatnonzero(first_of_runs(keys)).tolist(), len(keys)]
    return pairwise(bounds)


def encode_stored(document: Document) -> str:
    """The stored form of a document, compressed, as text. Raises ValueError for a lone surrogate."""
    return base64.b64encode(zstandard.compress(encode_document(document), 3)).decode("ascii")


def decode_stored(stored: str) -> Document:
    """The document of a stored form. Raises ValueError for anything else."""
    try:
        return decode_document(zstandard.decompress(base64.b64decode(stored)))
    except zstandard.ZstdError as error:
        raise ValueError(f"not a stored document: {error}") from error


def version_id(id: str, number: int) -> str:
    """The server's id of the version of a document that is born in a generation."""
    return hashlib.sha1(f"{key_of(id)}#{number}".encode(), usedforsecurity=False).hexdigest()
