"""What a sync did, or would do: ids, failures, rate and exit code."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.articles.source import Failure


@dataclass(frozen=True, slots=True)
class Report:
    """Ids of articles by what was done with them; `failed` names each source that could not be read, and why."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    failed: "tuple[Failure, ...]" = ()
    seconds: float = 0.0

    @property
    def written(self) -> bool:
        """Whether the index was changed, or would be."""
        return bool(self.added or self.changed or self.deleted)

    @property
    def articles_per_second(self) -> float:
        """Articles added, changed and kept, for each second of the whole sync."""
        articles = len(self.added) + len(self.changed) + len(self.kept)
        return articles / self.seconds if self.seconds else 0.0

    @property
    def exit_code(self) -> int:
        """0 where every article was read, 1 where some failed."""
        return 1 if self.failed else 0
