"""RewrittenQuery to ScoringPlan: what must match, and the clauses that a score is the sum of, each with a label.

Every plan has the shape  Should(Boost(match, 0), Or(clauses)).  So a score is a sum of clauses that can be shown one
by one, whatever engine computed it. The numbers are those of `Ranking`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.query.nodes import (
    All,
    Alternatives,
    And,
    AtLeast,
    Boost,
    Coverage,
    Near,
    Node,
    Or,
    Phrase,
    Should,
    Term,
)
from indexer.query.ranking import Ranking
from indexer.search.rewriting import QueryTerm, RewrittenQuery, SynonymSpan
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency

MAX_PAIRS: Final = 12  # pairs of terms whose proximity is scored; a longer query has enough other evidence
_ADJACENT: Final = 1


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
    scored = [each for each in _scored_terms(rewritten, ranking, statistics) if each.idf]
    main = [each for each in scored if each.term.is_main]
    required = rewritten.required_nodes
    if rewritten.searched and not (main or rewritten.requires_words):
        return ScoringPlan(And((Or(()), *required)), ())
    match = _match(rewritten, main, ranking, statistics.document_count, match_titles=match_titles)
    clauses = [ScoreClause(each.label, _weighted(each.node, each.term.weight)) for each in scored]
    clauses += [ScoreClause("as you wrote it", node) for node in required]
    clauses += _proximity(main, ranking)
    coverage = Coverage(tuple(each.term.resolved.term for each in scored), "title")
    if rewritten.is_question:
        node = Boost(coverage, ranking.title_coverage_question)
        clauses.append(ScoreClause("how much of its title is in the question", node))
    elif 0 < len(scored) <= ranking.max_name_terms:
        clauses.append(ScoreClause("how much of its title was typed", Boost(coverage, ranking.title_coverage_name)))
    return ScoringPlan(match, tuple(clauses))


@dataclass(frozen=True, slots=True)
class _ScoredTerm:
    """A term with the node that matches it, corrections and synonyms included, and its idf, 0 where nothing does."""

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


def _scored_terms(rewritten: RewrittenQuery, ranking: Ranking, statistics: TermStatistics) -> list[_ScoredTerm]:
    """For each searched term the node as typed, or the best of it and what may stand for it."""
    searched = rewritten.searched
    nodes: dict[int, list[Node]] = {index: [term.node] for index, term in searched.items()}
    typed_idf = {
        index: inverse_document_frequency(statistics.document_count, term.frequency) for index, term in searched.items()
    }
    idf = dict(typed_idf)
    for index, term in searched.items():
        for word in term.alternatives:
            own = statistics.idf(word.term)
            weight = min(1.0, typed_idf[index] / own) if typed_idf[index] else ranking.correction_weight
            nodes[index].append(_weighted(Term(word.term), weight))
            idf[index] = idf[index] or weight * own
    for span in rewritten.spans:
        if len(span.terms) > 1:
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
    named = rewritten.named
    return [_ScoredTerm(term, _best_of(nodes[i]), idf[i], i in named) for i, term in searched.items()]


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
    rewritten: RewrittenQuery, main: list[_ScoredTerm], ranking: Ranking, document_count: int, *, match_titles: bool
) -> Node:
    """Enough of the main terms, or enough of a title; and every required clause."""
    required = rewritten.required_nodes
    if not main:
        return And(required) if required else All()
    nodes = tuple(each.node for each in main)
    enough: Node = nodes[0] if len(nodes) == 1 else And(nodes)
    if len(nodes) > 2:
        weights = tuple(each.idf for each in main)
        greatest = inverse_document_frequency(document_count, 1)
        enough = AtLeast(min(ranking.min_should_match * sum(weights), greatest), nodes, weights)
    if match_titles and (rewritten.is_question or len(nodes) > 2):
        terms = tuple(each.term.resolved.term for each in main)
        enough = Or((enough, Coverage(terms, "title", ranking.min_title_coverage)))
    return And((enough, *required)) if required else enough


def _proximity(main: list[_ScoredTerm], ranking: Ranking) -> list[ScoreClause]:
    clauses = []
    for before, after in list(pairwise(main))[:MAX_PAIRS]:
        terms = (Term(before.term.resolved.term), Term(after.term.resolved.term))
        near = (Near(terms, _ADJACENT, ordered=True), Near(terms, ranking.proximity_window))
        label = f"“{before.term.word.typed}” and “{after.term.word.typed}” close together"
        clauses.append(ScoreClause(label, Boost(Or(near), ranking.proximity_weight)))
    return clauses
