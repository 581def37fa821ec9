"""A Document to the row of Whoosh fields that is indexed; the schema of every segment.

Whoosh never analyses here: a text field receives the tokens of `field_tokens`, a keyword field its values. Beside the fields
that can be asked for stand `id` (unique), `word` (the unstemmed vocabulary: word, NUL, its term) and `name` (what suggestions
offer: kind, value and text, with NULs between).
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Any

from indexer.documents import KEYWORD_FIELD_NAMES, KEYWORD_FIELDS, TEXT_FIELD_NAMES, Document, field_tokens
from indexer.engines.whoosh.bridge.whoosh_modules import columns, fields, formats
from indexer.engines.whoosh.format.segment_builder import columns_of, name_terms
from indexer.engines.whoosh.format.segments import COLUMNS, SEPARATOR, to_bytes, to_text
from indexer.text.analyzer import Token


class PositionsFormat(formats.Positions):  # type: ignore[misc]
    """Positions as little-endian u4, where Whoosh's own format pickles a list."""

    def encode(self, positions: list[int]) -> bytes:
        """The posting value of ascending positions."""
        return struct.pack(f"<{len(positions)}I", *positions)

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions of a posting value."""
        return list(struct.unpack(f"<{len(value) // 4}I", value))

    def decode_frequency(self, value: bytes) -> int:
        """How many positions a posting value has."""
        return len(value) // 4


class _IndexField(fields.FieldType):  # type: ignore[misc]
    """A field that is given what it indexes, and looked up by whole terms."""

    analyzer = None
    stored = False
    vector = None
    multitoken_query = "default"

    def __init__(self, *, unique: bool = False) -> None:
        self.unique = unique

    def to_bytes(self, value: Any) -> bytes:
        return value if isinstance(value, bytes) else to_bytes(value)

    def from_bytes(self, value: bytes) -> str:
        return to_text(value)


class TokensField(_IndexField):
    """Tokens with their positions."""

    format = PositionsFormat()
    scorable = True

    def index(self, value: Iterable[Token], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each term with its count, weight and posting value."""
        positions: dict[str, list[int]] = {}
        for token in value:
            positions.setdefault(token.term, []).append(token.position)
        for term, places in positions.items():
            yield to_bytes(term), len(places), float(len(places)), struct.pack(f"<{len(places)}I", *places)


class ValuesField(_IndexField):
    """Values that are matched whole."""

    format = formats.Existence()
    scorable = False

    def index(self, value: Iterable[str] | str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each value, once."""
        for each in (value,) if isinstance(value, str) else dict.fromkeys(value):
            yield to_bytes(each), 1, 1.0, b""


class IdField(ValuesField):
    """The id: one value, unique, and a column too."""

    column_type = columns.VarBytesColumn()


def build_schema() -> Any:
    """The Whoosh schema; the same for every index of this version."""
    schema = fields.Schema()
    for name in TEXT_FIELD_NAMES:
        schema.add(name, TokensField())
    for name in (*KEYWORD_FIELD_NAMES, "word", "name"):
        schema.add(name, ValuesField())
    schema.add("id", IdField(unique=True))
    for name in COLUMNS:
        if name != "id":
            schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    return schema


def build_row(document: Document) -> dict[str, Any]:
    """What Whoosh's `add_document` is given for a document."""
    tokens = field_tokens(document)
    row: dict[str, Any] = dict(tokens)
    for field in KEYWORD_FIELDS:
        row[field.name] = tuple(field.values(document))
    row["word"] = {token.word + SEPARATOR + token.term for kept in tokens.values() for token in kept}
    row["name"] = tuple(name_terms(document))
    return row | columns_of(document) | {"id": document.id}
