"""What an engine gives to be evaluated: the postings of documents that are numbered from 0, and statistics of all."""

from collections.abc import Hashable, Iterator
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.caching import BoundedCache
from indexer.engines.scoring.docsets import DocSet
from indexer.engines.scoring.keys import Ids, Mask, Scores
from indexer.query.nodes import Node, Prefix, Term

FieldTerm: TypeAlias = tuple[bytes, str | None]  # a term in a text field, or in any
LeafKey: TypeAlias = tuple[Node, Hashable]  # what was evaluated, and the numbers of its ranking, which are few


class RankingStatistics(Protocol):
    """The statistics of a generation that ranking needs."""

    def idf(self, doc_frequency: int) -> float:
        """The inverse document frequency of what so many documents have; see `Ranking`."""

    def norms(self, weights: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...]) -> NDArray[np.float32]:
        """What one occurrence of a term in each doc field adds to its weighted term frequency, [size << FIELD_BITS]."""

    def idf_sums(self, field: str) -> Scores:
        """The sum of the idf of the terms of each document's field, each once, [size]."""


class Postings(Protocol):
    """The postings of some documents of a generation."""

    size: int
    leaf_cache: BoundedCache[LeafKey, DocSet]

    @property
    def statistics(self) -> RankingStatistics:
        """The statistics that ranking needs."""

    @property
    def live_docs(self) -> Mask:
        """Which documents are not deleted, [size]."""

    def find(self, id: str) -> int | None:
        """The number of the document of that id."""

    def doc_frequency(self, field: str | None, term: bytes) -> int:
        """The number of documents of the generation that have the term in the field; None: in any text field."""

    def leaf_frequency(self, leaf: Term | Prefix, count: int) -> int:
        """The number of documents of the generation that match a leaf, which `count` of those here match."""

    def postings(self, term: bytes, field: str | None = None) -> tuple[Ids, NDArray[np.integer]]:
        """The doc fields (see `keys`) of the term, ascending, and its frequency in each; None: any text field."""

    def prefix_postings(self, prefix: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """The postings of all terms one of whose words begins with the prefix, as those of one term."""

    def position_keys(self, term: bytes, field: str | None = None) -> Ids:
        """Every position of the term in the text field, or in any, as a key (see `keys`), ascending."""

    def keyword_docs(self, field: str, value: bytes) -> Ids:
        """The documents that have the value in the keyword field, ascending."""

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """The values of a keyword field that begin with the prefix, ascending, with the documents that have each."""
