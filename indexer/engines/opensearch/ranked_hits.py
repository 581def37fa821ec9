"""Hits in the order of their exact scores."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.opensearch.candidates import Candidates, Requested
from indexer.engines.opensearch.generation_statistics import GenerationStatistics
from indexer.engines.opensearch.mapping import JsonObject, keyword
from indexer.engines.opensearch.snapshot_requests import CONDITION
from indexer.engines.scoring.keys import Ids, Scores
from indexer.query.query import Query
from indexer.query.request import Page


def condition_of(hit: JsonObject) -> str:
    """The condition of a hit."""
    return str(hit["fields"][CONDITION][0])


class RankedHits:
    """Hits that have what `Requested` asks for, with their exact scores, by the row of each."""

    def __init__(
        self, hits: Sequence[JsonObject], requested: Requested, query: Query, statistics: GenerationStatistics
    ) -> None:
        self.hits = hits
        self._query = query
        self._candidates = Candidates(hits, requested, statistics)
        self.scores: Scores = self._candidates.scores(query)
        self.keys = self._candidates.keys
        self._conditions = [condition_of(hit) for hit in hits]

    @property
    def condition_count(self) -> int:
        """The different conditions of the hits."""
        return len(set(self._conditions))

    def at(self, rows: Ids) -> list[JsonObject]:
        """The hits of some rows."""
        return [self.hits[row] for row in rows.tolist()]

    def first(self, page: Page) -> Ids:
        """The rows of the page, best first, then by id; with `collapse`, the best of each condition."""
        rows = sorted(range(len(self.hits)), key=lambda row: (-self.scores[row], self.keys[row]))
        if page.collapse:
            first_of: dict[str, int] = {}
            for row in rows:
                first_of.setdefault(self._conditions[row], row)
            rows = list(first_of.values())
        return np.array(rows[page.offset : page.offset + page.limit], dtype=np.int64)

    def held_terms(self, rows: Ids) -> dict[str, frozenset[str]]:
        """The terms that the documents of some rows have of those that are requested, by their keys."""
        return {self.keys[row]: self._candidates.held_terms(row) for row in rows.tolist()}

    @property
    def _passed(self) -> Ids:
        """How many of the filters of `Query.lead` each hit passes, by row."""
        passed = np.zeros(len(self.hits), dtype=np.int64)
        for each in self._query.lead:
            values = set(map(keyword, each.values))
            passed += [not values.isdisjoint(own) for own in self._candidates.values(each.field)]
        return passed

    def need_leads(self, rows: Ids) -> bool:
        """Whether another article of its condition may pass more filters of `Query.lead` than one of the rows."""
        return bool((self._passed[rows] < len(self._query.lead)).any())

    def leads(self, rows: Ids) -> Ids:
        """For each row that of its condition that passes most filters of `Query.lead`, and of these the best."""
        passed = self._passed.tolist()
        order = sorted(range(len(self.hits)), key=lambda row: (-passed[row], -self.scores[row], self.keys[row]))
        leading: dict[str, int] = {}
        for row in order:
            leading.setdefault(self._conditions[row], row)
        return np.array([leading[self._conditions[row]] for row in rows.tolist()], dtype=np.int64)
