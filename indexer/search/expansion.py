"""The first matches of a search to a second search that also scores the terms which are typical of them.

Pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al., UMass at TREC 2004): the first documents are
taken to be relevant, and their terms with the greatest share times idf, each weighted by its share, are added to the
query. Three rules limit the drift of topic that this may cause: the first document keeps its place; of a short query
the next keep theirs the more, the nearer their score was to the first, for an article that has every word of it is not
to fall far behind others that are merely like the first; and no document matches by expansion terms alone unless few
match without them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from indexer.query.nodes import AtLeast, Boost, Node, One, Or, Term
from indexer.query.ranking import Ranking
from indexer.results import Matches
from indexer.search.document_terms import term_frequencies
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewritten_query import RewrittenQuery
from indexer.search.scoring_plan import ScoreClause, ScoringPlan
from indexer.search.term_statistics import TermStatistics
from indexer.search.title_coverage import title_coverage

LEADING_DOCUMENTS: Final = 10  # of the first search, that may keep their lead
LEAD_POWER: Final = 3  # of a document's share of the first score; a lower one keeps what feedback should mend
MAX_CANDIDATES: Final = 60  # the most frequent terms of the first documents; looking up more of them gains little
MAX_DOCUMENT_SHARE: Final = 0.2  # of all documents that have a term; a more frequent one does not discriminate
MIN_LENGTH: Final = 3  # letters of a term


@dataclass(frozen=True, slots=True)
class ExpansionTerm:
    """A term that is typical of some documents; the weights of those selected together add up to 1."""

    term: str
    weight: float


def expand_plan(
    plan: ScoringPlan,
    rewritten: RewrittenQuery,
    first: Matches,
    statistics: TermStatistics,
    knowledge: Knowledge,
) -> ScoringPlan:
    """The plan of the second search, from the first matches of the first; the same plan where there are none."""
    ranking = knowledge.ranking
    terms = expansion_terms(first, statistics, knowledge)
    if not terms:
        return plan
    weight = ranking.feedback_weight * sum(term.weight for term in rewritten.searched.values())
    expansion = Or(tuple(Boost(Term(each.term), weight * each.weight) for each in terms))
    # No leaf scores more than its idf: with this bonus the first document stays ahead of all that it was ahead of.
    bonus = weight * sum(each.weight * statistics.idf(each.term) for each in terms)
    best = first.page[0].score
    leading = first.page if _may_be_name(rewritten, ranking) else first.page[:1]
    top = Or(tuple(Boost(One(each.document.id), bonus * (each.score / best) ** LEAD_POWER) for each in leading))
    expands = first.total < ranking.expand_below_hits and not rewritten.required
    return ScoringPlan(
        plan.match,
        (
            *plan.clauses,
            ScoreClause("like the first articles found", expansion),
            ScoreClause("first for these words", top),
        ),
        expansion_match=_expansion_match(terms, rewritten, statistics, ranking) if expands else None,
    )


def leading_documents(rewritten: RewrittenQuery, ranking: Ranking) -> int:
    """How many of the first matches are looked at: those for feedback, and those that may keep their lead."""
    return max(LEADING_DOCUMENTS if _may_be_name(rewritten, ranking) else 1, ranking.feedback_documents)


def _may_be_name(rewritten: RewrittenQuery, ranking: Ranking) -> bool:
    return len(rewritten.searched) <= ranking.max_name_terms


def _expansion_match(
    terms: tuple[ExpansionTerm, ...], rewritten: RewrittenQuery, statistics: TermStatistics, ranking: Ranking
) -> Node:
    """Documents with enough of the expansion terms, or with a title that these and the query cover enough of."""
    expansion = tuple(each.term for each in terms)
    typed = (term.resolved.term for term in rewritten.searched.values())
    shared = AtLeast(ranking.expansion_share * len(expansion), tuple(map(Term, expansion)))
    terms_of_titles = chain(typed, expansion)
    covered = title_coverage(terms_of_titles, rewritten.inflected, statistics, ranking.expansion_title_coverage)
    return Or((shared, covered))


def expansion_terms(first: Matches, statistics: TermStatistics, knowledge: Knowledge) -> tuple[ExpansionTerm, ...]:
    """The terms most typical of the first matches, each document counting by its score; best first."""
    matches = first.page[: knowledge.ranking.feedback_documents]
    total = sum(match.score for match in matches)
    if not total:
        return ()
    shares: dict[str, float] = {}
    for match in matches:
        frequencies = term_frequencies(match.document, knowledge.analyzer)
        length = sum(frequencies.values())
        share = match.score / total
        for term, frequency in frequencies.items():
            if len(term) >= MIN_LENGTH:
                shares[term] = shares.get(term, 0.0) + share * frequency / length
    return select_terms(shares, statistics, knowledge.ranking.feedback_terms)


def select_terms(
    shares: Mapping[str, float],
    statistics: TermStatistics,
    limit: int,
    *,
    max_share: float = MAX_DOCUMENT_SHARE,
    weight_of: Callable[[str], float] = lambda term: 1.0,
) -> tuple[ExpansionTerm, ...]:
    """The terms with the greatest share times idf, of those that at most `max_share` of all documents have.

    `weight_of` weighs a term further; one of weight 0 is left out.
    """
    most = statistics.document_count * max_share
    least = min(sorted(shares.values(), reverse=True)[:MAX_CANDIDATES], default=0.0)
    frequent = [term for term, share in shares.items() if share >= least]
    candidates = sorted(frequent, key=lambda term: (-shares[term], term))[:MAX_CANDIDATES]
    weights = {term: shares[term] * weight_of(term) for term in candidates if statistics.frequency(None, term) <= most}
    best_first = sorted(filter(weights.get, weights), key=lambda term: (-weights[term] * statistics.idf(term), term))
    selected = best_first[:limit]
    total = sum(weights[term] for term in selected)
    return tuple(ExpansionTerm(term, weights[term] / total) for term in selected)
