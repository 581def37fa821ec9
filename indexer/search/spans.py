"""A place in the text of a query."""

from typing import NamedTuple

from indexer.query.parsed_query import Word


class Span(NamedTuple):
    """Code points of the text, half-open."""

    start: int
    end: int

    def covers(self, word: Word) -> bool:
        """Whether the word begins there."""
        return self.start <= word.start < self.end
