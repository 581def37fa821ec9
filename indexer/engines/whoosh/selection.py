"""Everything that matches to one page, exact totals, groups and facets.

A filter is a mask over documents. A facet is counted under every filter but those on its own field (drill-sideways), so
the matches of the query alone are kept, and each facet multiplies the masks that concern it.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.evaluation import Evaluation
from indexer.engines.whoosh.segments import to_bytes
from indexer.engines.whoosh.snapshot import Ids, Mask, Scores, Snapshot, SortKey
from indexer.query.model import Filter, Query, Sort
from indexer.query.nodes import SLACK, Boost, Near, Node, Or, Should
from indexer.results import GROUP_FIELDS, FieldCounts, Match, Matches, Page

Numbers: TypeAlias = NDArray[np.int32]

_SORT_KEYS: dict[Sort, SortKey] = {"title": "title_key", "code": "code_key"}


def select(snapshot: Snapshot, query: Query, page: Page) -> Matches:
    """The page of the query, with all that is counted."""
    evaluation = Evaluation(snapshot, query.ranking)
    root, dear = _parted(query.root)
    found = evaluation.evaluate(root)
    matched = _Chosen(found.ids, _mask(snapshot, found.ids))
    masks = [(each.field, _allowed(snapshot, each)) for each in query.filters]
    kept = matched.under(mask for _, mask in masks)
    ids, scores = kept.ids, evaluation.spread(found, kept.ids) if masks else found.scores
    conditions = snapshot.values("condition").numbers[ids]
    ordered = partial(_ordered, snapshot, ids, sort=query.sort, conditions=conditions if page.collapse else None)
    if dear is not None:
        rows = ordered(scores=scores, page=_from_top(page))
        scores = _completed(snapshot, query, dear, ids=ids, scores=scores, rows=rows)
    facets = tuple(
        FieldCounts(field, snapshot.values(field).count(*matched.under(mask for own, mask in masks if own != field)))
        for field in FACET_FIELDS
    )
    return Matches(
        total=len(ids),
        groups=int(np.count_nonzero(np.bincount(conditions))),
        page=tuple(
            _match(snapshot, ids, row, float(scores[row]), conditions if page.collapse else None)
            for row in ordered(scores=scores, page=page).tolist()
        ),
        facets=facets,
    )


def _parted(root: Node) -> tuple[Node, Node | None]:
    """The root without those of its optional parts that are dear to evaluate, and these parts."""
    match root:
        case Should(must, Or(parts)):
            dear = tuple(part for part in parts if _is_dear(part))
            cheap = tuple(part for part in parts if part not in dear)
            return Should(must, Or(cheap)), Or(dear) if dear else None
        case _:
            return root, None


def _is_dear(node: Node) -> bool:
    """Whether it does nothing but look for places near each other: it is the places, not the documents, that are many."""
    match node:
        case Near():
            return True
        case Boost(inner):
            return _is_dear(inner)
        case Or(nodes):
            return all(map(_is_dear, nodes))
        case _:
            return False


def _completed(snapshot: Snapshot, query: Query, dear: Node, *, ids: Ids, scores: Scores, rows: Ids) -> Scores:
    """The scores with those of the dear parts, for every document that they could bring to the page.

    `rows` are those of the page, and of all pages before it, without these parts. Who is behind the last of them by more than
    the parts can add stays behind (the idea of MaxScore: Turtle, Flood, 1995).
    """
    if query.sort == "relevance" and len(rows):
        most = Evaluation(snapshot, query.ranking).bound(dear)
        rows = np.flatnonzero(scores >= scores[rows].min() - most - SLACK)
    within = _mask(snapshot, ids[rows])
    evaluation = Evaluation(snapshot, query.ranking, within)
    return scores + evaluation.spread(evaluation.evaluate(dear), ids)


def _from_top(page: Page) -> Page:
    return replace(page, offset=0, limit=page.offset + page.limit)


def matching_ids(snapshot: Snapshot, query: Query) -> Ids:
    """All matches, in order of id."""
    found = Evaluation(snapshot, query.ranking).evaluate(query.root)
    matched = _Chosen(found.ids, _mask(snapshot, found.ids))
    ids = matched.under(_allowed(snapshot, each) for each in query.filters).ids
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


class _Chosen(NamedTuple):
    """Documents, ascending, and as a mask."""

    ids: Ids
    mask: Mask

    def under(self, masks: Iterable[Mask]) -> "_Chosen":
        """Those that all the masks allow."""
        ids = self.ids
        for mask in masks:
            ids = ids[mask[ids]]
        if len(ids) == len(self.ids):
            return self
        chosen = np.zeros(len(self.mask), dtype=bool)
        chosen[ids] = True
        return _Chosen(ids, chosen)


def _ordered(
    snapshot: Snapshot, ids: Ids, *, scores: Scores, sort: Sort, page: Page, conditions: Numbers | None
) -> Ids:
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


def _match(snapshot: Snapshot, ids: Ids, row: int, score: float, conditions: Numbers | None) -> Match:
    document = decode_document(snapshot.stored(int(ids[row])))
    if conditions is None:
        return Match(document, score)
    group = ids[conditions == conditions[row]]
    chosen = _mask(snapshot, group)
    counts = tuple(FieldCounts(field, snapshot.values(field).count(group, chosen)) for field in GROUP_FIELDS)
    return Match(document, score, len(group), counts)
