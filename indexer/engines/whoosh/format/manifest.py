"""The commit point: one small file that names the segments of a generation and the checksum of every file.

    manifest.json   {"format", "schema", "checksum", "index": {...}}, the checksum being that of "index"
    segments/       files of arrays, written once under names never used again; generations share them
    lock            locked by the process that writes

A generation exists once its manifest has replaced the one before. `previous` names the files of the generation before,
which garbage collection keeps for readers that have read that manifest but not yet opened its files.
"""

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np

from indexer.disk import Disk, write_by_rename
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.stored import SHAPE
from indexer.engines.whoosh.format.arrays import FileChecksum
from indexer.errors import EngineUnavailable, IndexDamaged, IndexMissing, IndexStale
from indexer.text.analyzer import VERSION as ANALYSIS_VERSION

FORMAT: Final = 4  # raise it when segments or the manifest are written differently: an index of another is stale
REBUILD: Final = "conditions index --rebuild"
MANIFEST: Final = "manifest.json"
NEW_MANIFEST: Final = f"{MANIFEST}.new"
SEGMENTS: Final = "segments"
LOCK: Final = "lock"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


SCHEMA: Final = _hash(json.dumps([SHAPE, TEXT_FIELD_NAMES, KEYWORD_FIELD_NAMES, ANALYSIS_VERSION]))


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a generation: its number of documents, the deletes (ascending), and the checksum of each file."""

    id: str
    documents: int
    deleted: tuple[int, ...]
    files: Mapping[str, FileChecksum]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation: `number` rises with every commit, `name` is unique; `previous...` is the generation before."""

    number: int = 0
    name: str = ""
    segments: tuple[SegmentEntry, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    previous: tuple[str, ...] = ()
    previous_number: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files of this generation."""
        return tuple(name for segment in self.segments for name in segment.files)


def read_manifest(location: Path) -> Manifest:
    """Read the current generation of a location. Raises IndexMissing, IndexStale, IndexDamaged, EngineUnavailable."""
    path = location / MANIFEST
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(f"there is no index at {location} yet; run: conditions index PATH") from None
    except OSError as error:
        raise EngineUnavailable(f"{path}: {error.strerror}; fix that and run the command again") from error
    try:
        outer = json.loads(text)
        if outer["format"] != FORMAT or outer["schema"] != SCHEMA:
            raise IndexStale(f"{location} was written by another version of this program; run: {REBUILD}")
        if _hash(_canonical(outer["index"])) != outer["checksum"]:
            raise IndexDamaged(f"{path} is not what was written; run: {REBUILD}")
        return _decode(outer["index"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}); run: {REBUILD}") from error


class damage_named:
    """Turn an error that damaged arrays lead to into IndexDamaged; a context manager, as `contextlib.suppress`.

    A search enters a hundred of them: a generator would take three times as long.
    """

    __slots__ = ("_location",)

    def __init__(self, location: Path) -> None:
        self._location = location

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, LookupError | ValueError | OverflowError):
            raise damaged(self._location, error) from error


def damaged(location: Path, error: Exception) -> IndexDamaged:
    """The error that names a damaged index, and what fixes it."""
    return IndexDamaged(f"the index at {location} is damaged ({error}); run: {REBUILD}")


@contextmanager
def os_errors_named(location: Path) -> Iterator[None]:
    """Turn an OSError of the block into EngineUnavailable."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(
            f"{location} cannot be written to ({error.strerror}) and stays as it was; "
            "fix that, or choose another --index"
        ) from error


def write_manifest(disk: Disk, location: Path, manifest: Manifest) -> None:
    """Make a generation the current one, durably; its files must have been synced before.

    Raises OSError where the generation before stays, EngineUnavailable where the new one is there already.
    """
    path = location / MANIFEST
    index = _encode(manifest)
    outer = {"format": FORMAT, "schema": SCHEMA, "checksum": _hash(_canonical(index)), "index": index}
    write_by_rename(disk, path, location / NEW_MANIFEST, json.dumps(outer, separators=(",", ":")).encode())
    try:
        disk.sync_folder(location)
    except OSError as error:
        raise EngineUnavailable(
            f"{location} has the new articles, but the disk does not confirm that they would survive a power cut "
            f"({error.strerror}); check the disk, then run: conditions verify"
        ) from error


def signature(location: Path) -> tuple[int, int, int]:
    """Modification time in ns, size and inode of the manifest, which differ between generations. Raises OSError."""
    status = os.stat(f"{location}/{MANIFEST}")  # noqa: PTH116 -- it is asked again and again; a Path takes twice as long
    return status.st_mtime_ns, status.st_size, status.st_ino


def _canonical(index: object) -> str:
    return json.dumps(index, sort_keys=True, separators=(",", ":"))


def _encode(manifest: Manifest) -> dict[str, Any]:
    return {
        "number": manifest.number,
        "name": manifest.name,
        "segments": [
            {
                "id": segment.id,
                "documents": segment.documents,
                "deleted": _encode_deletes(segment.documents, segment.deleted),
                "files": {name: list(checksum) for name, checksum in segment.files.items()},
            }
            for segment in manifest.segments
        ],
        "properties": dict(manifest.properties),
        "previous": list(manifest.previous),
        "previous_number": manifest.previous_number,
    }


def _decode(index: dict[str, Any]) -> Manifest:
    segments = tuple(
        SegmentEntry(
            entry["id"],
            entry["documents"],
            _decode_deletes(entry["documents"], entry["deleted"]),
            {name: FileChecksum(*checksum) for name, checksum in entry["files"].items()},
        )
        for entry in index["segments"]
    )
    previous = tuple(index["previous"])
    return Manifest(index["number"], index["name"], segments, index["properties"], previous, index["previous_number"])


def _encode_deletes(documents: int, deleted: tuple[int, ...]) -> str:
    """Encode deletes as a compressed bitmap: at most a byte for eight documents, however many are deleted."""
    if not deleted:
        return ""
    bits = np.zeros(documents, dtype=bool)
    bits[list(deleted)] = True
    return base64.b64encode(zlib.compress(np.packbits(bits).tobytes())).decode()


def _decode_deletes(documents: int, encoded: str) -> tuple[int, ...]:
    if not encoded:
        return ()
    # A few bytes can unpack to gigabytes: no more is unpacked than there are documents.
    bitmap = zlib.decompressobj().decompress(base64.b64decode(encoded), (documents + 7) // 8)
    bits = np.frombuffer(bitmap, dtype=np.uint8)
    return tuple(np.flatnonzero(np.unpackbits(bits, count=documents)).tolist())
