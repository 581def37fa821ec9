"""Files to the id and digest of each article; what has not changed since the last sync is not read again.

A file is recognized by its size, times and inode (`SourceFile.stamp`), a line of a .jsonl file by the digest of its
bytes. What is saved of it is the id and the digest of each article, or why there is none. None of that depends on the
index, whose documents the plan compares by their digests; so the saved file may be lost, or be that of another index,
and only costs time.

Two writes within one tick of the system's clock leave the same stamp, and we may have read between them ("racily clean"
in git's documentation of its index). So a stamp is saved only where it was a tick old before the files were listed:
whatever is written after that has another.

The saved file is text, written beside the old one and renamed:

    seen       BLAKE2b of the rest (32 hexadecimal digits), a line break, JSON {"reader", "files": {source: lines}}
    lines      the stamp, "" where it is not saved; then one for each record, tabs between its parts:
               digest of its bytes, digest of the article, id; or, where there is none, "", reason, id
    an id      "" where it is that of the file, absent where none is known

SQLite would be neither simpler nor faster. For 75,000 files this text is read in 94 ms and written in 146 ms; one table
of the same entries takes 85 and 145 ms, a table of files and one of articles 203 and 405 ms, and a query for each file
900 ms. Nor does SQLite notice a flipped bit, which the checksum does.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from indexer.articles.model import RawArticle
from indexer.articles.reader import READER_VERSION
from indexer.articles.source import Failure, Listing, SourceFile, SourceRecord, below, records
from indexer.disk import Disk, remove_leftovers, replace_file
from indexer.sync.held_articles import HeldArticles

MIN_OPENED_BYTES: Final = 1_000_000  # the file is saved when so much had to be read for want of it
OPENING_BYTES: Final = 4_096  # bytes that could be read in the time that it takes to open a file
TICK_NS: Final = 20_000_000  # Linux counts in 1 to 10 ms
MAX_FAILURES: Final = 1_000  # lines of one file that are named as failures; of a million each would be kept and printed
LONG_TICK_NS: Final = 2_000_000_000  # of file systems that count in seconds, such as FAT


class Sighting(NamedTuple):
    """An article found in a file: `digest` is that of its RawArticle, `content_digest` that of its bytes."""

    file: SourceFile
    id: str
    digest: str
    content_digest: str


class SeenFiles:
    """The files of a listing: `sightings` are their articles, in order, and the reasons where there are none."""

    def __init__(self, listing: Listing, path: Path | None) -> None:
        """Looks at every file, and opens those that changed since the file at `path` was saved.

        `path` is None where nothing is to be saved; a saved file that is missing or damaged counts as empty.
        """
        self._listing = listing
        self._path = path
        self._before = _load(path) if path else {}
        self._entries: dict[str, str] = {}
        self._opened_bytes = 0
        self._held = HeldArticles()
        self.sightings = tuple(chain.from_iterable(map(self._look, listing.files)))

    def read(self, sightings: Iterable[Sighting]) -> Iterator[tuple[Sighting, RawArticle | Failure]]:
        """The raw article of each, or why it can no longer be read.

        Sightings of one file follow each other, in its order. A file is opened once, where its articles are not held.
        """
        for file, of_file in groupby(sightings, key=attrgetter("file")):
            unread = records(file)  # opens the file when the first record is asked for
            for sighting in of_file:
                raw = self._held.get(file.source, sighting.content_digest) or _find(unread, sighting)
                if isinstance(raw, RawArticle):
                    self._held.add(raw, sighting.content_digest)
                yield sighting, raw

    def save(self) -> None:
        """Saves what was seen, if that spares the next sync more than it costs; entries of other paths stay."""
        if self._path is None or not self._path.parent.is_dir():
            return
        if self._opened_bytes < MIN_OPENED_BYTES:
            remove_leftovers(Disk(), self._path)
            return
        roots = self._listing.roots
        elsewhere = {source: entry for source, entry in self._before.items() if not below(source, roots)}
        text = json.dumps(
            {"reader": READER_VERSION, "files": elsewhere | self._entries}, separators=(",", ":")
        ).encode()
        replace_file(Disk(), self._path, _checksum(text) + b"\n" + text)

    def _look(self, file: SourceFile) -> Iterator[Sighting | Failure]:
        entry = self._before.get(file.source, "")
        stamp, *lines = entry.split("\n")
        if stamp == file.stamp:
            self._entries[file.source] = entry
            return (_sighting(file, line) for line in lines)
        self._opened_bytes += file.size + OPENING_BYTES
        return self._open(file, dict(line.split("\t", 1) for line in lines if line[0] != "\t"))

    def _open(self, file: SourceFile, known: Mapping[str, str]) -> Iterator[Sighting | Failure]:
        entry = [file.stamp if _is_settled(file, self._listing.began_ns) else ""]
        failures = 0
        for record in records(file):
            if isinstance(record, Failure):
                entry[0] = ""
                yield record
                continue
            line = known.get(record.content_digest)
            if line is None:
                raw = record.read()
                id = f"\t{raw.id}" if record.line and raw.id is not None else "" if record.line else "\t"
                if isinstance(raw, Failure):
                    entry.append(f"\t{raw.reason}{id}")
                    yield raw
                    failures += 1
                    if failures == MAX_FAILURES:
                        entry[0] = ""
                        yield Failure(
                            file.source, f"not read beyond line {record.line}: {failures:,} of its lines cannot be read"
                        )
                        break
                    continue
                self._held.add(raw, record.content_digest)
                line = f"{raw.digest}{id}"
            entry.append(f"{record.content_digest}\t{line}")
            yield _sighting(file, entry[-1])
        self._entries[file.source] = "\n".join(entry)


def _is_settled(file: SourceFile, began_ns: int) -> bool:
    # A time without fractions is that of a file system that has none.
    tick = TICK_NS if file.changed_ns % 1_000_000 else LONG_TICK_NS
    return file.changed_ns + tick < began_ns


def _sighting(file: SourceFile, line: str) -> Sighting | Failure:
    content_digest, digest_or_reason, *ids = line.split("\t")
    id = ids[0] or file.id if ids else None
    if content_digest and id is not None:
        return Sighting(file, id, digest_or_reason, content_digest)
    return Failure(file.source, digest_or_reason, id)


def _find(unread: Iterator[SourceRecord | Failure], sighting: Sighting) -> RawArticle | Failure:
    """The article of that content digest among the records of its file that have not been read yet."""
    for record in unread:
        if isinstance(record, Failure):
            return record
        if record.content_digest == sighting.content_digest:
            return record.read()
    return Failure(sighting.file.source, "changed while it was read; the next sync reads it again", sighting.id)


def _load(path: Path) -> dict[str, str]:
    try:
        checksum, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if checksum != _checksum(text):
        return {}
    saved = json.loads(text)
    files: dict[str, str] = saved["files"]
    return files if saved["reader"] == READER_VERSION else {}


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()
