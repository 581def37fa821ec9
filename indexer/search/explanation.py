"""A plan and the articles of a page to reasons: what added how much to each score.

A score is the sum of the parts of its plan (see scoring_plan.py), so each part is asked of the engine alone, for these articles only.
The engine adds up; nothing of its arithmetic is repeated here.
"""

from dataclasses import replace

from indexer.engine import Searcher
from indexer.query.nodes import Boost, One, Or, Should
from indexer.query.query import Query
from indexer.query.request import Page
from indexer.results import Matches, Reason
from indexer.search.scoring_plan import Part


def explain(
    found: Matches, parts: tuple[Part, ...], query: Query, searcher: Searcher
) -> tuple[tuple[Reason, ...], ...]:
    """For each match of the page what added to its score, most first; parts of one label are one reason."""
    ids = [match.document.id for match in found.page]
    these = Boost(Or(tuple(map(One, ids))), 0.0)
    added: dict[str, dict[str, float]] = {id: {} for id in ids}
    for part in parts:
        alone = replace(query, root=Should(these, part.node), filters=(), sort="relevance")
        for match in searcher.search(alone, Page(limit=len(ids)), facets=False).page:
            reasons = added[match.document.id]
            reasons[part.label] = reasons.get(part.label, 0.0) + match.score
    return tuple(_reasons(added[id]) for id in ids)


def _reasons(added: dict[str, float]) -> tuple[Reason, ...]:
    reasons = (Reason(label, score) for label, score in added.items() if score)
    return tuple(sorted(reasons, key=lambda reason: -reason.score))
