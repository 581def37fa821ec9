"""What a sync did, or would do: the ids, the failures, the rate and the exit code."""

from dataclasses import dataclass

from indexer.articles.source import Failure


@dataclass(frozen=True, slots=True)
class Report:
    """Article ids by what became of them; `failed` names each source that could not be read, with the reason."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0

    @property
    def written(self) -> bool:
        """Whether the index is, or would be, different from before."""
        return bool(self.added or self.changed or self.deleted)

    @property
    def articles_per_second(self) -> float:
        """Articles looked at, kept ones too, for each second of the whole sync."""
        looked_at = len(self.added) + len(self.changed) + len(self.kept)
        return looked_at / self.seconds if self.seconds else 0.0

    @property
    def exit_code(self) -> int:
        """0 where every article was read, 1 where some failed."""
        return 1 if self.failed else 0
