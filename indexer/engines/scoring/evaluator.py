"""A query node to the documents that match and their scores, by NumPy over the postings of an engine.

Every node becomes a doc set. Sums run in the order of `TEXT_FIELD_NAMES` and of a node's own nodes, in double
precision, one operation after the other as `Ranking` writes them: documents with the same positions and field lengths
get the same score to the last bit, and order by id.
"""

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Final, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.scoring.docsets import (
    EMPTY_DOCS,
    SPARSE_RATIO,
    DenseDocs,
    DocSet,
    SparseDocs,
    at_least,
    fitting_form,
    intersection,
    union_max,
    union_sum,
)
from indexer.engines.scoring.keys import FIELD_BITS, Ids, Scores, first_of_runs, to_bytes
from indexer.engines.scoring.positions import count_positions, near_positions, phrase_positions
from indexer.engines.scoring.postings import FieldTerm, Postings
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

_SMALLEST: Final = float(np.finfo(np.float64).tiny)


class PartialScores(NamedTuple):
    """Documents that match, and the sum of the scores of some clauses, to which others can be added.

    `sums` is for each of sparse documents, or else over all documents, whether they match or not; None where no clause
    was added.
    """

    must: DocSet
    clauses: tuple[Node, ...] = ()
    sums: Scores | None = None

    @property
    def docs(self) -> DocSet:
        """The documents with the sums added to their scores."""
        if self.sums is None:
            return self.must
        if isinstance(self.must, SparseDocs):
            return SparseDocs(self.must.ids, self.must.scores + self.sums)
        return DenseDocs(self.must.mask, self.must.scores + self.sums * self.must.mask)


class Evaluator:
    """Evaluates nodes over the postings of one generation with the ranking and the budget of a query.

    Raises RequestTooCostly where the budget is spent, except in what only adds to scores.
    """

    def __init__(self, postings: Postings, query: Query) -> None:
        ranking = query.ranking
        self._budget = query.budget
        self._postings = postings
        self._size = postings.size
        self._k1 = ranking.k1
        self._statistics = postings.statistics
        self._norms = self._statistics.norms(ranking.field_weights, ranking.field_b)
        # As text, whose hash is computed once: that of tuples within tuples is computed anew by each look-up.
        numbers = (ranking.k1, ranking.field_weights, ranking.field_b)
        self._numbers = intern(str(numbers))
        self._alternatives: dict[Alternatives, DocSet] = {}
        self._covered: dict[tuple[frozenset[str], str], SparseDocs] = {}
        self._position_keys: dict[FieldTerm, Ids] = {}

    def evaluate(self, node: Node) -> DocSet:
        """The documents that match the node."""
        match node:
            case Term() | Phrase() | Prefix() | Near() | Coverage():
                # A plan asks for a leaf where it must match and where it scores, and the next plan asks again.
                return self._postings.leaf_cache.get_or_compute(
                    (node, self._numbers), lambda: fitting_form(self._leaf(node), self._size).narrowed
                )
            case One(id):
                doc = self._postings.find(id)
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
                excluded = ~self._postings.live_docs
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
        return DenseDocs(self._postings.live_docs, np.zeros(self._size))

    def _should(self, must: DocSet, optional: Node) -> DocSet:
        clauses = optional.nodes if isinstance(optional, Or) else (optional,)
        return self.add_clauses(PartialScores(must), clauses).docs

    def add_clauses(self, partial: PartialScores, clauses: Sequence[Node]) -> PartialScores:
        """Add further clauses to the scores; those that the budget does not allow are left out."""
        must, added = partial.must, partial.clauses
        ids = must.ids if isinstance(must, SparseDocs) else None
        sums = np.zeros(self._size if ids is None else len(ids)) if partial.sums is None else partial.sums.copy()
        with self._budget:
            for each in clauses:
                if ids is None:
                    self.evaluate(each).add_scores(sums)
                else:
                    sums += self.scores(each, ids)
                added = (*added, each)
        return PartialScores(must, added, sums)

    def _leaf(self, node: Term | Phrase | Prefix | Near | Coverage) -> DocSet:
        match node:
            case Term():
                return self._term(node)
            case Phrase(terms, field):
                return self._phrase(tuple(map(to_bytes, terms)), field)
            case Prefix():
                return self._prefix(node)
            case Near():
                return self._near(node)
            case Coverage():
                return self._coverage(node)
            case _:
                assert_never(node)

    def _coverage(self, node: Coverage) -> SparseDocs:
        if node.field not in TEXT_FIELD_NAMES:
            return EMPTY_DOCS
        terms = frozenset(node.terms)
        covered = self._covered.get((terms, node.field))
        if covered is None:  # a plan asks for the titles that have some share of the terms, and those that have all
            covered = self._covered[terms, node.field] = self._cover(terms, node.field)
        enough = covered.scores >= node.share - SLACK
        return SparseDocs(covered.ids[enough], covered.scores[enough])

    def _cover(self, terms: frozenset[str], field: str) -> SparseDocs:
        """The share of the field of each document that the terms make up."""
        parts = []
        for term in sorted(terms, key=to_bytes):
            docs = self._postings.postings(to_bytes(term), field)[0] >> FIELD_BITS
            self._budget.spend(len(docs))
            parts.append(SparseDocs(docs, np.full(len(docs), self._idf(Term(term, field), len(docs)))))
        covered = union_sum(parts, self._size).sparse
        if not len(covered):
            return covered
        return SparseDocs(covered.ids, covered.scores / self._statistics.idf_sums(field)[covered.ids])

    def _term(self, node: Term) -> DocSet:
        if node.field in KEYWORD_FIELD_NAMES:
            return self._keywords(node, node.field, [to_bytes(node.term)])
        if _is_text(node.field):
            return self._score(*self._postings.postings(to_bytes(node.term), node.field), node)
        return EMPTY_DOCS

    def _prefix(self, node: Prefix) -> DocSet:
        prefix = to_bytes(node.prefix)
        if node.field in KEYWORD_FIELD_NAMES:
            return self._keywords(node, node.field, [value for value, _ in self._postings.terms(node.field, prefix)])
        if _is_text(node.field):
            return self._score(*self._postings.prefix_postings(prefix, node.field), node)
        return EMPTY_DOCS

    def _keywords(self, node: Term | Prefix, field: str, values: list[bytes]) -> SparseDocs:
        sets = [SparseDocs(self._postings.keyword_docs(field, value)) for value in values]
        ids = union_sum(sets, self._size).sparse.ids
        return SparseDocs(ids, np.full(len(ids), self._idf(node, len(ids))))

    def _phrase(self, terms: tuple[bytes, ...], field: str | None) -> DocSet:
        in_field = [(term, field) for term in terms]
        keys = self._keys_of(in_field) if _is_text(field) else []
        return self._score(*count_positions(phrase_positions(keys)), self._sum_idf(in_field))

    def _near(self, node: Near) -> DocSet:
        terms = near_terms(node)
        places = near_positions(self._keys_of(terms), node.window, ordered=node.ordered)
        return self._score(*count_positions(places), self._near_idf(node))

    def _near_idf(self, node: Near) -> float:
        return self._sum_idf((to_bytes(each.term), each.field) for each in node.nodes)

    def _keys_of(self, terms: Sequence[FieldTerm]) -> list[Ids]:
        """The position keys of each term; an empty list where one of them has none."""
        all_keys = []
        for term in terms:
            keys = self._position_keys.get(term)
            if keys is None:
                keys = self._postings.position_keys(*term)
                self._budget.spend(len(keys))
                self._position_keys[term] = keys
            if not len(keys):
                return []
            all_keys.append(keys)
        return all_keys

    def _sum_idf(self, terms: Iterable[FieldTerm]) -> float:
        total = 0.0
        for term, field in terms:
            total += self._statistics.idf(self._postings.doc_frequency(field, term))
        return total

    def _idf(self, leaf: Term | Prefix, count: int) -> float:
        """The idf of a leaf that `count` documents match here."""
        return self._statistics.idf(self._postings.leaf_frequency(leaf, count))

    def _score(self, doc_fields: Ids, counts: NDArray[np.integer], idf: float | Term | Prefix) -> DocSet:
        """BM25F of a leaf from its counts in ascending doc fields, and from its idf, or that of the leaf."""
        self._budget.spend(len(doc_fields))
        if not len(doc_fields):
            return EMPTY_DOCS
        docs = doc_fields >> FIELD_BITS
        weighted = np.multiply(self._norms.take(doc_fields), counts, dtype=np.float64)
        if len(doc_fields) * SPARSE_RATIO > self._size:
            frequencies: Scores = np.bincount(docs, weighted, minlength=self._size)  # type: ignore[assignment]
            mask = frequencies > 0
            if not weighted.all():  # a field may weigh nothing
                mask[docs] = True
            count = int(np.count_nonzero(mask))
            return DenseDocs(mask, self._saturate(frequencies, self._idf_of(idf, count)))
        first = first_of_runs(docs).nonzero()[0]
        frequencies = np.add.reduceat(weighted, first)
        return SparseDocs(docs[first], self._saturate(frequencies, self._idf_of(idf, len(first))))

    def _idf_of(self, leaf: float | Term | Prefix, count: int) -> float:
        return leaf if isinstance(leaf, float) else self._idf(leaf, count)

    def _saturate(self, frequencies: Scores, idf: float | Scores) -> Scores:
        """Compute idf * tf / (k1 + tf) in place of tf; 0 for 0, even where k1 is 0."""
        below = frequencies + self._k1
        if self._k1 < _SMALLEST:
            np.maximum(below, _SMALLEST, out=below)
        frequencies /= below  # first, so that with k1 = 0 all are equal to the last bit
        frequencies *= idf
        return frequencies


def near_terms(node: Near) -> tuple[FieldTerm, ...]:
    """The terms of the node, all in the one field where they can be near each other; none where they have several."""
    fields = {each.field for each in node.nodes} - {None}
    common = next(iter(fields), None)
    return tuple((to_bytes(each.term), common) for each in node.nodes) if len(fields) < 2 and _is_text(common) else ()


def _is_text(field: str | None) -> bool:
    return field is None or field in TEXT_FIELD_NAMES
