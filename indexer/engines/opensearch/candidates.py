"""Scores that the client computes: what to ask the server of each hit, and the postings that the answers make up.

A script on the server gives the positions that each hit has of the terms of a query, so that one evaluator scores for
every engine (see `indexer.engines.scoring`), in double precision, whatever the server adds in single.
"""

from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.budget import Budget
from indexer.caching import BoundedCache
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.opensearch.generation_statistics import GenerationStatistics
from indexer.engines.opensearch.mapping import (
    HASH_SHIFT,
    LENGTH_NAMES,
    MAX_RESULT_WINDOW,
    POSITION_BITS,
    TITLE_BAG,
    JsonObject,
    key_of,
    keyword,
    keyword_name,
    term_hash,
)
from indexer.engines.opensearch.match_bodies import TITLE
from indexer.engines.opensearch.scripts import SCORED
from indexer.engines.scoring import keys
from indexer.engines.scoring.bm25f import norms
from indexer.engines.scoring.docsets import DocSet
from indexer.engines.scoring.evaluator import Evaluator
from indexer.engines.scoring.keys import FIELD_COUNT, FIELD_NUMBERS, NO_IDS, Ids, Mask, Scores, to_text
from indexer.engines.scoring.positions import count_positions
from indexer.engines.scoring.postings import LeafKey
from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Not,
    One,
    Or,
    Phrase,
    Prefix,
    Should,
    Term,
)
from indexer.query.query import Query

DOC_BITS: Final = MAX_RESULT_WINDOW.bit_length()
CACHE_BYTES: Final = 64 << 20  # of the leaves of one query over its candidates
_SCORED: Final = "scored"  # the answer of the script, by hit
_LOW: Final = (1 << HASH_SHIFT) - 1
_POSITION: Final = (1 << POSITION_BITS) - 1
_NUMBERS: Final = [*dict.fromkeys(LENGTH_NAMES.values()), TITLE_BAG]  # that scores need of each hit


@dataclass(frozen=True, slots=True)
class Requested:
    """What scores of a query need of each document: terms by their hashes, keyword fields, whole text fields."""

    terms: Mapping[int, frozenset[str]]
    keyword_fields: tuple[str, ...]
    whole_fields: tuple[str, ...]

    @classmethod
    def of(cls, query: Query, statistics: GenerationStatistics) -> Self:
        """What the root of the query needs, and the filters of its `lead`."""
        terms, keyword_fields, whole_fields = set[str](), dict.fromkeys(each.field for each in query.lead), set[str]()
        for leaf in _leaves(query.root):
            match leaf:
                case Term(_, field) | Prefix(_, field) if field in KEYWORD_FIELD_NAMES:
                    keyword_fields[field] = None
                case Term(term):
                    terms.add(term)
                case Prefix(prefix):
                    terms.update(statistics.terms_of_words(prefix))
                case Coverage(several, field):
                    terms.update(several)
                    if field != TITLE and field in TEXT_FIELD_NAMES:
                        whole_fields.add(field)
        by_hash: dict[int, frozenset[str]] = {}
        for term in terms:
            if statistics.frequency(None, term):
                by_hash[term_hash(term)] = by_hash.get(term_hash(term), frozenset()) | {term}
        used = (each for each in keyword_fields if each in KEYWORD_FIELD_NAMES)
        return cls(dict(sorted(by_hash.items())), tuple(used), tuple(sorted(whole_fields)))

    @property
    def body(self) -> JsonObject:
        """The part of a search body that asks for it."""
        fields = dict.fromkeys([keyword_name("condition"), *map(keyword_name, self.keyword_fields)])
        whole = sum(1 << FIELD_NUMBERS[field] for field in self.whole_fields)
        params = {"n": _NUMBERS, "h": list(self.terms), "f": whole}
        # No stored field, not even the id: reading these takes longer than all the rest. The key is what is sorted by.
        return {
            "docvalue_fields": list(fields),
            "script_fields": {_SCORED: {"script": {"source": SCORED, "params": params}}},
            "stored_fields": "_none_",
        }


def _leaves(node: Node) -> Iterator[Term | Prefix | Coverage]:
    match node:
        case Term() | Prefix() | Coverage():
            yield node
        case Phrase(terms, field):
            yield from (Term(term, field) for term in terms)
        case Near(nodes) | Alternatives(nodes) | AtLeast(_, nodes) | And(nodes) | Or(nodes):
            for each in nodes:
                yield from _leaves(each)
        case Should(must, optional):
            yield from _leaves(must)
            yield from _leaves(optional)
        case Not(inner) | Boost(inner):
            yield from _leaves(inner)
        case All() | One():
            return
        case _:
            assert_never(node)


def key_of_hit(hit: JsonObject) -> str:
    """The key of the document of a hit, which is sorted by it at last."""
    return str(hit["sort"][-1])


class Candidates:
    """The postings of some hits, numbered in their order (see `scoring.postings`).

    The hits must have what `Requested` asks for, and be sorted by the key at last.
    """

    def __init__(self, hits: Sequence[JsonObject], requested: Requested, statistics: GenerationStatistics) -> None:
        self.size = len(hits)
        self.keys: Final = [key_of_hit(hit) for hit in hits]
        self.leaf_cache = BoundedCache[LeafKey, DocSet](CACHE_BYTES, lambda _, docs: docs.nbytes)
        self._fields = [hit["fields"] for hit in hits]
        self._keyword_fields = requested.keyword_fields
        self._terms = list(requested.terms.values())
        self._places = {hash: place for place, hash in enumerate(requested.terms)}
        self._generation = statistics
        self.statistics = CandidateStatistics(self, statistics)
        stored = [a2b_base64(fields[_SCORED][0]) for fields in self._fields]
        found = np.frombuffer(b"".join(stored), dtype=">i8").astype(np.int64)
        counts = np.array([len(each) // 8 for each in stored], dtype=np.int64)
        docs = np.repeat(np.arange(self.size), counts)
        places = np.arange(len(found)) - (np.cumsum(counts) - counts)[docs]
        is_position = places >= len(_NUMBERS)
        self._numbers = found[~is_position].reshape(self.size, len(_NUMBERS))
        docs, positions = docs[is_position], found[is_position]
        asked = positions >= 0
        self.whole: Final = docs[~asked], -1 - positions[~asked]
        places, low = positions[asked] >> HASH_SHIFT, positions[asked] & _LOW
        self._keys = np.sort(places << DOC_BITS + HASH_SHIFT | docs[asked] << HASH_SHIFT | low)

    def scores(self, query: Query) -> Scores:
        """The score of each document by the root of the query, [size]."""
        limitless = Query(query.text, query.root, ranking=query.ranking, budget=Budget())
        return Evaluator(self, limitless).evaluate(query.root).scores_at(np.arange(self.size))

    def values(self, field: str) -> list[list[str]]:
        """The values that each document has in a keyword field, [size]."""
        name = keyword_name(field)
        return [fields.get(name, []) for fields in self._fields]

    def held_terms(self, doc: int) -> frozenset[str]:
        """The terms that the document has of those that are requested."""
        own = self._keys[self._keys >> HASH_SHIFT & (1 << DOC_BITS) - 1 == doc]
        places = np.unique(own >> DOC_BITS + HASH_SHIFT)
        return frozenset[str]().union(*(self._terms[place] for place in places.tolist()))

    def column(self, name: str) -> NDArray[np.int64]:
        """The number that each document has in a field of the index, [size]."""
        return self._numbers[:, _NUMBERS.index(name)]

    @property
    def live_docs(self) -> Mask:
        """See `scoring.postings`."""
        return np.ones(self.size, dtype=bool)

    def find(self, id: str) -> int | None:
        """See `scoring.postings`."""
        key = key_of(id)
        return self.keys.index(key) if key in self.keys else None

    def doc_frequency(self, field: str | None, term: bytes) -> int:
        """See `scoring.postings`."""
        return self._generation.frequency(field, to_text(term))

    def leaf_frequency(self, leaf: Term | Prefix, count: int) -> int:
        """See `scoring.postings`; `count` is of the candidates alone."""
        if isinstance(leaf, Term):
            return self._generation.frequency(leaf.field, leaf.term)
        return self._generation.matching(leaf)

    def postings(self, term: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """See `scoring.postings`."""
        return count_positions(self.position_keys(term, field))

    def prefix_postings(self, prefix: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """See `scoring.postings`."""
        places = {self._place(term) for term in self._generation.terms_of_words(to_text(prefix))}
        parts = [self._position_keys(place, field) for place in sorted(places - {-1})]
        return count_positions(np.sort(np.concatenate([NO_IDS, *parts])))

    def position_keys(self, term: bytes, field: str | None = None) -> Ids:
        """See `scoring.postings`."""
        return self._position_keys(self._place(to_text(term)), field)

    def _place(self, term: str) -> int:
        return self._places.get(term_hash(term), -1)

    def _position_keys(self, place: int, field: str | None) -> Ids:
        shift = DOC_BITS + HASH_SHIFT
        first, last = np.searchsorted(self._keys, (place << shift, place + 1 << shift))
        found = self._keys[first:last] & (1 << shift) - 1
        doc_fields = found >> POSITION_BITS
        joined = doc_fields << keys.POSITION_BITS | found & _POSITION
        return joined if field is None else joined[doc_fields & FIELD_COUNT - 1 == FIELD_NUMBERS[field]]

    @cached_property
    def _docs_by_value(self) -> dict[tuple[str, str], list[int]]:
        docs: dict[tuple[str, str], list[int]] = {}
        for field in self._keyword_fields:
            for doc, values in enumerate(self.values(field)):
                for value in values:
                    docs.setdefault((field, value), []).append(doc)
        return docs

    def keyword_docs(self, field: str, value: bytes) -> Ids:
        """See `scoring.postings`."""
        return np.array(self._docs_by_value.get((field, keyword(to_text(value))), ()), dtype=np.int64)

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """See `scoring.postings`."""
        for (own, value), docs in sorted(self._docs_by_value.items()):
            if own == field and value.encode().startswith(prefix):
                yield value.encode(), len(docs)


class CandidateStatistics:
    """The statistics of the generation, with the lengths of the candidates alone (see `scoring.postings`)."""

    def __init__(self, candidates: Candidates, statistics: GenerationStatistics) -> None:
        self._candidates = candidates
        self._statistics = statistics

    def idf(self, doc_frequency: int) -> float:
        """See `scoring.postings`."""
        return self._statistics.idf(doc_frequency)

    def norms(self, weights: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...]) -> NDArray[np.float32]:
        """See `scoring.postings`."""
        return norms(weights, b, self._lengths, self._candidates.size)

    def _lengths(self, field: str) -> tuple[Scores, float]:
        lengths = self._candidates.column(LENGTH_NAMES[field]).astype(np.float64)
        return lengths, self._statistics.mean_length(field)

    def idf_sums(self, field: str) -> Scores:
        """See `scoring.postings`."""
        if field == TITLE:
            return self._statistics.title_sums(self._candidates.column(TITLE_BAG))
        docs, positions = self._candidates.whole
        own = positions >> POSITION_BITS & FIELD_COUNT - 1 == FIELD_NUMBERS[field]
        docs, hashes = docs[own], positions[own] >> HASH_SHIFT
        order = np.lexsort((hashes, docs))
        docs, hashes = docs[order], hashes[order]
        first = keys.first_of_runs(docs) | keys.first_of_runs(hashes)
        docs, hashes = docs[first], hashes[first]
        idf = self._statistics.idf_by_hash(field)
        weights = [idf[hash] for hash in hashes.tolist()]
        return np.bincount(docs, weights, minlength=self._candidates.size).astype(np.float64)
