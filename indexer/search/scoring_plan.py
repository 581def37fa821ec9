"""RewrittenQuery to ScoringPlan: what must match, and the clauses that a score is the sum of, each with a label.

Every plan has the shape  Should(Boost(match, 0), Or(clauses)).  So a score is a sum of clauses that can be shown one
by one, whatever engine computed it. The numbers are those of `Ranking`.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Near,
    Node,
    Or,
    Phrase,
    Should,
    Term,
)
from indexer.query.ranking import Ranking
from indexer.search.query_location import QueryLocation, locations
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery, SynonymSpan
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency
from indexer.search.title_coverage import outside, title_coverage, with_other_word_in_title

MIN_PASSAGE_TERMS: Final = 3  # two terms are a pair (see `_proximity`)
MAX_PAIRS: Final = 12  # pairs of terms whose proximity is scored; a longer query has enough other evidence
_ADJACENT: Final = 1
_WHOLE: Final = 1.0  # share of a title


@dataclass(frozen=True, slots=True)
class ScoreClause:
    """A node that adds to the score, and what it stands for, in words."""

    label: str
    node: Node


@dataclass(frozen=True, slots=True)
class ScoringPlan:
    """What must match, and what is scored; where few documents match, those that `expansion_match` matches do too."""

    match: Node
    clauses: tuple[ScoreClause, ...]
    expansion_match: Node | None = None

    @property
    def root(self) -> Node:
        """The plan as one node."""
        match = self.match if self.expansion_match is None else Or((self.match, self.expansion_match))
        return Should(Boost(match, 0.0), Or(tuple(clause.node for clause in self.clauses)))


def build_plan(
    rewritten: RewrittenQuery, statistics: TermStatistics, ranking: Ranking, *, match_titles: bool = True
) -> ScoringPlan:
    """The plan of a query; without `match_titles`, covering a title is not enough to match."""
    places = _locations(rewritten)
    scored = [each for each in _scored_terms(rewritten, places, ranking, statistics) if each.idf]
    main = [each for each in scored if each.term.is_main]
    required = rewritten.required_nodes
    if rewritten.searched and not (main or rewritten.requires_words):
        return ScoringPlan(And((Or(()), *required)), ())
    match = _match(rewritten, main, ranking, statistics, match_titles=match_titles)
    clauses = [ScoreClause(each.label, _weighted(each.node, each.term.weight)) for each in scored]
    clauses += [ScoreClause("as you wrote it", node) for node in required]
    clauses += _proximity(main, ranking)
    clauses += _passage(main, places, ranking)
    clauses += _title_coverage(rewritten, scored, statistics, ranking)
    return ScoringPlan(match, tuple(clauses))


@dataclass(frozen=True, slots=True)
class _ScoredTerm:
    """A term with the node that matches it, corrections and synonyms included, and its idf, 0 where nothing does."""

    index: int
    term: QueryTerm
    node: Node
    idf: float
    has_synonyms: bool

    @property
    def label(self) -> str:
        """What is searched for the term, in words."""
        typed, others = f"“{self.term.word.typed}”", " or ".join(word.folded for word in self.term.alternatives)
        if others:
            typed += f" read as {others}" if self.term.is_corrected else f" or {others}"
        return f"{typed} or another name for it" if self.has_synonyms else typed


def _scored_terms(
    rewritten: RewrittenQuery, places: tuple[QueryLocation, ...], ranking: Ranking, statistics: TermStatistics
) -> list[_ScoredTerm]:
    """For each searched term the node as typed, or the best of it and what may stand for it."""
    searched = rewritten.searched
    nodes: dict[int, list[Node]] = {index: [term.node] for index, term in searched.items()}
    typed_idf = {
        index: inverse_document_frequency(statistics.document_count, term.frequency) for index, term in searched.items()
    }
    for index, term in searched.items():
        if term.resolved in rewritten.inflected:
            nodes[index] = [outside(with_other_word_in_title(term.resolved, statistics), term.node)]
    idf = dict(typed_idf)
    for index, term in searched.items():
        for word in term.alternatives:
            own = statistics.idf(word.term)
            weight = min(1.0, typed_idf[index] / own) if typed_idf[index] else ranking.correction_weight
            nodes[index].append(_weighted(Term(word.term), weight))
            idf[index] = idf[index] or weight * own
    for span in rewritten.spans:
        if len(span.terms) > 1 and not span.symptom:
            # The terms of a name, apart from one another, may be about other things: a panic attack races the heart.
            name = Phrase(tuple(searched[index].resolved.term for index in span.terms))
            for index in span.terms:
                apart = (Boost(node, ranking.name_term_weight) for node in nodes[index])
                nodes[index] = [*apart, Boost(name, 1 / len(span.terms))]
        name_idf = sum(idf[index] for index in span.terms)
        is_known = all(typed_idf[index] for index in span.terms)
        for leaf, weight, own in _synonym_leaves(span, name_idf if is_known else None, ranking, statistics):
            for index in span.terms:
                nodes[index].append(Boost(leaf, weight))
                idf[index] = idf[index] or own / len(span.terms)
    for place in places:
        weight = ranking.location_weight / len(place.positions)
        for index in place.positions:
            nodes[index] += [Boost(Term(value, place.field), weight) for value in place.values]
    named = rewritten.named
    return [_ScoredTerm(i, term, _best_of(nodes[i]), idf[i], i in named) for i, term in searched.items()]


def _synonym_leaves(
    span: SynonymSpan, name_idf: float | None, ranking: Ranking, statistics: TermStatistics
) -> list[tuple[Node, float, float]]:
    """For each synonym its leaf, its weight for each term of the span, and its idf; none scores more than the name."""
    leaves = []
    for synonym in span.synonyms:
        own = sum(map(statistics.idf, synonym.terms))
        limit = 1.0 if name_idf is None else min(1.0, name_idf / own)
        leaf: Node = Term(synonym.terms[0]) if len(synonym.terms) == 1 else Phrase(synonym.terms)
        leaves.append((leaf, ranking.synonym_weight / len(span.terms) * limit, own))
    return leaves


def _best_of(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Alternatives(tuple(dict.fromkeys(nodes)))


def _weighted(node: Node, weight: float) -> Node:
    return node if weight == 1.0 else Boost(node, weight)


def _match(
    rewritten: RewrittenQuery,
    main: list[_ScoredTerm],
    ranking: Ranking,
    statistics: TermStatistics,
    *,
    match_titles: bool,
) -> Node:
    """Enough of the main terms, or enough of a title; and every required clause."""
    required = rewritten.required_nodes
    if not main:
        return And(required) if required else All()
    nodes = tuple(each.node for each in main)
    enough: Node = nodes[0] if len(nodes) == 1 else And(nodes)
    if len(nodes) > 2:
        weights = tuple(each.idf for each in main)
        greatest = inverse_document_frequency(statistics.document_count, 1)
        enough = AtLeast(min(ranking.min_should_match * sum(weights), greatest), nodes, weights)
    if match_titles and (rewritten.is_question or len(nodes) > 1):
        terms = (each.term.resolved.term for each in main)
        enough = Or((enough, title_coverage(terms, rewritten.inflected, statistics, ranking.min_title_coverage)))
    return And((enough, *required)) if required else enough


def _proximity(main: list[_ScoredTerm], ranking: Ranking) -> list[ScoreClause]:
    clauses = []
    for before, after in list(pairwise(main))[:MAX_PAIRS]:
        terms = (Term(before.term.resolved.term), Term(after.term.resolved.term))
        near = (Near(terms, _ADJACENT, ordered=True), Near(terms, ranking.proximity_window))
        label = f"“{before.term.word.typed}” and “{after.term.word.typed}” close together"
        clauses.append(ScoreClause(label, Boost(Or(near), ranking.proximity_weight)))
    return clauses


def _passage(main: list[_ScoredTerm], places: tuple[QueryLocation, ...], ranking: Ranking) -> list[ScoreClause]:
    """A passage that tells all that a short query says, as evidence where no title is; where it is, is told beside it.

    Sites and sides are no part of the passage, for an article says them once. Together ("right hand") they steer: an
    article about another hand may tell the rest in better words. A site alone is more often where something is felt.
    """
    located = {index for place in places for index in place.positions}
    terms = tuple(Term(each.term.resolved.term) for each in main if each.index not in located)
    if not MIN_PASSAGE_TERMS <= len(terms) <= ranking.max_name_terms:
        return []
    passage = Boost(Near(terms, ranking.passage_window), ranking.passage_weight)
    clauses = [ScoreClause("all of it in one passage", passage)]
    for place in places if {place.field for place in places} == {"site", "side"} else ():
        own = _best_of([Term(value, place.field) for value in place.values])
        clauses.append(ScoreClause(f"about the {place.field} that you named", _weighted(own, ranking.location_weight)))
    return clauses


def _locations(rewritten: RewrittenQuery) -> tuple[QueryLocation, ...]:
    """The sites and sides that were typed, at the places of their terms; "foot" in "athlete's foot" is none."""
    if rewritten.is_as_typed:
        return ()
    indexes = [index for index in rewritten.searched if index not in rewritten.named]
    words = [rewritten.terms[index].resolved.folded for index in indexes]
    return tuple(replace(place, positions=tuple(indexes[at] for at in place.positions)) for place in locations(words))


def _title_coverage(
    rewritten: RewrittenQuery, scored: list[_ScoredTerm], statistics: TermStatistics, ranking: Ranking
) -> list[ScoreClause]:
    """How much of its title a query tells; a query that may be a name also by the synonyms of the name."""
    terms = tuple(each.term.resolved.term for each in scored)
    if rewritten.is_question:
        covered = Boost(title_coverage(terms, rewritten.inflected, statistics), ranking.title_coverage_question)
        return [ScoreClause("how much of its title is in the question", covered)]
    if not 0 < len(scored) <= ranking.max_name_terms:
        return []
    names = [terms]
    for span in rewritten.spans:
        others = tuple(term.resolved.term for index, term in rewritten.searched.items() if index not in span.terms)
        names += [tuple(dict.fromkeys((*others, *synonym.terms))) for synonym in span.synonyms]
    nodes: list[Node] = []
    for name in dict.fromkeys(names):
        for share, weight in ((0.0, ranking.title_coverage_name), (_WHOLE, ranking.whole_title_weight)):
            nodes.append(_weighted(title_coverage(name, rewritten.inflected, statistics, share), weight))
    return [ScoreClause("how much of its title was typed", _best_of(nodes))]
