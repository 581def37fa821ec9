"""Bombs of several kinds, each small on the disk: what they would become is never held, nor waited for."""

import gzip
import io
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import decompression
from indexer.articles.decoding import Unreadable
from indexer.articles.decompression import DecompressedFile


def opened(folder: Path, packed: bytes) -> io.BufferedReader:
    (folder / "file.gz").write_bytes(packed)
    return io.BufferedReader(DecompressedFile((folder / "file.gz").open("rb")))


def read(folder: Path, packed: bytes) -> bytes:
    with opened(folder, packed) as file:
        return file.read()


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(0, 3))
def test_members_follow_each_other(tmp_path_factory: pytest.TempPathFactory, members: list[bytes], zeros: int) -> None:
    packed = b"".join(gzip.compress(member) + bytes(zeros) for member in members)
    assert read(tmp_path_factory.mktemp("files"), packed) == b"".join(members)


def test_a_large_file_comes_out_whole(tmp_path: Path) -> None:
    text = os.urandom(300_000).hex().encode() * 3
    with opened(tmp_path, gzip.compress(text, 1)) as file:
        assert b"".join(iter(lambda: file.read(777), b"")) == text


@pytest.mark.parametrize("cut", [1, 8, 9, 20])
def test_a_file_cut_short_is_no_end(tmp_path: Path, cut: int) -> None:
    with pytest.raises(EOFError):
        read(tmp_path, gzip.compress(b"Gout hurts. " * 50)[:-cut])


@pytest.mark.parametrize(
    "packed",
    [b"plain text", gzip.compress(b"a") + b"garbage", gzip.compress(b"a")[:-8] + bytes(8)],
    ids=["not packed", "garbage behind", "checksum of zeros"],
)
def test_damage_is_an_error(tmp_path: Path, packed: bytes) -> None:
    with pytest.raises(zlib.error):
        read(tmp_path, packed)


def bombs() -> dict[str, bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    return {
        "zeros": zeros,
        "one member after another": gzip.compress(bytes(1 << 20)) * 60,
        "behind honest text": gzip.compress(os.urandom(20_000).hex().encode()) + zeros,
        "words": gzip.compress(b"gout " * 10_000_000),
    }


@pytest.mark.parametrize("kind", bombs())
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, kind: str) -> None:
    passed = 0
    with opened(tmp_path, bombs()[kind]) as file, pytest.raises(Unreadable, match="expands to more than 200 times"):
        while piece := file.read(1 << 16):
            passed += len(piece)
    assert passed < 20_000_000


def test_a_header_without_an_end_is_passed_over_at_once(tmp_path: Path) -> None:
    header = b"\x1f\x8b\x08\x08" + bytes(6)  # the name of a file follows, which no zero ends
    with pytest.raises(EOFError):
        read(tmp_path, header + b"a" * 30_000_000)


def test_what_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_SECONDS", 0.0)
    monkeypatch.setattr(decompression, "SECONDS_PER_MB", 0.0)
    with pytest.raises(Unreadable, match="takes more than 0 s"):
        read(tmp_path, gzip.compress(b"") * 1000)
