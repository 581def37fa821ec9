"""Every call to the disk fails, is shortened or waits: the old generation or the new one, one line, no file left."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.documents import Document
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.manifest import SEGMENTS, read_manifest
from indexer.errors import EngineUnavailable, IndexLocked, IndexMissing
from indexer.query.query import Query
from tests.faults.faulty_disk import KINDS, FaultyDisk

ERRORS = (errno.ENOSPC, errno.EIO)
TOLERATED = {"rewrite", "remove"}  # of these one that fails keeps nothing else from being done
Titles = dict[str, str]


def put(engine: WhooshEngine, *ids: str, word: str = "Bone", fresh: bool = False) -> None:
    with engine.batch(fresh=fresh) as batch:
        for id in ids:
            batch.put(Document(id=id, source="s", digest=word, title=f"{word} {id}"))


def delete(engine: WhooshEngine) -> None:
    with engine.batch() as batch:
        batch.delete("0")


SCENARIOS: dict[str, Callable[[WhooshEngine], None]] = {
    "first": lambda engine: put(engine, "a", "b"),
    "update": lambda engine: put(engine, "3", "new", word="Changed"),
    "delete": delete,
    "merge": lambda engine: put(engine, *(f"m{number}" for number in range(9))),
    "rebuild": lambda engine: put(engine, "0", "1", word="Rebuilt", fresh=True),
    "garbage": lambda engine: engine.collect_garbage(),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with deletes and the generation before, beside what a killed run left."""
    location = tmp_path_factory.mktemp("before") / "index"
    engine = WhooshEngine(location)
    put(engine, *map(str, range(5)))
    put(engine, "5", "7")
    with engine.batch() as batch:
        batch.delete("7")
    for name in ("manifest.json.new", "_MAIN.toc.new", f"{SEGMENTS}/killed.documents", f"{SEGMENTS}/killed.postings"):
        (location / name).write_bytes(b"half")
    return location


class Change:
    """One scenario, begun anew at `location` as often as it is asked for: from the `old` titles to the `new` ones."""

    def __init__(self, scenario: str, before: Path, location: Path) -> None:
        self.run = SCENARIOS[scenario]
        self.location = location
        self._before = before if scenario != "first" else None
        self.start()
        self.old = titles(WhooshEngine(location))
        counting = FaultyDisk()
        self.run(WhooshEngine(location, disk=counting))
        self.new = titles(WhooshEngine(location))
        self.calls = counting.calls
        assert (self.old == self.new) == (scenario == "garbage")

    def start(self) -> None:
        shutil.rmtree(self.location, ignore_errors=True)
        if self._before:
            shutil.copytree(self._before, self.location)


def titles(engine: WhooshEngine) -> Titles:
    """All that is found, by id; nothing where there is no index."""
    try:
        with engine.searcher() as searcher:
            return {document.id: document.title for document in searcher.scan(Query(""))}
    except IndexMissing:
        return {}


def leftovers(location: Path) -> set[str]:
    """The files of an index that nothing accounts for."""
    known = {"manifest.json", "lock", SEGMENTS, "MAIN_WRITELOCK"}
    if (location / "manifest.json").exists():
        manifest = read_manifest(location)
        known |= {f"_MAIN_{number}.toc" for number in (manifest.number, manifest.previous_number)}
        known |= {*manifest.files, *manifest.previous}
    return {
        path.name for folder in (location, location / SEGMENTS) if folder.is_dir() for path in folder.iterdir()
    } - known


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_call_that_fails_leaves_the_old_state_or_the_new(
    scenario: str, broken: bool, before: Path, tmp_path: Path
) -> None:
    change = Change(scenario, before, tmp_path / "index")
    found_before = set() if scenario == "first" else leftovers(before)
    failed = 0
    for at, kind in enumerate(change.calls):
        fault = f"call {at}, {kind}"
        change.start()
        number = ERRORS[at % len(ERRORS)]
        disk = FaultyDisk(at, error=number, broken=broken)
        try:
            change.run(WhooshEngine(change.location, disk=disk))
        except EngineUnavailable as error:
            failed += 1
            assert broken or kind not in TOLERATED, fault
            assert f"({os.strerror(number)})" in str(error), fault
            assert "\n" not in str(error), fault
            stays = "stays as it was" in str(error)
            assert titles(WhooshEngine(change.location)) == (change.old if stays else change.new), fault
            # Only what cannot be removed is left, and garbage of the generation before, which goes after a commit.
            if stays and not broken and kind != "remove":
                assert leftovers(change.location) <= found_before, fault
        else:
            assert titles(WhooshEngine(change.location)) == change.new, fault
        assert WhooshEngine(change.location).verify() == () or not change.old, fault
        change.run(WhooshEngine(change.location))
        assert titles(WhooshEngine(change.location)) == change.new, fault
        WhooshEngine(change.location).collect_garbage()
        assert leftovers(change.location) == set(), fault
    assert failed >= (1 if scenario == "garbage" else 5)


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_write_that_takes_only_a_part_is_gone_on_with(
    scenario: str, broken: bool, before: Path, tmp_path: Path
) -> None:
    change = Change(scenario, before, tmp_path / "index")
    for at, kind in enumerate(change.calls):
        if kind == "write":
            change.start()
            change.run(WhooshEngine(change.location, disk=FaultyDisk(at, "shortens", broken=broken)))
            assert titles(WhooshEngine(change.location)) == change.new, f"call {at}"
            assert WhooshEngine(change.location).verify() == (), f"call {at}"
            assert leftovers(change.location) == set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_while_a_call_waits_others_read_and_none_writes(scenario: str, before: Path, tmp_path: Path) -> None:
    change = Change(scenario, before, tmp_path / "index")
    seen: list[Titles] = []
    refused: list[bool] = []

    def look() -> None:
        seen.append(titles(WhooshEngine(change.location)))
        assert titles(reader) == seen[-1]
        reader.collect_garbage()
        try:
            with reader.batch() as batch:
                batch.delete("none")
        except IndexLocked:
            refused.append(True)
        else:
            refused.append(False)

    for at in range(len(change.calls)):
        change.start()
        reader = WhooshEngine(change.location)
        titles(reader)  # open since before the change
        change.run(WhooshEngine(change.location, disk=FaultyDisk(at, "delays", meanwhile=look)))
        assert titles(WhooshEngine(change.location)) == change.new, f"call {at}"
        WhooshEngine(change.location).collect_garbage()
        assert leftovers(change.location) == set(), f"call {at}"
    assert len(seen) == len(change.calls)
    assert all(state in (change.old, change.new) for state in seen)
    # Once the new generation has been seen the old one never is again.
    assert change.old not in seen[seen.index(change.new) :] or change.old == change.new
    assert refused == [at > change.calls.index("open_lock") for at in range(len(change.calls))]


def test_every_kind_of_call_is_made(before: Path, tmp_path: Path) -> None:
    counting = FaultyDisk()
    shutil.copytree(before, tmp_path / "index")
    for scenario in ("update", "merge", "rebuild"):
        SCENARIOS[scenario](WhooshEngine(tmp_path / "index", disk=counting))
    assert set(counting.calls) == KINDS
