"""A request to a budget: the work that may be done for it before its answer is cut.

Work is counted in postings, which are as many on every machine, and limited in seconds too, for which somebody waits.
What is left is looked at between steps, a clause of the query or a hit of the page, so a step is what it may be
overdrawn by. Nothing is interrupted: whoever can do without the next step leaves it out, and the answer says so;
whoever cannot raises RequestTooCostly.
"""

import math
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from indexer.errors import RequestTooCostly


@dataclass(frozen=True, slots=True)
class WorkLimit:
    """The most that may be done for one request."""

    postings: float = math.inf
    seconds: float = math.inf


UNLIMITED: Final = WorkLimit()


class Budget:
    """What is left of a limit, from now on; a context manager around work that can be left out."""

    __slots__ = ("_deadline", "_postings", "was_cut")

    def __init__(self, limit: WorkLimit = UNLIMITED) -> None:
        self._postings = limit.postings
        self._deadline = time.perf_counter() + limit.seconds
        self.was_cut = False
        """Whether something was left out."""

    def spend(self, postings: int) -> None:
        """Count postings that are read. Raises RequestTooCostly where nothing is left."""
        self._postings -= postings
        if self._postings < 0 or time.perf_counter() > self._deadline:
            raise RequestTooCostly("the search takes too long; use fewer or rarer words")

    def cuts(self) -> bool:
        """Whether nothing is left, so that the next step has to be left out."""
        with self:
            self.spend(0)
            return False
        return True

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Leave out what remains of the block where nothing is left for it."""
        is_spent = isinstance(error, RequestTooCostly)
        self.was_cut |= is_spent
        return is_spent
