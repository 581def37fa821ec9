"""Whoosh's own public interface over segments written by our codec."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.articles.model import Section
from indexer.documents import Document
from indexer.engines.whoosh.batch import GenerationWriter
from indexer.engines.whoosh.bridge.schema import build_row
from indexer.engines.whoosh.bridge.storage import GenerationIndex, SegmentStorage
from indexer.engines.whoosh.bridge.whoosh_modules import fields, filestore
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.disk import Disk
from indexer.engines.whoosh.format.manifest import SEGMENTS, Manifest, read_manifest


def document(number: int) -> Document:
    causes = Section("causes", None, "Fever of bone. " * (number % 3), "")
    return Document(id=f"{number:02}", source="s", title=f"Bone pain n{number}", sections=(causes,), side="left")


@pytest.fixture
def location(tmp_path: Path) -> Path:
    engine = WhooshEngine(tmp_path)
    for start in (0, 20, 40):
        with engine.batch() as batch:
            for number in range(start, start + 20 - start // 4):
                batch.put(document(number))
            batch.delete("03")
    return tmp_path


@pytest.fixture
def index(location: Path) -> Any:
    return GenerationIndex(SegmentStorage(location, Disk()), read_manifest(location))


@pytest.fixture
def searcher(index: Any) -> Iterator[Any]:
    with index.searcher() as searcher:
        yield searcher


def numbers(results: Any) -> set[str]:
    return {results.searcher.reader().column_reader("id")[hit] for hit in results.docs()}


def test_terms_phrases_and_prefixes(searcher: Any) -> None:
    from whoosh import query

    assert searcher.doc_count() == 44
    assert len(searcher.search(query.Term("title", "bone"), limit=None)) == 44
    assert numbers(searcher.search(query.Term("title", "n7"))) == {"07"}
    assert numbers(searcher.search(query.Term("id", "03"))) == set()
    with_fever = searcher.search(query.Phrase("causes", ["fever", "bone"]), limit=None)
    assert len(with_fever) == sum(number % 3 > 0 for number in (*range(3), *range(4, 35), *range(40, 50)))
    assert len(searcher.search(query.Phrase("title", ["pain", "bone"]), limit=None)) == 0
    assert numbers(searcher.search(query.Prefix("title", "n4"), limit=None)) == {
        f"{number:02}" for number in (4, *range(40, 50))
    }
    both = query.And([query.Term("side", "left"), query.Not(query.Term("causes", "fever"))])
    assert numbers(searcher.search(both, limit=3)) <= {f"{number:02}" for number in range(0, 50, 3)}


def test_lexicon_statistics_and_columns(searcher: Any) -> None:
    reader = searcher.reader()
    assert list(reader.lexicon("side")) == [b"left"]
    assert list(reader.expand_prefix("title", "n1"))[:3] == [b"n1", b"n10", b"n11"]
    assert set(reader.indexed_field_names()) >= {"title", "causes", "id", "word"}
    assert set(reader.terms_within("title", "bon", 1)) == {"bone"}
    assert reader.doc_field_length(0, "title") == 3
    leaf = reader.leaf_readers()[0][0]
    info = leaf.term_info("title", "bone")
    assert info.doc_frequency() == info.weight() == leaf.doc_count_all()
    assert (info.min_length(), info.max_length(), info.max_weight(), info.min_id()) == (3, 3, 1, 0)
    assert leaf.frequency("causes", "absent") == 0
    matcher = leaf.postings("causes", "fever")
    assert matcher.value_as("positions") == list(range(0, 18 * int(matcher.weight()), 18))
    assert reader.column_reader("source")[0] == b"s"


def test_updates_deletions_and_merging(index: Any) -> None:
    from whoosh import query, writing

    writer = GenerationWriter(index)
    writer.update_document(**build_row(document(7)))
    assert writer.delete_by_term("id", "08") == 1
    writer.commit(mergetype=writing.OPTIMIZE)
    (segment,) = writer.committed
    assert (segment.doc_count_all(), segment.deleted_count()) == (43, 0)
    merged = GenerationIndex(index.storage, Manifest(9, "9-x", (segment.entry,)))
    with merged.searcher() as searcher:
        assert searcher.doc_count() == 43
        assert len(searcher.search(query.Term("id", "07"))) == 1
        assert len(searcher.search(query.Phrase("title", ["bone", "pain", "n7"]))) == 1
        assert len(searcher.search(query.Term("title", "n8"))) == 0


def test_nothing_of_whoosh_can_harm_a_generation(index: Any, location: Path) -> None:
    from whoosh.index import TOC, clean_files, create_in

    before = {path: path.read_bytes() for path in (location / SEGMENTS).iterdir()}
    storage = index.storage
    with pytest.raises(filestore.ReadOnlyError):
        clean_files(storage, "condition", 99, [])
        storage.delete_file(next(iter(before)).name)
    for harm in (storage.clean, storage.destroy, lambda: storage.create_file("x"), index.optimize):
        with pytest.raises(filestore.ReadOnlyError):
            harm()
    with pytest.raises(filestore.ReadOnlyError):
        TOC.create(storage, fields.Schema(), "condition")
    create_in(str(location / SEGMENTS), fields.Schema(), "MAIN")
    assert all(path.read_bytes() == content for path, content in before.items())
    assert WhooshEngine(location).verify() == ()
