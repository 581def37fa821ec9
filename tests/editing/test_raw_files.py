import os
import threading
from pathlib import Path

import pytest

from indexer.articles.article_id import MAX_ID
from indexer.editing.raw_files import MAX_WRITTEN, RawFiles
from indexer.errors import ArticleConflict, ArticleRejected

GOUT = b"Gout\n\nGout is a painful arthritis.\n"
REFUSED_IDS = (
    "", ".", "..", "../gout", "gout/../../x", "/gout", "gout/", "a//b", "a/./b", ".hidden", "a/.b", "a\nb", "a\0b",
    "a\x1bb", "a\\b", "README", "sub/LICENSE", " gout", "gout /x", "a\u202eb", "e\u0301", "x\ufffdy",
    "a" * 241, "a/" * (MAX_ID // 2) + "a",
)  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


def test_an_article_is_written_found_replaced_and_deleted(corpus: Path) -> None:
    files = RawFiles(corpus)
    written, created = files.write("joints/gout", "text", GOUT)
    assert created
    assert (corpus / "joints/gout.txt").read_bytes() == GOUT
    assert files.find("joints/gout") == written
    assert written.raw.text == GOUT.decode()
    replaced, created = files.write("joints/gout", "text", GOUT + b"More.\n", expected=written.version)
    assert not created
    assert replaced.version != written.version
    assert files.delete("joints/gout", expected=replaced.version)
    assert not files.delete("joints/gout")
    assert files.find("joints/gout") is None
    assert [path.name for path in corpus.rglob("*")] == ["joints"]  # no temporary file is left


def test_the_suffix_says_the_kind(corpus: Path) -> None:
    files = RawFiles(corpus)
    files.write("a", "html", b"<p>Gout hurts.</p>")
    files.write("b", "markdown", b"# Gout")
    assert sorted(path.name for path in corpus.iterdir()) == ["a.html", "b.md"]
    (corpus / "c.htm").write_bytes(b"<p>Gout</p>")
    files.write("c", "html", b"<p>Gout hurts.</p>")
    assert (corpus / "c.htm").read_bytes() == b"<p>Gout hurts.</p>"
    with pytest.raises(ArticleConflict, match=r"a\.html, which is no text file"):
        files.write("a", "text", GOUT)


@pytest.mark.parametrize("id", REFUSED_IDS)
def test_an_id_that_no_article_has_is_refused(corpus: Path, id: str) -> None:
    files = RawFiles(corpus)
    with pytest.raises(ArticleRejected):
        files.write(id, "text", GOUT)
    with pytest.raises(ArticleRejected):
        files.find(id)
    with pytest.raises(ArticleRejected):
        files.delete(id)
    assert [*corpus.parent.rglob("*")] == [corpus]


def test_no_link_is_followed(corpus: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "gout.txt").write_bytes(GOUT)
    (corpus / "folder").symlink_to(outside)
    (corpus / "file.txt").symlink_to(outside / "gout.txt")
    (corpus / "held.jsonl").symlink_to("/etc/passwd")
    files = RawFiles(corpus)
    for id in ("folder/gout", "file"):
        with pytest.raises(ArticleConflict, match="is a link"):
            files.write(id, "text", b"Other text.")
        with pytest.raises(ArticleConflict, match="is a link"):
            files.find(id)
        with pytest.raises(ArticleConflict, match="is a link"):
            files.delete(id)
    with pytest.raises(ArticleConflict, match="is a link"):
        files.write("folder/new", "text", GOUT)
    with pytest.raises(ArticleConflict, match="leads out of the corpus"):
        files.find("root", source=f"{corpus}/held.jsonl")
    assert (outside / "gout.txt").read_bytes() == GOUT
    assert [path.name for path in outside.iterdir()] == ["gout.txt"]


def test_a_pipe_does_not_stop_a_reader(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.txt")
    with pytest.raises(ArticleConflict, match="no plain file"):
        RawFiles(corpus).find("pipe")


def test_an_article_held_with_others_is_read_only(corpus: Path, tmp_path: Path) -> None:
    held = corpus / "all.jsonl"
    held.write_text('{"id": "x", "text": "Asthma."}\n{"id": "gout", "title": "Gout", "text": "It hurts."}\n')
    files = RawFiles(corpus)
    found = files.find("gout", source=str(held))
    assert found is not None
    assert (found.raw.title, found.raw.text, found.version) == ("Gout", "It hurts.", "")
    assert "all.jsonl" in found.locked
    with pytest.raises(ArticleConflict, match=r"a line of all\.jsonl"):
        files.write("gout", "text", GOUT, source=str(held))
    with pytest.raises(ArticleConflict, match=r"a line of all\.jsonl"):
        files.delete("gout", source=str(held))
    with pytest.raises(ArticleConflict, match="outside the corpus"):
        files.write("gout", "text", GOUT, source=str(tmp_path / "elsewhere" / "gout.txt"))


def test_what_is_no_text_is_refused(corpus: Path) -> None:
    files = RawFiles(corpus)
    for content in (b"", b" \n", b"Gout \xe9", b"a\0b", bytes(range(1, 9)) * 40, b"a" * (MAX_WRITTEN + 1)):
        with pytest.raises(ArticleRejected):
            files.write("gout", "text", content)
    assert [*corpus.iterdir()] == []


def test_a_file_that_cannot_be_read_is_found_and_can_be_replaced(corpus: Path) -> None:
    (corpus / "bad.txt").write_bytes(b"Gout \xd0\xfe\xff")
    files = RawFiles(corpus)
    found = files.find("bad")
    assert found is not None
    assert "not text in UTF-8" in found.problem
    assert found.raw.text.startswith("Gout \ufffd")
    written, _ = files.write("bad", "text", GOUT, expected=found.version)
    assert (written.problem, written.raw.text) == ("", GOUT.decode())
    (corpus / "folder.txt").mkdir()
    with pytest.raises(ArticleConflict, match="no plain file"):
        files.find("folder")


def test_of_two_editors_who_saw_the_same_text_one_is_told(corpus: Path) -> None:
    files = RawFiles(corpus)
    version = files.write("gout", "text", GOUT)[0].version
    outcomes: list[str] = []

    def edit(number: int) -> None:
        try:
            files.write("gout", "text", b"Gout, version %d." % number, expected=version)
            outcomes.append("written")
        except ArticleConflict as error:
            assert "has changed" in str(error)
            outcomes.append("refused")

    editors = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["written"]


def test_a_new_article_replaces_none_and_a_gone_one_is_told(corpus: Path) -> None:
    files = RawFiles(corpus)
    version = files.write("gout", "text", GOUT, expected="")[0].version
    with pytest.raises(ArticleConflict, match="is there already"):
        files.write("gout", "text", GOUT, expected="")
    (corpus / "gout.txt").unlink()
    with pytest.raises(ArticleConflict, match="not there any more"):
        files.write("gout", "text", GOUT, expected=version)


def test_a_file_keeps_its_permissions(corpus: Path) -> None:
    files = RawFiles(corpus)
    files.write("gout", "text", GOUT)
    (corpus / "gout.txt").chmod(0o600)
    files.write("gout", "text", GOUT + b"More.")
    assert (corpus / "gout.txt").stat().st_mode & 0o777 == 0o600


def test_without_a_corpus_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ArticleConflict, match="CONDITIONS_CORPUS"):
        RawFiles(tmp_path / "none").write("gout", "text", GOUT)


@pytest.mark.parametrize("name", ["../secret.txt", "sub/../../secret.txt", "../secret", "secret"])
def test_a_source_of_a_foreign_index_does_not_lead_out_of_the_corpus(corpus: Path, name: str) -> None:
    (corpus / "sub").mkdir()
    path = corpus / name
    path.write_bytes(GOUT)
    files, id = RawFiles(corpus), name.removesuffix(".txt")
    for act in (files.find, files.delete):
        with pytest.raises(ArticleConflict, match="outside the corpus"):
            act(id, source=f"{corpus}/{name}")
    assert path.read_bytes() == GOUT
