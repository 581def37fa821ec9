"""A power cut at any moment leaves the old generation or the new one, whole, and Whoosh never a newer one than us."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh.index import EmptyIndexError, open_dir

from indexer.documents import Document
from indexer.engine import Batch
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.errors import IndexMissing
from indexer.query.query import Query
from tests.faults.power import RecordingDisk

Titles = dict[str, str] | None


def titles(engine: WhooshEngine) -> Titles:
    try:
        with engine.searcher() as searcher:
            return {document.id: document.title for document in searcher.scan(Query(""))}
    except IndexMissing:
        return None


def titles_in_whoosh(location: Path) -> Titles:
    try:
        with open_dir(str(location)).reader() as reader:
            return {stored["id"]: stored["title"] for _, stored in reader.iter_docs()}
    except (EmptyIndexError, FileNotFoundError):
        assert not list(location.glob("*.toc"))
        return None


def put(*titles: str) -> Callable[[Batch], None]:
    def change(batch: Batch) -> None:
        for title in titles:
            batch.put(Document(id=title[0], source="", title=title))

    return change


def remove(batch: Batch) -> None:
    batch.delete("b")


COMMITS: tuple[tuple[bool, Callable[[Batch], None]], ...] = (
    (False, put("a first", "b first", "c first")),
    (False, put("a second")),
    (False, remove),
    (True, put("a third", "d first")),
    (False, put("e first")),
)


class CuttingDisk(RecordingDisk):
    """Looks, after each operation, at what some power cuts would leave."""

    def __init__(self, root: Path, dice: random.Random) -> None:
        super().__init__()
        self.root = root
        self.dice = dice
        self.states: list[Titles] = []
        self.states_in_whoosh: list[Titles] = []
        self.cuts = 0

    def step(self) -> None:
        for chance in (0.0, 0.5, 0.5, 1.0):
            self.cuts += 1
            target = self.root.parent / f"cut-{self.cuts}"
            target.mkdir()
            self.power.cut(self.root, target, chance, self.dice)
            engine = WhooshEngine(target / "index")
            self.states.append(titles(engine))
            self.states_in_whoosh.append(titles_in_whoosh(target / "index"))
            if self.states[-1] is not None:
                assert engine.verify() == ()
            if self.cuts % 16 == 0:  # whatever was left, the next commit works
                with engine.batch() as batch:
                    put("z last")(batch)
                assert (
                    titles(engine) == titles_in_whoosh(target / "index") == {**(self.states[-1] or {}), "z": "z last"}
                )
            engine.close()


@pytest.mark.parametrize("seed", range(3 if os.environ.get("CI") else 1))
def test_every_cut_leaves_the_old_or_the_new(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "root"
    root.mkdir()
    disk = CuttingDisk(root, random.Random(seed))
    engine = WhooshEngine(root / "index", disk=disk)
    for fresh, change in COMMITS:
        old = titles(engine)
        disk.states.clear()
        disk.states_in_whoosh.clear()
        with engine.batch(fresh=fresh) as batch:
            change(batch)
        new = titles(engine)
        assert old != new
        pairs = list(zip(disk.states, disk.states_in_whoosh, strict=True))
        allowed = [(old, old), (new, old), (new, new)]
        assert [pair for pair in pairs if pair not in allowed] == []
        assert [pair for pair in allowed if pair not in pairs] == []
        disk.states.clear()
        disk.states_in_whoosh.clear()
        disk.step()  # acknowledged: nothing may be lost any more
        assert disk.states == disk.states_in_whoosh == [new] * 4
    assert disk.cuts > 150


def test_the_test_would_notice_a_missing_sync(tmp_path: Path) -> None:
    class Forgetful(CuttingDisk):
        def sync(self, file: object) -> None:
            self.step()

        def step(self) -> None:
            target = self.root.parent / f"cut-{self.cuts}"
            self.cuts += 1
            target.mkdir()
            self.power.cut(self.root, target, 1.0, self.dice)
            self.states.append(titles(WhooshEngine(target / "index")))

    root = tmp_path / "root"
    root.mkdir()
    disk = Forgetful(root, random.Random(1))
    engine = WhooshEngine(root / "index", disk=disk)
    with pytest.raises(Exception, match="conditions index --rebuild"), engine.batch() as batch:
        put("a first")(batch)
