"""Document to the bytes that an index stores, and back, exactly.

The bytes are a JSON object of the fields of a Document. No pickle: a foreign index can hold odd documents, but never
run code.
"""

import json
from typing import Final

import msgspec

from indexer.documents import Document

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Document)

# Identifies what is stored, by the names and types of all fields; an index of another shape is refused as stale.
SHAPE: Final = json.dumps(
    {name: schema["properties"] for name, schema in msgspec.json.schema_components([Document])[1].items()}
)


def encode_document(document: Document) -> bytes:
    """The stored form of a document. Raises ValueError for a lone surrogate, which no source lets through."""
    return _ENCODER.encode(document)


def decode_document(stored: bytes) -> Document:
    """The document that was encoded. Raises ValueError for bytes that are not a stored document."""
    try:
        return _DECODER.decode(stored)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"not a stored document: {error}") from error
