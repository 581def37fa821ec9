"""A document to the fields that hold most of what was searched: what a card says in place of a score."""

from collections.abc import Mapping
from typing import Final

from indexer.documents import TEXT_FIELDS, Document
from indexer.query.leaves import Leaf
from indexer.search.document_terms import fold_in_place
from indexer.search.rewritten_query import RewrittenQuery

MAX_FIELDS: Final = 3
MIN_SHARE: Final = 0.6  # of the weight of the field that holds most


class FieldMatcher:
    """Tells which fields of a document match one query."""

    def __init__(self, rewritten: RewrittenQuery, leaves: tuple[Leaf, ...]) -> None:
        by_terms: Mapping[tuple[str, ...], Leaf] = {leaf.terms: leaf for leaf in leaves}
        self._needles: list[tuple[float, tuple[str, ...]]] = []
        for index, term in rewritten.searched.items():
            words = (term.word, *term.alternatives, *term.completions)
            forms = [(word.term,) for word in words]
            forms += [each.terms for span in rewritten.spans if index in span.terms for each in span.synonyms]
            found = [leaf for form in forms if (leaf := by_terms.get(form))]
            if term.is_main and found:
                self._needles.append((found[0].weight, tuple(needle for leaf in found for needle in leaf.needles)))

    def fields(self, document: Document) -> tuple[str, ...]:
        """At most MAX_FIELDS names of fields that hold about as much of it as any, in the order of TEXT_FIELDS."""
        weights = {}
        for field in TEXT_FIELDS:
            text = fold_in_place(" ".join(field.texts(document)))
            held = [weight for weight, needles in self._needles if any(needle in text for needle in needles)]
            weights[field.name] = sum(held)
        least = max(weights.values()) * MIN_SHARE
        names = [name for name, weight in weights.items() if weight and weight >= least]
        best = sorted(names, key=weights.__getitem__, reverse=True)[:MAX_FIELDS]
        return tuple(name for name in names if name in best)
