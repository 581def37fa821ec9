"""Document to the bytes that an index stores, and back, exactly.

JSON, deflated (a third of its size): every field of a Document by its name, nested values as rows in the order of their own fields. No pickle:
reading a foreign index can make odd documents, but never run code.
"""

import json
import zlib
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
    values: dict[str, object] = {}
    for name in _FIELDS:
        value = getattr(document, name)
        if name in _ROWS:
            columns = _ROW_FIELDS[name]
            value = [[getattr(row, column) for column in columns] for row in value]
        values[name] = value
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def decode_document(stored: bytes) -> Document:
    """The document that was encoded; raises ValueError for bytes that are none."""
    try:
        values = json.loads(zlib.decompress(stored).decode("utf-8", "surrogatepass"))
        for name, value in values.items():
            if name in _ROWS:
                kind = _ROWS[name]
                values[name] = tuple([kind(*row) for row in value])
            elif isinstance(value, list):
                values[name] = tuple(value)
        return Document(**values)
    except (zlib.error, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a stored document: {error}") from error
