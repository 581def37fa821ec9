"""A folder and its index: a sync does exactly what changed, and converges."""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer import Library, open_library
from indexer.articles import reader, source
from indexer.articles.blocks import ExtractedText
from indexer.articles.extraction import extract_text
from indexer.articles.model import Article, RawArticle
from indexer.articles.reader import read_article
from indexer.errors import SourceError
from indexer.library import HISTORY
from indexer.sync import article_reader, held_articles
from indexer.sync import sync as sync_module
from indexer.sync.report import Report
from tests.benchmarks.processes import family

GOUT = "Gout\n\nICD-10 code: M10.9\n\nGout is a painful arthritis.\n\nCauses\n\nUrate crystals form in a joint.\n"
FLU = "Influenza is an infection of the airways. It is caused by a virus. Fever and cough are the usual symptoms.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "gout.txt").write_text(GOUT)
    (folder / "flu.txt").write_text(FLU)
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path / "index")


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return tuple(map(len, (report.added, report.changed, report.deleted, report.kept, report.failed)))  # type: ignore[return-value]


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Time and size of each file, but of the record of syncs."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != HISTORY)
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


def test_add_edit_delete_and_nothing(library: Library, corpus: Path, tmp_path: Path) -> None:
    assert library.sync([corpus]).added == ("flu", "gout")
    before = snapshot(tmp_path / "index")
    assert counts(library.sync([corpus])) == (0, 0, 0, 2, 0)
    assert snapshot(tmp_path / "index") == before

    (corpus / "gout.txt").write_text(GOUT.replace("Urate", "Sharp urate"))
    (corpus / "flu.txt").unlink()
    (corpus / "cold.md").write_text("# Common cold\n\nA runny nose.\n")
    report = library.sync([corpus])
    assert (report.added, report.changed, report.deleted, report.kept) == (("cold",), ("gout",), ("flu",), ())
    assert library.search("sharp urate").hits[0].document.id == "gout"
    assert library.search("influenza").total == 0
    assert library.get("flu") is None


def test_dry_run_writes_nothing(library: Library, corpus: Path, tmp_path: Path) -> None:
    assert library.sync([corpus], dry_run=True).added == ("flu", "gout")
    assert not (tmp_path / "index").exists()


def test_rebuild_keeps_only_what_is_there(library: Library, corpus: Path, tmp_path: Path) -> None:
    library.sync([corpus])
    other = tmp_path / "other"
    other.mkdir()
    (other / "cold.txt").write_text("Common cold is a mild infection of the nose.")
    assert library.sync([other], rebuild=True).added == ("cold",)
    assert library.get("gout") is None


def test_articles_of_other_paths_stay(library: Library, corpus: Path, tmp_path: Path) -> None:
    library.sync([corpus])
    other = tmp_path / "other"
    other.mkdir()
    (other / "cold.txt").write_text("Common cold is a mild infection of the nose.")
    assert counts(library.sync([other])) == (1, 0, 0, 0, 0)
    (other / "cold.txt").unlink()
    assert library.sync([other]).deleted == ("cold",)
    assert library.get("gout") is not None


def test_an_emptied_folder_empties_nothing_else_and_a_missing_one_is_an_error(
    library: Library, corpus: Path, tmp_path: Path
) -> None:
    library.sync([corpus])
    with pytest.raises(SourceError, match="nowhere"):
        library.sync([tmp_path / "nowhere"])
    assert library.get("gout") is not None


def test_every_bad_source_is_named_and_the_rest_is_indexed(library: Library, corpus: Path) -> None:
    (corpus / "empty.txt").write_text("")
    (corpus / "large.txt").write_bytes(b"bone " * 10_000_000)
    (corpus / "junk.txt").write_bytes(os.urandom(5_000) + bytes(range(32)) * 100)
    (corpus / "latin.txt").write_bytes("Ménière’s disease is a disorder of the inner ear.".encode("cp1252"))
    (corpus / "deep.html").write_text("<div>" * 10_000 + "Vertigo spins." + "</div>" * 10_000)
    (corpus / "gout.md").write_text("# Gout again\n")
    lines = [
        json.dumps({"id": "one", "text": "Measles is an infection with a rash."}),
        "{not json",
        json.dumps({"id": "two"}),
    ]
    (corpus / "more.jsonl").write_text("\n".join(lines))
    with gzip.open(corpus / "packed.jsonl.gz", "wt") as packed:
        packed.write(json.dumps({"id": "three", "markdown": "# Mumps\n\nSwollen glands.\n"}))
    report = library.sync([corpus])
    failed = {Path(each.source).name for each in report.failed}
    assert {"empty.txt", "large.txt", "junk.txt", "more.jsonl"} <= failed
    assert len(failed & {"gout.md", "gout.txt"}) == 1
    assert {"flu", "gout", "latin", "deep", "one", "three"} <= set(report.added)
    assert all(each.reason for each in report.failed)
    assert [each for each in report.failed if "2" in each.reason and each.source.endswith("more.jsonl")]
    assert report.exit_code == 1
    document = library.get("latin")
    assert document is not None
    assert "Ménière’s" in document.sections[0].text


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_keeps_its_document(library: Library, corpus: Path) -> None:
    library.sync([corpus])
    (corpus / "gout.txt").chmod(0)
    report = library.sync([corpus])
    assert [each.id for each in report.failed] == ["gout"]
    assert library.get("gout") is not None


def test_a_file_that_can_no_longer_be_read_keeps_its_document(library: Library, corpus: Path) -> None:
    library.sync([corpus])
    (corpus / "gout.txt").write_text("")
    report = library.sync([corpus])
    assert [each.id for each in report.failed] == ["gout"]
    assert report.deleted == ()
    assert library.get("gout") is not None


def test_many_articles_are_read_by_several_processes_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.sync.workers.MIN_PARALLEL_ARTICLES", 8)
    monkeypatch.setattr("indexer.sync.workers.CHUNK_ARTICLES", 4)
    lines = (
        json.dumps({"id": f"a{n:04}", "text": f"Gout number {n} is caused by crystals. Pain is a symptom."})
        for n in range(14)
    )
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    with open_library(tmp_path / "two") as two, open_library(tmp_path / "one") as one:
        assert len(two.sync([tmp_path / "many.jsonl"], jobs=2).added) == 14
        started = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family(os.getpid())[1:]]
        assert not [command for command in started if b"LokyProcess" in command]  # each would keep 0.3 GB for minutes
        one.sync([tmp_path / "many.jsonl"], jobs=1)
        assert list(two.scan()) == list(one.scan())


def _open_and_parse_counts(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Counter[str], Counter[str]]:
    """How often a build opens each file, and parses each article."""
    opened: Counter[str] = Counter()
    parsed: Counter[str] = Counter()

    def counting_open(path: str, packed: bool) -> object:
        opened[Path(path).name] += 1
        return open_file(path, packed)

    def counting_extract_text(raw: RawArticle) -> ExtractedText:
        parsed[raw.id] += 1
        return extract_text(raw)

    open_file = source._open
    monkeypatch.setattr(source, "_open", counting_open)
    for module in (reader, sync_module):
        monkeypatch.setattr(module, "extract_text", counting_extract_text)
    with open_library(index) as library:
        library.sync([folder], jobs=1)
    return opened, parsed


def test_a_build_opens_each_file_once_and_parses_each_article_once(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (json.dumps({"id": f"a{n}", "text": f"Measles number {n} is an infection."}) for n in range(5))
    (corpus / "more.jsonl").write_text("\n".join(lines))
    opened, parsed = _open_and_parse_counts(corpus, tmp_path / "index", monkeypatch)
    assert opened == dict.fromkeys(("gout.txt", "flu.txt", "more.jsonl"), 1)
    assert parsed == dict.fromkeys(("gout", "flu", "a0", "a1", "a2", "a3", "a4"), 1)


def test_a_build_of_more_text_than_memory_holds_opens_files_again_and_indexes_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (json.dumps({"id": f"a{n}", "text": f"Measles number {n} is an infection."}) for n in range(30))
    (corpus / "more.jsonl").write_text("\n".join(lines))
    with open_library(tmp_path / "all") as library:
        library.sync([corpus])
        expected = list(library.scan())
    monkeypatch.setattr(held_articles, "HELD_BYTES", 500)
    monkeypatch.setattr(sync_module, "SAMPLE_ARTICLES", 10)
    opened, parsed = _open_and_parse_counts(corpus, tmp_path / "index", monkeypatch)
    assert max(opened.values()) <= 3
    assert set(parsed.values()) == {1}
    with open_library(tmp_path / "index") as library:
        assert list(library.scan()) == expected


def test_progress_counts_the_articles_to_read(library: Library, corpus: Path) -> None:
    calls: list[tuple[int, int]] = []
    library.sync([corpus], progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]
    calls.clear()
    library.sync([corpus], progress=lambda done, total: calls.append((done, total)))
    assert calls == []


NAMES = st.sampled_from(["a", "b", "c"])
TEXTS = st.sampled_from([GOUT, FLU, "", "Measles is an infection."])


@given(st.lists(st.dictionaries(NAMES, TEXTS), min_size=1, max_size=4))
@example([{"a": GOUT, "b": FLU}, {}, {"a": "", "b": ""}])
@example([{"a": GOUT}, {}, {"b": FLU}])
def test_whatever_the_history_the_index_converges_on_the_folder(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]
) -> None:
    top = tmp_path_factory.mktemp("history")
    folder = top / "corpus"
    folder.mkdir()
    with open_library(top / "index") as library:
        readable: set[str] = set()
        for state in history:
            for path in folder.iterdir():
                path.unlink()
            for name, text in state.items():
                (folder / f"{name}.txt").write_text(text)
            library.sync([folder])
            if state or len(readable) <= 1:  # several that are gone at once, and all there were, are kept
                readable = {name for name in readable if name in state} | {n for n, text in state.items() if text}
            again = library.sync([folder])
            assert not again.written
            if readable:
                assert {document.id for document in library.scan()} == readable


def test_a_fault_of_the_reader_fails_one_article_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("asthma", "gout", "stroke"):
        (tmp_path / f"{name}.txt").write_text(f"{name.capitalize()} is a disease.")

    def raises_for_gout(raw: RawArticle, *rest: object) -> Article:
        if raw.id == "gout":
            raise RecursionError("too deep")
        return read_article(raw, *rest)  # type: ignore[arg-type]

    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path], jobs=1)
        (tmp_path / "gout.txt").write_text("Gout is another disease.")
        monkeypatch.setattr(article_reader, "read_article", raises_for_gout)
        report = library.sync([tmp_path], jobs=1)
        assert [(failure.id, "RecursionError" in failure.reason) for failure in report.failed] == [("gout", True)]
        assert (report.added, report.changed, report.deleted) == ((), (), ())
        stored = library.get("gout")
        assert stored is not None and stored.sections[0].text == "Gout is a disease."
