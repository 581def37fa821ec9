"""A query node to the documents that match and their scores, by NumPy over the postings of a snapshot.

Every node becomes ascending document numbers with a score for each. Sums run in the order of `TEXT_FIELD_NAMES` and of a
node's own nodes, in double precision, one operation after the other as `Ranking` writes them: documents that have the same
places in the same lengths get the same score to the last bit, and order by id.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple, assert_never

import numpy as np

from indexer.documents import KEYWORD_FIELD_NAMES, LENGTH_FIELDS, TEXT_FIELD_NAMES
from indexer.engines.whoosh.arrays import distinct_sorted
from indexer.engines.whoosh.positions import count_places, near_places, phrase_places
from indexer.engines.whoosh.segments import SEPARATOR, to_bytes, to_text
from indexer.engines.whoosh.snapshot import FEW, NO_IDS, Ids, Scores, Snapshot
from indexer.query.model import Ranking
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


class Found(NamedTuple):
    """Documents that match, ascending, and the score of each."""

    ids: Ids
    scores: Scores


NOTHING = Found(NO_IDS, np.zeros(0))
Occurrences = Iterable[tuple[str, Ids, Ids]]  # a field, the documents that have it there, how often


class Evaluation:
    """Evaluates nodes over one snapshot with one ranking.

    `within`, ascending, is for what only adds to scores: places are then looked for in these documents alone.
    """

    def __init__(self, snapshot: Snapshot, ranking: Ranking, within: Ids | None = None) -> None:
        self._snapshot = snapshot
        self._within = within
        self._k1 = ranking.k1
        self._weights = dict(ranking.weights)
        self._b = dict(ranking.b)
        self._numbers = (ranking.k1, ranking.weights, ranking.b)
        self._norms: dict[tuple[tuple[str, ...], float], Scores] = {}
        self._keys: dict[tuple[str, bytes], Ids] = {}

    def evaluate(self, node: Node) -> Found:
        """The documents that match the node."""
        match node:
            case Term() | Phrase() | Prefix() | Near() | Coverage():
                if self._within is not None:
                    return self._leaf(node)
                # A plan asks for a leaf where it must match and where it scores, and the next plan asks again.
                known = self._snapshot.leaves.get((node, self._numbers))
                if known is not None:
                    return Found(*known)
                found = self._leaf(node)
                self._snapshot.leaves.put((node, self._numbers), *found)
                return found
            case One(id):
                doc = self._snapshot.find(id)
                return NOTHING if doc is None else Found(np.array([doc], dtype=np.int64), np.ones(1))
            case Alternatives(nodes):
                return self._best(nodes)
            case AtLeast(needed, nodes, weights):
                return self._sum(nodes, needed, weights)
            case And(nodes):
                return self._sum(nodes, len(nodes))
            case Or(nodes):
                return self._sum(nodes, 1)
            case Not(inner):
                without = self._snapshot.live.copy()
                without[self.evaluate(inner).ids] = False
                return _unscored(np.flatnonzero(without))
            case All():
                return _unscored(self._snapshot.live_ids)
            case Should(must, optional):
                return self._should(self.evaluate(must), self.evaluate(optional))
            case Boost(inner, weight):
                found = self.evaluate(inner)
                return Found(found.ids, found.scores * weight)
            case _:
                assert_never(node)

    def _leaf(self, node: Term | Phrase | Prefix | Near | Coverage) -> Found:
        match node:
            case Term(term, field):
                return self._term(to_bytes(term), field)
            case Phrase(terms, field):
                return self._phrase(tuple(map(to_bytes, terms)), field)
            case Prefix(prefix, field):
                return self._prefix(prefix, field)
            case Near():
                return self._near(node)
            case Coverage(terms, field, share):
                return self._coverage(sorted(set(map(to_bytes, terms))), field, share)
            case _:
                assert_never(node)

    def _coverage(self, terms: list[bytes], field: str, share: float) -> Found:
        if field not in TEXT_FIELD_NAMES:
            return NOTHING
        parts = [docs for docs in (self._snapshot.docs(field, term) for term in terms) if len(docs)]
        if not parts:
            return NOTHING
        ids, told = self._added([(docs, np.full(len(docs), self._snapshot.idf(len(docs)))) for docs in parts])
        scores = told / self._snapshot.idf_sums(field)[ids]
        enough = scores >= share - SLACK
        return Found(ids[enough], scores[enough])

    def _term(self, term: bytes, field: str | None) -> Found:
        if field in KEYWORD_FIELD_NAMES:
            ids = self._snapshot.docs(field, term)
            return Found(ids, np.full(len(ids), self._snapshot.idf(len(ids))))
        occurrences = ((name, *self._snapshot.postings(name, term)) for name in _text_fields(field))
        return self._score(occurrences)

    def _prefix(self, prefix: str, field: str | None) -> Found:
        start = to_bytes(prefix)
        if field in KEYWORD_FIELD_NAMES:
            return self._values(field, [value for value, _ in self._snapshot.terms(field, start)])
        words = (to_text(word) for word, _ in self._snapshot.terms("word", start))
        terms = sorted({to_bytes(word.partition(SEPARATOR)[2]) for word in words})
        return self._score(self._united(terms, field))

    def _values(self, field: str, values: list[bytes]) -> Found:
        parts = [self._snapshot.docs(field, value) for value in values]
        ids = self._union(parts) if parts else NO_IDS
        return Found(ids, np.full(len(ids), self._snapshot.idf(len(ids))))

    def _united(self, terms: list[bytes], field: str | None) -> Iterator[tuple[str, Ids, Ids]]:
        for name in _text_fields(field):
            counted = [self._snapshot.postings(name, term) for term in terms]
            if counted:
                total = np.zeros(self._snapshot.size, dtype=np.int64)
                for ids, counts in counted:
                    total[ids] += counts
                found = np.flatnonzero(total)
                yield name, found, total[found]

    def _phrase(self, terms: tuple[bytes, ...], field: str | None) -> Found:
        def occurrences() -> Iterator[tuple[str, Ids, Ids]]:
            for name in _text_fields(field):
                yield name, *count_places(phrase_places(self._places(name, terms)))

        return self._score(occurrences(), self._sum_idf((term, field) for term in terms))

    def _near(self, node: Near) -> Found:
        asked = [(to_bytes(each.term), each.field) for each in node.nodes]

        def occurrences() -> Iterator[tuple[str, Ids, Ids]]:
            for name in TEXT_FIELD_NAMES:
                if all(field is None or field == name for _, field in asked):
                    places = near_places(
                        self._places(name, [term for term, _ in asked]), node.window, ordered=node.ordered
                    )
                    yield name, *count_places(places)

        return self._score(occurrences(), self._sum_idf(asked))

    def _places(self, field: str, terms: Sequence[bytes]) -> list[Ids]:
        """The places of each term in the field; none where one of the terms has none."""
        found = []
        for term in terms:
            keys = self._keys.get((field, term))
            if keys is None:
                keys = self._keys[field, term] = self._snapshot.keys(field, term, self._within)
            if not len(keys):
                return []
            found.append(keys)
        return found

    def _sum_idf(self, asked: Iterable[tuple[bytes, str | None]]) -> float:
        total = 0.0
        for term, field in asked:
            total += self._snapshot.idf(self._snapshot.frequency(field, term))
        return total

    def _score(self, occurrences: Occurrences, idf: float | None = None) -> Found:
        """BM25F of a leaf that occurs in these fields; idf that of the documents found, unless given."""
        found = [(field, ids, counts) for field, ids, counts in occurrences if len(ids)]
        if not found:
            return NOTHING
        ids, frequencies = self._added(
            [(own, self._weights.get(field, 0.0) * counts / self._norm(field)[own]) for field, own, counts in found]
        )
        idf = self._snapshot.idf(len(ids)) if idf is None else idf
        scores = np.zeros(len(ids))
        np.divide(idf * frequencies, self._k1 + frequencies, out=scores, where=frequencies > 0)
        return Found(ids, scores)

    def _union(self, parts: list[Ids]) -> Ids:
        """The different ids of all parts, ascending."""
        if len(parts) < 2:
            return parts[0] if parts else NO_IDS
        if self._are_many(parts):
            matched = np.zeros(self._snapshot.size, dtype=bool)
            for ids in parts:
                matched[ids] = True
            return np.flatnonzero(matched)
        return distinct_sorted(np.sort(np.concatenate(parts), kind="stable"))

    def _added(self, parts: list[tuple[Ids, Scores]]) -> tuple[Ids, Scores]:
        """The different ids of all parts, and the sum of what the parts have for each, in their order."""
        if len(parts) == 1:
            return parts[0]
        ids = self._union([own for own, _ in parts])
        if self._are_many([own for own, _ in parts]):
            sums = np.zeros(self._snapshot.size)
            for own, scores in parts:
                sums[own] += scores
            return ids, sums[ids]
        sums = np.zeros(len(ids))
        for own, scores in parts:
            sums[np.searchsorted(ids, own)] += scores
        return ids, sums

    def _are_many(self, parts: list[Ids]) -> bool:
        """Whether an array over all documents costs less than looking for each."""
        return sum(map(len, parts)) * FEW > self._snapshot.size

    def _norm(self, field: str) -> Scores:
        key = (LENGTH_FIELDS[field], self._b.get(field, 0.0))
        norm = self._norms.get(key)
        if norm is None:
            (lengths, mean), b = self._snapshot.lengths(key[0]), key[1]
            norm = self._norms[key] = 1 - b + b * lengths / mean
        return norm

    def _sum(self, nodes: tuple[Node, ...], needed: float, weights: tuple[float, ...] = ()) -> Found:
        if needed <= SLACK and not nodes:
            return _unscored(self._snapshot.live_ids)
        found = [self.evaluate(node) for node in nodes]
        if needed == len(nodes) and not weights:
            return self._intersection(found)
        ids, scores = self._added([(each.ids, each.scores) for each in found]) if found else NOTHING
        if needed <= SLACK:
            return Found(self._snapshot.live_ids, self.spread(Found(ids, scores), self._snapshot.live_ids))
        if needed == 1 and not weights:
            return Found(ids, scores)
        each_weighs = zip(found, weights or repeat(1.0), strict=False)
        _, weight = self._added([(each.ids, np.full(len(each.ids), own)) for each, own in each_weighs])
        enough = weight >= needed - SLACK
        return Found(ids[enough], scores[enough])

    def _intersection(self, found: list[Found]) -> Found:
        ids = min((each.ids for each in found), key=len)
        for each in found:
            if each.ids is not ids and len(ids):
                places = np.searchsorted(each.ids, ids)
                places[places == len(each.ids)] = 0
                ids = ids[each.ids[places] == ids] if len(each.ids) else NO_IDS
        scores = np.zeros(len(ids))
        for each in found:
            scores += self.spread(each, ids)
        return Found(ids, scores)

    def _best(self, nodes: tuple[Node, ...]) -> Found:
        found = [self.evaluate(node) for node in nodes]
        ids = self._union([each.ids for each in found])
        scores = np.full(len(ids), -np.inf)
        for each in found:
            places = np.searchsorted(ids, each.ids)
            scores[places] = np.maximum(scores[places], each.scores)
        return Found(ids, scores)

    def _should(self, must: Found, optional: Found) -> Found:
        return Found(must.ids, must.scores + self.spread(optional, must.ids))

    def spread(self, found: Found, ids: Ids) -> Scores:
        """The scores that the documents `ids`, ascending, have in what was found; 0 where they are not in it."""
        if found.ids is ids:
            return found.scores
        if len(ids) * FEW > self._snapshot.size:
            everywhere = np.zeros(self._snapshot.size)
            everywhere[found.ids] = found.scores
            return everywhere[ids]
        scores = np.zeros(len(ids))
        if len(found.ids) and len(ids):
            places = np.searchsorted(found.ids, ids)
            places[places == len(found.ids)] = 0
            there = found.ids[places] == ids
            scores[there] = found.scores[places[there]]
        return scores

    def bound(self, node: Node) -> float:
        """What the node adds to a score at most: a leaf less than its idf."""
        match node:
            case Term(term, field):
                return self._snapshot.idf(self._snapshot.frequency(field, to_bytes(term)))
            case Phrase(terms, field):
                return self._sum_idf((to_bytes(term), field) for term in terms)
            case Near(nodes):
                return self._sum_idf((to_bytes(each.term), each.field) for each in nodes)
            case Prefix():
                return self._snapshot.idf(0)
            case Coverage() | One():
                return 1.0
            case Boost(inner, weight):
                return weight * self.bound(inner)
            case Alternatives(nodes):
                return max(map(self.bound, nodes), default=0.0)
            case AtLeast(_, nodes) | And(nodes) | Or(nodes):
                return sum(map(self.bound, nodes))
            case Should(must, optional):
                return self.bound(must) + self.bound(optional)
            case Not() | All():
                return 0.0
            case _:
                assert_never(node)


def _unscored(ids: Ids) -> Found:
    return Found(ids, np.zeros(len(ids)))


def _text_fields(field: str | None) -> tuple[str, ...]:
    if field is None:
        return TEXT_FIELD_NAMES
    return (field,) if field in TEXT_FIELD_NAMES else ()
