"""Document to the bytes that an index stores, and back, exactly.

JSON: the fields of a Document in their order (SHAPE), nested values as rows in the order of their own fields. No pickle: reading a
foreign index can make odd documents, but never run code.
"""

import json
from dataclasses import fields
from typing import Any, Final

from indexer.articles.model import Dropped, Issue, Section
from indexer.documents import Document
from indexer.knowledge.icd10 import Code

_ROWS: Final[dict[str, Any]] = {"sections": Section, "dropped": Dropped, "issues": Issue, "ancestors": Code}
_FIELDS: Final = tuple(field.name for field in fields(Document))
_ROW_FIELDS: Final = {name: tuple(field.name for field in fields(kind)) for name, kind in _ROWS.items()}

SHAPE: Final = json.dumps([_FIELDS, _ROW_FIELDS])  # changes when what is stored does


def encode_document(document: Document) -> bytes:
    """The stored form of a document; any string survives, lone surrogates too."""
    values: list[object] = []
    for name in _FIELDS:
        value = getattr(document, name)
        if name in _ROWS:
            columns = _ROW_FIELDS[name]
            value = [[getattr(row, column) for column in columns] for row in value]
        values.append(value)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def decode_document(stored: bytes) -> Document:
    """The document that was encoded; raises ValueError for bytes that are none."""
    try:
        values: dict[str, Any] = dict(zip(_FIELDS, json.loads(stored.decode("utf-8", "surrogatepass")), strict=True))
        for name, value in values.items():
            if name in _ROWS:
                kind = _ROWS[name]
                values[name] = tuple([kind(*row) for row in value])
            elif isinstance(value, list):
                values[name] = tuple(value)
        return Document(**values)
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a stored document: {error}") from error
