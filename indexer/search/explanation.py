"""A scoring plan and the matches of a page to reasons: what added how much to each score.

A score is the sum of the clauses of its plan (see scoring_plan.py), so each clause is evaluated alone, for these
documents only. The engine does the arithmetic; nothing of it is repeated here.
"""

from dataclasses import replace

from indexer.engine import Searcher
from indexer.query.nodes import Boost, One, Or, Should
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Match, Reason
from indexer.search.scoring_plan import ScoreClause


def explain(
    matches: tuple[Match, ...], clauses: tuple[ScoreClause, ...], query: Query, searcher: Searcher
) -> tuple[tuple[Reason, ...], ...]:
    """For each match what added to its score, most first; clauses of one label are one reason."""
    ids = [match.document.id for match in matches]
    documents = Boost(Or(tuple(map(One, ids))), 0.0)
    scores: dict[str, dict[str, float]] = {id: {} for id in ids}
    with query.budget:
        for clause in clauses:
            query.budget.spend(len(ids))
            alone = replace(query, root=Should(documents, clause.node), filters=(), sort="relevance")
            for match in searcher.search(alone, Page(limit=len(ids)), counts=False).page:
                by_label = scores[match.document.id]
                by_label[clause.label] = by_label.get(clause.label, 0.0) + match.score
    return tuple(_reasons(scores[id]) for id in ids)


def _reasons(by_label: dict[str, float]) -> tuple[Reason, ...]:
    reasons = (Reason(label, score) for label, score in by_label.items() if score)
    return tuple(sorted(reasons, key=lambda reason: -reason.score))
