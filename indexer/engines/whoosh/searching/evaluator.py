"""A query node to the documents that match and their scores, by NumPy over the postings of a snapshot.

Every node becomes a doc set. Sums run in the order of `TEXT_FIELD_NAMES` and of a node's own nodes, in double
precision, one operation after the other as `Ranking` writes them: documents with the same positions and field lengths
get the same score to the last bit, and order by id.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

import numpy as np

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.whoosh.format.arrays import first_of_runs
from indexer.engines.whoosh.format.segments import FIELD_BITS, to_bytes
from indexer.engines.whoosh.searching.docsets import (
    EMPTY_DOCS,
    NO_IDS,
    SPARSE_RATIO,
    DenseDocs,
    DocSet,
    Ids,
    Scores,
    SparseDocs,
    at_least,
    fitting_form,
    intersection,
    union_max,
    union_sum,
)
from indexer.engines.whoosh.searching.positions import count_positions, near_positions, phrase_positions
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.query.nodes import (
    SLACK,
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

_ROUNDING: Final = 1 + 1e-6  # cached scores are narrow
_SMALLEST: Final = float(np.finfo(np.float64).tiny)


class Evaluator:
    """Evaluates nodes over one snapshot with the ranking and the budget of a query.

    `within`, ascending, is for nodes that only add to scores: positions are then read of these documents alone.
    Raises RequestTooCostly where the budget is spent, except in what only adds to scores.
    """

    def __init__(self, snapshot: Snapshot, query: Query, within: Ids | None = None) -> None:
        ranking = query.ranking
        self._budget = query.budget
        self._snapshot = snapshot
        self._size = snapshot.size
        self._within = within
        self._k1 = ranking.k1
        self._statistics = snapshot.statistics
        self._norms = self._statistics.norms(ranking.field_weights, ranking.field_b)
        self._numbers = (ranking.k1, ranking.field_weights, ranking.field_b)
        self._alternatives: dict[Alternatives, DocSet] = {}
        self._position_keys: dict[tuple[bytes, str | None], Ids] = {}

    def evaluate(self, node: Node) -> DocSet:
        """The documents that match the node."""
        match node:
            case Term() | Phrase() | Prefix() | Near() | Coverage():
                if self._within is not None:
                    return self._leaf(node)
                # A plan asks for a leaf where it must match and where it scores, and the next plan asks again.
                return self._snapshot.leaf_cache.get_or_compute(
                    (node, self._numbers), lambda: fitting_form(self._leaf(node), self._size).narrowed
                )
            case One(id):
                doc = self._snapshot.find(id)
                return EMPTY_DOCS if doc is None else SparseDocs(np.array([doc], dtype=np.int64), np.ones(1))
            case Alternatives(nodes):
                docs = self._alternatives.get(node)
                if docs is None:
                    docs = self._alternatives[node] = union_max(self._each(nodes), self._size)
                return docs
            case AtLeast(needed, nodes, weights):
                if needed <= SLACK:
                    return union_sum([self._all(), *self._each(nodes)], self._size)
                return at_least(self._each(nodes), needed - SLACK, weights or (1.0,) * len(nodes), self._size)
            case And(nodes):
                return intersection(self._each(nodes), self._size) if nodes else self._all()
            case Or(nodes):
                return union_sum(self._each(nodes), self._size)
            case Not(inner):
                excluded = ~self._snapshot.live_docs
                self.evaluate(inner).mark(excluded)
                return DenseDocs(~excluded, np.zeros(self._size))
            case All():
                return self._all()
            case Should(must, optional):
                return self._should(self.evaluate(must), optional)
            case Boost(inner, weight):
                return self.evaluate(inner).boosted(weight)
            case _:
                assert_never(node)

    def scores(self, node: Node, ids: Ids) -> Scores:
        """The node's score of each of `ids`, ascending; 0 where it does not match."""
        match node:
            case Or(nodes):
                scores = np.zeros(len(ids))
                for each in nodes:
                    scores += self.scores(each, ids)
                return scores
            case Boost(inner, weight):
                return self.scores(inner, ids) * weight
            case _:
                return self.evaluate(node).scores_at(ids)

    def _each(self, nodes: Iterable[Node]) -> list[DocSet]:
        return [self.evaluate(each) for each in nodes]

    def _all(self) -> DocSet:
        return DenseDocs(self._snapshot.live_docs, np.zeros(self._size))

    def _should(self, must: DocSet, optional: Node) -> DocSet:
        clauses = optional.nodes if isinstance(optional, Or) else (optional,)
        if isinstance(must, SparseDocs):
            sums = np.zeros(len(must.ids))
            with self._budget:
                for each in clauses:
                    sums += self.scores(each, must.ids)
            return SparseDocs(must.ids, must.scores + sums)
        sums = np.zeros(self._size)
        with self._budget:
            for each in clauses:
                self.evaluate(each).add_scores(sums)
        return DenseDocs(must.mask, must.scores + sums * must.mask)

    def _leaf(self, node: Term | Phrase | Prefix | Near | Coverage) -> DocSet:
        match node:
            case Term(term, field):
                return self._term(to_bytes(term), field)
            case Phrase(terms, field):
                return self._phrase(tuple(map(to_bytes, terms)), field)
            case Prefix(prefix, field):
                return self._prefix(to_bytes(prefix), field)
            case Near():
                return self._near(node)
            case Coverage(terms, field, share):
                return self._coverage(sorted(set(map(to_bytes, terms))), field, share)
            case _:
                assert_never(node)

    def _coverage(self, terms: list[bytes], field: str, share: float) -> SparseDocs:
        if field not in TEXT_FIELD_NAMES:
            return EMPTY_DOCS
        idf = self._statistics.idf
        parts = [self._snapshot.postings(term, field)[0] >> FIELD_BITS for term in terms]
        self._budget.spend(sum(map(len, parts)))
        covered = union_sum([SparseDocs(docs, np.full(len(docs), idf(len(docs)))) for docs in parts], self._size).sparse
        scores = covered.scores / self._statistics.idf_sums(field)[covered.ids] if len(covered) else covered.scores
        enough = scores >= share - SLACK
        return SparseDocs(covered.ids[enough], scores[enough])

    def _term(self, term: bytes, field: str | None) -> DocSet:
        if field in KEYWORD_FIELD_NAMES:
            return self._keywords(field, [term])
        return self._score(*self._postings(term, field))

    def _postings(self, term: bytes, field: str | None) -> tuple[Ids, Ids]:
        if field is None or field in TEXT_FIELD_NAMES:
            return self._snapshot.postings(term, field)
        return NO_IDS, NO_IDS

    def _prefix(self, prefix: bytes, field: str | None) -> DocSet:
        if field in KEYWORD_FIELD_NAMES:
            return self._keywords(field, [value for value, _ in self._snapshot.terms(field, prefix)])
        if field is None or field in TEXT_FIELD_NAMES:
            return self._score(*self._snapshot.prefix_postings(prefix, field))
        return EMPTY_DOCS

    def _keywords(self, field: str, values: list[bytes]) -> SparseDocs:
        sets = [SparseDocs(self._snapshot.keyword_docs(field, value)) for value in values]
        ids = union_sum(sets, self._size).sparse.ids
        return SparseDocs(ids, np.full(len(ids), self._statistics.idf(len(ids))))

    def _phrase(self, terms: tuple[bytes, ...], field: str | None) -> DocSet:
        in_field = [(term, field) for term in terms]
        return self._score(*count_positions(phrase_positions(self._keys_of(in_field))), self._sum_idf(in_field))

    def _near(self, node: Near) -> DocSet:
        terms = [(to_bytes(each.term), each.field) for each in node.nodes]
        fields = {field for _, field in terms if field is not None}
        if len(fields) > 1:
            return EMPTY_DOCS
        # The field of one term is the only field in which the others can be near it.
        common = next(iter(fields), None)
        keys = self._keys_of([(term, common) for term, _ in terms])
        starts = near_positions(keys, node.window, ordered=node.ordered)
        return self._score(*count_positions(starts), self._sum_idf(terms))

    def _keys_of(self, terms: Sequence[tuple[bytes, str | None]]) -> list[Ids]:
        """The position keys of each (term, field); an empty list where one of the terms has none."""
        all_keys = []
        for term, field in terms:
            keys = self._position_keys.get((term, field))
            if keys is None:
                keys = NO_IDS
                if field is None or field in TEXT_FIELD_NAMES:
                    keys = self._snapshot.position_keys(term, field, self._within)
                self._budget.spend(len(keys))
                self._position_keys[term, field] = keys
            if not len(keys):
                return []
            all_keys.append(keys)
        return all_keys

    def _sum_idf(self, terms: Iterable[tuple[bytes, str | None]]) -> float:
        total = 0.0
        for term, field in terms:
            total += self._statistics.idf(self._snapshot.doc_frequency(field, term))
        return total

    def _score(self, doc_fields: Ids, counts: Ids, idf: float | None = None) -> DocSet:
        """BM25F of a leaf from its counts in ascending doc fields; without an idf, that of the matching documents."""
        self._budget.spend(len(doc_fields))
        if not len(doc_fields):
            return EMPTY_DOCS
        docs, weighted = doc_fields >> FIELD_BITS, self._norms.take(doc_fields) * counts
        if len(doc_fields) * SPARSE_RATIO > self._size:
            mask = np.zeros(self._size, dtype=bool)
            mask[docs] = True
            frequencies: Scores = np.bincount(docs, weighted, minlength=self._size)  # type: ignore[assignment]
            return DenseDocs(mask, self._saturate(frequencies, idf, int(np.count_nonzero(mask))))
        first = np.flatnonzero(first_of_runs(docs))
        return SparseDocs(docs[first], self._saturate(np.add.reduceat(weighted, first), idf, len(first)))

    def _saturate(self, frequencies: Scores, idf: float | None, doc_frequency: int) -> Scores:
        """Compute idf * tf / (k1 + tf) in place of tf; 0 for 0, even where k1 is 0."""
        below = frequencies + self._k1
        np.maximum(below, _SMALLEST, out=below)
        frequencies /= below  # first, so that with k1 = 0 all are equal to the last bit
        frequencies *= self._statistics.idf(doc_frequency) if idf is None else idf
        return frequencies

    def bound(self, node: Node) -> float:
        """The most that an expensive clause (of `Near` nodes) adds to a score: a leaf scores less than its idf."""
        match node:
            case Near(nodes):
                return self._sum_idf((to_bytes(each.term), each.field) for each in nodes)
            case Boost(inner, weight):
                return weight * self.bound(inner)
            case Or(nodes):
                return sum(map(self.bound, nodes))
            case _:
                raise TypeError(f"no bound is known for {type(node).__name__}")

    def bounds(self, node: Node, ids: Ids) -> Scores:
        """The most that an expensive clause adds to the score of each of `ids`, ascending."""
        match node:
            case Near(nodes, ordered=ordered):
                # A span begins with any of the terms, an ordered one with the first, and each occurrence begins one
                # span at most: several may end with the same. tf / (k1 + tf) is at most the sum of what it is for parts
                # of tf.
                saturations = [self._saturation(each, ids) for each in nodes]
                bounds: Scores = (saturations[0] if ordered else np.add.reduce(saturations)) * np.all(
                    saturations, axis=0
                )
                return np.minimum(bounds, 1.0) * self.bound(node)
            case Boost(inner, weight):
                return weight * self.bounds(inner, ids)
            case Or(nodes):
                sums = np.zeros(len(ids))
                for each in nodes:
                    sums += self.bounds(each, ids)
                return sums
            case _:
                raise TypeError(f"no bound is known for {type(node).__name__}")

    def _saturation(self, term: Term, ids: Ids) -> Scores:
        """An upper bound of a term's tf / (k1 + tf), see `Ranking`, for each of `ids`."""
        docs = self.evaluate(term)
        idf = self._statistics.idf(len(docs))
        return docs.scores_at(ids) * (_ROUNDING / idf if idf else 0.0)
