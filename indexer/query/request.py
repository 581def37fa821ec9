"""What a search is asked for besides its words: filters, the order, and the page."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from indexer.errors import QueryRejected

Sort: TypeAlias = Literal["relevance", "title", "code"]

MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Documents that have any of the values in the keyword field."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the matches is wanted; `collapse` keeps the best article of each condition."""

    offset: int = 0
    limit: int = 10
    collapse: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.offset <= MAX_OFFSET:
            raise QueryRejected(
                f"offset {self.offset} is outside 0 to {MAX_OFFSET}; add words or a filter to narrow the search"
            )
        if not 0 <= self.limit <= MAX_LIMIT:
            raise QueryRejected(f"limit {self.limit} is outside 0 to {MAX_LIMIT}; ask for further pages instead")
