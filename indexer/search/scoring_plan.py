"""A Reading to a plan: what must match, and the parts that a score is made of, each with a name.

Every plan has the shape  Should(Boost(match, 0), Or(parts))  so that an article's score is the sum of parts that can be
shown one by one, whatever engine added them up. The numbers are those of `Ranking`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.engine import Searcher
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
from indexer.search.rewriting import Piece, Reading
from indexer.text.stemming import term

MAX_PAIRS: Final = 12  # neighbours that are looked for; a longer query tells enough without
_ADJACENT: Final = 1

Idf = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Part:
    """A node that adds to the score, and what it stands for, in words."""

    label: str
    node: Node


@dataclass(frozen=True, slots=True)
class Plan:
    """What must match, and what scores; `also` matches besides, where few articles match what was typed."""

    match: Node
    parts: tuple[Part, ...]
    also: Node | None = None

    @property
    def root(self) -> Node:
        """The plan as one node."""
        match = self.match if self.also is None else Or((self.match, self.also))
        return Should(Boost(match, 0.0), Or(tuple(part.node for part in self.parts)))


def rarity(documents: int, having: int) -> float:
    """The idf of `Ranking`; 0 for what no document has."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5)) if having else 0.0


def idf_of(searcher: Searcher) -> Idf:
    """The idf of a term in any field."""
    return lambda term: rarity(searcher.document_count, searcher.frequency(None, term))


def build_plan(reading: Reading, searcher: Searcher, ranking: Ranking, *, fields: Sequence[str] = ()) -> Plan:
    """The plan of a reading; with `fields`, what must match knows nothing of titles."""
    choices = [each for each in _choices(reading, ranking, searcher) if each.told]
    main = [each for each in choices if each.piece.weight == 1.0]
    if reading.pieces and not (main or reading.has_strict_words):
        return Plan(And((Or(()), *reading.strict)), ())
    match = _match(reading, main, ranking, searcher.document_count, by_title=not fields)
    parts = [Part(each.label, _weighed(each.node, each.piece.weight)) for each in choices]
    parts += [Part("as you wrote it", node) for node in reading.strict]
    parts += _neighbours(main, ranking)
    terms = tuple(each.term for each in choices)
    if reading.asked:
        parts.append(
            Part(
                "how much of its title is in the question",
                Boost(Coverage(terms, "title"), ranking.title_coverage_question),
            )
        )
    elif 0 < len(terms) <= ranking.max_name_terms:
        parts.append(
            Part("how much of its title was typed", Boost(Coverage(terms, "title"), ranking.title_coverage_name))
        )
    return Plan(match, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Choice:
    """A piece with its node, all that may stand for it included.

    `told` is the idf that it brings, 0 where nothing is found; `named` says that other names stand for it too.
    """

    piece: Piece
    node: Node
    told: float
    named: bool = False

    @property
    def label(self) -> str:
        """What is searched for the piece, in words."""
        typed, others = f"“{self.piece.word.typed}”", " or ".join(self.piece.instead)
        if others:
            typed += f" read as {others}" if self.piece.is_corrected else f" or {others}"
        return f"{typed} or another name for it" if self.named else typed

    @property
    def term(self) -> str:
        return term(self.piece.meant)


def _choices(reading: Reading, ranking: Ranking, searcher: Searcher) -> list[_Choice]:
    """For each piece the node as typed, or the best of it and what may stand for it."""
    idf = idf_of(searcher)
    typed = [rarity(searcher.document_count, piece.documents) for piece in reading.pieces]
    nodes: list[list[Node]] = [[piece.node] for piece in reading.pieces]
    told = list(typed)
    for index, piece in enumerate(reading.pieces):
        for word in piece.instead:
            worth = idf(term(word))
            share = min(1.0, typed[index] / worth) if typed[index] else ranking.correction_weight
            nodes[index].append(_weighed(Term(term(word)), share))
            told[index] = told[index] or share * worth
    for span in reading.spans:
        run = range(span.first, span.last)
        own = sum(told[index] for index in run)
        if len(run) > 1:
            # The words of a name, apart from one another, may be about other things: a panic attack races the heart.
            whole = Boost(Phrase(tuple(term(reading.pieces[index].meant) for index in run)), 1 / len(run))
            for index in run:
                nodes[index] = [*(Boost(node, ranking.name_term_weight) for node in nodes[index]), whole]
        for name in span.names:
            # Each word of the span has its part in the other name, which says no more than what was typed.
            worth = sum(map(idf, name.terms))
            share = ranking.synonym_weight / len(run) * (min(1.0, own / worth) if all(typed[i] for i in run) else 1.0)
            leaf: Node = Term(name.terms[0]) if len(name.terms) == 1 else Phrase(name.terms)
            for index in run:
                nodes[index].append(Boost(leaf, share))
                told[index] = told[index] or worth / len(run)
    made = ((each[0] if len(each) == 1 else Alternatives(tuple(dict.fromkeys(each)))) for each in nodes)
    return [
        _Choice(piece, node, worth, named=index in reading.named)
        for index, (piece, node, worth) in enumerate(zip(reading.pieces, made, told, strict=True))
    ]


def _weighed(node: Node, weight: float) -> Node:
    return node if weight == 1.0 else Boost(node, weight)


def _match(reading: Reading, main: list[_Choice], ranking: Ranking, documents: int, *, by_title: bool) -> Node:
    """Enough of the words, or the name of the condition; and everything that holds as it stands."""
    if not main:
        return And(reading.strict) if reading.strict else All()
    nodes = tuple(each.node for each in main)
    enough: Node = nodes[0] if len(nodes) == 1 else And(nodes)
    if len(nodes) > 2:
        told = tuple(each.told for each in main)
        enough = AtLeast(min(ranking.min_should_match * sum(told), rarity(documents, 1)), nodes, told)
    if by_title and (reading.asked or len(nodes) > 2):
        enough = Or((enough, Coverage(tuple(each.term for each in main), "title", ranking.min_title_coverage)))
    return And((enough, *reading.strict)) if reading.strict else enough


def _neighbours(main: list[_Choice], ranking: Ranking) -> list[Part]:
    parts = []
    for before, after in list(pairwise(main))[:MAX_PAIRS]:
        terms = (Term(before.term), Term(after.term))
        near = (Near(terms, _ADJACENT, ordered=True), Near(terms, ranking.proximity_window))
        label = f"“{before.piece.word.typed}” and “{after.piece.word.typed}” close together"
        parts.append(Part(label, Boost(Or(near), ranking.proximity_weight)))
    return parts
