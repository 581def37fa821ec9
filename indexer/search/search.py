"""Words, filters and a page to Results: the whole journey out, over one snapshot.

A plain query is searched twice: the first articles found add their most telling words (see expansion.py). Which words are left
out and which articles are alike is decided without the filters, so that choosing a bucket of a facet leaves what it counted.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import NamedTuple, TypeAlias

from indexer.documents import Document, code_terms
from indexer.engine import Searcher
from indexer.knowledge.thesaurus import Thesaurus
from indexer.query.leaves import Leaf, leaves
from indexer.query.nodes import Alternatives, Node, Term
from indexer.query.parser import parse_query
from indexer.query.query import Query
from indexer.query.ranking import Ranking
from indexer.query.request import Page, SearchRequest
from indexer.query.restriction import restrict
from indexer.results import Hit, Match, Matches, Name, Reason, Results
from indexer.search import document_terms
from indexer.search.did_you_mean import better_spelled, likely_name
from indexer.search.expansion import follow
from indexer.search.explanation import explain as reasons_of
from indexer.search.facets import build_facet, build_group
from indexer.search.relaxation import relaxed
from indexer.search.rewriting import Correct, Piece, Reading, interpret
from indexer.search.scoring_plan import Part, Plan, build_plan, idf_of
from indexer.search.snippets import best_snippets
from indexer.text.stemming import term

WordsOf: TypeAlias = Callable[[str], Sequence[str]]


def no_corrections(word: str) -> tuple[str, ...]:
    """No word is corrected."""
    return ()


def no_names(text: str) -> tuple[Name, ...]:
    """No name is near."""
    return ()


def search(
    request: SearchRequest,
    searcher: Searcher,
    *,
    ranking: Ranking = Ranking(),
    thesaurus: Thesaurus = Thesaurus(),
    correct: Correct = no_corrections,
    nearest: Callable[[str], tuple[Name, ...]] = no_names,
) -> Results:
    """The page of results for the request.

    `correct` gives what a misspelled word may have meant, `nearest` the names like a text.
    """
    started = time.perf_counter()
    query = replace(parse_query(request.text), filters=request.filters, sort=request.sort, ranking=ranking)
    asked = _Asked(searcher, query, tuple(dict.fromkeys(request.fields)), request.page)
    answer = _answer(asked, thesaurus, correct, plain=not request.expand)
    words_of = cache(searcher.words_of)
    wanted = leaves(asked.on_fields(answer.plan.match), idf_of(searcher), words_of)
    names: tuple[Name, ...] = ()
    if answer.anywhere:
        suggestion = better_spelled(answer.reading, searcher, correct, asked.count)
    else:
        typed = " ".join(word.typed for word in query.words)
        names = nearest(typed)
        suggestion = likely_name(typed, names, asked.count)
    shown = answer.matches.page
    reasons = asked.reasons(answer) if request.explain else ((),) * len(shown)
    return Results(
        query=query.text,
        generation=searcher.generation,
        total=answer.matches.total,
        groups=answer.matches.groups,
        page=request.page,
        hits=tuple(
            _hit(match, answer.reading, wanted, words_of, why) for match, why in zip(shown, reasons, strict=True)
        ),
        facets=tuple(build_facet(counted, query.filters) for counted in answer.matches.facets),
        interpretation=answer.reading.how,
        notes=answer.reading.notes,
        suggestion=suggestion,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        nearest=names,
    )


def rank(
    searcher: Searcher,
    text: str,
    depth: int,
    *,
    ranking: Ranking = Ranking(),
    thesaurus: Thesaurus = Thesaurus(),
    correct: Correct = no_corrections,
    expand: bool = True,
) -> tuple[Match, ...]:
    """The first articles of the same search, without what a page shows of them."""
    asked = _Asked(searcher, replace(parse_query(text), ranking=ranking), (), Page(limit=depth))
    return _answer(asked, thesaurus, correct, plain=not expand).matches.page


class _Asked(NamedTuple):
    """What stays the same while plans are tried."""

    searcher: Searcher
    query: Query
    fields: tuple[str, ...]
    page: Page

    def on_fields(self, node: Node) -> Node:
        """The node on the fields that were asked for."""
        return restrict(node, self.fields) if self.fields else node

    def plan(self, reading: Reading) -> Plan:
        """The plan of a reading."""
        return build_plan(reading, self.searcher, self.query.ranking, fields=self.fields)

    def page_of(self, plan: Plan) -> Matches:
        """The page that was asked for."""
        return self.searcher.search(replace(self.query, root=self.on_fields(plan.root)), self.page)

    def first_of(self, plan: Plan) -> Matches:
        """The first articles of all, whatever the filters and the order."""
        query = replace(self.query, root=self.on_fields(plan.root), filters=(), sort="relevance")
        return self.searcher.search(query, Page(limit=self.query.ranking.feedback_documents), facets=False)

    def count(self, node: Node) -> int:
        """The articles that match the node under the filters."""
        return self.searcher.search(replace(self.query, root=self.on_fields(node)), Page(limit=0), facets=False).total

    def count_of_all(self, node: Node) -> int:
        """The articles that match the node, whatever the filters."""
        return self.searcher.search(
            replace(self.query, root=self.on_fields(node), filters=()), Page(limit=0), facets=False
        ).total

    def reasons(self, answer: "_Answer") -> tuple[tuple[Reason, ...], ...]:
        """What added how much to the score of each match of the page."""
        parts = tuple(Part(part.label, self.on_fields(part.node)) for part in answer.plan.parts)
        return reasons_of(answer.matches, parts, self.query, self.searcher)


class _Answer(NamedTuple):
    """A reading that finds something, if any does; its plan and the page. `anywhere`: something is found without the filters."""

    reading: Reading
    plan: Plan
    matches: Matches
    anywhere: bool = True


def _answer(asked: _Asked, thesaurus: Thesaurus, correct: Correct, *, plain: bool) -> _Answer:
    facet = asked.query.ranking.aspect_weight
    reading = interpret(asked.query, asked.searcher, thesaurus, correct, facet=facet, plain=plain)
    follows = bool(reading.pieces) and not (plain or reading.asked)
    plan = asked.plan(reading)
    if not follows:
        matches = asked.page_of(plan)
        if matches.total:
            return _Answer(reading, plan, matches)
    for weaker in chain([reading], relaxed(reading, asked.searcher, asked.count_of_all)):
        plan = asked.plan(weaker)
        if weaker is not reading and not asked.count_of_all(plan.match):
            continue  # scoring it would have been in vain
        first = asked.first_of(plan)
        if first.total:
            if follows and not _asks_for_code(weaker, asked.searcher):
                plan = follow(plan, weaker, first, asked.searcher, asked.query.ranking)
            matches = asked.page_of(plan)
            if matches.total:
                return _Answer(_with_note(weaker, first, plan), plan, matches)
            return _Answer(_with_filters_noted(weaker, asked.count_of_all(plan.root)), plan, matches)
    return _Answer(reading, asked.plan(reading), asked.page_of(asked.plan(reading)), anywhere=False)


def _with_note(reading: Reading, first: Matches, plan: Plan) -> Reading:
    if plan.also is None:
        return reading
    have = "One article has" if first.total == 1 else f"{first.total} articles have"
    return replace(reading, notes=(*reading.notes, f"{have} these words; articles much like the first follow."))


def _with_filters_noted(reading: Reading, without: int) -> Reading:
    match = "One article matches, but not" if without == 1 else f"{without:,} articles match, but none"
    return replace(reading, notes=(*reading.notes, f"{match} under the filters."))


def _hit(match: Match, reading: Reading, wanted: tuple[Leaf, ...], words_of: WordsOf, why: tuple[Reason, ...]) -> Hit:
    document = match.document
    snippets = best_snippets(document, wanted, prefer=reading.wanted)
    return Hit(document, match.score, snippets, build_group(match), _missing(reading, document, words_of), why)


def _missing(reading: Reading, document: Document, words_of: WordsOf) -> tuple[str, ...]:
    """The words that the article lacks, in any of the forms that they were understood in."""
    doubtful = [
        index
        for index, piece in enumerate(reading.pieces)
        if piece.weight == 1.0 and not document_terms.surely_has(document, words_of(piece.word.term))
    ]
    quoted = [word for word in reading.query.words if word.exact]
    if not doubtful and not quoted:
        return ()
    held = document_terms.terms(document) | set(code_terms(document))
    named = {
        index
        for span in reading.spans
        for index in range(span.first, span.last)
        if any(held.issuperset(name.terms) for name in span.names)
    }

    def is_missing(piece: Piece) -> bool:
        # The node of a code that was widened is another one than the word.
        meant = {piece.word.term, piece.word.word, *map(term, piece.instead), *_code(piece.node)}
        return held.isdisjoint(meant)

    pieces = (reading.pieces[index] for index in doubtful if index not in named)
    missing = [piece.word.typed for piece in pieces if is_missing(piece)]
    return tuple(dict.fromkeys((*missing, *(word.typed for word in quoted if word.term not in held))))


def _asks_for_code(reading: Reading, searcher: Searcher) -> bool:
    """Whether a code was typed that articles have: it means those articles, and none that are like them."""
    return any(searcher.frequency("code", code) for piece in reading.pieces for code in _code(piece.node))


def _code(node: Node) -> tuple[str, ...]:
    """The code that a word was read as, or may be."""
    if isinstance(node, Alternatives):
        return _code(node.nodes[0])
    return (node.term,) if isinstance(node, Term) and node.field == "code" else ()
