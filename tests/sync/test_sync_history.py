from pathlib import Path

import pytest

from indexer.articles.source import Failure
from indexer.library import HISTORY, open_library
from indexer.sync.report import Report
from indexer.sync.sync_history import MAX_CHANGES, MAX_FAILURES, MAX_SYNCS, SyncHistory

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
        assert library.history() == history  # a sync that did nothing leaves the record alone
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
    SyncHistory().save(tmp_path / "none" / "syncs.json")
    assert "the index stands without it" in caplog.text
