"""What a disk promises the engine, and the files beside an index: whole, or as they were, whatever fails meanwhile."""

import errno
import logging
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from indexer.disk import Disk, close_quietly, remove_leftovers, replace_file, try_to_remove, write_by_rename
from tests.faults.faulty_disk import FaultyDisk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file beside an index, with what killed runs left of the next one."""
    restore(tmp_path / "seen")
    return tmp_path / "seen"


def calls(path: Path) -> list[str]:
    """The calls that replacing the file makes."""
    counting = FaultyDisk()
    assert replace_file(counting, path, b"new")
    return counting.calls


def restore(path: Path) -> None:
    for each in path.parent.iterdir():
        each.unlink()
    path.write_bytes(b"old")
    for name in ("seen.1234", "seen.new"):
        path.with_name(name).write_bytes(b"half")


def test_a_file_is_replaced_and_leftovers_go(path: Path) -> None:
    (path.parent / "seen-by-others").write_bytes(b"theirs")
    assert replace_file(Disk(), path, b"new")
    assert path.read_bytes() == b"new"
    assert {each.name for each in path.parent.iterdir()} == {"seen", "seen-by-others"}


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
def test_whatever_fails_the_file_is_the_old_one_or_the_new(
    path: Path, broken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    refused = 0
    for at, kind in enumerate(calls(path)):
        restore(path)
        caplog.clear()
        with caplog.at_level(logging.INFO):
            done = replace_file(FaultyDisk(at, error=errno.EIO, broken=broken), path, b"new" * 9)
        assert path.read_bytes() == (b"new" * 9 if done else b"old"), kind
        assert caplog.messages, kind
        assert all("Input/output error" in message and "\n" not in message for message in caplog.messages), kind
        if not broken and kind != "remove":
            assert not path.with_name("seen.new").exists() or kind == "entries", kind
        refused += not done
        assert replace_file(Disk(), path, b"next"), kind
        assert [each.name for each in path.parent.iterdir()] == ["seen"], kind
    assert refused >= 6


def test_a_short_write_is_gone_on_with(path: Path) -> None:
    for at, kind in enumerate(calls(path)):
        if kind == "write":
            restore(path)
            assert replace_file(FaultyDisk(at, "shortens", broken=True), path, b"a long one " * 9)
            assert path.read_bytes() == b"a long one " * 9


def test_of_two_that_write_at_once_one_wins(path: Path) -> None:
    others: list[bool] = []
    theirs = partial(replace_file, Disk(), path, b"theirs")
    for at, kind in enumerate(calls(path)):
        restore(path)
        others.clear()
        done = replace_file(FaultyDisk(at, "delays", meanwhile=lambda: others.append(theirs())), path, b"ours")
        assert path.read_bytes() in ({b"theirs"} if not done else {b"ours", b"theirs"}), kind
        assert done or others == [True], kind
        assert [each.name for each in path.parent.iterdir()] == ["seen"], kind


def test_what_is_in_the_way_of_a_new_file_is_never_written_through(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    for link in ("there", "nowhere"):
        (tmp_path / link).symlink_to(theirs if link == "there" else tmp_path / "absent")
        with pytest.raises(FileExistsError):
            Disk().create(tmp_path / link)
    with pytest.raises(FileExistsError):
        Disk().create(theirs)
    assert theirs.read_bytes() == b"theirs"
    assert not (tmp_path / "absent").exists()


def test_a_link_in_the_place_of_a_new_file_is_removed_and_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    (tmp_path / "seen.new").symlink_to(theirs)
    write_by_rename(Disk(), tmp_path / "seen", tmp_path / "seen.new", b"ours")
    assert theirs.read_bytes() == b"theirs"
    assert (tmp_path / "seen").read_bytes() == b"ours"
    assert not (tmp_path / "seen").is_symlink()


def test_a_lock_is_no_link_and_is_not_inherited(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    (tmp_path / "lock").symlink_to(theirs)
    with pytest.raises(OSError, match="symbolic links"):
        Disk().open_lock(tmp_path / "lock")
    assert theirs.read_bytes() == b"theirs"
    descriptor = Disk().open_lock(tmp_path / "real")
    program = f"import os; os.fstat({descriptor})"
    child = subprocess.run([sys.executable, "-c", program], close_fds=False, capture_output=True, check=False)
    os.close(descriptor)
    assert b"Bad file descriptor" in child.stderr


def test_what_is_rewritten_is_shorter_too(tmp_path: Path) -> None:
    descriptor = Disk().open_lock(tmp_path / "lock")
    for content in (b"123456\n", b"7\n"):
        Disk().rewrite(descriptor, content)
        assert (tmp_path / "lock").read_bytes() == content
    os.close(descriptor)


def test_a_file_is_newer_than_the_one_it_replaces(tmp_path: Path) -> None:
    """Even where the clock of the file system stands still, or was ahead."""
    old, new = tmp_path / "old", tmp_path / "new"
    new.write_bytes(b"")
    Disk().make_newer(new, old)
    old.write_bytes(b"")
    later = old.stat().st_mtime_ns + 10**12
    os.utime(old, ns=(later, later))
    write_by_rename(Disk(), old, tmp_path / "next", b"")
    assert old.stat().st_mtime_ns > later


def test_what_cannot_be_removed_is_said_and_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "seen.new").mkdir()
    with caplog.at_level(logging.INFO):
        remove_leftovers(Disk(), tmp_path / "seen")
        try_to_remove(Disk(), tmp_path / "seen.new")
        try_to_remove(Disk(), tmp_path / "absent")
    assert len(caplog.messages) == 2
    assert (tmp_path / "seen.new").is_dir()


def test_syncing_asks_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.delattr("fcntl.F_FULLFSYNC", raising=False)
    monkeypatch.setattr("os.fsync", asked.append)
    with Disk().create(tmp_path / "file") as file:
        file.write(b"text")
        Disk().sync(file)
        assert asked == [file.fileno()]
        assert (tmp_path / "file").read_bytes() == b"text"
    Disk().sync_folder(tmp_path)
    assert len(asked) == 2
    Disk().make_folder(tmp_path / "a" / "b")  # each is durable in its parent
    assert len(asked) == 4
    Disk().make_folder(tmp_path / "a" / "b")
    assert len(asked) == 4


def test_what_closing_a_lock_says_is_no_news(tmp_path: Path) -> None:
    descriptor = Disk().open_lock(tmp_path / "lock")
    close_quietly(descriptor)
    close_quietly(descriptor)  # it is closed already, which is an error
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
