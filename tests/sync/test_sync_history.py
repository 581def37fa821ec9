import os
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.articles.source import Failure
from indexer.engines import open_engine
from indexer.errors import EngineUnavailable, IndexLocked, SourceError
from indexer.library import HISTORY, open_library
from indexer.sync.report import Report
from indexer.sync.sync_history import LOCKED_S, MAX_CHANGES, MAX_FAILURES, MAX_SYNCS, SyncHistory, in_one_line

ROOTS = ("/corpus",)


def with_report(history: SyncHistory, **report: tuple[str, ...]) -> SyncHistory:
    return history.with_report(Report(**report), ROOTS, "7-abc")  # type: ignore[arg-type]


def test_a_library_remembers_what_its_syncs_did(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout\n\nGout is a painful arthritis.\n")
    (folder / "bad.txt").write_bytes(b"Gout \xd0\xfe\xff")
    with open_library(tmp_path / "index") as library:
        assert library.history() == SyncHistory()
        library.sync([folder], dry_run=True)
        assert library.history() == SyncHistory()
        library.sync([folder])
        (folder / "gout.txt").write_text("Gout\n\nGout is a very painful arthritis.\n")
        library.sync([folder])
        history = library.history()
        with library.searcher() as searcher:
            assert history.syncs[0].generation == searcher.generation
        assert [(sync.added, sync.changed, sync.failed) for sync in history.syncs] == [(0, 1, 1), (1, 0, 1)]
        assert [(change.id, change.what) for change in history.changes] == [("gout", "changed")]
        assert [failure.id for failure in history.failures] == ["bad"]
        library.sync([folder])
        assert replace(library.history(), synced=history.synced) == history  # a sync that did nothing is not listed
        (folder / "bad.txt").unlink()
        library.sync([folder])
        assert library.history().failures == ()
        assert library.verify() == ()
    (tmp_path / "index" / HISTORY).write_text("{")
    with open_library(tmp_path / "index") as library:
        assert library.history() == SyncHistory()
        (folder / "gout.txt").unlink()
        library.sync([folder])
        assert [(change.id, change.what) for change in library.history().changes] == [("gout", "deleted")]


def test_the_record_is_bounded_and_the_newest_stays() -> None:
    history = with_report(SyncHistory(), added=tuple(str(number) for number in range(2 * MAX_CHANGES)))
    assert len(history.changes) == MAX_CHANGES
    assert history.changes[0].id == str(2 * MAX_CHANGES - 1)
    for number in range(MAX_SYNCS + 5):
        history = with_report(history, changed=(f"changed {number}",))
    assert len(history.syncs) == MAX_SYNCS
    assert history.changes[0].id == f"changed {MAX_SYNCS + 4}"
    many = tuple(Failure(f"/corpus/{number}", "no") for number in range(2 * MAX_FAILURES))
    failed = history.with_report(Report(failed=many), ROOTS, "8-abc")
    assert len(failed.failures) == MAX_FAILURES
    assert failed.syncs[0].failed == 2 * MAX_FAILURES


def test_failures_elsewhere_stand_until_that_is_synced() -> None:
    elsewhere, here = Failure("/other/x.txt", "empty"), Failure("/corpus/y.txt", "empty")
    history = SyncHistory().with_report(Report(failed=(elsewhere,)), ("/other",), "1-a")
    history = history.with_report(Report(failed=(here,)), ROOTS, "1-a")
    assert history.failures == (here, elsewhere)
    assert with_report(history).failures == (elsewhere,)


def test_what_is_not_unicode_is_recorded_all_the_same(tmp_path: Path) -> None:
    history = SyncHistory().with_report(Report(failed=(Failure("/corpus/x", "odd \udcff"),)), ROOTS, "1-a")
    history.save(tmp_path / "syncs.json")
    assert SyncHistory.load(tmp_path / "syncs.json") == history


def test_a_record_that_cannot_be_written_costs_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    SyncHistory().save(tmp_path / "none" / "syncs.json")
    assert "the index stands without it" in caplog.text


def test_what_fails_is_recorded_until_a_sync_succeeds(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout\n\nGout is a painful arthritis.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([folder])
        before = library.history()
        assert before.failing is None
        assert before.tried == before.synced != ""
        folder.rename(tmp_path / "away")
        for _ in range(3):
            with pytest.raises(SourceError):
                library.sync([folder])
        with pytest.raises(SourceError):
            library.sync([folder], dry_run=True)
        history = library.history()
        assert history.failing is not None
        assert (history.failing.count, history.failing.kind) == (3, "SourceError")
        assert history.tried == history.failing.time >= history.failing.since
        assert replace(history, failing=None) == before
        assert str(folder) in str(history.failing)
        (tmp_path / "away").rename(folder)
        library.sync([folder])
        assert library.history().failing is None


def test_another_writer_counts_as_a_failure_only_where_it_takes_long(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout\n\nGout is a painful arthritis.\n")
    with open_library(tmp_path / "index") as library, open_library(tmp_path / "index") as writer:
        library.sync([folder])
        (folder / "gout.txt").write_text("Gout\n\nGout is a very painful arthritis.\n")
        with open_engine(tmp_path / "index").batch():
            with pytest.raises(IndexLocked):
                library.sync([folder])
            assert writer.history().failing is None
            began = time.time() - 2 * LOCKED_S
            os.utime(tmp_path / "index" / "lock", (began, began))
            with pytest.raises(IndexLocked):
                library.sync([folder])
            failing = writer.history().failing
            assert failing is not None
            assert f"process {os.getpid()} since" in failing.problem


def test_that_syncs_fail_is_written_into_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "syncs.json"
    history = with_report(SyncHistory(), added=("gout",))
    history.save(path)
    file, size = path.stat().st_ino, path.stat().st_size
    assert size % 4096 == 0  # so that no error, however long, needs another block
    for text in ("no space left", "\x1b[31m" * 5_000, "\N{SMILING FACE WITH SMILING EYES}" * 5_000):
        history = history.with_failure(EngineUnavailable(text))
        history.save_in_place(path)
        assert (path.stat().st_ino, path.stat().st_size) == (file, size)
        assert SyncHistory.load(path) == history
    assert history.failing is not None
    assert history.failing.count == 3
    with_report(history).save_in_place(path)
    assert SyncHistory.load(path).failing is None
    many = with_report(history, added=tuple(map(str, range(500))))
    many.save_in_place(path)  # too long for the file
    assert SyncHistory.load(path) == many


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError(), "MemoryError: "),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (SourceError("a\nb", "gone\x07"), "a b: gone\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_an_error_is_one_line(error: Exception, line: str) -> None:
    assert in_one_line(error) == line.strip()


def test_a_damaged_record_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "syncs.json"
    history = with_report(SyncHistory(), added=("gout", "asthma"))
    history.save(path)
    assert SyncHistory.load(path) == history
    whole = path.read_bytes()
    dice = random.Random(1)
    for bit in dice.sample(range(8 * len(whole.rstrip())), 50):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        assert SyncHistory.load(path) in (SyncHistory(), history), bit
    path.write_bytes(whole.replace(b"asthma", b"angina"))
    assert SyncHistory.load(path) == SyncHistory()
