"""Whatever stands in a file that a user names, there is one line about it, exit code 2, and no trace."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import SourceError
from indexer.evaluation import read_judgments, read_queries
from indexer.knowledge.thesaurus import read_synonym_sets
from indexer.query.ranking_file import read_ranking
from indexer.user_files import MAX_BYTES

DEEP = 100_000
TOML = {
    "deep list": b"k1 = " + b"[" * DEEP,
    "closed deep list": b"k1 = " + b"[" * DEEP + b"]" * DEEP,
    "deep table": b"k1 = " + b"{a=" * DEEP,
    "dotted key": b"k1." + b"a." * 5_000 + b"b = 1",
    "dotted header": b"[same." + b"a." * 5_000 + b"b]",
    "deep names": b"[[same]]\nnames = " + b"[" * 900 + b"]" * 900,
    "digits": b"k1 = " + b"9" * 5_000,
    "hexadecimal": b"k1 = 0x" + b"f" * 5_000,
    "not a number": b"k1 = nan",
    "infinite": b"k1 = inf",
    "large": b"k1 = 1e300",
    "escapes": b'"k\\u001b[31m" = 1',
    "not UTF-8": b"k1 = \xff",
    "null": b"\x00",
    "date": b"k1 = 1979-05-27",
    "long name": b'"' + b"a" * 100_000 + b'" = 1',
    "too large": b"#" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("read", [read_ranking, read_synonym_sets])
@pytest.mark.parametrize("kind", TOML)
def test_hostile_toml(tmp_path: Path, kind: str, read: Callable[[Path], object]) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(TOML[kind])
    with pytest.raises(SourceError, match=r"mine\.toml"):
        read(path)


@pytest.mark.parametrize(
    "line",
    [
        b"[" * DEEP,
        b'{"id": "a", "text": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"id": ' + b"9" * 5_000 + b"}",
        b"7",
        b"\xff",
        b'{"id": "a"}',
    ],
    ids=["open", "deep", "digits", "number", "bytes", "no text"],
)
def test_hostile_queries(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "queries.jsonl").write_bytes(line)
    with pytest.raises(SourceError, match=r"queries\.jsonl"):
        read_queries(tmp_path / "queries.jsonl")


@pytest.mark.parametrize("line", ["a\tb", "a\tb\tx", f"a\tb\t{'9' * 5_000}", "a\tb\t4294967296", "a b -99999"])
def test_hostile_judgments(tmp_path: Path, line: str) -> None:
    (tmp_path / "judgments.tsv").write_text(f"query\tarticle\tgrade\n{line}\n")
    with pytest.raises(SourceError, match=r"judgments\.tsv"):
        read_judgments(tmp_path / "judgments.tsv")


@pytest.mark.parametrize("read", [read_ranking, read_synonym_sets, read_queries, read_judgments])
def test_what_is_no_file(tmp_path: Path, read: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (
        tmp_path,
        tmp_path / "pipe",
        tmp_path / "none",
        Path("/dev/zero"),
        Path("a\0b"),
        tmp_path / ("a" * 300),
    ):
        with pytest.raises(SourceError):
            read(path)


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    name = "deep\n\x1b[31m.toml"
    (tmp_path / name).write_bytes(TOML["deep table"])
    command = [sys.executable, "-m", "webapp.cli", "search", "gout", "--index", "none"]
    environment = {**os.environ, "CONDITIONS_THESAURUS": str(tmp_path / name)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("fix that place\n")
    assert done.stderr.removesuffix("\n").isprintable()
