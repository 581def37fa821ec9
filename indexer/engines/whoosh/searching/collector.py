"""Everything that matches to one page, exact totals, groups and facets.

A filter is a mask over documents. A facet is counted under every filter but those on its own field (drill-sideways), so
the matches of the query alone are kept, and each facet multiplies the masks that concern it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.whoosh.format.segments import to_bytes
from indexer.engines.whoosh.searching.docsets import NOTHING, Few, Ids, Mask, Scores, any_of
from indexer.engines.whoosh.searching.evaluator import Evaluation
from indexer.engines.whoosh.searching.snapshot import Snapshot, SortKey
from indexer.query.nodes import SLACK, Boost, Near, Node, Or, Should
from indexer.query.query import Query
from indexer.query.request import Filter, Page, Sort
from indexer.results import GROUP_FIELDS, FieldCounts, Match, Matches

AT_FIRST: Final = 48  # rows in which places are looked for to begin with; fewer would cost as much
AT_ONCE: Final = 400  # rows after which it is asked again who can still come to the page

_SORT_KEYS: dict[Sort, SortKey] = {"title": "title_key", "code": "code_key"}


def select(snapshot: Snapshot, query: Query, page: Page, *, facets: bool = True) -> Matches:
    """The page of the query, with all that is counted; `facets` may be left out."""
    evaluation = Evaluation(snapshot, query.ranking)
    root, dear = _parted(query.root)
    found = evaluation.evaluate(root).few
    masks = [(each.field, _allowed(snapshot, each)[found.ids]) for each in query.filters]
    kept = _all(mask for _, mask in masks)
    ids, scores = found.ids[kept], found.at(found.ids)[kept]
    conditions = snapshot.conditions[ids]
    first = partial(
        _first,
        snapshot,
        ids,
        sort=query.sort,
        wanted=page.offset + page.limit,
        conditions=conditions if page.collapse else None,
    )
    if dear is not None and page.offset + page.limit:
        scores = _completed(snapshot, query, dear, ids=ids, scores=scores, first=first)
    rows = first(scores=scores)[page.offset :]
    counted = tuple(
        FieldCounts(field, snapshot.values(field).count(found.ids[_all(mask for own, mask in masks if own != field)]))
        for field in (FACET_FIELDS if facets else ())
    )
    found_there = [
        Match(snapshot.document(doc), score)
        for doc, score in zip(ids[rows].tolist(), scores[rows].tolist(), strict=True)
    ]
    if page.collapse:
        found_there = _grouped(found_there, snapshot, ids, conditions, conditions[rows])
    groups = int(np.count_nonzero(np.bincount(conditions)))
    return Matches(total=len(ids), groups=groups, page=tuple(found_there), facets=counted)


def _all(masks: Iterable[Mask]) -> Mask | slice:
    """What all the masks allow."""
    several = list(masks)
    return np.logical_and.reduce(several) if several else slice(None)


def _grouped(matches: list[Match], snapshot: Snapshot, ids: Ids, conditions: Ids, shown: Ids) -> list[Match]:
    """Each match with what the documents of its condition, one of those `shown`, have in GROUP_FIELDS."""
    group_of = np.full(int(conditions.max(initial=0)) + 1, -1)
    group_of[shown] = np.arange(len(shown))
    groups = group_of[conditions]
    members = np.flatnonzero(groups >= 0)
    sizes = np.bincount(groups[members], minlength=len(shown)).tolist()
    fields = [snapshot.values(field).count_each(ids[members], groups[members], len(shown)) for field in GROUP_FIELDS]
    counts = [tuple(map(FieldCounts, GROUP_FIELDS, each)) for each in zip(*fields, strict=True)]
    each = zip(matches, sizes, counts, strict=True)
    return [replace(match, group_size=size, group_counts=own) for match, size, own in each]


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


def _completed(
    snapshot: Snapshot, query: Query, dear: Node, *, ids: Ids, scores: Scores, first: Callable[..., Ids]
) -> Scores:
    """The scores with those of the dear parts, for every document that they could bring to the page.

    `first` gives the rows of the page, and of all pages before it, for scores. Who is behind the last of them by more than the parts
    can add stays behind (the idea of MaxScore: Turtle, Flood, 1995). Those that may come furthest are completed first, some at a
    time: they mostly gain, and then few others can still reach them. What is known is kept for the next page, or
    the second search of a query.
    """
    key = (dear, query.ranking)
    known = (snapshot.leaves.get(key) or NOTHING).few
    done, whole = known.among(ids), scores + known.at(ids)
    evaluation = Evaluation(snapshot, query.ranking)
    most = evaluation.bound(dear)
    bounds: Scores | None = None
    rows = first(scores=whole)
    if query.sort == "relevance":
        rows = np.union1d(rows, _greatest(whole, AT_FIRST))
    rows = rows[~done[rows]]
    while True:
        if len(rows):
            wanted = np.sort(ids[rows])
            found = Few(wanted, Evaluation(snapshot, query.ranking, wanted).scores(dear, wanted))
            known = any_of((known, found), snapshot.size).few
            whole[rows] += found.at(ids[rows])
            done[rows] = True
        if query.sort != "relevance":
            break
        last = whole[first(scores=whole)].min(initial=np.inf) - SLACK
        rows = np.flatnonzero(~done & (scores + most >= last))
        if len(rows) > AT_ONCE:
            # What each document can gain is worth working out, and then the rest is left in the order of what it can reach.
            if bounds is None:
                bounds = np.full(len(ids), most)
                bounds[rows] = evaluation.bounds(dear, ids[rows])
            reached = scores[rows] + bounds[rows]
            rows, reached = rows[reached >= last], reached[reached >= last]
            rows = np.sort(rows[_greatest(reached, AT_ONCE)])
        if not len(rows):
            break
    snapshot.leaves.put(key, known)
    return whole


def _greatest(scores: Scores, count: int) -> Ids:
    """The rows of so many of the greatest scores, in no order."""
    return np.argpartition(-scores, count)[:count] if count < len(scores) else np.arange(len(scores))


def matching_ids(snapshot: Snapshot, query: Query) -> Ids:
    """All matches, in order of id."""
    ids = Evaluation(snapshot, query.ranking).evaluate(query.root).few.ids
    for each in query.filters:
        ids = ids[_allowed(snapshot, each)[ids]]
    return ids[np.argsort(snapshot.order("id")[ids])]


def _allowed(snapshot: Snapshot, wanted: Filter) -> Mask:
    mask = np.zeros(snapshot.size, dtype=bool)
    if wanted.field in KEYWORD_FIELD_NAMES:
        for value in wanted.values:
            mask[snapshot.docs(wanted.field, to_bytes(value))] = True
    return mask


def _first(snapshot: Snapshot, ids: Ids, *, scores: Scores, sort: Sort, wanted: int, conditions: Ids | None) -> Ids:
    """The first rows of ids, at most as many as wanted; with conditions, only the first row of each takes part."""
    key = _SORT_KEYS.get(sort)
    keys = -scores if key is None else snapshot.order(key)[ids]
    looked_at = wanted
    while True:
        rows = np.arange(len(ids))
        if looked_at < len(ids):  # no full sort: only what is no worse than the last that could be wanted
            rows = np.flatnonzero(keys <= np.partition(keys, looked_at)[looked_at])
        rows = rows[np.lexsort((snapshot.id_order(ids[rows]), keys[rows]))]
        if conditions is None:
            break
        complete = len(rows) == len(ids)
        rows = rows[np.sort(np.unique(conditions[rows], return_index=True)[1])]
        if complete or len(rows) >= wanted:
            break
        looked_at *= 4
    return rows[:wanted]
