"""Queries without results to a bounded list of what people ask for and do not find.

Counted only where it is switched on, and then only words: no address, no time of day, no number, and nothing that looks
like the name of a mailbox. All workers count in one file beside the index, one after the other.
"""

import fcntl
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

MAX_QUERIES: Final = 500
MAX_WORDS: Final = 8
MAX_CHARS: Final = 80  # code points of a query
UNANSWERED: Final = "unanswered.json"  # the file, beside the index

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NOT_WORDS: Final = re.compile(r"\S*[@\d/\\]\S*")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnansweredQuery:
    """The words of a query, how often it found nothing, and the last day it did, in UTC by ISO 8601."""

    words: str
    count: int
    day: str


class UnansweredQueries:
    """Counts queries in a file; `path` is None where nothing is counted."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def is_counted(self) -> bool:
        """Whether queries are counted at all."""
        return self._path is not None

    def count(self, query: str) -> None:
        """Count a query that found nothing; an error is logged and costs the count."""
        words = words_of(query)
        if self._path is None or not words:
            return
        try:
            with self._path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # closing the file lets go of it
                file.seek(0)
                encoded = msgspec.json.encode(_counted(_decoded(file.read()), words))
                file.truncate(0)
                file.write(encoded)
        except OSError as error:
            _log.warning("queries without results are not counted: %s", error.strerror)

    def most_asked(self) -> tuple[UnansweredQuery, ...]:
        """The queries, the most frequent first."""
        if self._path is None:
            return ()
        try:
            with self._path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                return tuple(sorted(_decoded(file.read()), key=lambda each: (-each.count, each.words)))
        except OSError:
            return ()


def words_of(query: str) -> str:
    """The words of a query in lower case, at most MAX_WORDS of them."""
    words = _WORD.findall(_NOT_WORDS.sub(" ", query[:1_000]).lower())
    return " ".join(words[:MAX_WORDS])[:MAX_CHARS]


def _decoded(encoded: bytes) -> tuple[UnansweredQuery, ...]:
    try:
        return msgspec.json.decode(encoded, type=tuple[UnansweredQuery, ...])
    except ValueError:  # empty, or cut by a power failure
        return ()


def _counted(queries: tuple[UnansweredQuery, ...], words: str) -> tuple[UnansweredQuery, ...]:
    """With the words counted once more; where there is no room, what was asked least and longest ago goes."""
    before = next((each.count for each in queries if each.words == words), 0)
    others = sorted((each for each in queries if each.words != words), key=lambda each: (each.count, each.day))
    today = UnansweredQuery(words, before + 1, datetime.now(UTC).date().isoformat())
    return (*others[max(0, len(others) - MAX_QUERIES + 1) :], today)
