"""A document and the leaves of a query to the fields that match best: what a card says in place of a score."""

from typing import Final

from indexer.documents import TEXT_FIELDS, Document
from indexer.query.leaves import Leaf
from indexer.search.document_terms import fold_in_place

MAX_FIELDS: Final = 3
MIN_SHARE: Final = 0.6  # of the weight of the leaves in the field that has most of it


def matched_fields(document: Document, leaves: tuple[Leaf, ...]) -> tuple[str, ...]:
    """At most MAX_FIELDS names of fields that hold about as much of the query as any, in the order of TEXT_FIELDS."""
    weights = {}
    for field in TEXT_FIELDS:
        on_field = [leaf for leaf in leaves if leaf.field in (None, field.name)]
        text = fold_in_place(" ".join(field.texts(document)))
        weights[field.name] = sum(leaf.weight for leaf in on_field if any(needle in text for needle in leaf.needles))
    least = max(weights.values(), default=0.0) * MIN_SHARE
    names = [name for name, weight in weights.items() if weight and weight >= least]
    if len(names) > MAX_FIELDS:
        best = sorted(names, key=weights.__getitem__, reverse=True)[:MAX_FIELDS]
        names = [name for name in names if name in best]
    return tuple(names)
