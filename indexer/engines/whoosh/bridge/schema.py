"""The fields of a Document to Whoosh's schema, and a Document to the stored fields of a Whoosh hit.

Text fields have positions and norms, keyword fields whole values. Beside the fields that can be searched by name stand
`id` (unique), `word` (the unstemmed vocabulary, which Whoosh's spelling suggestions come from) and `name` (what our own
suggestions offer: kind, value and text, with NULs between). Nothing is stored twice: Whoosh's stored fields are decoded
from the stored Document.
"""

import struct
from typing import Any, Final

from indexer.documents import KEYWORD_FIELDS, TEXT_FIELDS, Document, slug
from indexer.engines.scoring.keys import to_bytes, to_text
from indexer.engines.whoosh.bridge.analysis import KeywordAnalyzer, TextAnalyzer
from indexer.engines.whoosh.bridge.whoosh_modules import columns, fields, formats
from indexer.knowledge import icd10
from indexer.text.analyzer import fold

# Stored as they are. Those that are also keyword fields may be searched by another form: `condition` by its slug.
STORED_ATTRIBUTES: Final = ("id", "condition", "code", "side", "chapter", "url", "source", "reviewed", "language")
SORT_KEYS: Final = ("title_key", "code_key")  # columns for Whoosh's `sortedby`


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


class _ArrayField(fields.FieldType):  # type: ignore[misc]
    """A field whose terms stand in the arrays of a segment."""

    vector = None
    unique = False
    multitoken_query = "default"

    def to_bytes(self, value: Any) -> bytes:
        return value if isinstance(value, bytes) else to_bytes(value)

    def from_bytes(self, value: bytes) -> str:
        return to_text(value)


class WhooshTextField(_ArrayField):
    """Analysed text with positions and norms."""

    format = PositionsFormat()
    analyzer = TextAnalyzer()
    scorable = True
    stored = True

    def __init__(self) -> None:
        pass  # Whoosh's own sets what the class says already

    def spelling_fieldname(self, _: str) -> str:
        """Suggestions come from unstemmed words."""
        return "word"


class WhooshKeywordField(_ArrayField):
    """Values that are matched whole."""

    format = formats.Existence()
    scorable = False

    def __init__(self, normalize: Any, *, stored: bool = True, unique: bool = False) -> None:
        self.analyzer = KeywordAnalyzer(normalize)
        self.stored = stored
        self.unique = unique
        self.column_type = columns.VarBytesColumn() if unique else None


def build_schema() -> Any:
    """The Whoosh schema; the same for every index of this version."""
    schema = fields.Schema()
    for text_field in TEXT_FIELDS:
        schema.add(text_field.name, WhooshTextField())
    normalize = {"code": icd10.term, "condition": slug}
    for field in KEYWORD_FIELDS:
        schema.add(field.name, WhooshKeywordField(normalize.get(field.name, fold)))
    schema.add("word", WhooshKeywordField(fold, stored=False))
    schema.add("name", WhooshKeywordField(str, stored=False))
    schema.add("id", WhooshKeywordField(str, unique=True))
    for name in STORED_ATTRIBUTES:
        if name not in schema:
            schema.add(name, fields.STORED())
    for name in SORT_KEYS:
        schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    return schema


def stored_fields(document: Document) -> dict[str, object]:
    """The stored fields of a document as Whoosh's `hit.fields()` gives them; what is empty is left out.

    A text field is one string with a line for each of its texts, a keyword field a tuple of its values.
    """
    stored: dict[str, object] = {field.name: "\n".join(field.texts(document)) for field in TEXT_FIELDS}
    stored |= {field.name: tuple(field.values(document)) for field in KEYWORD_FIELDS}
    stored |= {name: getattr(document, name) for name in STORED_ATTRIBUTES}
    return {name: value for name, value in stored.items() if value}
