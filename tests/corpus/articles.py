"""The articles of corpus/ as they arrive and as they are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer import Library
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, read_sources
from indexer.documents import Document
from indexer.text.sentences import sentences
from tests.relevance.test_relevance import CORPUS

_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    raw: RawArticle
    document: Document

    @property
    def has_no_headings(self) -> bool:
        return all(section.heading is None for section in self.document.sections)

    @property
    def word_count(self) -> int:
        """Words of the sections with their headings."""
        return sum(len(f"{section.heading or ''} {section.text}".split()) for section in self.document.sections)

    @property
    def received(self) -> str:
        """All that arrived, without tags, in one line: the lines of a publisher are no part of what is read."""
        return " ".join(_TAG.sub(" ", self.raw.text).split())

    @property
    def sentences(self) -> Iterator[str]:
        """The sentences of the sections, without their headings."""
        for section in self.document.sections:
            yield from (section.text[start:end] for start, end in sentences(section.text))


def read_corpus(library: Library) -> tuple[CorpusArticle, ...]:
    """Each article beside the document that the library made of it."""
    sources = tuple(read_sources([CORPUS]))
    assert [entry for entry in sources if isinstance(entry, Failure)] == []
    documents = {document.id: document for document in library.scan()}
    return tuple(CorpusArticle(raw, documents[raw.id]) for raw in sources if isinstance(raw, RawArticle))
