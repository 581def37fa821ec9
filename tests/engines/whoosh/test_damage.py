"""What is damaged, stale or foreign is named, and nothing in it is run."""

import json
import os
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.documents import Document
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format import manifest as manifests
from indexer.engines.whoosh.format.manifest import MANIFEST, SEGMENTS
from indexer.engines.whoosh.searching.searcher import WhooshSearcher
from indexer.errors import IndexDamaged, IndexStale
from indexer.query.nodes import Phrase
from indexer.query.query import Query
from indexer.query.request import Page


@pytest.fixture
def location(tmp_path: Path) -> Path:
    engine = WhooshEngine(tmp_path / "index")
    for number in range(3):
        with engine.batch() as batch:
            for each in range(20):
                batch.put(Document(id=f"{number}/{each}", source="s", title=f"Bone pain {number} {each}"))
    with engine.batch() as batch:
        batch.delete("0/0")
    engine.close()
    assert engine.verify() == ()
    return tmp_path / "index"


def files(location: Path) -> list[Path]:
    return sorted(path for path in (location / SEGMENTS).iterdir())


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def listed(location: Path) -> list[Path]:
    current = manifests.read_manifest(location)
    return [location / SEGMENTS / name for name in current.files]


def test_every_flipped_bit_is_found(location: Path) -> None:
    dice = random.Random(7)
    for path in listed(location):
        whole = path.read_bytes()
        for bit in [*range(64), *dice.sample(range(8 * len(whole)), 60), *range(8 * len(whole) - 320, 8 * len(whole))]:
            flip(path, bit)
            problems = WhooshEngine(location).verify()
            assert [problem.fix for problem in problems] == ["conditions index --rebuild"]
            assert str(path) in problems[0].what
            path.write_bytes(whole)
    assert WhooshEngine(location).verify() == ()


def test_a_flipped_bit_of_the_manifest_is_refused(location: Path) -> None:
    path = location / MANIFEST
    whole = path.read_bytes()
    for bit in range(0, 8 * len(whole), 11):
        flip(path, bit)
        with pytest.raises((IndexDamaged, IndexStale), match=r"run: conditions index --rebuild$"):
            WhooshEngine(location).searcher()
        assert WhooshEngine(location).verify()[0].fix == "conditions index --rebuild"
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": %d}' % manifests.FORMAT, b"[" * 100_000]
)
def test_a_manifest_that_is_none_is_refused(location: Path, content: bytes) -> None:
    (location / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged):
        WhooshEngine(location).digests()
    with pytest.raises(IndexDamaged), WhooshEngine(location).batch():
        pass


def answers(location: Path) -> list[object]:
    """What a reader can ask of an index, each part an answer or the error."""
    parts: list[Callable[[WhooshSearcher], object]] = [
        lambda searcher: searcher.search(Query(""), Page()),
        lambda searcher: list(searcher.scan(Query(""))),
        lambda searcher: list(searcher.words()),
        lambda searcher: list(searcher.names()),
        lambda searcher: searcher.get("1/3"),
        lambda searcher: searcher.search(Query("", Phrase(("bone", "pain"))), Page(collapse=True)),
    ]
    given: list[object] = []
    for part in parts:
        try:
            with WhooshEngine(location).searcher() as searcher:
                given.append(part(searcher))
        except IndexDamaged as error:
            assert str(error).endswith("run: conditions index --rebuild")
            given.append(IndexDamaged)
    return given


def test_damage_is_an_error_and_never_another_answer(location: Path) -> None:
    dice = random.Random(3)
    right = answers(location)
    assert IndexDamaged not in right
    named = 0
    for path in listed(location):
        whole = path.read_bytes()
        for _ in range(60):
            flip(path, dice.randrange(8 * len(whole)))
            given = answers(location)
            assert all(each is IndexDamaged or each == good for each, good in zip(given, right, strict=True))
            named += IndexDamaged in given
            path.write_bytes(whole)
    assert named > 90


def test_damage_is_not_merged_into_a_file_with_a_right_checksum(location: Path) -> None:
    dice = random.Random(5)
    right = WhooshEngine(location).digests()
    manifest = (location / MANIFEST).read_bytes()
    refused = 0
    for path in listed(location):
        whole = path.read_bytes()
        for _ in range(20):
            flip(path, dice.randrange(8 * len(whole)))
            before = set(files(location))
            try:
                with WhooshEngine(location).batch() as batch:  # small segments are merged by every commit
                    batch.put(Document(id="1/3", source="s", title="Bone pain"))
            except IndexDamaged as error:
                refused += 1
                assert str(error).endswith("run: conditions index --rebuild")
                assert (location / MANIFEST).read_bytes() == manifest
                assert set(files(location)) == before
            else:
                with WhooshEngine(location).searcher() as searcher:
                    assert {document.id for document in searcher.scan(Query(""))} == set(right)
                (location / MANIFEST).write_bytes(manifest)
                for new in set(files(location)) - before:
                    new.unlink()
            path.write_bytes(whole)
    assert refused > 25


@pytest.mark.parametrize("left", [0, 1, 4096])
def test_a_file_cut_under_an_open_reader_is_an_error_and_no_signal(location: Path, left: int) -> None:
    for path in listed(location):
        whole = path.read_bytes()
        engine = WhooshEngine(location)
        engine.searcher().close()
        os.truncate(path, left)
        with pytest.raises(IndexDamaged, match=f"{left} bytes instead of {len(whole)}"):
            engine.searcher()
        path.write_bytes(whole)


def test_the_last_good_generation_is_searched_while_the_newest_is_damaged(location: Path) -> None:
    engine = WhooshEngine(location)
    with engine.searcher() as searcher:
        before = searcher.generation
    with WhooshEngine(location).batch() as batch:
        batch.put(Document(id="new", source="s", title="New"))
    (location / MANIFEST).write_bytes(b"{}")
    with engine.searcher() as searcher:
        assert searcher.generation == before
        assert searcher.get("0/1") is not None
    with pytest.raises(IndexDamaged):
        engine.check()
    with pytest.raises(IndexDamaged), engine.batch():
        pass
    with WhooshEngine(location).batch(fresh=True) as batch:
        batch.put(Document(id="rebuilt", source="s", title="New"))
    engine.check()
    assert set(engine.digests()) == {"rebuilt"}


def test_missing_and_shortened_files_are_refused_at_once(location: Path) -> None:
    path = listed(location)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(IndexDamaged, match=f"{path.name}: {len(whole) - 1} bytes instead of {len(whole)}"):
        WhooshEngine(location).searcher()
    assert "instead of" in WhooshEngine(location).verify()[0].what
    path.unlink()
    with pytest.raises(IndexDamaged, match=path.name):
        WhooshEngine(location).searcher()
    assert "is missing" in WhooshEngine(location).verify()[0].what


def test_another_version_is_stale(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "FORMAT", manifests.FORMAT + 1)
    engine = WhooshEngine(location)
    with pytest.raises(IndexStale, match=r"run: conditions index --rebuild$"):
        engine.searcher()
    with pytest.raises(IndexStale), engine.batch():
        pass
    assert "another version" in engine.verify()[0].what
    with engine.batch(fresh=True) as batch:
        batch.put(Document(id="a", source="s", title="New"))
    assert set(engine.digests()) == {"a"}


@pytest.mark.parametrize("spoiled", [MANIFEST, SEGMENTS])
def test_a_rebuild_repairs_what_is_damaged(location: Path, spoiled: str) -> None:
    for path in [location / MANIFEST] if spoiled == MANIFEST else files(location):
        path.write_bytes(b"spoiled")
    engine = WhooshEngine(location)
    with pytest.raises(IndexDamaged):
        engine.searcher()
    with engine.batch(fresh=True) as batch:
        batch.put(Document(id="a", source="s", title="New"))
    assert set(engine.digests()) == {"a"}
    assert engine.verify() == ()


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(Bomb.target),)

    target = Path()


def test_a_foreign_pickle_runs_no_code(location: Path) -> None:
    Bomb.target = location / "exploded"
    bomb = pickle.dumps(Bomb())
    for path in (*files(location), location / "_condition_1.toc", location / "_MAIN_9.toc", location / MANIFEST):
        path.write_bytes(bomb)
    engine = WhooshEngine(location)
    assert engine.verify() != ()
    with pytest.raises(IndexDamaged):
        engine.searcher()
    with engine.batch(fresh=True) as batch:
        batch.put(Document(id="a", source="s", title="New"))
    assert not Bomb.target.exists()
    assert pickle.loads(bomb) is None  # it would have
    assert Bomb.target.exists()


def test_unreadable_documents_are_named(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored bytes that are no document, under a right checksum: what a fault of the program would leave."""
    engine = WhooshEngine(location)
    with monkeypatch.context() as faulty, engine.batch() as batch:
        faulty.setattr("indexer.engines.whoosh.format.segment_builder.encode_document", lambda document: b"nothing")
        batch.put(Document(id="broken", source="s", title="Broken"))
    assert ["cannot be read" in problem.what for problem in engine.verify()] == [True]
    with engine.searcher() as searcher, pytest.raises(IndexDamaged):
        searcher.get("broken")


def test_the_manifest_is_small_and_plain(location: Path) -> None:
    content = json.loads((location / MANIFEST).read_text())
    assert set(content) == {"format", "schema", "checksum", "index"}
    assert (location / MANIFEST).stat().st_size < 4000
