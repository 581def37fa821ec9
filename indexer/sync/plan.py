"""Stored documents and articles found to what must be indexed and deleted; pure, so it is tested without files.

A sync owns what came from the paths that it is given. It deletes only documents whose source lay below them and is
gone; a source that cannot be read keeps its documents, one that may not be read does not. A path below which nothing at
all is found keeps them too: a disk that is not mounted looks like an empty folder, and an index is not emptied by that.
Only a single article may be the last one, and be deleted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from indexer.articles.article_id import id_fault
from indexer.articles.source import Failure, below
from indexer.sync.seen_files import Sighting

_EMPTY: Final = (
    "holds no article any more, and the {lost:,} indexed from it are kept; mount its disk or put the files back, "
    "or build the index anew without them: index --rebuild"
)


@dataclass(frozen=True, slots=True)
class StoredDocuments:
    """What the index holds before a sync: the digest and the source of each document, by id."""

    digests: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync has to do: articles to index, in the order of their files, and ids of documents to delete or leave.

    `failures` are the sources that could not be read, and the articles whose id belongs to another.
    """

    to_index: tuple[Sighting, ...]
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    failures: tuple[Failure, ...]


def plan_sync(
    sightings: Iterable[Sighting | Failure],
    stored: StoredDocuments,
    roots: tuple[str, ...],
    *,
    digest: Callable[[str], str],
    exists: Callable[[str], bool],
) -> SyncPlan:
    """Compares the articles below the roots with the stored documents.

    `digest` turns the digest of a raw article into that of its document; `exists` tells whether a source elsewhere is
    still there. Of two articles with one id the first stays.
    """
    to_index: list[Sighting] = []
    kept: list[str] = []
    failures: list[Failure] = []
    source_of: dict[str, str] = {}
    for sighting in sightings:
        if isinstance(sighting, Failure):
            failures.append(sighting)
            continue
        id, source, owner = sighting.id, sighting.file.source, stored.sources.get(sighting.id)
        if (first := source_of.get(id)) is not None:
            failures.append(Failure(source, f"has the id of {first}, which was read first; rename one of them", id))
        elif owner is not None and owner != source and not below(owner, roots) and exists(owner):
            failures.append(Failure(source, f"has the id of {owner}, which is indexed; rename one of them", id))
        else:
            source_of[id] = source
            if owner == source and stored.digests.get(id) == digest(sighting.digest):
                kept.append(id)
            else:
                to_index.append(sighting)
    found = [*source_of.values(), *(failure.source for failure in failures)]
    for root in roots:
        if not any(below(source, (root,)) for source in found):
            lost = sum(id not in source_of and below(source, (root,)) for id, source in stored.sources.items())
            if lost > 1:
                failures.append(Failure(root, _EMPTY.format(lost=lost)))
    failed = {failure.source for failure in failures if not failure.refused}
    deleted = sorted(
        id
        for id, source in stored.sources.items()
        if id not in source_of and below(source, roots) and (id_fault(id) or not below(source, failed))
    )
    return SyncPlan(tuple(to_index), tuple(deleted), tuple(kept), tuple(failures))
