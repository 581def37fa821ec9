"""A match to the hit that a page shows: snippets, the group of its condition, and the words that the document lacks."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from indexer.documents import Document, code_terms
from indexer.query.leaves import Leaf
from indexer.results import Hit, Match, Reason
from indexer.search.facets import build_group
from indexer.search.matched_fields import FieldMatcher
from indexer.search.query_location import is_about
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery
from indexer.search.snippets import best_snippets
from indexer.search.term_statistics import TermStatistics
from indexer.text.analyzer import Analyzer


class HitBuilder:
    """Makes the hits of one search."""

    def __init__(
        self,
        rewritten: RewrittenQuery,
        leaves: tuple[Leaf, ...],
        statistics: TermStatistics,
        analyzer: Analyzer,
        matches: Sequence[Match],
    ) -> None:
        """`matches` are those whose hits are wanted; `leaves` are marked in the snippets, until the budget is spent."""
        self._budget = statistics.budget
        self._rewritten = rewritten
        self._leaves = leaves
        self._analyzer = analyzer
        searched = rewritten.searched.items()
        self._main = {index: term for index, term in searched if term.is_main}
        self._matcher = FieldMatcher(rewritten, leaves)
        self._locations = rewritten.stated_locations
        self._quoted = tuple(word for word in rewritten.parsed.words if word.quoted)
        self._looked_for = {
            *chain.from_iterable(map(_forms, self._main.values())),
            *(term for span in rewritten.spans for synonym in span.synonyms for term in synonym.terms),
            *(word.term for word in self._quoted),
        }
        self._statistics, self._ids = statistics, [match.document.id for match in matches]

    def hit(self, match: Match, reasons: tuple[Reason, ...]) -> Hit:
        """The hit of a match; `reasons` explain its score."""
        document = match.document
        group = build_group(match, frozenset(value for each in self._locations for value in each.values))
        if self._budget.cuts():
            return Hit(document, match.score, best_snippets(document, (), self._analyzer), group, (), reasons, ())
        snippets = best_snippets(document, self._leaves, self._analyzer, aspect=self._rewritten.aspect)
        matched = self._matcher.fields(document, snippets)
        return Hit(document, match.score, snippets, group, self._unmatched(document), reasons, matched)

    @cached_property
    def _held_terms(self) -> Mapping[str, frozenset[str]]:
        return self._statistics.held_terms(self._ids, self._looked_for)

    def _unmatched(self, document: Document) -> tuple[str, ...]:
        """The typed words that the document has in none of the forms that were searched for them."""
        present = self._held_terms[document.id] | set(code_terms(document))
        named = {
            index
            for span in self._rewritten.spans
            for index in span.terms
            if any(present.issuperset(synonym.terms) for synonym in span.synonyms)
        }
        named |= {index for each in self._locations if is_about(document, each) for index in each.positions}
        words = [term.word for index, term in self._main.items() if index not in named and _is_absent(term, present)]
        words += [word for word in self._quoted if word.term not in present]
        return tuple(dict.fromkeys(word.typed for word in words))


def _is_absent(term: QueryTerm, present: frozenset[str]) -> bool:
    return present.isdisjoint(_forms(term)) and term.code not in present


def _forms(term: QueryTerm) -> set[str]:
    # A code that was widened is another one than the word.
    return {term.word.term, term.word.folded, *(word.term for word in term.alternatives)}
