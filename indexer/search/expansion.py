"""The first articles of a search to a second search: more like what was found, and nothing that was found moved off the top.

Pseudo-relevance feedback in the manner of RM3 (Abdul-Jaleel et al., UMass at TREC 2004): the terms that tell most in the
first articles, each weighted by its share there, join the words that were typed. Two things keep it honest: the first article
keeps its place, and no article is found by these terms alone unless few have the words themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.engine import Searcher
from indexer.query.nodes import AtLeast, Boost, Coverage, Node, One, Or, Term
from indexer.query.ranking import Ranking
from indexer.results import Matches
from indexer.search import document_terms
from indexer.search.rewriting import Reading
from indexer.search.scoring_plan import Part, Plan, idf_of
from indexer.text.stemming import term

MAX_CANDIDATES: Final = (
    60  # the most frequent terms of the first articles; looking up the rest costs more than it tells
)
MAX_SHARE: Final = 0.2  # of all articles that have a term; more of them say nothing
MIN_LENGTH: Final = 3  # letters of a term


@dataclass(frozen=True, slots=True)
class Telling:
    """A term of the first articles and its weight; the weights add up to 1."""

    term: str
    weight: float


def telling_terms(found: Matches, searcher: Searcher, ranking: Ranking) -> tuple[Telling, ...]:
    """The terms that tell most about the first articles found, best first."""
    first = found.page[: ranking.feedback_documents]
    total = sum(match.score for match in first)
    if not total:
        return ()
    shares: dict[str, float] = {}
    for match in first:
        counts = document_terms.term_counts(match.document)
        length = counts.total()
        for each, count in counts.items():
            if len(each) >= MIN_LENGTH:
                shares[each] = shares.get(each, 0.0) + match.score / total * count / length
    return most_telling(shares, searcher, ranking.feedback_terms)


def most_telling(
    shares: Mapping[str, float],
    searcher: Searcher,
    limit: int,
    *,
    share: float = MAX_SHARE,
    worth: Callable[[str], float] = lambda term: 1.0,
) -> tuple[Telling, ...]:
    """The terms with the greatest share times idf, of those that at most `share` of all articles have.

    `worth` weighs a term; one that is worth nothing is left out.
    """
    most = searcher.document_count * share
    idf = idf_of(searcher)
    frequent = sorted(shares, key=lambda each: (-shares[each], each))[:MAX_CANDIDATES]
    weights = {each: shares[each] * worth(each) for each in frequent if searcher.frequency(None, each) <= most}
    chosen = sorted(filter(weights.get, weights), key=lambda each: (-weights[each] * idf(each), each))[:limit]
    whole = sum(weights[each] for each in chosen)
    return tuple(Telling(each, weights[each] / whole) for each in chosen)


def follow(plan: Plan, reading: Reading, found: Matches, searcher: Searcher, ranking: Ranking) -> Plan:
    """The plan of the second search, after what the first one found; the same plan where that was nothing."""
    telling = telling_terms(found, searcher, ranking)
    if not telling:
        return plan
    idf = idf_of(searcher)
    strength = ranking.feedback_weight * sum(piece.weight for piece in reading.pieces)
    like = Or(tuple(Boost(Term(each.term), strength * each.weight) for each in telling))
    # No leaf scores more than its idf: with this the first article stays ahead of all that it was ahead of.
    most = strength * sum(each.weight * idf(each.term) for each in telling)
    first = Boost(One(found.page[0].document.id), most)
    return Plan(
        plan.match,
        (*plan.parts, Part("like the first articles found", like), Part("first for these words", first)),
        also=_akin(telling, reading, ranking)
        if found.total < ranking.expand_below_hits and not reading.strict
        else None,
    )


def _akin(telling: tuple[Telling, ...], reading: Reading, ranking: Ranking) -> Node:
    terms = tuple(each.term for each in telling)
    typed = (term(piece.meant) for piece in reading.pieces)
    shared = AtLeast(ranking.expansion_share * len(terms), tuple(map(Term, terms)))
    return Or((shared, Coverage(tuple(dict.fromkeys((*typed, *terms))), "title", ranking.expansion_title_coverage)))
