"""A query node to the documents that match and their scores, by NumPy over the postings of a snapshot.

Every node becomes ascending document numbers with a score for each. Sums run in the order of `TEXT_FIELD_NAMES` and of a
node's own nodes, in double precision, one operation after the other as `Ranking` writes them: documents that have the same
places in the same lengths get the same score to the last bit, and order by id.
"""

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

import numpy as np

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.whoosh.format.arrays import begin_anew
from indexer.engines.whoosh.format.segments import FIELD_BITS, to_bytes
from indexer.engines.whoosh.searching.docsets import (
    FEW,
    NO_IDS,
    NOTHING,
    Few,
    Found,
    Ids,
    Many,
    Scores,
    all_of,
    any_of,
    best_of,
    enough_of,
    settled,
)
from indexer.engines.whoosh.searching.positions import count_places, near_places, phrase_places
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
from indexer.query.ranking import Ranking

_ROUNDED: Final = 1 + 1e-6  # scores that are kept are narrow
_SMALLEST: Final = float(np.finfo(np.float64).tiny)


class Evaluation:
    """Evaluates nodes over one snapshot with one ranking.

    `within`, ascending, is for what only adds to scores: places are then looked for in these documents alone.
    """

    def __init__(self, snapshot: Snapshot, ranking: Ranking, within: Ids | None = None) -> None:
        self._snapshot = snapshot
        self._size = snapshot.size
        self._within = within
        self._k1 = ranking.k1
        self._factors = snapshot.factors(ranking.field_weights, ranking.field_b)
        self._numbers = (ranking.k1, ranking.field_weights, ranking.field_b)
        self._best: dict[Alternatives, Found] = {}
        self._keys: dict[tuple[bytes, str | None], Ids] = {}

    def evaluate(self, node: Node) -> Found:
        """The documents that match the node."""
        match node:
            case Term() | Phrase() | Prefix() | Near() | Coverage():
                if self._within is not None:
                    return self._leaf(node)
                # A plan asks for a leaf where it must match and where it scores, and the next plan asks again.
                return self._snapshot.leaves.get_or_compute(
                    (node, self._numbers), lambda: settled(self._leaf(node), self._size).narrowed
                )
            case One(id):
                doc = self._snapshot.find(id)
                return NOTHING if doc is None else Few(np.array([doc], dtype=np.int64), np.ones(1))
            case Alternatives(nodes):
                best = self._best.get(node)
                if best is None:
                    best = self._best[node] = best_of(self._each(nodes), self._size)
                return best
            case AtLeast(needed, nodes, weights):
                if needed <= SLACK:
                    return any_of([self._all(), *self._each(nodes)], self._size)
                return enough_of(self._each(nodes), needed - SLACK, weights or (1.0,) * len(nodes), self._size)
            case And(nodes):
                return all_of(self._each(nodes), self._size) if nodes else self._all()
            case Or(nodes):
                return any_of(self._each(nodes), self._size)
            case Not(inner):
                without = ~self._snapshot.live
                self.evaluate(inner).mark(without)
                return Many(~without, np.zeros(self._size))
            case All():
                return self._all()
            case Should(must, optional):
                return self._should(self.evaluate(must), optional)
            case Boost(inner, weight):
                return self.evaluate(inner).times(weight)
            case _:
                assert_never(node)

    def scores(self, node: Node, ids: Ids) -> Scores:
        """What the node gives each of `ids`, ascending; 0 where it does not match."""
        match node:
            case Or(nodes):
                scores = np.zeros(len(ids))
                for each in nodes:
                    scores += self.scores(each, ids)
                return scores
            case Boost(inner, weight):
                return self.scores(inner, ids) * weight
            case _:
                return self.evaluate(node).at(ids)

    def _each(self, nodes: Iterable[Node]) -> list[Found]:
        return [self.evaluate(each) for each in nodes]

    def _all(self) -> Found:
        return Many(self._snapshot.live, np.zeros(self._size))

    def _should(self, must: Found, optional: Node) -> Found:
        if isinstance(must, Few):
            return Few(must.ids, must.scores + self.scores(optional, must.ids))
        sums = np.zeros(self._size)
        self.evaluate(optional).add(sums)
        return Many(must.mask, must.scores + sums * must.mask)

    def _leaf(self, node: Term | Phrase | Prefix | Near | Coverage) -> Found:
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

    def _coverage(self, terms: list[bytes], field: str, share: float) -> Few:
        if field not in TEXT_FIELD_NAMES:
            return NOTHING
        parts = [self._snapshot.postings(term, field)[0] >> FIELD_BITS for term in terms]
        told = any_of([Few(docs, np.full(len(docs), self._snapshot.idf(len(docs)))) for docs in parts], self._size).few
        scores = told.scores / self._snapshot.idf_sums(field)[told.ids] if len(told) else told.scores
        enough = scores >= share - SLACK
        return Few(told.ids[enough], scores[enough])

    def _term(self, term: bytes, field: str | None) -> Found:
        if field in KEYWORD_FIELD_NAMES:
            return self._values(field, [term])
        return self._score(*self._postings(term, field))

    def _postings(self, term: bytes, field: str | None) -> tuple[Ids, Ids]:
        if field is None or field in TEXT_FIELD_NAMES:
            return self._snapshot.postings(term, field)
        return NO_IDS, NO_IDS

    def _prefix(self, start: bytes, field: str | None) -> Found:
        if field in KEYWORD_FIELD_NAMES:
            return self._values(field, [value for value, _ in self._snapshot.terms(field, start)])
        if field is None or field in TEXT_FIELD_NAMES:
            return self._score(*self._snapshot.prefixed(start, field))
        return NOTHING

    def _values(self, field: str, values: list[bytes]) -> Few:
        ids = any_of([Few(self._snapshot.docs(field, value)) for value in values], self._size).few.ids
        return Few(ids, np.full(len(ids), self._snapshot.idf(len(ids))))

    def _phrase(self, terms: tuple[bytes, ...], field: str | None) -> Found:
        asked = [(term, field) for term in terms]
        return self._score(*count_places(phrase_places(self._places(asked))), self._sum_idf(asked))

    def _near(self, node: Near) -> Found:
        asked = [(to_bytes(each.term), each.field) for each in node.nodes]
        fields = {field for _, field in asked if field is not None}
        if len(fields) > 1:
            return NOTHING
        # The field that one term is looked for in is the only one for the others too.
        common = next(iter(fields), None)
        keys = self._places([(term, common) for term, _ in asked])
        places = near_places(keys, node.window, ordered=node.ordered)
        return self._score(*count_places(places), self._sum_idf(asked))

    def _places(self, asked: Sequence[tuple[bytes, str | None]]) -> list[Ids]:
        """The places of each term in its field; none where one of the terms has none."""
        found = []
        for term, field in asked:
            keys = self._keys.get((term, field))
            if keys is None:
                keys = NO_IDS
                if field is None or field in TEXT_FIELD_NAMES:
                    keys = self._snapshot.keys(term, field, self._within)
                self._keys[term, field] = keys
            if not len(keys):
                return []
            found.append(keys)
        return found

    def _sum_idf(self, asked: Iterable[tuple[bytes, str | None]]) -> float:
        total = 0.0
        for term, field in asked:
            total += self._snapshot.idf(self._snapshot.frequency(field, term))
        return total

    def _score(self, slots: Ids, counts: Ids, idf: float | None = None) -> Found:
        """BM25F of a leaf that stands so often in these slots, ascending; idf that of the documents found, unless given."""
        if not len(slots):
            return NOTHING
        docs, counted = slots >> FIELD_BITS, self._factors.take(slots) * counts
        if len(slots) * FEW > self._size:
            mask = np.zeros(self._size, dtype=bool)
            mask[docs] = True
            frequencies: Scores = np.bincount(docs, counted, minlength=self._size)  # type: ignore[assignment]
            return Many(mask, self._saturated(frequencies, idf, int(np.count_nonzero(mask))))
        first = np.flatnonzero(begin_anew(docs))
        return Few(docs[first], self._saturated(np.add.reduceat(counted, first), idf, len(first)))

    def _saturated(self, frequencies: Scores, idf: float | None, documents: int) -> Scores:
        """idf * tf / (k1 + tf) in the place of tf; 0 for 0, even where k1 is 0."""
        below = frequencies + self._k1
        np.maximum(below, _SMALLEST, out=below)
        frequencies /= below  # first, so that with k1 = 0 all are equal to the last bit
        frequencies *= self._snapshot.idf(documents) if idf is None else idf
        return frequencies

    def bound(self, node: Node) -> float:
        """What a node that does nothing but look for places near each other adds to a score at most: a leaf less than its idf."""
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
        """What such a node adds at most to the score of each of `ids`, ascending."""
        match node:
            case Near(nodes, ordered=ordered):
                # A place begins with any of the terms, in the order asked for with the first, and each occurrence begins one at
                # most: several may end with the same. tf / (k1 + tf) is at most the sum of what it is for parts of tf.
                shares = [self._saturation(each, ids) for each in nodes]
                most: Scores = (shares[0] if ordered else np.add.reduce(shares)) * np.all(shares, axis=0)
                return np.minimum(most, 1.0) * self.bound(node)
            case Boost(inner, weight):
                return weight * self.bounds(inner, ids)
            case Or(nodes):
                bounds = np.zeros(len(ids))
                for each in nodes:
                    bounds += self.bounds(each, ids)
                return bounds
            case _:
                raise TypeError(f"no bound is known for {type(node).__name__}")

    def _saturation(self, term: Term, ids: Ids) -> Scores:
        """tf / (k1 + tf) of a term (see `Ranking`), for each of `ids`; no less."""
        found = self.evaluate(term)
        idf = self._snapshot.idf(len(found))
        return found.at(ids) * (_ROUNDED / idf if idf else 0.0)
