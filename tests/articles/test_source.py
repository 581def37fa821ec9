import gzip
import json
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles import source as sources
from indexer.articles.model import RawArticle
from indexer.articles.source import Failure, SourceFile, below, digest, list_sources, read_source, read_sources
from indexer.errors import SourceError


def write(folder: Path, name: str, content: str | bytes = "Gout is a form of arthritis.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(*paths: str | Path) -> list[RawArticle | Failure]:
    return list(read_sources(paths))


def articles(*paths: str | Path) -> list[RawArticle]:
    return [raw for raw in read(*paths) if isinstance(raw, RawArticle)]


def failures(*paths: str | Path) -> list[Failure]:
    return [raw for raw in read(*paths) if isinstance(raw, Failure)]


def only_failure(path: Path) -> str:
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    return failure.reason


def test_ids_are_paths_below_the_folder(tmp_path: Path) -> None:
    for name in ("gout.txt", "b/asthma.html", "b/a/flu.md", "b/copd.HTM", "measles.txt.gz"):
        write(tmp_path, name, gzip.compress(b"Measles is a rash.") if name.endswith("gz") else "x is y")
    assert [(raw.id, raw.kind) for raw in articles(tmp_path)] == [
        ("gout", "text"),
        ("measles", "text"),
        ("b/asthma", "html"),
        ("b/copd", "html"),
        ("b/a/flu", "markdown"),
    ]


def test_a_file_given_by_name_has_its_stem_as_id(tmp_path: Path) -> None:
    (raw,) = articles(write(tmp_path, "a/b/gout.v2.txt"))
    assert raw.id == "gout.v2"
    assert raw.source == (tmp_path / "a/b/gout.v2.txt").as_posix()


def test_what_is_no_article_is_passed_over(tmp_path: Path) -> None:
    for name in ("README.md", "readme.txt", "LICENSE.txt", ".hidden.txt", ".git/x.txt", "picture.png", "notes", ".txt"):
        write(tmp_path, name)
    write(tmp_path, "readmission.txt")
    assert [raw.id for raw in articles(tmp_path)] == ["readmission"]
    assert failures(tmp_path) == []


def test_a_given_file_of_another_kind_is_a_failure(tmp_path: Path) -> None:
    assert "does not end in .txt" in only_failure(write(tmp_path, "picture.png"))


def test_a_readme_given_by_name_is_read(tmp_path: Path) -> None:
    assert [raw.id for raw in articles(write(tmp_path, "README.md"))] == ["README"]


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere: does not exist"):
        read(tmp_path / "nowhere")


def test_files_named_twice_are_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a/gout.txt")
    assert [raw.id for raw in articles(tmp_path, path, tmp_path / "a")] == ["a/gout"]


def test_listing_reads_nothing_and_owns_what_lies_below(tmp_path: Path) -> None:
    path = write(tmp_path, "a/gout.txt", "")
    listing = list_sources([tmp_path / "a"])
    assert listing.roots == ((tmp_path / "a").as_posix(),)
    assert [(file.path, file.size) for file in listing.files] == [(str(path), 0)]
    assert below(listing.files[0].source, listing.roots)
    assert not below((tmp_path / "ab/gout.txt").as_posix(), listing.roots)
    assert below("/any/file.txt", ["/"])


@pytest.mark.parametrize(
    "content",
    [
        "Ménière’s disease – Sjögren".encode(),
        b"\xef\xbb\xbf" + "Ménière’s disease – Sjögren".encode(),
        "Ménière’s disease – Sjögren".encode("utf-16"),
        "Ménière’s disease – Sjögren".encode("utf-16-le"),
        "Ménière’s disease – Sjögren".encode("utf-16-be"),
        "Ménière’s disease – Sjögren".encode("cp1252"),
        "Ménière".encode() + "’s disease – Sjögren".encode("cp1252"),
    ],
)
def test_encodings(tmp_path: Path, content: bytes) -> None:
    (raw,) = articles(write(tmp_path, "a.txt", content))
    assert raw.text == "Ménière’s disease – Sjögren"


def test_a_page_may_declare_its_encoding(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><p>Čapek, Łódź'.encode("iso-8859-2")
    (raw,) = articles(write(tmp_path, "a.html", page))
    assert raw.text.endswith("Čapek, Łódź")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Gout \xff\xfe hurts", "not text in UTF-8"),
        (b"Gout \x81 hurts", "byte 0x81 at character 5"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "not text"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"a" * (sources.MAX_ARTICLE + 1), "larger than 20 MB"),
    ],
    ids=["nothing", "blank", "mark", "invalid", "undefined", "png", "controls", "large"],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path, "bad.txt", content)
    write(tmp_path, "good.txt")
    assert [raw.id for raw in articles(tmp_path)] == ["good"]
    (failure,) = failures(tmp_path)
    assert (failure.source, failure.id) == (path.as_posix(), "bad")
    assert reason in failure.reason


def test_compressed_files(tmp_path: Path) -> None:
    write(tmp_path, "bomb.txt.gz", gzip.compress(b"a" * (sources.MAX_ARTICLE * 3)))
    write(tmp_path, "cut.txt.gz", gzip.compress(b"Gout is arthritis. " * 50)[:-12])
    write(tmp_path, "fake.txt.gz", b"plain text")
    assert {failure.id: failure.reason for failure in failures(tmp_path)} == {
        "bomb": "expands to more than 200 times its size",
        "cut": "a damaged .gz file",
        "fake": "a damaged .gz file",
    }


def test_lines(tmp_path: Path) -> None:
    good = {
        "id": "a/1",
        "text": "Gout.",
        "title": "Gout",
        "code": "M10.9",
        "url": "https://example.org",
        "reviewed": "2026-01",
        "language": "en",
    }
    lines = [
        json.dumps(good),
        "",
        "{not json",
        '["a"]',
        '{"text": "no id"}',
        '{"id": "b"}',
        '{"id": "c", "text": "x", "html": "y"}',
        '{"id": "d", "text": 5}',
        '{"id": "e", "text": " "}',
        "[" * 100_000,
        '{"id": 7, "html": "<p>Flu", "title": null}',
        '{"id": "g", "markdown": "lone \\ud800 surrogate"}',
        '{"id": "h\\u0000", "text": "x"}',
    ]
    path = write(tmp_path, "many.jsonl", "\r\n".join(lines))
    assert [(raw.id, raw.kind, raw.text) for raw in articles(path)] == [
        ("a/1", "text", "Gout."),
        ("7", "html", "<p>Flu"),
        ("g", "markdown", "lone \ufffd surrogate"),
    ]
    first = articles(path)[0]
    assert (first.title, first.code, first.url, first.reviewed, first.language) == (
        "Gout",
        "M10.9",
        "https://example.org",
        "2026-01",
        "en",
    )
    assert {raw.source for raw in articles(path)} == {path.as_posix()}
    assert [(failure.reason.split(" (")[0], failure.id) for failure in failures(path)] == [
        ("line 3: not JSON", None),
        ("line 4: not a JSON object", None),
        ('line 5: no "id"', None),
        ('line 6: none of "text", "html" and "markdown"', "b"),
        ('line 7: more than one of "text", "html" and "markdown"', "c"),
        ('line 8: "text" is not text', "d"),
        ("line 9: empty", "e"),
        ("line 10: not JSON", None),
        ('line 13: "id" h\\x00 has control characters', None),
    ]


def test_many_lines_in_utf_16_take_no_more_than_linear_time(tmp_path: Path) -> None:
    text = "\n" * 500_000 + '{"id": "gout", "text": "Gout hurts.\u2028It is arthritis."}\r\n'
    path = write(tmp_path, "wide.jsonl", text.encode("utf-16"))
    began = time.process_time()
    (article,) = read(path)
    assert isinstance(article, RawArticle)
    assert article.text == "Gout hurts.\u2028It is arthritis."
    assert time.process_time() - began < 5  # it was half a minute


def test_lines_in_utf_16_and_compressed(tmp_path: Path) -> None:
    text = '{"id": "a", "text": "Ménière"}\n{"id": "b", "text": "Gout"}\n'
    write(tmp_path, "wide.jsonl", text.encode("utf-16"))
    write(tmp_path, "packed.jsonl.gz", gzip.compress(text.encode("utf-8-sig")))
    assert [(raw.id, raw.text) for raw in articles(tmp_path)] == [("a", "Ménière"), ("b", "Gout")] * 2


def test_a_line_too_long_does_not_stop_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_ARTICLE", 100)
    path = write(tmp_path, "a.jsonl", f'{{"id": "long", "text": "{"a" * 500}"}}\n{{"id": "b", "text": "Gout"}}\n')
    assert [raw.id for raw in articles(path)] == ["b"]
    assert [failure.reason for failure in failures(path)] == ["line 1: larger than 0 MB"]


def test_a_bomb_of_lines_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl.gz", gzip.compress(b'{"id": "b", "text": "Gout"}\n' + b"\n" * 9_000_000))
    assert [raw.id for raw in articles(path)] == ["b"]
    assert [failure.reason for failure in failures(path)] == ["expands to more than 200 times its size"]


def test_an_empty_file_of_lines_is_a_failure(tmp_path: Path) -> None:
    assert only_failure(write(tmp_path, "a.jsonl", b"\n \n")) == "empty"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_links_and_pipes(tmp_path: Path) -> None:
    write(tmp_path, "a/gout.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path / "a")
    (tmp_path / "a/again.txt").symlink_to(tmp_path / "a/gout.txt")
    (tmp_path / "a/chain.md").symlink_to("again.txt")
    (tmp_path / "a/broken.txt").symlink_to(tmp_path / "gone.txt")
    os.mkfifo(tmp_path / "a/pipe.txt")
    assert [raw.id for raw in articles(tmp_path)] == ["a/again", "a/chain", "a/gout"]
    assert sorted((Path(failure.source).name, failure.reason) for failure in failures(tmp_path)) == [
        ("broken.txt", "vanished, or a link that leads nowhere"),
        ("loop", "a link that leads back to a folder it lies in"),
        ("pipe.txt", "not a plain file"),
    ]


def test_links_that_lead_out_of_the_corpus_are_refused(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside/secret.txt").parent
    corpus = write(tmp_path, "corpus/gout.txt").parent
    write(tmp_path, "corpus-2/flu.txt")  # whose name only begins as that of the corpus
    os.mkfifo(outside / "pipe")
    links: dict[str, Path | str] = {
        "absolute.txt": outside / "secret.txt",
        "relative.md": "../outside/secret.txt",
        "through.txt": "../corpus/../outside/secret.txt",
        "chain.html": "absolute.txt",
        "folder": outside,
        "beside": "../corpus-2",
        "device.txt": "/dev/zero",
        "pipe.txt": outside / "pipe",
        "gone.txt": outside / "gone.txt",
        "packed.jsonl.gz": outside / "secret.txt",
        "picture.png": outside / "secret.txt",  # no article: nobody wants to know
    }
    for name, target in links.items():
        (corpus / name).symlink_to(target)
    assert [raw.id for raw in articles(corpus)] == ["gout"]
    refused = failures(corpus)
    assert sorted(Path(failure.source).name for failure in refused) == sorted(links.keys() - {"picture.png"})
    assert all(failure.refused and "leads out of the corpus" in failure.reason for failure in refused)


def test_links_between_the_given_folders_are_followed_and_so_is_a_folder_given_by_its_link(tmp_path: Path) -> None:
    write(tmp_path, "one/gout.txt")
    write(tmp_path, "two/flu.txt")
    (tmp_path / "one/both").symlink_to(tmp_path / "two")
    (tmp_path / "one/same.txt").symlink_to("gout.txt")
    (tmp_path / "link").symlink_to("one")
    ids = ["gout", "same", "both/flu", "flu"]
    assert [raw.id for raw in articles(tmp_path / "one", tmp_path / "two")] == ids
    assert [raw.id for raw in articles(tmp_path / "link", tmp_path / "two")] == ids
    assert [raw.id for raw in articles(tmp_path / "link")] == ids[:2]


def test_what_becomes_a_pipe_after_it_was_listed_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = write(tmp_path, "gout.txt")
    (file,) = list_sources([tmp_path]).files
    path.unlink()
    os.mkfifo(path)
    assert list(read_source(file)) == [Failure(path.as_posix(), "not a plain file", "gout")]


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31mred", "\u202etxt", "\x7f", "deep/\x9b2J"])
def test_a_name_that_makes_no_id_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"{name}.txt")
    write(tmp_path, "gout.md")
    assert [raw.id for raw in articles(tmp_path)] == ["gout"]
    (failure,) = failures(tmp_path)
    assert (failure.id, failure.refused) == (None, True)
    assert "control characters" in failure.reason


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a/gout.txt").chmod(0)
    (tmp_path / "locked").mkdir(mode=0)
    assert {Path(f.source).name: f.reason for f in failures(tmp_path)} == {
        "gout.txt": "no permission to read it",
        "locked": "no permission to read it",
    }


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "gout.txt")
    (file,) = list_sources([tmp_path]).files
    path.unlink()
    (failure,) = read_source(file)
    assert failure == Failure(path.as_posix(), "vanished, or a link that leads nowhere", "gout")


def test_names_that_are_no_unicode(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Gout is arthritis.")
    except OSError:
        pytest.skip("this file system wants Unicode")
    (raw,) = articles(tmp_path)
    assert raw.id == "caf\ufffd"
    raw.source.encode()


def test_digest_is_of_everything_but_id_and_source() -> None:
    raw = RawArticle("a", "/a", "text", "Gout", title="T")
    assert digest(raw) == digest(RawArticle("b", "/b", "text", "Gout", title="T", digest="x"))
    others = [
        RawArticle("a", "/a", "html", "Gout", title="T"),
        RawArticle("a", "/a", "text", "Gou", title="tT"),
        RawArticle("a", "/a", "text", "Gout", code="T"),
        RawArticle("a", "/a", "text", "Gout", title=""),
        RawArticle("a", "/a", "text", "Gout"),
    ]
    assert len({digest(raw), *map(digest, others)}) == 6


@given(content=st.binary(max_size=300), name=st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.txt.gz", "a.jsonl.gz"]))
def test_any_bytes_are_read_or_named(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = write(tmp_path_factory.mktemp("any"), name, content)
    status = path.stat()
    file = SourceFile(str(path), path.as_posix(), "a", status.st_size, "", status.st_ctime_ns)
    for raw in read_source(file):
        if isinstance(raw, RawArticle):
            raw.text.encode()
        else:
            assert raw.reason
