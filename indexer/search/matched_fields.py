"""A document to the fields that match what was searched: what a card says in place of a score."""

from collections.abc import Mapping
from typing import Final

from indexer.articles.model import SECTION_KINDS
from indexer.documents import TEXT_FIELDS, Document
from indexer.query.leaves import Leaf
from indexer.results import Snippet
from indexer.search.document_terms import fold_in_place
from indexer.search.rewritten_query import RewrittenQuery

MIN_SHARE: Final = 0.4  # of the weight of the query that a title has which matches

_NAMES: Final = tuple((field.name, field.texts) for field in TEXT_FIELDS if field.name not in SECTION_KINDS)


class FieldMatcher:
    """Tells which fields of a document match one query."""

    def __init__(self, rewritten: RewrittenQuery, leaves: tuple[Leaf, ...]) -> None:
        by_terms: Mapping[tuple[str, ...], Leaf] = {leaf.terms: leaf for leaf in leaves}
        self._needles: list[tuple[float, tuple[str, ...]]] = []
        for index, term in rewritten.searched.items():
            words = (term.word, *term.alternatives, *term.completions)
            forms: list[tuple[str, ...]] = [(word.term,) for word in words]
            forms += [each.terms for span in rewritten.spans if index in span.terms for each in span.synonyms]
            found = [leaf for form in forms if (leaf := by_terms.get(form))]
            if term.is_main and found:
                self._needles.append((found[0].weight, tuple(needle for leaf in found for needle in leaf.needles)))

    def fields(self, document: Document, snippets: tuple[Snippet, ...]) -> tuple[str, ...]:
        """Title or other names, where they hold MIN_SHARE of the query, and the fields of the snippets, best first."""
        least = MIN_SHARE * sum(weight for weight, _ in self._needles)
        names = (name for name, texts in _NAMES if least and self._weight(" ".join(texts(document))) >= least)
        return (*names, *(snippet.field for snippet in snippets if snippet.spans))

    def _weight(self, text: str) -> float:
        folded = fold_in_place(text)
        return sum(weight for weight, needles in self._needles if any(needle in folded for needle in needles))
