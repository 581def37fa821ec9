"""A file or line that has not changed is not read again; whatever becomes of the saved file, a sync finds the same."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Library, open_library
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, Listing, list_sources
from indexer.documents import Document
from indexer.errors import IndexMissing
from indexer.library import HISTORY, SEEN
from indexer.sync import seen_files
from indexer.sync.seen_files import LONG_TICK_NS, MAX_FAILURES, TICK_NS, SeenFiles, Sighting

LINES = [json.dumps({"id": f"a{n}", "text": f"Gout number {n} is a painful arthritis."}) for n in range(5)]


@pytest.fixture(autouse=True)
def _always_save(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_files, "MIN_OPENED_BYTES", 0)


def old(folder: Path) -> Listing:
    """The files of a folder, as if nothing had happened to them for long."""
    listing = list_sources([folder])
    files = (file._replace(changed_ns=file.changed_ns - 2 * LONG_TICK_NS) for file in listing.files)
    return replace(listing, files=tuple(files))


def look_and_save(path: Path, folder: Path) -> tuple[Sighting | Failure, ...]:
    seen = SeenFiles(old(folder), path)
    seen.save()
    return seen.sightings


def contents(sightings: tuple[Sighting | Failure, ...]) -> list[object]:
    return [(each.id, each.digest) if isinstance(each, Sighting) else each for each in sightings]


def saved(path: Path) -> dict[str, str]:
    return SeenFiles(Listing((), (), (), 0), path)._before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One article."""
    path = tmp_path / "corpus"
    path.mkdir()
    (path / "gout.txt").write_text("Gout is a form of arthritis.")
    return path


def test_a_file_that_has_not_changed_is_not_opened(tmp_path: Path, folder: Path) -> None:
    (folder / "bad.txt").write_text(" ")
    (folder / "many.jsonl").write_text("\n".join([*LINES, "{not json", '{"id": "none"}']))
    listing = old(folder)
    first = look_and_save(tmp_path / "seen", folder)
    for path in folder.iterdir():
        path.unlink()
    again = SeenFiles(listing, tmp_path / "seen").sightings
    assert contents(again) == contents(first)
    assert len(again) == 9
    assert sum(isinstance(each, Failure) for each in again) == 3


def test_an_article_that_was_seen_can_still_be_read(tmp_path: Path, folder: Path) -> None:
    (folder / "many.jsonl").write_text("\n".join(LINES))
    look_and_save(tmp_path / "seen", folder)
    seen = SeenFiles(old(folder), tmp_path / "seen")
    gout, first, _, third, *_ = (each for each in seen.sightings if isinstance(each, Sighting))
    for sighting, raw in seen.read([gout, first, third]):
        assert isinstance(raw, RawArticle)
        assert (raw.id, raw.digest) == (sighting.id, sighting.digest)
    assert third.id == "a2"


def test_an_article_that_is_gone_when_it_is_read_is_a_failure(tmp_path: Path, folder: Path) -> None:
    look_and_save(tmp_path / "seen", folder)
    listing = old(folder)
    (folder / "gout.txt").write_text("Gout is a kind of arthritis.")
    seen = SeenFiles(listing, tmp_path / "seen")
    (sighting,) = seen.sightings
    assert isinstance(sighting, Sighting)
    ((_, changed),) = seen.read([sighting])
    assert isinstance(changed, Failure)
    assert "changed while it was read" in changed.reason
    (folder / "gout.txt").unlink()
    ((_, gone),) = seen.read([sighting])
    assert gone == Failure(sighting.file.source, "vanished, or a link that leads nowhere", "gout")


@pytest.mark.parametrize(
    ("fraction", "tick"), [(1, TICK_NS), (0, LONG_TICK_NS)], ids=["fine clock", "clock of seconds"]
)
def test_a_file_written_in_the_tick_before_is_read_again(
    tmp_path: Path, folder: Path, fraction: int, tick: int
) -> None:
    listing = list_sources([folder])
    now = time.time_ns() // 1_000_000_000 * 1_000_000_000 + fraction
    (file,) = listing.files
    for age, is_saved in ((0, False), (tick // 2, False), (2 * tick + 1_000_000_000, True)):
        files = (file._replace(changed_ns=now),)
        SeenFiles(replace(listing, files=files, began_ns=now + age), tmp_path / "seen").save()
        assert (file.stamp in (tmp_path / "seen").read_text()) == is_saved


def test_a_file_of_nothing_but_bad_lines_is_not_read_to_its_end(tmp_path: Path, folder: Path) -> None:
    (folder / "gout.txt").unlink()
    lines = [LINES[0], *["[]"] * (3 * MAX_FAILURES), LINES[1]]
    (folder / "many.jsonl").write_text("\n".join(lines))
    with open_library(tmp_path / "index") as library:
        report = library.sync([folder])
        assert report.added == ("a0",)
        assert len(report.failed) == MAX_FAILURES + 1
        assert report.failed[-1].reason == "not read beyond line 1001: 1,000 of its lines cannot be read"
        again = library.sync([folder])
        assert (again.kept, len(again.failed)) == (("a0",), MAX_FAILURES + 1)
        (folder / "many.jsonl").write_text("\n".join(LINES[:2]))
        assert library.sync([folder]).added == ("a1",)
        (folder / "many.jsonl").write_text("\n".join(lines))
        assert library.sync([folder]).deleted == ()  # what was not looked for is not gone


def test_one_changed_line_is_parsed_alone(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "gout.txt").unlink()
    path = folder / "many.jsonl"
    path.write_text("\n".join(LINES))
    before = contents(look_and_save(tmp_path / "seen", folder))
    path.write_text("\n".join([*LINES[:2], LINES[2].replace("painful", "frequent"), *LINES[4:], LINES[3]]))
    parsed: list[str] = []
    loads = json.loads

    def spy(text: str | bytes) -> object:
        if isinstance(text, str):
            parsed.append(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", spy)
    after = contents(SeenFiles(old(folder), tmp_path / "seen").sightings)
    assert len(parsed) == 1
    assert set(before) - set(after) == {before[2]}
    assert after[3:] == [before[4], before[3]]


def test_a_damaged_or_outdated_file_counts_as_empty(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "seen"
    look_and_save(path, folder)
    whole = path.read_bytes()
    assert saved(path)
    for damaged in (b"", whole[:-1], whole + b"}", whole.replace(b"gout", b"gour"), b"\0" * len(whole)):
        path.write_bytes(damaged)
        assert not saved(path)
    path.write_bytes(whole)
    monkeypatch.setattr(seen_files, "READER_VERSION", "another")
    assert not saved(path)


def test_entries_of_other_paths_stay(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text("Gout is a form of arthritis.")
        look_and_save(tmp_path / "seen", tmp_path / name)
    assert {Path(source).name for source in saved(tmp_path / "seen")} == {"one.txt", "two.txt"}
    (tmp_path / "one/one.txt").unlink()
    look_and_save(tmp_path / "seen", tmp_path / "one")
    assert {Path(source).name for source in saved(tmp_path / "seen")} == {"two.txt"}


def test_nothing_is_saved_of_a_few_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_files, "MIN_OPENED_BYTES", 20_000)
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(5):
        (folder / f"{n}.txt").write_text(f"Gout {n} is a form of arthritis.")
        look_and_save(tmp_path / "seen", folder)
        assert (tmp_path / "seen").exists() == (n == 4)


def test_a_file_that_cannot_be_saved_is_no_error(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index" / SEEN).mkdir(parents=True)
    with caplog.at_level("INFO"), open_library(tmp_path / "index") as library:
        assert library.sync([folder]).added == ("gout",)
    assert f"{SEEN} cannot be written" in caplog.text
    assert not list((tmp_path / "index").glob(f"{SEEN}.*"))


TEXTS = st.sampled_from(["Gout is a pain.", "Mumps is a pox.", "Measles is an infection of children with a rash."])
STATES = st.fixed_dictionaries(
    {
        "files": st.dictionaries(st.sampled_from(["a", "b"]), TEXTS),
        "lines": st.lists(st.tuples(st.sampled_from(["a", "x", "y"]), TEXTS), max_size=3),
        "forget": st.booleans(),
        "rebuild": st.booleans(),
        "wait": st.booleans(),
    }
)


def everything(library: Library) -> list[Document]:
    try:
        return list(library.scan())
    except IndexMissing:
        return []


@given(st.lists(STATES, min_size=1, max_size=5))
def test_with_a_saved_file_a_sync_does_what_it_does_without(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, object]]
) -> None:
    top = tmp_path_factory.mktemp("history")
    folder = top / "corpus"
    folder.mkdir()
    with open_library(top / "with") as saving, open_library(top / "without") as plain:
        for state in history:
            for name in ("a", "b"):
                (folder / f"{name}.txt").unlink(missing_ok=True)
            for name, text in state["files"].items():  # type: ignore[attr-defined]
                (folder / f"{name}.txt").write_text(text)
            lines = [json.dumps({"id": id, "text": text}) for id, text in state["lines"]]  # type: ignore[attr-defined]
            (folder / "more.jsonl").write_text("\n".join(lines) + "\n")
            if state["wait"]:
                time.sleep(1.5 * TICK_NS / 1e9)
            if state["forget"]:
                (top / "with" / SEEN).unlink(missing_ok=True)
            (top / "without" / SEEN).unlink(missing_ok=True)
            first, second = (each.sync([folder], rebuild=bool(state["rebuild"])) for each in (saving, plain))
            assert (first.added, first.changed, first.deleted, first.kept, first.failed) == (
                second.added, second.changed, second.deleted, second.kept, second.failed,
            )  # fmt: skip
            assert everything(saving) == everything(plain)
            again = saving.sync([folder])
            assert not again.written
            assert again.failed == first.failed


def test_a_sync_that_changes_nothing_touches_its_record_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    monkeypatch.setattr(seen_files, "MIN_OPENED_BYTES", 100_000)
    for n in range(40):
        (folder / f"{n}.txt").write_text(f"Gout {n} is a form of arthritis.")
    time.sleep(2 * TICK_NS / 1e9)
    with open_library(tmp_path / "index") as library:
        library.sync([folder])
        files = [path for path in (tmp_path / "index").rglob("*") if path.is_file() and path.name != HISTORY]
        assert tmp_path / "index" / SEEN in files
        before = {path: path.stat().st_mtime_ns for path in files}
        assert len(library.sync([folder]).kept) == 40
        assert before == {path: path.stat().st_mtime_ns for path in files}
        assert library.verify() == ()


def test_a_time_set_back_hides_no_change(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    path = folder / "gout.txt"
    path.write_text("Gout is a form of arthritis.")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    time.sleep(TICK_NS / 1e9)
    with open_library(tmp_path / "index") as library:
        library.sync([folder])
        path.write_text("Gout is a kind of arthritis.")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert library.sync([folder]).changed == ("gout",)
