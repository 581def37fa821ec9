"""What is counted over all documents of a generation: document frequencies, words, names, values, lengths.

A search asks for hundreds of document frequencies; the server would count them for each anew. So whoever writes counts
them once: a batch adds those of the documents that it puts, takes off those of the versions that these replace, and
stores the difference beside the index. Readers hold the sum in memory, and of a new generation read the difference.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

import msgspec
import numpy as np
import zstandard

from indexer.documents import KEYWORD_FIELDS, TEXT_FIELD_NAMES, Document
from indexer.engines.opensearch.mapping import keyword
from indexer.engines.scoring.keys import FIELD_NUMBERS, Ids
from indexer.engines.tokenized_texts import Tokens, tokenize

ANY: Final = "any"  # section: documents that have the term in any text field
WORDS: Final = "vocabulary"  # section: documents that have the unstemmed word, as word SEPARATOR term
NAMES: Final = "suggestions"  # section: documents that have the name, as JSON [kind, text, value]
TITLES: Final = "titles"  # section: documents whose title has just these different terms
NUMBERS: Final = "numbers"  # section: the number of each condition, from 1, which stays even without a document
TOTALS: Final = "totals"  # section: DOCUMENTS, and by text field its tokens in all documents
DOCUMENTS: Final = ""
SEPARATOR: Final = " "  # in no word
DOC_BITS: Final = 31  # of the number of a document beside that of a key

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

    def add_values(self, document: Document) -> None:
        """Count a document and what it has beside its texts."""
        self._count(TOTALS, DOCUMENTS, 1)
        for name in set(names_of(document)):
            self._count(NAMES, name, 1)
        for each in KEYWORD_FIELDS:
            for value in {keyword(value) for value in each.values(document)}:
                self._count(each.name, value, 1)

    def add_tokens(self, tokens: Tokens, lengths: Ids) -> None:
        """Count the texts of documents; `lengths` are those of their fields, [documents, text fields]."""
        row_of_term = {term: row for row, term in enumerate(dict.fromkeys(tokens.terms))}
        terms = list(row_of_term)
        rows = np.array([row_of_term[term] for term in tokens.terms], dtype=np.int64)[tokens.numbers]
        for number, field in enumerate(TEXT_FIELD_NAMES):
            of_field = tokens.fields == number
            self._count_documents(field, terms, rows[of_field], tokens.docs[of_field])
            self._count(TOTALS, field, int(lengths[:, number].sum()))
        self._count_documents(ANY, terms, rows, tokens.docs)
        words = [f"{word}{SEPARATOR}{term}" for word, term in zip(tokens.words, tokens.terms, strict=True)]
        self._count_documents(WORDS, words, tokens.numbers, tokens.docs)
        for title in title_bags(tokens, len(lengths)):
            self._count(TITLES, title, 1)

    def _count_documents(self, section: str, keys: list[str], numbers: Ids, docs: Ids) -> None:
        """Count the documents of each key, from the number of a key and the document of each token."""
        pairs = np.unique(numbers << DOC_BITS | docs)
        different, counts = np.unique(pairs >> DOC_BITS, return_counts=True)
        for number, count in zip(different.tolist(), counts.tolist(), strict=True):
            self._count(section, keys[number], count)

    def _count(self, section: str, key: str, number: int) -> None:
        counts = self.sections.setdefault(section, {})
        total = counts.get(key, 0) + number
        if total:
            counts[key] = total
        else:
            counts.pop(key, None)

    def merge(self, other: "Tally", sign: int = 1) -> None:
        """Add all counts of another tally, which may be negative, or with a `sign` of -1 take them off."""
        for section, counts in other.sections.items():
            if section not in self.sections and sign > 0:
                self.sections[section] = dict(counts)
                continue
            for key, number in counts.items():
                self._count(section, key, sign * number)

    def assign_number(self, condition: str, before: "Tally") -> int:
        """The number of a condition: that of before or its own here, or else the next, which it then has here."""
        number = before.get(NUMBERS, condition) or self.get(NUMBERS, condition)
        if not number:
            number = len(before.section(NUMBERS)) + len(self.section(NUMBERS)) + 1
            self._count(NUMBERS, condition, number)
        return number

    def copy(self) -> "Tally":
        """A tally with the same counts that changes by itself."""
        return Tally(self.sections)

    def without(self, section: str) -> "Tally":
        """A tally with the same counts in all other sections."""
        return Tally({name: counts for name, counts in self.sections.items() if name != section})

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


def count_documents(documents: Iterable[Document]) -> Tally:
    """What is counted over some documents."""
    tally = Tally()

    def counted() -> Iterator[Document]:
        for document in documents:
            tally.add_values(document)
            yield document

    tally.add_tokens(*tokenize(counted()))
    return tally


def title_bags(tokens: Tokens, documents: int) -> list[str]:
    """The different terms of the title of each of so many documents, sorted."""
    of_title = tokens.fields == FIELD_NUMBERS["title"]
    terms: list[set[str]] = [set() for _ in range(documents)]
    for doc, number in zip(tokens.docs[of_title].tolist(), tokens.numbers[of_title].tolist(), strict=True):
        terms[doc].add(tokens.terms[number])
    return [SEPARATOR.join(sorted(each)) for each in terms]


def names_of(document: Document) -> Iterator[str]:
    """What suggestions offer of a document besides its sites."""
    yield json.dumps(["condition", document.condition, document.condition_key])
    for name in document.names:
        yield json.dumps(["name", name, document.condition_key])
    if document.code is not None:
        for code in (*(each.code for each in document.ancestors), document.code):
            yield json.dumps(["code", code, code])
