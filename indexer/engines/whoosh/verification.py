"""A location to its problems: the checksum of every file, Whoosh's table of contents, every stored document."""

from collections.abc import Iterator
from pathlib import Path

from indexer.engine import Problem
from indexer.engines.scoring.keys import to_bytes
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.bridge.toc import has_toc, toc_path
from indexer.engines.whoosh.format.arrays import checksum_of
from indexer.engines.whoosh.format.manifest import REBUILD, SEGMENTS, Manifest, read_manifest
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.errors import ConditionSearchError, IndexMissing


def find_problems(location: Path) -> Iterator[Problem]:
    """Find every problem of the current generation, each with the command that fixes it."""
    try:
        manifest = read_manifest(location)
    except IndexMissing:
        yield Problem(f"there is no index at {location}", "conditions index PATH")
        return
    except ConditionSearchError as error:
        yield Problem(str(error).rpartition("; ")[0], REBUILD)
        return
    intact = True
    for what in _changed_files(location, manifest):
        intact = False
        yield Problem(what, REBUILD)
    toc = toc_path(location, manifest)
    if toc.exists() and not has_toc(location, manifest):  # one that a killed run did not write comes with the next
        yield Problem(f"{toc} is not what was written, so Whoosh cannot open the index", "conditions index")
    if intact:
        for what in _unreadable_documents(location, manifest):
            yield Problem(what, REBUILD)


def _changed_files(location: Path, manifest: Manifest) -> Iterator[str]:
    for segment in manifest.segments:
        for name, expected in segment.files.items():
            path = location / SEGMENTS / name
            try:
                actual = checksum_of(path)
            except FileNotFoundError:
                yield f"{path} is missing"
            except OSError as error:
                yield f"{path} cannot be read: {error.strerror}"
            else:
                if actual.size != expected.size:
                    yield f"{path} has {actual.size} bytes instead of {expected.size}"
                elif actual.checksum != expected.checksum:
                    yield f"{path} is not what was written: its checksum differs"


def _unreadable_documents(location: Path, manifest: Manifest) -> Iterator[str]:
    try:
        snapshot = Snapshot(location, manifest)
        ids, live = snapshot.column("id"), snapshot.live_ids.tolist()
    except (OSError, ValueError, KeyError, IndexError) as error:
        yield f"{location} cannot be opened: {error}"
        return
    if len({ids[doc] for doc in live}) != snapshot.document_count:
        yield f"{location} holds {len({ids[doc] for doc in live})} documents instead of {snapshot.document_count}"
    for doc in live:
        try:
            document = decode_document(snapshot.stored(doc))
        except (ValueError, IndexError) as error:
            yield f"a stored document cannot be read: {error}"
            continue
        if to_bytes(document.id) != ids[doc] or snapshot.find(document.id) != doc:
            yield f"the document “{document.id}” is not found under its id"
