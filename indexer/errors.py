"""What can go wrong, as a tree; every message ends with what fixes it.

ConditionSearchError
├── SourceError          an article or folder that cannot be read (names its path)
├── IndexMissing         there is no index at the location yet
├── IndexStale           the index was written by another version of this program
├── IndexDamaged         a file of the index is missing, or fails its checksum
├── IndexLocked          another process is writing
├── WorkerEnded          a process that reads articles was ended, by the system where memory ran out
├── EngineUnavailable    the engine is unknown, or does not answer
├── ArticleRejected      an id or a text that cannot be an article of the corpus
├── ArticleConflict      an article that is held elsewhere, or has changed meanwhile
├── RequestTooCostly     a search that takes more work than one request may
├── ExtraMissing         an optional dependency is not installed
└── QueryRejected        a filter, sort or page that the library does not have
"""


class ConditionSearchError(Exception):
    """Root of every error that this project raises on purpose."""


class SourceError(ConditionSearchError):
    """A source of articles that cannot be read; `path` names it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class IndexMissing(ConditionSearchError):
    """There is no index at the location."""


class IndexStale(ConditionSearchError):
    """The index was written in a format that this version does not read."""


class IndexDamaged(ConditionSearchError):
    """A file of the index is missing or has changed since it was written."""


class IndexLocked(ConditionSearchError):
    """Another process or thread holds the write lock; for how many seconds, where that is known."""

    def __init__(self, message: str, held_s: float = 0.0) -> None:
        super().__init__(message)
        self.held_s = held_s


class WorkerEnded(ConditionSearchError):
    """A process that reads articles was ended before it was done."""


class EngineUnavailable(ConditionSearchError):
    """The engine of a location is unknown, or does not answer."""


class ArticleRejected(ConditionSearchError):
    """An id or a text that cannot be written as an article of the corpus."""


class ArticleConflict(ConditionSearchError):
    """An article that cannot be written as asked: it is held elsewhere, or has changed meanwhile."""


class RequestTooCostly(ConditionSearchError):
    """A search for which more would have to be done than for one request may be."""


class ExtraMissing(ConditionSearchError):
    """What was asked for needs a package of one of this project's extras, which is not installed."""


class QueryRejected(ConditionSearchError):
    """A request that names a field, sort order or page that does not exist."""
