"""What is counted over all documents of a generation: document frequencies, words, names, values, lengths.

A search asks for hundreds of document frequencies; the server would count them for each anew. So whoever writes counts
them once: a batch adds those of the documents that it puts, takes off those of the versions that these replace, and
stores the difference beside the index. Readers hold the sum in memory, and of a new generation read the difference.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Self

import msgspec
import zstandard

from indexer.documents import KEYWORD_FIELDS, TEXT_FIELD_NAMES, Document
from indexer.engines.opensearch.mapping import keyword
from indexer.text.analyzer import Token

ANY: Final = "any"  # section: documents that have the term in any text field
WORDS: Final = "vocabulary"  # section: documents that have the unstemmed word, as word SEPARATOR term
NAMES: Final = "suggestions"  # section: documents that have the name, as JSON [kind, text, value]
TITLES: Final = "titles"  # section: documents whose title has just these different terms
TOTALS: Final = "totals"  # section: DOCUMENTS, and by text field its tokens in all documents
DOCUMENTS: Final = ""
SEPARATOR: Final = " "  # in no word

Counts = dict[str, int]


class Tally:
    """Counts by section and key; none is zero. Each text and keyword field is a section too."""

    def __init__(self, sections: Mapping[str, Counts] | None = None) -> None:
        self.sections: dict[str, Counts] = {name: dict(counts) for name, counts in (sections or {}).items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self._filled() == other._filled()

    __hash__ = None  # type: ignore[assignment]

    def _filled(self) -> dict[str, Counts]:
        return {name: counts for name, counts in self.sections.items() if counts}

    def __bool__(self) -> bool:
        return any(self.sections.values())

    def get(self, section: str, key: str) -> int:
        """The count of a key, 0 for one that is not there."""
        return self.sections.get(section, {}).get(key, 0)

    def section(self, name: str) -> Mapping[str, int]:
        """All counts of a section."""
        return self.sections.get(name, {})

    @property
    def documents(self) -> int:
        """The number of documents."""
        return self.get(TOTALS, DOCUMENTS)

    def add(self, document: Document, by_field: Mapping[str, Sequence[Token]], sign: int = 1) -> None:
        """Count a document, or with a `sign` of -1 take it off."""
        self._count(TOTALS, DOCUMENTS, sign)
        anywhere, words = set[str](), set[str]()
        for field in TEXT_FIELD_NAMES:
            tokens = by_field[field]
            terms = {token.term for token in tokens}
            for term in terms:
                self._count(field, term, sign)
            if field == "title":
                self._count(TITLES, SEPARATOR.join(sorted(terms)), sign)
            anywhere |= terms
            words.update(f"{token.word}{SEPARATOR}{token.term}" for token in tokens)
            self._count(TOTALS, field, sign * len(tokens))
        for term in anywhere:
            self._count(ANY, term, sign)
        for word in words:
            self._count(WORDS, word, sign)
        for name in set(names_of(document)):
            self._count(NAMES, name, sign)
        for each in KEYWORD_FIELDS:
            for value in {keyword(value) for value in each.values(document)}:
                self._count(each.name, value, sign)

    def _count(self, section: str, key: str, number: int) -> None:
        counts = self.sections.setdefault(section, {})
        total = counts.get(key, 0) + number
        if total:
            counts[key] = total
        else:
            counts.pop(key, None)

    def merge(self, other: "Tally") -> None:
        """Add all counts of another tally, which may be negative."""
        for section, counts in other.sections.items():
            if section not in self.sections:
                self.sections[section] = dict(counts)
                continue
            for key, number in counts.items():
                self._count(section, key, number)

    def copy(self) -> "Tally":
        """A tally with the same counts that changes by itself."""
        return Tally(self.sections)

    @property
    def size(self) -> int:
        """The number of counts."""
        return sum(map(len, self.sections.values()))

    def encode(self) -> bytes:
        """The stored form."""
        return zstandard.compress(msgspec.json.encode(self._filled()), 3)

    @classmethod
    def decode(cls, stored: bytes) -> Self:
        """The tally of a stored form. Raises ValueError for anything else."""
        try:
            return cls(msgspec.json.decode(zstandard.decompress(stored), type=dict[str, dict[str, int]]))
        except (zstandard.ZstdError, msgspec.DecodeError) as error:
            raise ValueError(f"not a stored tally: {error}") from error


def names_of(document: Document) -> Iterator[str]:
    """What suggestions offer of a document besides its sites."""
    yield json.dumps(["condition", document.condition, document.condition_key])
    for name in document.names:
        yield json.dumps(["name", name, document.condition_key])
    if document.code is not None:
        for code in (*(each.code for each in document.ancestors), document.code):
            yield json.dumps(["code", code, code])
