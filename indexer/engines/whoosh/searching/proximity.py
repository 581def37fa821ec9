"""What expensive clauses, of `Near` nodes, add to the scores of a few documents, and the most that they can add."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

from indexer.engines.scoring.evaluator import Evaluator, near_terms
from indexer.engines.scoring.keys import FIELD_BITS, NO_IDS, POSITION_BITS, Ids, Scores, first_of_runs
from indexer.engines.scoring.positions import count_positions, near_positions
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.query.nodes import Boost, Near, Node, Or, Term
from indexer.query.query import Query

_Value = TypeVar("_Value", float, Scores)

_ROUNDING: Final = 1 + 1e-6  # cached scores are narrow


class ProximityEvaluator(Evaluator):
    """An evaluator of expensive clauses, too; these only add to scores."""

    def __init__(self, snapshot: Snapshot, query: Query) -> None:
        super().__init__(snapshot, query)
        self._snapshot = snapshot

    def scores_within(self, clause: Node, within: Ids) -> Scores:
        """The score of each of `within`, ascending, by an expensive clause; raises RequestTooCostly.

        All its nodes are scored at once: within a few documents each has next to no places, and an array operation
        takes as long for one as for all.
        """
        nodes = tuple(dict.fromkeys(_near_nodes(clause)))
        scores = dict(zip(nodes, self._score_together(nodes, within), strict=True))
        return _combine(clause, scores.__getitem__)

    def _score_together(self, nodes: Sequence[Near], within: Ids) -> Scores:
        """BM25F of each node in each of `within`, [nodes, within]."""
        doc_fields, counts = count_positions(self._places(nodes, within))
        self._budget.spend(len(doc_fields))
        scores = np.zeros((len(nodes), len(within)))
        if len(doc_fields):
            rows = doc_fields >> FIELD_BITS
            first = first_of_runs(rows).nonzero()[0]
            numbers, docs = np.divmod(rows[first], self._size)
            weighted = self._norms.take(doc_fields - (rows // self._size * self._size << FIELD_BITS)) * counts
            frequencies = np.add.reduceat(weighted, first)
            idf = np.array(list(map(self.bound, nodes)))
            scores[numbers, within.searchsorted(docs)] = self._saturate(frequencies, idf[numbers])
        return scores

    def _places(self, nodes: Sequence[Near], within: Ids) -> Ids:
        """The places of the nodes as position keys, ascending; those of node n are in documents n * size + doc.

        So the terms of two nodes are further apart than any window, and nodes that look alike are one join.
        """
        terms = dict.fromkeys(term for node in nodes for term in near_terms(node))
        keys = dict(zip(terms, self._snapshot.positions_within(tuple(terms), within), strict=True))
        self._budget.spend(sum(map(len, keys.values())))
        joins: defaultdict[tuple[int, int, bool], list[list[Ids]]] = defaultdict(list)
        for number, node in enumerate(nodes):
            base = number * self._size << FIELD_BITS + POSITION_BITS
            if own := near_terms(node):
                joins[len(own), node.window, node.ordered].append([keys[term] + base for term in own])
        places = [
            near_positions(list(map(np.concatenate, zip(*keys_of, strict=True))), window, ordered=ordered)
            for (_, window, ordered), keys_of in joins.items()
        ]
        return np.sort(np.concatenate([NO_IDS, *places]))

    def bound(self, clause: Node) -> float:
        """The most that an expensive clause adds to a score: a leaf scores less than its idf."""
        return _combine(clause, self._near_idf)

    def bounds(self, clause: Node, ids: Ids) -> Scores:
        """The most that an expensive clause adds to the score of each of `ids`, ascending."""
        saturations: dict[Term, Scores] = {}  # a term is near the one before it and near the one after

        def saturation(term: Term) -> Scores:
            if term not in saturations:
                saturations[term] = self._saturation(term, ids)
            return saturations[term]

        def most(node: Near) -> Scores:
            # A span begins with any of the terms, an ordered one with the first, and each occurrence begins one span at
            # most: several may end with the same. tf / (k1 + tf) is at most the sum of what it is for parts of tf.
            bounds, *others = map(saturation, node.nodes)
            have_all = bounds > 0
            for other in others:
                bounds = bounds if node.ordered else bounds + other
                have_all &= other > 0
            return np.minimum(bounds * have_all, 1.0) * self.bound(node)

        return _combine(clause, most)

    def _saturation(self, term: Term, ids: Ids) -> Scores:
        """An upper bound of a term's tf / (k1 + tf), see `Ranking`, for each of `ids`."""
        docs = self.evaluate(term)
        idf = self._idf(term, len(docs))
        return docs.scores_at(ids) * (_ROUNDING / idf if idf else 0.0)


def _combine(clause: Node, value_of: Callable[[Near], _Value]) -> _Value:
    """The value of an expensive clause from those of its nodes, in their order."""
    match clause:
        case Near():
            return value_of(clause)
        case Boost(inner, weight):
            return _combine(inner, value_of) * weight
        case Or((first, *others)):
            total = _combine(first, value_of)
            for each in others:
                total = total + _combine(each, value_of)
            return total
        case _:
            raise TypeError(f"{type(clause).__name__} is no expensive clause")


def _near_nodes(clause: Node) -> Iterator[Near]:
    """The nodes that an expensive clause is made of."""
    match clause:
        case Near():
            yield clause
        case Boost(inner):
            yield from _near_nodes(inner)
        case Or(nodes):
            for each in nodes:
                yield from _near_nodes(each)
        case _:
            raise TypeError(f"{type(clause).__name__} is no expensive clause")
