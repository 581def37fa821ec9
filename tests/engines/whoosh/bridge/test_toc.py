"""Whoosh's table of contents follows the manifest, whatever fails between the two."""

import errno
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields, query
from whoosh.index import create_in, open_dir
from whoosh.writing import AsyncWriter

from indexer.disk import Disk
from indexer.documents import Document
from indexer.engines.whoosh.bridge.toc import WRITE_LOCK
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.manifest import MANIFEST, SEGMENTS, read_manifest


def put(engine: WhooshEngine, *ids: str, fresh: bool = False) -> None:
    with engine.batch(fresh=fresh) as batch:
        for id in ids:
            batch.put(Document(id=id, source="s", title=f"Bone {id}"))


def ids_in_whoosh(location: Path) -> set[str]:
    with open_dir(str(location)).searcher() as searcher:
        return {hit["id"] for hit in searcher.search(query.Every(), limit=None)}


def tables(location: Path) -> set[str]:
    return {path.name for path in location.glob("_*")}


class FailingDisk(Disk):
    """Cannot write tables of contents."""

    def replace(self, source: Path, target: Path) -> None:
        if target.suffix == ".toc":
            raise OSError(errno.ENOSPC, "No space left on device")
        super().replace(source, target)


class CrashingDisk(Disk):
    """The process dies between the manifest and the table of contents."""

    def create(self, path: Path) -> Any:
        if ".toc" in path.name:
            raise KeyboardInterrupt
        return super().create(path)


def test_tables_of_two_generations_are_kept(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for number in range(1, 5):
        put(engine, f"{number}")
        assert tables(tmp_path) == {f"_MAIN_{each}.toc" for each in (number - 1, number) if each}
    assert ids_in_whoosh(tmp_path) == {"1", "2", "3", "4"}


def test_a_crash_before_the_table_leaves_whoosh_the_generation_before(tmp_path: Path) -> None:
    put(WhooshEngine(tmp_path), "a")
    for _ in range(3):  # however often
        with pytest.raises(KeyboardInterrupt):
            put(WhooshEngine(tmp_path, disk=CrashingDisk()), "b", fresh=True)
        assert set(WhooshEngine(tmp_path).digests()) == {"b"}
        assert ids_in_whoosh(tmp_path) == {"a"}
    WhooshEngine(tmp_path).collect_garbage()
    assert ids_in_whoosh(tmp_path) == {"b"}
    put(WhooshEngine(tmp_path), "c")
    assert ids_in_whoosh(tmp_path) == {"b", "c"}
    manifest = read_manifest(tmp_path)
    assert tables(tmp_path) == {f"_MAIN_{number}.toc" for number in (manifest.number - 1, manifest.number)}
    assert {path.name for path in (tmp_path / SEGMENTS).iterdir()} == {*manifest.files, *manifest.previous}


def test_a_table_that_cannot_be_written_does_not_fail_the_commit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(WhooshEngine(tmp_path), "a")
    for number, id in enumerate("bcd", 2):  # however often: garbage is collected when a newer table is safe
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            put(WhooshEngine(tmp_path, disk=FailingDisk()), id)
        assert "the commit stands" in caplog.text
        assert "No space left on device" in caplog.text
        assert len(WhooshEngine(tmp_path).digests()) == number
        assert ids_in_whoosh(tmp_path) == {"a"}
    put(WhooshEngine(tmp_path), "e")
    assert ids_in_whoosh(tmp_path) == set("abcde")
    assert not list(tmp_path.glob("*.new"))


def test_a_damaged_table_is_named_and_written_anew(tmp_path: Path) -> None:
    put(WhooshEngine(tmp_path), "a")
    (table,) = tmp_path.glob("*.toc")
    whole = table.read_bytes()
    for damaged in (b"", whole[:-1], whole[:20] + bytes([whole[20] ^ 1]) + whole[21:], bytes(len(whole))):
        table.write_bytes(damaged)
        (problem,) = WhooshEngine(tmp_path).verify()
        assert str(table) in problem.what
        assert problem.fix == "conditions index"
        WhooshEngine(tmp_path).collect_garbage()  # what a sync does that has nothing to write
        assert table.read_bytes() == whole
        assert WhooshEngine(tmp_path).verify() == ()
    assert ids_in_whoosh(tmp_path) == {"a"}


def test_a_rebuild_outnumbers_what_was_there(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for id in "abc":
        put(engine, id)
    (tmp_path / MANIFEST).write_bytes(b"spoiled")
    put(engine, "d", fresh=True)
    assert tables(tmp_path) == {"_MAIN_4.toc"}
    assert ids_in_whoosh(tmp_path) == {"d"}


def test_foreign_tables_are_removed_unread(tmp_path: Path) -> None:
    put(WhooshEngine(tmp_path), "a")
    for number in (7, 10**12):
        (tmp_path / f"_MAIN_{number}.toc").write_bytes(pickle.dumps("foreign"))
    put(WhooshEngine(tmp_path), "b")
    assert tables(tmp_path) == {"_MAIN_1.toc", "_MAIN_2.toc"}
    assert ids_in_whoosh(tmp_path) == {"a", "b"}


def test_writers_of_whoosh_are_refused_and_change_nothing(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    put(engine, "a")
    index = open_dir(str(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    for write in (
        index.writer,
        index.optimize,
        lambda: AsyncWriter(index),
        lambda: index.delete_by_term("id", "a"),
        lambda: index.add_field("new", fields.TEXT()),
    ):
        with pytest.raises(IsADirectoryError, match=WRITE_LOCK):
            write()
    assert sorted(tmp_path.rglob("*")) == before
    assert ids_in_whoosh(tmp_path) == set(engine.digests()) == {"a"}


def test_an_index_that_whoosh_creates_over_ours_lasts_until_the_next_commit(tmp_path: Path) -> None:
    """`create_in` takes no lock and asks nobody; it can only hide our generation from Whoosh."""
    engine = WhooshEngine(tmp_path)
    put(engine, "a")
    create_in(str(tmp_path), fields.Schema(id=fields.ID))
    assert engine.verify() == ()
    put(engine, "b")
    assert ids_in_whoosh(tmp_path) == set(engine.digests()) == {"a", "b"}


def test_a_lock_file_that_a_writer_of_whoosh_left_gives_way(tmp_path: Path) -> None:
    (tmp_path / WRITE_LOCK).touch()
    put(WhooshEngine(tmp_path), "a")
    assert (tmp_path / WRITE_LOCK).is_dir()
