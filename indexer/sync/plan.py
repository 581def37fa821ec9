"""What is stored and what was found to what has to be done; pure, so that it can be tested without files.

A sync owns what came from the paths that it is given. It deletes only documents whose source lay below them and is gone;
a source that cannot be read keeps its documents.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from indexer.articles.source import Failure, below

Decision: TypeAlias = Literal["added", "changed", "kept"]


@dataclass(slots=True)
class Plan:
    """The state of one sync: what the index had, and what has been seen so far.

    `digests` and `sources` are those of the stored documents; `roots` the given paths. `exists` tells whether the
    source of another path is still there.
    """

    digests: Mapping[str, str]
    sources: Mapping[str, str]
    roots: tuple[str, ...]
    exists: Callable[[str], bool]
    seen: dict[str, str] = field(default_factory=dict)

    def decide(self, id: str, source: str, digest: str) -> Decision | Failure:
        """What to do with an article of that source; a Failure where its id is taken. The first article of an id stays."""
        if (first := self.seen.get(id)) is not None:
            return Failure(source, f"has the id of {first}, which was read first; rename one of them", id)
        owner = self.sources.get(id)
        if owner is not None and owner != source and not below(owner, self.roots) and self.exists(owner):
            return Failure(source, f"has the id of {owner}, which is indexed; rename one of them", id)
        self.seen[id] = source
        if id not in self.digests:
            return "added"
        return "kept" if self.digests[id] == digest and owner == source else "changed"

    def vanished(self, failed: Iterable[str]) -> tuple[str, ...]:
        """Ids to delete, in order: not seen, their source below the roots and neither failed nor below what failed."""
        failures: Collection[str] = set(failed)
        return tuple(
            sorted(
                id
                for id, source in self.sources.items()
                if id not in self.seen and below(source, self.roots) and not below(source, failures)
            )
        )
