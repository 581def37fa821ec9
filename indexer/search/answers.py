"""The first hits of a question to the one answer that stands above them, or to none where the search is unsure.

Two kinds of question are answered. One names a condition ("what causes gout"): among the first hits the article whose
title and names have most of what the query says, by idf. The other describes what somebody feels ("my child's
collarbone hurts"): the first hit, where it has all that is described, stands clearly before the next condition, and a
passage of it tells of most. How much is enough was measured on questions of every manner
(tests/search/test_answers.py): an answer that is wrong is worse than none.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from indexer.documents import Document
from indexer.query.leaves import Leaf
from indexer.results import Answer, Hit, Match, Notice, Snippet
from indexer.search.asked_topics import Asked, asked, words_of_titles
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery
from indexer.search.snippets import mark
from indexer.search.term_statistics import TermStatistics, inverse_document_frequency
from indexer.text.analyzer import Analyzer

MAX_CANDIDATES: Final = 5  # hits among which the condition that a question names is looked for
MIN_NAMED: Final = 0.6  # of the idf of the query that title and names have
MIN_NAMED_IN_FULL: Final = 0.4  # the same, where the article has all the rest
MIN_NAME_IDF: Final = 0.2  # of what names a condition besides the words for where it is: "hip" names none
MIN_PRESENT: Final = 0.9  # of the idf of the query that an article has
MIN_LEAD: Final = 1.25  # score of what has all of a description, against that of another that has all of it
MIN_LEAD_OF_MORE: Final = 1.2  # the same, against one that lacks some of it
MIN_DESCRIBED: Final = 3  # terms of a description
MIN_NAMED_AS_A_WHOLE: Final = 0.9  # from which a query tells a name, whatever else it says
MIN_QUOTED: Final = 0.6  # of the idf of a description that the passage has: it must tell of what is felt
MIN_CORRECTED: Final = 5  # letters of a word whose correction can tell a name
MAX_URGENT: Final = 3
MAX_OTHERS: Final = 1  # conditions that a query names as well; one that names more is about none of them
_NAMES_WEIGHT: Final = 0.9  # of a term in another name: stomach flu is not influenza
_SAME_SHARE: Final = 0.05  # of the idf of the query, by which two conditions may differ that are named as much
_SILENT_NOTICES: Final = frozenset(("crisis", "violence"))  # beside which nothing is answered


class _Candidate(NamedTuple):
    hit: Hit
    score: float  # of the best of its condition
    named: float  # share of the idf of the query that title and names have
    present: float  # that the article has


def find_answer(
    rewritten: RewrittenQuery,
    leaves: tuple[Leaf, ...],
    statistics: TermStatistics,
    analyzer: Analyzer,
    *,
    hits: Sequence[tuple[Hit, Match]],
    notice: Notice | None,
) -> Answer | None:
    """The answer of one of the first hits, each with its match; `leaves` are marked in the passage."""
    question = asked(rewritten.parsed.text, is_question=rewritten.is_question)
    if question is None or not hits or (notice and notice.kind in _SILENT_NOTICES):
        return None
    finder = _AnswerFinder(rewritten, question, statistics, analyzer)
    best, is_named, others = finder.best(hits[:MAX_CANDIDATES], is_urgent=notice is not None)
    if best is None:
        return None
    # What sorts sentences is loaded by the first answer: few searches have one.
    from indexer.articles.urgent_help import most_pressing_first
    from indexer.search.answer_passages import answer_passage

    document = best.hit.document
    passage = answer_passage(document, question, leaves, analyzer)
    if passage is None:
        return None
    field, text = passage.section.kind, passage.section.text[passage.start : passage.end]
    is_description = question.is_description and question.topic is None and best.named < MIN_NAMED_AS_A_WHOLE
    if is_description and (notice is not None or finder.share(text) < MIN_QUOTED):
        return None
    urgent = tuple(most_pressing_first([text for each in document.sections for text in each.urgent])[:MAX_URGENT])
    quoted = Snippet(field, text, mark(text, leaves, field, analyzer))
    return Answer(document, quoted, passage.number, is_named, urgent, others)


def _is_guess(term: QueryTerm) -> bool:
    """Whether the word was read as another, and is so short that it may be any: love is no lobe."""
    return term.is_corrected and len(term.word.folded) < MIN_CORRECTED


class _AnswerFinder:
    """Chooses the article that answers one query."""

    def __init__(
        self, rewritten: RewrittenQuery, question: Asked, statistics: TermStatistics, analyzer: Analyzer
    ) -> None:
        self._searched = rewritten.searched
        self._spans = rewritten.spans
        self._is_description = question.is_description
        self._analyzer = analyzer
        rarest = inverse_document_frequency(statistics.document_count, 1)
        self._idf = {
            index: (statistics.idf(term.resolved.term) or rarest)
            for index, term in self._searched.items()
            if term.is_main and term.word.folded not in question.words and not _is_guess(term)
        }
        self._total = sum(self._idf.values())
        self._forms = {
            index: (
                term.word.term,
                *(word.term for word in term.alternatives),
                *map(analyzer.term, words_of_titles(term.word.folded)),
            )
            for index, term in self._searched.items()
        }
        self._places = {index for place in rewritten.stated_locations for index in place.positions}

    def best(
        self, hits: Sequence[tuple[Hit, Match]], *, is_urgent: bool
    ) -> tuple[_Candidate | None, bool, tuple[Document, ...]]:
        """What answers, whether the query names its condition, and articles on others that it names."""
        if not self._total:
            return None, False, ()
        candidates = [self._candidate(hit, match) for hit, match in hits]
        best = max(candidates, key=lambda each: each.named)
        if is_urgent and best.named < MIN_NAMED:
            return None, False, ()  # nothing is told that only resembles an emergency
        if best.named >= MIN_NAMED or (best.named >= MIN_NAMED_IN_FULL and best.present >= MIN_PRESENT):
            others = self._others(best, candidates)
            return (best, True, others) if len(others) <= MAX_OTHERS else (None, True, ())
        is_clear = self._is_description and len(self._idf) >= MIN_DESCRIBED and self._is_clear(candidates)
        return (candidates[0] if is_clear else None), False, ()

    def share(self, text: str) -> float:
        """Of the idf of the query, what the text has."""
        return self._sum(self._held((text,))) / self._total

    def _candidate(self, hit: Hit, match: Match) -> _Candidate:
        missing = set(hit.missing)
        absent = sum(idf for index, idf in self._idf.items() if self._searched[index].word.typed in missing)
        document = hit.document
        titled = self._held((document.title, document.condition))
        named = self._held((*document.names, *document.inclusion_terms)) - titled
        share = self._sum(titled) + _NAMES_WEIGHT * self._sum(named)
        if self._sum((titled | named) - self._places) < MIN_NAME_IDF:
            share = 0.0
        return _Candidate(hit, match.group_score, share / self._total, 1 - absent / self._total)

    def _sum(self, indexes: set[int]) -> float:
        return sum(self._idf.get(index, 0.0) for index in indexes)

    def _held(self, names: tuple[str, ...]) -> set[int]:
        """The searched terms that the names have, themselves or by a synonym.

        Terms that are a name together are so only together: a transient ischemic attack is no half of a heart attack.
        """
        present = {term for name in names for term in self._analyzer.terms(name)}
        held = {index for index, forms in self._forms.items() if not present.isdisjoint(forms)}
        for span in self._spans:
            if any(present.issuperset(synonym.terms) for synonym in span.synonyms):
                held.update(span.terms)
            elif not held.issuperset(span.terms):
                held.difference_update(span.terms)
        return held

    def _is_clear(self, candidates: Sequence[_Candidate]) -> bool:
        """Whether the first has all that is described, and stands well before every other condition."""
        first = candidates[0]
        key = first.hit.document.condition_key
        others = [each for each in candidates if each.hit.document.condition_key != key]
        return first.present >= MIN_PRESENT and all(
            first.score >= each.score * (MIN_LEAD if each.present >= MIN_PRESENT else MIN_LEAD_OF_MORE)
            for each in others
        )

    def _others(self, best: _Candidate, candidates: Sequence[_Candidate]) -> tuple[Document, ...]:
        documents = {
            each.hit.document.condition_key: each.hit.document
            for each in candidates
            if each.named >= best.named - _SAME_SHARE
        }
        documents.pop(best.hit.document.condition_key, None)
        return tuple(documents.values())
