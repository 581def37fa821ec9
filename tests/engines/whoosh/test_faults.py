"""Every call to the disk fails once, or from then on: the old generation or the new one, one line, and no file left."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.documents import Document
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.manifest import SEGMENTS, read_manifest
from indexer.errors import EngineUnavailable
from tests.engines.whoosh.faulty_disk import KINDS, FaultyDisk


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
    """An index with deletes and the generation before."""
    location = tmp_path_factory.mktemp("before") / "index"
    engine = WhooshEngine(location)
    put(engine, *map(str, range(5)))
    put(engine, "5", "7")
    with engine.batch() as batch:
        batch.delete("7")
    return location


def names(location: Path) -> set[str]:
    """The files of an index that nothing accounts for."""
    manifest = read_manifest(location)
    tables = {f"_MAIN_{number}.toc" for number in (manifest.number, manifest.previous_number)}
    present = {path.name for path in location.iterdir()} | {path.name for path in (location / SEGMENTS).iterdir()}
    known = {"manifest.json", "lock", SEGMENTS, "MAIN_WRITELOCK", *tables, *manifest.files, *manifest.previous}
    return present - known


@pytest.mark.parametrize("broken", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_fault_at_any_call_leaves_the_old_state_or_the_new(
    scenario: str, broken: bool, before: Path, tmp_path: Path
) -> None:
    change = SCENARIOS[scenario]
    location = tmp_path / "index"

    def start() -> dict[str, str]:
        shutil.rmtree(location, ignore_errors=True)
        if scenario != "first":
            shutil.copytree(before, location)
        return dict(WhooshEngine(location).digests())

    old = start()
    counting = FaultyDisk()
    change(WhooshEngine(location, disk=counting))
    new = dict(WhooshEngine(location).digests())
    assert (old == new) == (scenario == "garbage")
    failed = 0
    for at in range(len(counting.calls)):
        start()
        kind, fault = counting.calls[at], f"call {at}, {counting.calls[at]}"
        try:
            change(WhooshEngine(location, disk=FaultyDisk(at, errno.ENOSPC, broken=broken)))
        except EngineUnavailable as error:
            failed += 1
            assert "\n" not in str(error), fault
            now = dict(WhooshEngine(location).digests())
            assert now == (old if "stays as it was" in str(error) else new), fault
        else:
            assert kind in {
                "create",
                "write",
                "close",
                "sync",
                "sync_folder",
                "replace",
                "remove",
                "make_folder",
                "entries",
            }
            assert dict(WhooshEngine(location).digests()) == new, fault
        assert WhooshEngine(location).verify() == () or not (location / "manifest.json").exists(), fault
        change(WhooshEngine(location))
        assert dict(WhooshEngine(location).digests()) == new, fault
        WhooshEngine(location).collect_garbage()
        assert names(location) == set(), fault
    assert failed >= (1 if scenario == "garbage" else 5)


def test_every_kind_of_call_is_made(before: Path, tmp_path: Path) -> None:
    counting = FaultyDisk()
    shutil.copytree(before, tmp_path / "index")
    for scenario in ("update", "merge", "rebuild"):
        SCENARIOS[scenario](WhooshEngine(tmp_path / "index", disk=counting))
    assert set(counting.calls) == set(KINDS)
