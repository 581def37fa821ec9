"""Whoosh's writer merges segments that come whole, by our policies and by its own."""

from pathlib import Path

import pytest
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.index import TOC, clean_files
from whoosh.writing import OPTIMIZE

from indexer.disk import Disk
from indexer.documents import Document
from indexer.engines.whoosh.bridge.schema import build_schema
from indexer.engines.whoosh.bridge.storage import GenerationIndex, SegmentStorage
from indexer.engines.whoosh.bridge.writer import GenerationWriter
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.manifest import SEGMENTS, read_manifest
from indexer.engines.whoosh.format.segments import Segment


@pytest.fixture
def index(tmp_path: Path) -> GenerationIndex:
    """Two segments of 100 and 65 documents, one of them deleted."""
    engine = WhooshEngine(tmp_path)
    for start, end in ((0, 165), (165, 230)):
        with engine.batch() as batch:
            for number in range(start, end):
                batch.put(Document(id=f"{number}", source="s", title=f"Bone n{number}"))
            batch.delete("8")
    return GenerationIndex(SegmentStorage(tmp_path, Disk()), read_manifest(tmp_path))


def test_whoosh_optimizes_to_one_segment_without_deletes(index: GenerationIndex, tmp_path: Path) -> None:
    writer = GenerationWriter(index)
    assert [segment.doc_count() for segment in writer.segments] == [164, 65]
    writer.segments[0].delete_document(7)
    writer.commit(mergetype=OPTIMIZE)
    (segment,) = writer.committed
    assert (segment.doc_count_all(), segment.deleted_count()) == (228, 0)
    merged = Segment.open(tmp_path, segment.entry)
    assert [merged.find(f"{number}") is None for number in (6, 7, 8, 9)] == [False, True, True, False]


def test_a_writer_of_whoosh_cannot_harm_the_files(index: GenerationIndex, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (tmp_path / SEGMENTS).iterdir()}
    storage = index.storage
    for harm in (
        storage.clean,
        storage.destroy,
        lambda: storage.create_file("x"),
        lambda: storage.delete_file("manifest.json"),
        lambda: storage.rename_file("manifest.json", "x"),
        lambda: clean_files(storage, "MAIN", 99, []),
        lambda: TOC.create(storage, build_schema(), "MAIN"),
        index.optimize,
    ):
        with pytest.raises(ReadOnlyError):
            harm()
    assert {path: path.read_bytes() for path in (tmp_path / SEGMENTS).iterdir()} == before
    assert WhooshEngine(tmp_path).verify() == ()
