"""A generation to Whoosh's table of contents, which makes the folder an index for `whoosh.index.open_dir`.

    _MAIN_<number>.toc   the schema and the segments of a generation, pickled as Whoosh reads them; it opens the highest
    MAIN_WRITELOCK/      a folder in the place of Whoosh's lock file

**Order.** A table is written once its generation is committed: segments, then the manifest (the commit point), then the
table, then garbage is collected; each is on the disk before the next begins. A crash between manifest and table leaves
Whoosh the generation before, whole, because the manifest names the files of that generation too and garbage is only
ever collected after the table of the newest one is safe. The other order would show Whoosh a generation that was never
acknowledged, under a number that the next commit uses again. For the same reason a table that cannot be written (a full
disk) does not fail a commit that stands: it is logged, garbage stays, and the next commit writes its own. Numbers only
rise, also where a rebuild begins a damaged or older manifest anew: a new table always outnumbers those that are there.

**Trust.** Tables are pickles. They are written for Whoosh and never opened here; only open those of an index that you
trust. They name the classes of this package: `open_dir` needs it installed, in the version that wrote the index.

**Writers.** What Whoosh's own writer wrote would not be in the manifest, and the next commit would drop it. Whoosh
opens its lock file before anything else, and a folder cannot be opened as a file: every writer fails with
IsADirectoryError and changes nothing. Readers, searchers and suggestions never write, lock or clean.
"""

import re
from pathlib import Path
from typing import Final

from indexer.disk import Disk, write_by_rename
from indexer.engines.whoosh.bridge.codec import ArraySegment
from indexer.engines.whoosh.bridge.schema import build_schema
from indexer.engines.whoosh.bridge.whoosh_modules import filestore, index
from indexer.engines.whoosh.format.manifest import Manifest

INDEX_NAME: Final = "MAIN"  # what `open_dir` looks for unless it is given another
WRITE_LOCK: Final = f"{INDEX_NAME}_WRITELOCK"
NEW_TABLE: Final = f"_{INDEX_NAME}.toc.new"  # no name that Whoosh looks for
MAX_NUMBER: Final = 10**9  # a table has its number in four bytes; one that claims more is foreign

_TABLE: Final = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")


def build_toc(manifest: Manifest) -> object:
    """Build the table of contents of a generation."""
    segments = [ArraySegment(INDEX_NAME, entry) for entry in manifest.segments]
    return index.TOC(build_schema(), segments, manifest.number)


def toc_path(location: Path, manifest: Manifest) -> Path:
    """The file of a generation's table."""
    return location / f"_{INDEX_NAME}_{manifest.number}.toc"


def _encode_toc(manifest: Manifest) -> bytes:
    """The table as Whoosh reads it; always the same bytes for the same generation."""
    memory = filestore.RamStorage()
    build_toc(manifest).write(memory, INDEX_NAME)  # type: ignore[attr-defined]
    (content,) = memory.files.values()
    return bytes(content)


def write_toc(disk: Disk, location: Path, manifest: Manifest) -> None:
    """Make a generation the one that Whoosh opens, durably; its manifest must have been written before."""
    write_by_rename(disk, toc_path(location, manifest), location / NEW_TABLE, _encode_toc(manifest))
    lock = location / WRITE_LOCK
    if lock.is_file():  # a writer of Whoosh has been here before
        disk.remove(lock)
    disk.make_folder(lock)
    disk.sync_folder(location)


def latest_toc(disk: Disk, location: Path) -> int:
    """The highest number of the tables in the folder; 0 where there is none."""
    matches = [_TABLE.fullmatch(path.name) for path in disk.entries(location)]
    return max((number for match in matches if match and (number := int(match[1])) < MAX_NUMBER), default=0)


def has_toc(location: Path, manifest: Manifest) -> bool:
    """Whether the table of this generation is there and what was written."""
    try:
        return toc_path(location, manifest).read_bytes() == _encode_toc(manifest)
    except OSError:
        return False


def is_stale_toc(path: Path, manifest: Manifest) -> bool:
    """Whether the file is a table of neither this generation nor the one before."""
    match = _TABLE.fullmatch(path.name)
    return match is not None and int(match[1]) not in {manifest.number, manifest.previous_number}
