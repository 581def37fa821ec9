"""Counts from an engine to the facets that a page shows: labels, the tree of sites, what is selected."""

from collections.abc import Callable, Mapping

from indexer.knowledge import body_sites, icd10
from indexer.query.request import Filter
from indexer.results import Bucket, Facet, FieldCounts, Group, Match

SIDE_LABELS: Mapping[str, str] = {"right": "Right", "left": "Left", "bilateral": "Both sides"}


def build_facet(counted: FieldCounts, filters: tuple[Filter, ...]) -> Facet:
    """The facet of one field; a selected value stays in sight even where it counts nothing."""
    selected = frozenset(value for each in filters if each.field == counted.field for value in each.values)
    counts = dict(counted.counts)
    for value in selected:
        counts.setdefault(value, 0)
    if counted.field == "site":
        return Facet("site", _site_buckets(counts, selected))
    if counted.field == "chapter":
        return Facet("chapter", _flat(counts, selected, icd10.chapter_label, key=_chapter_order))
    return Facet(counted.field, _flat(counts, selected, _side_label))


def build_group(match: Match, stated: frozenset[str] = frozenset()) -> Group:
    """The matching articles of the same condition, their sites and sides: those that the query states, then by count.

    The sites are those of the articles themselves; each counts with its parts, as a filter does.
    """
    counts = {each.field: dict(each.counts) for each in match.group_counts}
    if not counts:
        document = match.document
        places = dict.fromkeys(document.sites, 1)
        counts = {"own_site": places, "site": places, "side": {document.side: 1} if document.side else {}}
    with_parts = {site: counts["site"][site] for site in counts["own_site"]}
    return Group(
        match.group_size,
        _flat(
            with_parts,
            frozenset(site for site in with_parts if stated & {*body_sites.closure((site,))}),
            body_sites.label,
            _stated_first,
        ),
        _flat(counts["side"], stated, _side_label, _stated_first),
    )


def _side_label(value: str) -> str:
    return SIDE_LABELS.get(value, value)


def _chapter_order(bucket: Bucket) -> tuple[int, str]:
    return (int(bucket.value), "") if bucket.value.isdecimal() else (10**9, bucket.value)


def _by_count(bucket: Bucket) -> tuple[int, str]:
    return (-bucket.count, bucket.label)


def _stated_first(bucket: Bucket) -> tuple[bool, int, str]:
    return (not bucket.selected, -bucket.count, bucket.label)


def _flat(
    counts: Mapping[str, int],
    selected: frozenset[str],
    label: Callable[[str], str],
    key: Callable[[Bucket], tuple[object, ...]] = _by_count,
) -> tuple[Bucket, ...]:
    buckets = (Bucket(value, label(value), count, value in selected) for value, count in counts.items())
    return tuple(sorted(buckets, key=key))


def _site_buckets(counts: Mapping[str, int], selected: frozenset[str]) -> tuple[Bucket, ...]:
    children: dict[str | None, list[str]] = {}
    for value in counts:
        parent = body_sites.parent(value)
        children.setdefault(parent if parent in counts else None, []).append(value)

    def below(parent: str | None) -> tuple[Bucket, ...]:
        buckets = (
            Bucket(
                value,
                body_sites.label(value),
                counts[value],
                value in selected,
                below(value) if value in children else (),
            )
            for value in children.get(parent, ())
        )
        return tuple(sorted(buckets, key=_by_count))

    return below(None)
