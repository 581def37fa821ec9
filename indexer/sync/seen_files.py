"""What files gave when they were last read, so that a file or line that is as it was is not read again.

A file is known by its size, times and inode (`SourceFile.stamp`), a line of a .jsonl file by a digest of its bytes. What they
gave is the id and the digest of each article, or why there was none. None of that depends on the index, which decides
what to do with an article by comparing digests; so the memory may be lost, or be of another index, and only costs time.

Two writes within one tick of the system's clock leave the same stamp, and we may have read between them ("racily clean" in
git's documentation of its index). So a stamp is kept only where it was a tick old before the sync began: whatever is
written after that has another.

    seen       BLAKE2b of the rest (32 hexadecimal digits), a line break, JSON {"reader", "files": {source: lines}}
    lines      the stamp, "" where it is not kept; then one for each record, tabs between its parts:
               digest of its bytes, digest of the article, id; or, where there was none, "", reason, id
    an id      "" where it is that of the file, absent where none is known
"""

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from indexer.articles.model import RawArticle
from indexer.articles.reader import READER_VERSION
from indexer.articles.source import Failure, Listing, SourceFile, SourceRecord, below, records

WORTH: Final = 1_000_000  # bytes; the memory is written when so much had to be read for want of it
OPENING: Final = 4_096  # bytes that could be read while a file is opened
TICK: Final = 20_000_000  # ns; Linux counts in 1 to 10 ms
LONG_TICK: Final = 2_000_000_000  # ns, of file systems that count in seconds, such as FAT

_log = logging.getLogger(__name__)


class _Read(Protocol):
    def __call__(self) -> RawArticle | Failure: ...


class Sighting(NamedTuple):
    """An article that a file has, read only if need be: `digest` is that of its RawArticle."""

    id: str
    digest: str
    read: _Read


class Memory:
    """The memory of one sync: what was known before it, and what it saw."""

    def __init__(self, path: Path | None) -> None:
        """`path` is the file that keeps it, None for none; one that is missing or damaged knows nothing."""
        self._path = path
        self._began = time.time_ns()
        self._before = _load(path) if path else {}
        self._now: dict[str, str] = {}
        self._opened = 0

    def look(self, file: SourceFile) -> Iterator[Sighting | Failure]:
        """The articles of a file, in order, and why there are none."""
        stamp, *known = self._before.get(file.source, "").split("\n")
        if stamp == file.stamp:
            self._now[file.source] = self._before[file.source]
            return _recalled(file, known)
        self._opened += file.size + OPENING
        return self._opening(file, dict(line.split("\t", 1) for line in known if line[0] != "\t"))

    def _opening(self, file: SourceFile, known: Mapping[str, str]) -> Iterator[Sighting | Failure]:
        now = [file.stamp if self._is_settled(file) else ""]
        for record in records(file):
            if isinstance(record, Failure):
                now[0] = ""
                yield record
                continue
            mark = record.content_digest
            if (seen := known.get(mark)) is not None:
                now.append(f"{mark}\t{seen}")
                digest, id = seen.split("\t")
                yield Sighting(id or file.id, digest, record.read)
                continue
            raw = record.read()
            id = f"\t{raw.id}" if record.line and raw.id is not None else "" if record.line else "\t"
            if isinstance(raw, Failure):
                now.append(f"\t{raw.reason}{id}")
                yield raw
            else:
                now.append(f"{mark}\t{raw.digest}{id}")
                yield Sighting(raw.id, raw.digest, partial(_given, raw))
        self._now[file.source] = "\n".join(now)

    def _is_settled(self, file: SourceFile) -> bool:
        # A time without fractions is that of a file system that has none.
        tick = TICK if file.changed_ns % 1_000_000 else LONG_TICK
        return file.changed_ns + tick < self._began

    def keep(self, listing: Listing) -> None:
        """Write what is known now, where that saves more than it costs; what lay elsewhere stays known."""
        if self._path is None or self._opened < WORTH or not self._path.parent.is_dir():
            return
        elsewhere = {source: file for source, file in self._before.items() if not below(source, listing.roots)}
        text = json.dumps({"reader": READER_VERSION, "files": elsewhere | self._now}, separators=(",", ":")).encode()
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            new.write_bytes(_checksum(text) + b"\n" + text)
            new.replace(self._path)
        except OSError as error:
            _log.warning("%s cannot be written (%s); the next sync will read every file", self._path, error.strerror)
            with suppress(OSError):
                new.unlink()


def _load(path: Path) -> dict[str, str]:
    try:
        checksum, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if checksum != _checksum(text):
        return {}
    kept = json.loads(text)
    files: dict[str, str] = kept["files"]
    return files if kept["reader"] == READER_VERSION else {}


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()


def _given(raw: RawArticle) -> RawArticle | Failure:
    return raw


def _recalled(file: SourceFile, known: list[str]) -> Iterator[Sighting | Failure]:
    unread = records(file)  # opens the file when the first record is asked for
    for line in known:
        mark, told, *ids = line.split("\t")
        id = ids[0] or file.id if ids else None
        if mark and id is not None:
            yield Sighting(id, told, partial(_find, unread, file, mark))
        else:
            yield Failure(file.source, told, id)


def _find(unread: Iterator[SourceRecord | Failure], file: SourceFile, mark: str) -> RawArticle | Failure:
    """The record of that digest, which stands after those that were asked for before."""
    for record in unread:
        if isinstance(record, Failure):
            return record
        if record.content_digest == mark:
            return record.read()
    return Failure(file.source, "changed while it was read; the next sync reads it again", file.id)
