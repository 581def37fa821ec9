"""A file or line that is as it was is not read again; whatever becomes of the memory, a sync finds the same."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import Library, open_library
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, SourceFile, list_sources
from indexer.documents import Document
from indexer.errors import IndexMissing
from indexer.library import SEEN
from indexer.sync import seen_files
from indexer.sync.seen_files import LONG_TICK, TICK, Memory, Sighting

LINES = [json.dumps({"id": f"a{n}", "text": f"Gout number {n} is a painful arthritis."}) for n in range(5)]


@pytest.fixture(autouse=True)
def _always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_files, "WORTH", 0)


def old(folder: Path) -> tuple[SourceFile, ...]:
    """The files of a folder, as if nothing had happened to them for long."""
    return tuple(file._replace(changed_ns=file.changed_ns - 2 * LONG_TICK) for file in list_sources([folder]).files)


def look(seen: Memory, *files: SourceFile) -> list[Sighting | Failure]:
    return [each for file in files for each in seen.look(file)]


def facts(sightings: list[Sighting | Failure]) -> list[object]:
    return [(each.id, each.digest) if isinstance(each, Sighting) else each for each in sightings]


def remembered(path: Path, folder: Path) -> list[Sighting | Failure]:
    seen = Memory(path)
    found = look(seen, *old(folder))
    seen.keep(list_sources([folder]))
    return found


def test_a_file_that_is_as_it_was_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout is a form of arthritis.")
    (folder / "bad.txt").write_text(" ")
    (folder / "many.jsonl").write_text("\n".join([*LINES, "{not json", '{"id": "none"}']))
    files = old(folder)
    first = remembered(tmp_path / "seen", folder)
    for path in folder.iterdir():
        path.unlink()
    again = look(Memory(tmp_path / "seen"), *files)
    assert facts(again) == facts(first)
    assert len(again) == 9
    assert sum(isinstance(each, Failure) for each in again) == 3


def test_a_known_article_can_still_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout is a form of arthritis.")
    (folder / "many.jsonl").write_text("\n".join(LINES))
    remembered(tmp_path / "seen", folder)
    gout, first, _, third, *_ = (
        each for each in look(Memory(tmp_path / "seen"), *old(folder)) if not isinstance(each, Failure)
    )
    for sighting in (gout, first, third):
        raw = sighting.read()
        assert isinstance(raw, RawArticle)
        assert (raw.id, raw.digest) == (sighting.id, sighting.digest)
    assert third.id == "a2"


def test_an_article_that_is_gone_when_it_is_wanted_is_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    path = folder / "gout.txt"
    path.write_text("Gout is a form of arthritis.")
    remembered(tmp_path / "seen", folder)
    files = old(folder)
    path.write_text("Gout is a kind of arthritis.")
    (changed,) = look(Memory(tmp_path / "seen"), *files)
    assert isinstance(changed, Sighting)
    assert isinstance(failure := changed.read(), Failure)
    assert "changed while it was read" in failure.reason
    path.unlink()
    (gone,) = look(Memory(tmp_path / "seen"), *files)
    assert isinstance(gone, Sighting)
    assert gone.read() == Failure(files[0].source, "vanished, or a link that leads nowhere", "gout")


@pytest.mark.parametrize(("fraction", "tick"), [(1, TICK), (0, LONG_TICK)], ids=["fine clock", "clock of seconds"])
def test_a_file_written_in_the_tick_before_is_read_again(tmp_path: Path, fraction: int, tick: int) -> None:
    (tmp_path / "gout.txt").write_text("Gout is a form of arthritis.")
    (file,) = list_sources([tmp_path]).files
    now = time.time_ns() // 1_000_000_000 * 1_000_000_000 + fraction
    for age, known in ((0, False), (tick // 2, False), (2 * tick + 1_000_000_000, True)):
        seen = Memory(tmp_path / "seen")
        seen._began = now + age
        look(seen, file._replace(changed_ns=now))
        seen.keep(list_sources([tmp_path]))
        assert (file.stamp in (tmp_path / "seen").read_text()) == known


def test_one_changed_line_is_parsed_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    path = folder / "many.jsonl"
    path.write_text("\n".join(LINES))
    before = facts(remembered(tmp_path / "seen", folder))
    path.write_text("\n".join([*LINES[:2], LINES[2].replace("painful", "frequent"), *LINES[4:], LINES[3]]))
    seen = Memory(tmp_path / "seen")
    parsed: list[str] = []
    loads = json.loads

    def spy(text: str) -> object:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", spy)
    after = facts(look(seen, *old(folder)))
    assert len(parsed) == 1
    assert set(before) - set(after) == {before[2]}
    assert after[3:] == [before[4], before[3]]


def test_a_damaged_or_outdated_memory_knows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text("Gout is a form of arthritis.")
    path = tmp_path / "seen"
    remembered(path, folder)
    whole = path.read_bytes()
    assert Memory(path)._before
    for damaged in (b"", whole[:-1], whole + b"}", whole.replace(b"gout", b"gour"), b"\0" * len(whole)):
        path.write_bytes(damaged)
        assert not Memory(path)._before
    path.write_bytes(whole)
    monkeypatch.setattr(seen_files, "READER_VERSION", "another")
    assert not Memory(path)._before


def test_what_lay_elsewhere_stays_known(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text("Gout is a form of arthritis.")
        remembered(tmp_path / "seen", tmp_path / name)
    assert {Path(source).name for source in Memory(tmp_path / "seen")._before} == {"one.txt", "two.txt"}
    (tmp_path / "one/one.txt").unlink()
    remembered(tmp_path / "seen", tmp_path / "one")
    assert {Path(source).name for source in Memory(tmp_path / "seen")._before} == {"two.txt"}


def test_few_files_are_not_worth_a_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_files, "WORTH", 20_000)
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(5):
        (folder / f"{n}.txt").write_text(f"Gout {n} is a form of arthritis.")
        remembered(tmp_path / "seen", folder)
        assert (tmp_path / "seen").exists() == (n == 4)


def test_a_memory_that_cannot_be_written_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/gout.txt").write_text("Gout is a form of arthritis.")
    (tmp_path / "index" / SEEN).mkdir(parents=True)
    with open_library(tmp_path / "index") as library:
        assert library.sync([tmp_path / "corpus"]).added == ("gout",)
    assert "cannot be written" in caplog.text
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


@settings(max_examples=25, deadline=None)
@given(st.lists(STATES, min_size=1, max_size=5))
def test_with_a_memory_a_sync_does_what_it_does_without(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, object]]
) -> None:
    top = tmp_path_factory.mktemp("history")
    folder = top / "corpus"
    folder.mkdir()
    with open_library(top / "with") as remembering, open_library(top / "without") as plain:
        for state in history:
            for name in ("a", "b"):
                (folder / f"{name}.txt").unlink(missing_ok=True)
            for name, text in state["files"].items():  # type: ignore[attr-defined]
                (folder / f"{name}.txt").write_text(text)
            lines = [json.dumps({"id": id, "text": text}) for id, text in state["lines"]]  # type: ignore[attr-defined]
            (folder / "more.jsonl").write_text("\n".join(lines) + "\n")
            if state["wait"]:
                time.sleep(1.5 * seen_files.TICK / 1e9)
            if state["forget"]:
                (top / "with" / SEEN).unlink(missing_ok=True)
            (top / "without" / SEEN).unlink(missing_ok=True)
            first, second = (each.sync([folder], rebuild=bool(state["rebuild"])) for each in (remembering, plain))
            assert (first.added, first.changed, first.deleted, first.kept, first.failed) == (
                second.added, second.changed, second.deleted, second.kept, second.failed,
            )  # fmt: skip
            assert everything(remembering) == everything(plain)
            again = remembering.sync([folder])
            assert not again.written
            assert again.failed == first.failed


def test_a_sync_that_changes_nothing_touches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    monkeypatch.setattr(seen_files, "WORTH", 100_000)
    for n in range(40):
        (folder / f"{n}.txt").write_text(f"Gout {n} is a form of arthritis.")
    time.sleep(2 * seen_files.TICK / 1e9)
    with open_library(tmp_path / "index") as library:
        library.sync([folder])
        before = [(path, path.stat().st_mtime_ns) for path in sorted((tmp_path / "index").rglob("*"))]
        assert tmp_path / "index" / SEEN in dict(before)
        assert len(library.sync([folder]).kept) == 40
        assert before == [(path, path.stat().st_mtime_ns) for path in sorted((tmp_path / "index").rglob("*"))]
        assert library.verify() == ()


def test_a_time_set_back_hides_no_change(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    path = folder / "gout.txt"
    path.write_text("Gout is a form of arthritis.")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    time.sleep(TICK / 1e9)
    with open_library(tmp_path / "index") as library:
        library.sync([folder])
        path.write_text("Gout is a kind of arthritis.")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert library.sync([folder]).changed == ("gout",)
