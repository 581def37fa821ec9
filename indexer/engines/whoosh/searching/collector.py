"""The matches of a query to one page, exact totals, groups and facets.

A filter is a mask over documents. A facet is counted under every filter but those on its own field (drill-sideways), so
the matches of the query before filtering stay at hand, and each facet combines the masks that concern it.

Scoring has two phases. Looking for terms near each other is expensive, for their positions are many, not their
documents; and these clauses only add to the scores of documents that match anyway. The first phase leaves them out. The
second adds their scores, but only for documents that could come to the page by them: one that is behind the last of the
page by more than the clauses can add at most stays behind (the idea of MaxScore: Turtle, Flood, 1995). Documents with
the highest bounds come first, MAX_RESCORED_DOCS at a time: their scores mostly rise, and then few others can still
reach the page. What was computed is cached for the next page, or the same query again.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from indexer.documents import FACET_FIELDS, KEYWORD_FIELD_NAMES
from indexer.engines.scoring.docsets import EMPTY_DOCS, DocSet, SparseDocs, union_sum
from indexer.engines.scoring.evaluator import Evaluator, PartialScores
from indexer.engines.scoring.keys import Ids, Mask, Scores, to_bytes
from indexer.engines.whoosh.searching.proximity import ProximityEvaluator
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.engines.whoosh.searching.top_rows import TopRows, highest
from indexer.query.nodes import SLACK, Boost, Near, Node, Or, Should
from indexer.query.query import Query
from indexer.query.request import Filter, Page
from indexer.results import GROUP_FIELDS, SIDES, FieldCounts, Match, Matches

# For which expensive clauses are evaluated without a bound for each, to begin with too; fewer would cost as much.
FIRST_RESCORED_DOCS: Final = 48
MAX_RESCORED_DOCS: Final = 400  # after which it is determined anew which documents can still come to the page


def collect(snapshot: Snapshot, query: Query, page: Page, *, counts: bool = True) -> Matches:
    """Collect the page of the query, the total, and the other counts unless they are not needed."""
    root, expensive = _split_expensive(query.root)
    docs = _evaluate(snapshot, query, root).sparse
    masks = [(each.field, _filter_mask(snapshot, each)[docs.ids]) for each in query.filters]
    allowed = _all_of(mask for _, mask in masks)
    ids, scores = docs.ids[allowed], docs.scores_at(docs.ids)[allowed]
    conditions = snapshot.conditions.take(ids)
    top = TopRows(snapshot, ids, query.sort)
    first = partial(top.first, limit=page.offset + page.limit, conditions=conditions if page.collapse else None)
    cheap = scores
    if expensive is not None and page.offset + page.limit:
        scores, rows = _add_expensive(snapshot, query, expensive, ids=ids, scores=scores, top=top, first=first)
    else:
        rows = first(scores)
    rows = rows[page.offset :]
    group_scores = scores[rows].tolist()
    if page.collapse and query.lead and query.sort == "relevance" and len(rows):
        with query.budget:
            rows, scores = _lead(snapshot, query, rows, expensive=expensive, ids=ids, scores=(cheap, scores))
    facets = tuple(
        FieldCounts(
            field, snapshot.doc_values(field).count(docs.ids[_all_of(mask for own, mask in masks if own != field)])
        )
        for field in (FACET_FIELDS if counts else ())
    )
    anywhere = docs.ids[_all_of(mask for own, mask in masks if own not in ("site", "side"))]
    by_side = _sites_by_side(snapshot, anywhere) if counts else ()
    matches = [
        Match(snapshot.document(doc), score, group_score=group_score)
        for doc, score, group_score in zip(ids[rows].tolist(), scores[rows].tolist(), group_scores, strict=True)
    ]
    if page.collapse:
        matches = _add_groups(matches, snapshot, ids, conditions, conditions[rows])
    groups = int(np.count_nonzero(np.bincount(conditions))) if counts else 0
    return Matches(total=len(ids), groups=groups, page=tuple(matches), facets=facets, sites_by_side=by_side)


def _evaluate(snapshot: Snapshot, query: Query, root: Node) -> DocSet:
    """The documents that match the root.

    Feedback only adds clauses to a plan that was evaluated just before: what these are added to is cached.
    """
    evaluator = Evaluator(snapshot, query)
    match root:
        case Should(must, Or(clauses)):
            key = (must, query.ranking)
            cached = snapshot.partial_scores.get(key)
            partial = cached
            if partial is None or clauses[: len(partial.clauses)] != partial.clauses:
                partial = PartialScores(evaluator.evaluate(must))
            added = clauses[len(partial.clauses) :]
            if added:
                partial = evaluator.add_clauses(partial, added)
            if len(partial.clauses) == len(clauses) and (cached is None or len(added) == len(clauses)):
                snapshot.partial_scores.put(key, partial)
            return partial.docs
        case _:
            return evaluator.evaluate(root)


def _lead(
    snapshot: Snapshot, query: Query, rows: Ids, *, expensive: Node | None, ids: Ids, scores: tuple[Scores, Scores]
) -> tuple[Ids, Scores]:
    """For each row of the page the row of its condition that leads it, and the scores, complete for these.

    `scores` are those without the expensive clauses, and those that are complete for the page.
    """
    cheap, totals = scores
    conditions = snapshot.conditions[ids]
    members, groups = _members(conditions, conditions[rows])
    passed = np.zeros(len(ids), dtype=np.int64)
    for each in query.lead:
        passed[members] += _filter_mask(snapshot, each)[ids[members]]
    most = np.zeros(len(rows), dtype=np.int64)
    np.maximum.at(most, groups, passed[members])
    # A row that passes most filters leads already, for it is the best of its condition.
    better = (passed[members] == most[groups]) & (most > passed[rows])[groups]
    members, groups = members[better], groups[better]
    if not len(members):
        return rows, totals
    if expensive is not None:
        within = np.sort(ids[members])
        added = SparseDocs(within, ProximityEvaluator(snapshot, query).scores_within(expensive, within))
        totals = totals.copy()
        totals[members] = cheap[members] + added.scores_at(ids[members])
    order = np.lexsort((snapshot.id_order(ids[members]), -totals[members], groups))
    changed, first = np.unique(groups[order], return_index=True)
    rows = rows.copy()
    rows[changed] = members[order[first]]
    return rows, totals


def _members(conditions: Ids, shown: Ids) -> tuple[Ids, Ids]:
    """The rows of the shown conditions, and for each the number of its condition among these."""
    group_of = np.full(int(conditions.max(initial=0)) + 1, -1)
    group_of[shown] = np.arange(len(shown))
    groups = group_of[conditions]
    members = (groups >= 0).nonzero()[0]
    return members, groups[members]


def _all_of(masks: Iterable[Mask]) -> Mask | slice:
    """The conjunction of masks; a slice of everything where there are none."""
    several = list(masks)
    return np.logical_and.reduce(several) if several else slice(None)


def _sites_by_side(snapshot: Snapshot, ids: Ids) -> tuple[FieldCounts, ...]:
    """The sites of the documents of each of SIDES."""
    counts = snapshot.doc_values("site").count_grouped(snapshot.sites_by_side.take(ids), len(SIDES))
    return tuple(FieldCounts("site", each) for each in counts)


def _add_groups(matches: list[Match], snapshot: Snapshot, ids: Ids, conditions: Ids, shown: Ids) -> list[Match]:
    """Add to each match the size and value counts of its group, all matches of its condition (one of those `shown`)."""
    members, groups = _members(conditions, shown)
    sizes = np.bincount(groups, minlength=len(shown)).tolist()
    fields = [snapshot.doc_values(field).count_by_group(ids[members], groups, len(shown)) for field in GROUP_FIELDS]
    counts = [tuple(map(FieldCounts, GROUP_FIELDS, each)) for each in zip(*fields, strict=True)]
    each = zip(matches, sizes, counts, strict=True)
    return [replace(match, group_size=size, group_counts=own) for match, size, own in each]


def _split_expensive(root: Node) -> tuple[Node, Node | None]:
    """Split the root into a node without its expensive optional clauses, and these clauses."""
    match root:
        case Should(must, Or(clauses)):
            expensive = tuple(clause for clause in clauses if _is_expensive(clause))
            cheap = tuple(clause for clause in clauses if clause not in expensive)
            return Should(must, Or(cheap)), Or(expensive) if expensive else None
        case _:
            return root, None


def _is_expensive(node: Node) -> bool:
    """Whether the node does nothing but look for terms near each other."""
    match node:
        case Near():
            return True
        case Boost(inner):
            return _is_expensive(inner)
        case Or(nodes):
            return bool(nodes) and all(map(_is_expensive, nodes))
        case _:
            return False


def _add_expensive(
    snapshot: Snapshot,
    query: Query,
    expensive: Node,
    *,
    ids: Ids,
    scores: Scores,
    top: TopRows,
    first: Callable[[Scores], Ids],
) -> tuple[Scores, Ids]:
    """The scores with those of the expensive clauses, complete for every document that these could bring to the page.

    `first` gives the rows of the page, and of all pages before it, for scores; those of the result come with it.
    """
    key = (expensive, query.ranking)
    cached = (snapshot.leaf_cache.get(key) or EMPTY_DOCS).sparse
    complete, totals = cached.contains(ids), scores + cached.scores_at(ids)
    evaluator = ProximityEvaluator(snapshot, query)
    bound = evaluator.bound(expensive)
    bounds: Scores | None = None
    promising = top.highest(totals, FIRST_RESCORED_DOCS)  # first, for a page mostly looks at fewer
    rows = page = first(totals)
    if query.sort == "relevance":
        rows = np.union1d(page, promising)
    rows = rows[~complete[rows]]
    with query.budget:
        while True:
            if len(rows):
                within = np.sort(ids[rows])
                added = SparseDocs(within, evaluator.scores_within(expensive, within))
                cached = union_sum((cached, added), snapshot.size).sparse
                totals[rows] += added.scores_at(ids[rows])
                complete[rows] = True
                page = first(totals)
            if query.sort != "relevance":
                break
            last = totals[page].min(initial=np.inf) - SLACK
            rows = np.flatnonzero(~complete & (scores + bound >= last))
            if len(rows) > FIRST_RESCORED_DOCS:
                # A bound for each document is worth its cost here; the rest then comes in the order of what it can
                # reach.
                if bounds is None:
                    bounds = np.full(len(ids), bound)
                    bounds[rows] = evaluator.bounds(expensive, ids[rows])
                reachable = scores[rows] + bounds[rows]
                rows, reachable = rows[reachable >= last], reachable[reachable >= last]
                rows = np.sort(rows[highest(reachable, MAX_RESCORED_DOCS)])
            if not len(rows):
                break
    snapshot.leaf_cache.put(key, cached)
    return totals, page


def matching_ids(snapshot: Snapshot, query: Query) -> Ids:
    """The numbers of all matching documents, in the order of the query."""
    root, expensive = _split_expensive(query.root)
    docs = _evaluate(snapshot, query, root).sparse
    allowed = _all_of(_filter_mask(snapshot, each)[docs.ids] for each in query.filters)
    ids, scores = docs.ids[allowed], docs.scores_at(docs.ids)[allowed]
    top = TopRows(snapshot, ids, query.sort)
    first = partial(top.first, limit=len(ids))
    if expensive is not None and query.sort == "relevance":
        _, rows = _add_expensive(snapshot, query, expensive, ids=ids, scores=scores, top=top, first=first)
    else:
        rows = first(scores)
    return ids[rows]


def _filter_mask(snapshot: Snapshot, filter: Filter) -> Mask:
    mask = np.zeros(snapshot.size, dtype=bool)
    if filter.field in KEYWORD_FIELD_NAMES:
        for value in filter.values:
            mask[snapshot.keyword_docs(filter.field, to_bytes(value))] = True
    return mask
