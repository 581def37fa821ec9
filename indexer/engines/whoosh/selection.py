"""Everything that matches to one page, exact totals, groups and facets.

A filter is a mask over documents. A facet is counted under every filter but those on its own field (drill-sideways), so
the matches of the query alone are kept, and each facet multiplies the masks that concern it.
"""

from collections.abc import Iterable

import numpy as np

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.evaluation import Evaluation
from indexer.engines.whoosh.segments import to_bytes
from indexer.engines.whoosh.snapshot import Ids, Mask, Scores, Snapshot, SortKey
from indexer.query.model import Filter, Query, Sort
from indexer.results import GROUP_FIELDS, FieldCounts, Match, Matches, Page

_SORT_KEYS: dict[Sort, SortKey] = {"title": "title_key", "code": "code_key"}


def select(snapshot: Snapshot, query: Query, page: Page) -> Matches:
    """The page of the query, with all that is counted."""
    found = Evaluation(snapshot, query.ranking).evaluate(query.root)
    matched = _mask(snapshot, found.ids)
    masks = [(each.field, _allowed(snapshot, each)) for each in query.filters]
    chosen = _all(matched, (mask for _, mask in masks))
    kept = chosen[found.ids]
    ids, scores = found.ids[kept], found.scores[kept]
    conditions = snapshot.values("condition").numbers[ids]
    facets = tuple(
        FieldCounts(field, snapshot.values(field).count(_all(matched, (mask for own, mask in masks if own != field))))
        for field in FACET_FIELDS
    )
    rows = _ordered(snapshot, ids, scores, sort=query.sort, page=page, conditions=conditions if page.collapse else None)
    return Matches(
        total=len(ids),
        groups=len(np.unique(conditions)),
        page=tuple(
            _match(snapshot, ids, row, float(scores[row]), conditions if page.collapse else None)
            for row in rows.tolist()
        ),
        facets=facets,
    )


def matching_ids(snapshot: Snapshot, query: Query) -> Ids:
    """All matches, in order of id."""
    found = Evaluation(snapshot, query.ranking).evaluate(query.root)
    chosen = _all(_mask(snapshot, found.ids), (_allowed(snapshot, each) for each in query.filters))
    ids = np.flatnonzero(chosen)
    return ids[np.argsort(snapshot.order("id")[ids])]


def _mask(snapshot: Snapshot, ids: Ids) -> Mask:
    mask = np.zeros(snapshot.size, dtype=bool)
    mask[ids] = True
    return mask


def _allowed(snapshot: Snapshot, wanted: Filter) -> Mask:
    mask = np.zeros(snapshot.size, dtype=bool)
    if wanted.field in KEYWORD_FIELD_NAMES:
        for value in wanted.values:
            mask[snapshot.docs(wanted.field, to_bytes(value))] = True
    return mask


def _all(matched: Mask, masks: Iterable[Mask]) -> Mask:
    result = matched
    for mask in masks:
        result = result & mask
    return result


def _ordered(snapshot: Snapshot, ids: Ids, scores: Scores, *, sort: Sort, page: Page, conditions: Ids | None) -> Ids:
    """The rows of ids that make the page; with conditions, only the first row of each takes part."""
    key = _SORT_KEYS.get(sort)
    first = -scores if key is None else snapshot.order(key)[ids]
    wanted = page.offset + page.limit
    while True:
        rows = np.arange(len(ids))
        if wanted < len(ids):  # no full sort: only what is no worse than the last that could be wanted
            rows = np.flatnonzero(first <= np.partition(first, wanted)[wanted])
        rows = rows[np.lexsort((snapshot.order("id")[ids[rows]], first[rows]))]
        if conditions is None:
            break
        complete = len(rows) == len(ids)
        rows = rows[np.sort(np.unique(conditions[rows], return_index=True)[1])]
        if complete or len(rows) >= page.offset + page.limit:
            break
        wanted *= 4
    return rows[page.offset : page.offset + page.limit]


def _match(snapshot: Snapshot, ids: Ids, row: int, score: float, conditions: Ids | None) -> Match:
    document = decode_document(snapshot.stored(int(ids[row])))
    if conditions is None:
        return Match(document, score)
    group = ids[conditions == conditions[row]]
    counts = tuple(FieldCounts(field, snapshot.values(field).count_few(group)) for field in GROUP_FIELDS)
    return Match(document, score, len(group), counts)
