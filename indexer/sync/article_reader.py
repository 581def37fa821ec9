"""A raw article to the document that is indexed, without the sentences that repeat across the library."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from indexer.articles.blocks import ExtractedText
from indexer.articles.model import RawArticle
from indexer.articles.reader import READER_VERSION, read_article
from indexer.articles.source import Failure
from indexer.documents import Document, to_document
from indexer.engine import Batch, Engine

DATA_PACKAGES: Final = ("indexer.articles", "indexer.knowledge")
DATA_SUFFIXES: Final = (".toml", ".json", ".tsv")

# Reading is total. Where it raises all the same, the fault is ours, and must cost one article, not the whole sync.
READER_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,  # a library's time limit is one
    RuntimeError,  # RecursionError is one
    TypeError,
    ValueError,
)

_REPEATED: Final = "repeated-sentences"  # the property of an index that stores them


@dataclass(frozen=True, slots=True)
class ArticleReader:
    """Reads raw articles; `repeated` are the keys of the sentences to leave out (see `boilerplate.repeated_sentences`).

    They are found when an index is built and stored with it, so that a later sync reads an article as the build would.
    """

    repeated: frozenset[str] = frozenset()

    @classmethod
    def stored(cls, engine: Engine) -> "ArticleReader":
        """The reader that the index of the engine was built with."""
        repeated = engine.properties().get(_REPEATED)
        return cls(frozenset(json.loads(repeated)) if repeated else frozenset())

    def store(self, batch: Batch) -> None:
        """Stores the repeated sentences with the index."""
        batch.describe(_REPEATED, json.dumps(sorted(self.repeated)))

    def digest(self, raw_digest: str) -> str:
        """The hexadecimal digest of a document: of the raw article's digest, the reader (see below) and `repeated`."""
        return _blake2b(_reader_digest(self.repeated), raw_digest)

    def read(self, raw: RawArticle, extracted: ExtractedText | None = None) -> Document | Failure:
        """The document as it is indexed; `extracted` is the text of the raw article, where it was extracted before.

        A Failure where reading raises: that is a fault of ours, and costs this article only.
        """
        try:
            return to_document(read_article(raw, self.repeated, extracted), digest=self.digest(raw.digest))
        except READER_FAULTS as error:
            reason = f"cannot be read ({type(error).__name__}: {error}); a fault of the reader: please report it"
            return Failure(raw.source, reason, raw.id)


@lru_cache(maxsize=8)
def _reader_digest(repeated: frozenset[str]) -> str:
    return _blake2b(READER_VERSION, _data_digest(), *sorted(repeated))


@cache
def _data_digest() -> str:
    """The digest of the data that reading goes by: whoever edits a cue or a body site has every article read again."""
    data = (file for package in DATA_PACKAGES for file in files(package).iterdir() if file.name.endswith(DATA_SUFFIXES))
    return _blake2b(*(file.read_text("utf-8") for file in sorted(data, key=lambda file: file.name)))


def _blake2b(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
