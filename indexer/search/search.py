"""SearchRequest to Results: parse, rewrite, plan, match, expand, relax, and show; over one snapshot.

A query of words is searched twice: the first matches add their expansion terms (see expansion.py). A query that
nothing matches is relaxed until something does (see relaxation.py). Both are decided without the filters, so that
choosing a bucket of a facet leaves exactly the documents that it counted.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from indexer.budget import Budget
from indexer.documents import Document
from indexer.engine import Searcher
from indexer.query.leaves import Leaf, leaves
from indexer.query.nodes import Node
from indexer.query.parser import code_prefix, parse_query
from indexer.query.query import Query
from indexer.query.request import Page, SearchRequest
from indexer.query.restriction import restrict
from indexer.results import Match, Matches, Name, Reason, Results
from indexer.search.answers import find_answer
from indexer.search.condition_tags import resolve_condition_tags
from indexer.search.did_you_mean import suggest_name, suggest_spelling
from indexer.search.expansion import expand_plan, leading_documents
from indexer.search.explanation import explain
from indexer.search.facets import build_facet
from indexer.search.hits import HitBuilder
from indexer.search.notices import build_notice
from indexer.search.query_knowledge import Knowledge
from indexer.search.query_location import lead_filters
from indexer.search.relaxation import relaxations, with_title
from indexer.search.rewriting import rewrite
from indexer.search.rewritten_query import RewrittenQuery
from indexer.search.scoring_plan import ScoreClause, ScoringPlan, build_plan
from indexer.search.snippets import mark
from indexer.search.term_statistics import TermStatistics

CUT_NOTE: Final = (
    "This search takes long and was cut short: more articles may match, and in another order. "
    "Fewer or rarer words are searched in full."
)
APPROXIMATE_NOTE: Final = (
    "So many articles match that only the most promising were compared in full: another may belong among the first."
)
MIN_MARKED_IDF: Final = 0.05  # of a word that is marked: nearly every article has an "a"


def search(request: SearchRequest, searcher: Searcher, knowledge: Knowledge) -> Results:
    """The page of results for the request."""
    started = time.perf_counter()
    run = _SearchRun(request, searcher, knowledge)
    outcome = run.outcome()
    matches, rewritten = outcome.matches, outcome.rewritten
    suggestion, nearest = run.suggestion(outcome)
    reasons = run.explain(outcome) if request.explain else ((),) * len(matches.page)
    to_mark = run.leaves(outcome)
    builder = HitBuilder(rewritten, to_mark, run.statistics, knowledge.analyzer, matches.page)
    hits = tuple(map(builder.hit, matches.page, reasons))
    notice = build_notice(request.text, knowledge.emergency_numbers.of(request.languages))
    answer = None
    if request.page.offset == 0 and request.sort == "relevance" and not run.budget.cuts():
        pairs = tuple(zip(hits, matches.page, strict=True))
        answer = find_answer(rewritten, to_mark, run.statistics, knowledge.analyzer, hits=pairs, notice=notice)
    return Results(
        query=rewritten.parsed.text,
        generation=searcher.generation,
        total=matches.total,
        groups=matches.groups,
        page=request.page,
        hits=hits,
        facets=tuple(build_facet(counts, request.filters) for counts in matches.facets),
        interpretation=rewritten.interpretation,
        notes=(
            *rewritten.notes,
            *((CUT_NOTE,) if run.budget.was_cut else ()),
            *((APPROXIMATE_NOTE,) if matches.is_approximate else ()),
        ),
        suggestion=suggestion,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
        nearest=nearest,
        notice=notice,
        answer=answer,
        sites_by_side=matches.sites_by_side,
        is_complete=not run.budget.was_cut,
    )


def rank(request: SearchRequest, searcher: Searcher, knowledge: Knowledge) -> tuple[Match, ...]:
    """The matches of the same page, without what a page shows of them."""
    return _SearchRun(request, searcher, knowledge).outcome().matches.page


def scan(request: SearchRequest, searcher: Searcher, knowledge: Knowledge) -> Iterator[Document]:
    """Every match of the same search in its order, whatever the page, streamed."""
    return _SearchRun(replace(request, page=Page(limit=0)), searcher, knowledge).scan()


def highlight(
    document: Document, request: SearchRequest, searcher: Searcher, knowledge: Knowledge
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The spans of each section that the snippets of a search for the request would mark, whatever its filters."""
    run = _SearchRun(replace(request, filters=(), page=Page(limit=0)), searcher, knowledge)
    to_mark = run.leaves(run.outcome())
    return tuple(mark(section.text, to_mark, section.kind, knowledge.analyzer) for section in document.sections)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A query that matches something if any does, its plan and the page; without filters, whether it matches."""

    rewritten: RewrittenQuery
    plan: ScoringPlan
    matches: Matches
    matches_unfiltered: bool = True


class _SearchRun:
    """One request over one snapshot."""

    def __init__(self, request: SearchRequest, searcher: Searcher, knowledge: Knowledge) -> None:
        self._request = request
        self._searcher = searcher
        self._knowledge = knowledge
        self.budget = Budget(request.limit)
        self._query = Query(
            request.text,
            filters=request.filters,
            ranking=knowledge.ranking,
            sort=request.sort,
            budget=self.budget,
        )
        self._fields = tuple(dict.fromkeys(request.fields))
        self.statistics = TermStatistics(searcher, self.budget)

    def on_fields(self, node: Node) -> Node:
        """The node on the fields of the request."""
        return restrict(node, self._fields) if self._fields else node

    def leaves(self, outcome: _Outcome) -> tuple[Leaf, ...]:
        """What snippets mark."""
        found = leaves(self.on_fields(outcome.plan.match), self.statistics.idf, self.statistics.words_of)
        return tuple(leaf for leaf in found if leaf.weight >= MIN_MARKED_IDF) or found

    def outcome(self) -> _Outcome:
        """Search the query, relaxed where nothing matches it. Raises RequestTooCostly."""
        expand = self._request.expand
        parsed = parse_query(self._request.text, self._knowledge.analyzer)
        if any(clause.tag for clause in parsed.clauses):
            parsed = resolve_condition_tags(parsed, self._knowledge, self.statistics)
        original = rewrite(parsed, self._knowledge, self.statistics, expand=expand)
        original_plan = plan = self._plan(original)
        has_feedback = expand and bool(original.searched) and not original.is_question
        if not has_feedback:
            matches = self._page_of(plan, original)
            if matches.total:
                return _Outcome(original, plan, matches)
        with self.budget:
            for rewritten in chain([original], relaxations(original, self.statistics, self._count_unfiltered)):
                if rewritten is not original:
                    plan = self._plan(rewritten)
                    if not self._count_unfiltered(plan.match):
                        continue  # scoring it would be in vain
                first = self._first_matches(plan, leading_documents(rewritten, self._knowledge.ranking))
                if first.total:
                    # A code that documents have means those documents, and none that are like them.
                    expands = has_feedback and not self._has_code(rewritten)
                    plan, matches = self._expanded(plan, rewritten, first if expands else None)
                    note = self._note(plan, first.total, matches.total)
                    return _Outcome(replace(rewritten, notes=(*rewritten.notes, *note)), plan, matches)
        # Where the query itself is too costly, this says so again.
        matches = self._page_of(original_plan, original)
        if self.budget.was_cut:
            return _Outcome(original, original_plan, matches)
        nothing = replace(original, notes=original.notes or (self._no_match_note(original),))
        return _Outcome(nothing, original_plan, matches, matches_unfiltered=False)

    def _expanded(
        self, plan: ScoringPlan, rewritten: RewrittenQuery, first: Matches | None
    ) -> tuple[ScoringPlan, Matches]:
        """The plan expanded by the first matches, if there are any, and its page; the plan itself if that is cut."""
        if first is not None:
            with self.budget:
                expanded = expand_plan(plan, rewritten, first, self.statistics, self._knowledge)
                self.budget.spend(0)
                return expanded, self._page_of(expanded, rewritten)
        return plan, self._page_of(plan, rewritten)

    def suggestion(self, outcome: _Outcome) -> tuple[str | None, tuple[Name, ...]]:
        """Another query to suggest, and where nothing matches, the names most like the text."""
        rewritten = outcome.rewritten
        with self.budget:
            self.budget.spend(0)
            if outcome.matches_unfiltered:
                text = suggest_spelling(rewritten, self._searcher, self.statistics, self._knowledge, self._count)
                return text, ()
            typed = " ".join(word.typed for word in rewritten.parsed.words)
            nearest = self._knowledge.names().nearest(typed)
            return suggest_name(typed, nearest, self._knowledge.analyzer, self._count), nearest
        return None, ()

    def scan(self) -> Iterator[Document]:
        """Every match, in the order of the request."""
        return self._searcher.scan(self._query_of(self.outcome().plan))

    def explain(self, outcome: _Outcome) -> tuple[tuple[Reason, ...], ...]:
        """What added how much to the score of each match of the page."""
        clauses = tuple(ScoreClause(clause.label, self.on_fields(clause.node)) for clause in outcome.plan.clauses)
        return explain(outcome.matches.page, clauses, self._query, self._searcher)

    def _plan(self, rewritten: RewrittenQuery) -> ScoringPlan:
        return build_plan(rewritten, self.statistics, self._knowledge.ranking, match_titles=not self._fields)

    def _page_of(self, plan: ScoringPlan, rewritten: RewrittenQuery) -> Matches:
        """The page of the request; the articles that lead their conditions are those about the stated locations."""
        lead = lead_filters(rewritten.stated_locations) if self._request.page.collapse else ()
        return self._searcher.search(replace(self._query_of(plan), lead=lead), self._request.page)

    def _query_of(self, plan: ScoringPlan) -> Query:
        return replace(self._query, root=self.on_fields(plan.root))

    def _first_matches(self, plan: ScoringPlan, limit: int) -> Matches:
        """The documents for feedback, and those that keep their lead, whatever the filters and the sort order."""
        query = replace(self._query, root=self.on_fields(plan.root), filters=(), sort="relevance")
        return self._searcher.search(query, Page(limit=limit), counts=False)

    def _count(self, node: Node) -> int:
        """The documents that match the node under the filters."""
        query = replace(self._query, root=self.on_fields(node))
        return self._searcher.search(query, Page(limit=0), counts=False).total

    def _count_unfiltered(self, node: Node) -> int:
        """The documents that match the node, whatever the filters."""
        query = replace(self._query, root=self.on_fields(node), filters=())
        return self._searcher.search(query, Page(limit=0), counts=False).total

    def _has_code(self, rewritten: RewrittenQuery) -> bool:
        """Whether a code was typed that some document has."""
        codes = (term.code for term in rewritten.searched.values())
        return any(self.statistics.frequency("code", code) for code in codes if code)

    def _note(self, plan: ScoringPlan, before_expansion: int, total: int) -> tuple[str, ...]:
        """What to tell about the number of matches, if anything."""
        if not total:
            unfiltered = self._count_unfiltered(plan.root)
            matches = "One article matches, but not" if unfiltered == 1 else f"{unfiltered:,} articles match, but none"
            return (f"{matches} with these filters.",)
        if plan.expansion_match is None or total <= before_expansion:
            return ()
        match = "One article matches" if before_expansion == 1 else f"{before_expansion:,} articles match"
        return (f"{match} your words; similar articles follow.",)

    def _no_match_note(self, rewritten: RewrittenQuery) -> str:
        """What to tell where nothing matches: the title of a code, or how far the library knows the words."""
        searched = rewritten.searched.values()
        for code in filter(None, (code_prefix(term.word.typed) for term in searched)):
            return f"No article has the code {with_title(code)}, nor any other code of its block."
        if any(term.frequency or term.alternatives for term in searched):
            return "No article matches this search."
        return "No article has any of these words." if len(searched) > 1 else "No article has this word."
