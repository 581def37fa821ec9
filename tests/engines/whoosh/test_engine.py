"""The folder of the engine: what is written, collected as garbage, locked and freed."""

import gc
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from indexer.documents import Document
from indexer.engine import Engine
from indexer.engines.whoosh.bridge.toc import WRITE_LOCK
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.manifest import LOCK, MANIFEST, SEGMENTS, Manifest, read_manifest, signature
from indexer.errors import EngineUnavailable, IndexLocked, IndexMissing
from indexer.query.nodes import Term
from indexer.query.query import Query
from indexer.query.request import Page

TOP = Path(__file__).parents[3]


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "index"


@pytest.fixture
def engine(location: Path) -> WhooshEngine:
    return WhooshEngine(location)


def put(engine: Engine, *ids: str) -> None:
    with engine.batch() as batch:
        for id in ids:
            batch.put(Document(id=id, source="s", title=f"Bone {id}"))


def state(location: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in location.rglob("*") if path.name != LOCK]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


def test_a_batch_that_changes_nothing_writes_nothing(engine: WhooshEngine, location: Path) -> None:
    put(engine, "a", "b")
    before = state(location)
    with engine.batch() as batch:
        batch.delete("c")
    with pytest.raises(KeyError), engine.batch() as batch:
        batch.put(Document(id="a", source="s", title="Other"))
        raise KeyError
    assert {path: entry for path, entry in state(location).items() if Path(path).is_file()} == {
        path: entry for path, entry in before.items() if Path(path).is_file()
    }


def test_unchanged_segments_are_shared_and_two_generations_stay(engine: WhooshEngine, location: Path) -> None:
    put(engine, *(f"old/{number}" for number in range(100)))
    first = set(read_manifest(location).files)
    put(engine, "new")
    second = set(read_manifest(location).files)
    assert first < second
    with engine.batch(fresh=True) as batch:
        batch.put(Document(id="a", source="s", title="Alone"))
    third = set(read_manifest(location).files)
    assert {path.name for path in (location / SEGMENTS).iterdir()} == second | third
    put(engine, "b")
    fourth = set(read_manifest(location).files)
    assert {path.name for path in (location / SEGMENTS).iterdir()} == third | fourth
    assert {path.name for path in location.iterdir()} == {
        MANIFEST,
        SEGMENTS,
        LOCK,
        WRITE_LOCK,
        "_MAIN_3.toc",
        "_MAIN_4.toc",
    }


def test_segments_stay_few_and_hold_what_was_put(engine: WhooshEngine) -> None:
    put(engine, *(f"{number}" for number in range(300)))
    for number in range(120):
        put(engine, f"{number % 40}")
    with engine.searcher() as searcher:
        assert searcher.document_count == 300
        assert searcher.frequency("title", "bone") == 300
        assert len(searcher._snapshot.segments) <= 5
    assert engine.verify() == ()


def test_mostly_deleted_segments_are_merged(engine: WhooshEngine, location: Path) -> None:
    put(engine, *(f"{number}" for number in range(100)))
    with engine.batch() as batch:
        for number in range(90):
            batch.delete(f"{number}")
    assert [(entry.documents, entry.deleted) for entry in read_manifest(location).segments] == [(10, ())]
    with engine.batch() as batch:
        for number in range(100):
            batch.delete(f"{number}")
    assert read_manifest(location).segments == ()
    assert engine.digests() == {}


def test_searchers_share_a_snapshot_until_something_changes(engine: WhooshEngine) -> None:
    put(engine, "a")
    with engine.searcher() as first, engine.searcher() as second:
        assert first._snapshot is second._snapshot
    other = WhooshEngine(engine._location)
    put(other, "b")
    with engine.searcher() as third:
        assert third.document_count == 2


def test_a_closed_searcher_answers_no_more(engine: WhooshEngine) -> None:
    put(engine, "a")
    searcher = engine.searcher()
    searcher.close()
    searcher.close()
    with pytest.raises(RuntimeError, match="closed"):
        searcher.search(Query(""), Page())


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="counts mappings as Linux lists them")
def test_a_generation_is_freed_with_its_last_searcher(engine: WhooshEngine, location: Path) -> None:
    def mapped() -> int:
        return Path("/proc/self/maps").read_text().count(str(location))

    put(engine, *(f"{number}" for number in range(40)))
    gc.disable()
    try:
        old = engine.searcher()
        old.search(Query("", Term("bone"), sort="title"), Page(collapse=True))
        list(old.names())
        assert mapped() == 2
        with engine.batch(fresh=True):
            pass
        engine.searcher().close()
        assert mapped() == 2
        assert old.document_count == 40
        old.close()
        assert mapped() == 0
        engine.close()
    finally:
        gc.enable()


def test_a_writer_that_dies_leaves_no_lock(location: Path) -> None:
    program = textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from indexer.documents import Document
        from indexer.engines.whoosh.engine import WhooshEngine
        with WhooshEngine(Path(sys.argv[1])).batch() as batch:
            batch.put(Document(id="a", source="s", title="Lost"))
            read_end, write_end = os.pipe()
            child = os.fork()  # a child that lives on must not hold its parent's lock
            if child == 0:
                os.write(write_end, b".")
                time.sleep(60)
                os._exit(0)
            os.read(read_end, 1)
            print(child, flush=True)
            sys.stdin.readline()
            os._exit(1)
    """)
    command = [sys.executable, "-c", program, str(location)]
    with subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        child = int(writer.stdout.readline())
        try:
            engine = WhooshEngine(location)
            since = rf"by process {writer.pid} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
            with pytest.raises(IndexLocked, match=f"{since}; run the command again"):
                put(engine, "b")
            writer.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, writer.pid, os.WSTOPPED)
            if sys.platform == "linux":
                with pytest.raises(IndexLocked, match=f"{since}, and that process was stopped; .*kill -CONT"):
                    put(engine, "b")
            writer.kill()
            writer.wait()
            put(engine, "b")
            assert set(engine.digests()) == {"b"}
        finally:
            os.kill(child, signal.SIGKILL)


def test_two_commits_never_look_the_same(engine: WhooshEngine, location: Path) -> None:
    """Even where the clock of the file system stands still, or was ahead."""
    put(engine, "a")
    later = (location / MANIFEST).stat().st_mtime_ns + 10**12
    os.utime(location / MANIFEST, ns=(later, later))
    assert engine.searcher().document_count == 1
    put(engine, "b")
    assert signature(location)[0] > later


def test_commits_while_an_index_is_opened_are_no_damage(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(WhooshEngine(location), "a")

    def read_slowly(folder: Path) -> Manifest:
        manifest = read_manifest(folder)
        monkeypatch.undo()
        for id in "bc":  # after two commits the files of a generation are gone
            put(WhooshEngine(location), id)
        return manifest

    monkeypatch.setattr("indexer.engines.whoosh.engine.read_manifest", read_slowly)
    with WhooshEngine(location).searcher() as searcher:
        assert searcher.document_count == 3


def test_errors_of_the_block_stay_what_they_are(engine: WhooshEngine) -> None:
    with pytest.raises(FileNotFoundError), engine.batch():
        Path("no such article").read_bytes()


def test_a_file_is_no_location(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not an index")
    engine = WhooshEngine(tmp_path / "file")
    with pytest.raises(IndexMissing):
        engine.searcher()
    with pytest.raises(EngineUnavailable), engine.batch(fresh=True):
        pass
    assert engine.verify()[0].fix == "conditions index PATH"
