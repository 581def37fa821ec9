"""The folder of our index is an index to Whoosh: everything here but the commits is Whoosh's public interface."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import highlight, query, sorting
from whoosh.index import EmptyIndexError, exists_in, open_dir
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser, QueryParser

from indexer.articles.model import Section
from indexer.documents import TEXT_FIELD_NAMES, Document
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.engines.whoosh.format.segments import MAX_POSTING_FREQUENCY

FEVER = "Fever of the bones is common. The oedema follows, as x-ray shows."


def document(number: int, title: str = "Bone pains") -> Document:
    return Document(
        id=f"set/{number:02}",
        source="corpus",
        title=f"{title} n{number}",
        url=f"https://example.org/{number}",
        names=("Ostalgia",),
        condition="Crohn's disease" if number % 2 else "Bone pain",
        code="M86.341",
        chapter="13",
        sites=("hand",),
        side="left" if number % 2 else "right",
        sections=(Section("causes", None, FEVER if number % 3 else "Unknown.", ""),),
    )


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """Forty-four documents in several segments, six more deleted; later segments are smaller and are not merged."""
    engine = WhooshEngine(tmp_path)
    for start, end in ((0, 150), (150, 190)):
        with engine.batch() as batch:
            for number in range(start, end):
                batch.put(document(number))
            for number in range(100, 106):
                batch.delete(f"set/{number:02}")
    return engine


@pytest.fixture
def index(engine: WhooshEngine, tmp_path: Path) -> Any:
    return open_dir(str(tmp_path))


@pytest.fixture
def searcher(index: Any) -> Iterator[Any]:
    with index.searcher() as searcher:
        yield searcher


def find(searcher: Any, text: str, field: str = "title") -> set[str]:
    hits = searcher.search(QueryParser(field, searcher.schema).parse(text), limit=None)
    return {hit["id"].removeprefix("set/") for hit in hits}


def test_the_folder_is_an_index_with_our_fields(index: Any, tmp_path: Path) -> None:
    assert exists_in(str(tmp_path))
    assert set(index.schema.names()) >= {
        *TEXT_FIELD_NAMES,
        "site",
        "side",
        "chapter",
        "condition",
        "code",
        "id",
        "word",
    }
    assert index.doc_count() == 184
    assert not index.is_empty()
    assert index.latest_generation() == 2


def test_before_the_first_commit_there_is_none(tmp_path: Path) -> None:
    WhooshEngine(tmp_path).digests()
    with pytest.raises(EmptyIndexError):
        open_dir(str(tmp_path))


def test_an_index_without_documents_is_an_empty_one(tmp_path: Path) -> None:
    with WhooshEngine(tmp_path).batch(fresh=True):
        pass
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert find(searcher, "bone") == set()


def test_the_query_parser_makes_the_terms_that_are_indexed(searcher: Any) -> None:
    assert len(find(searcher, "bone pain")) == 184
    assert find(searcher, "BONES n7") == {"07"}
    assert find(searcher, "n7 OR n8") == {"07", "08"}
    assert find(searcher, "bone NOT pain") == set()
    for text in ("fever", "Fevers", "edema", "oedema", "X-Ray", "x-rays", '"x ray"'):
        assert len(find(searcher, f"{text} left", "causes")) == 0
        assert len(find(searcher, f"causes:({text})")) == 122
    parser = MultifieldParser(["title", "names", "causes"], searcher.schema)
    assert len(searcher.search(parser.parse("ostalgias fever"), limit=None)) == 122


def test_phrases_need_the_order_and_one_sentence(searcher: Any) -> None:
    assert find(searcher, '"bones pain n12"') == {"12"}
    assert find(searcher, '"pain bone"') == set()
    assert (
        len(find(searcher, '"fever of bone"', "causes")) == len(find(searcher, '"fever bones common"', "causes")) == 122
    )
    assert find(searcher, '"common oedema"', "causes") == set()
    assert len(find(searcher, '"fever common"~2', "causes")) == 122
    assert find(searcher, 'names:"ostalgia bone"') == set()


def test_prefixes_wildcards_ranges_and_fuzzy_terms(searcher: Any) -> None:
    assert find(searcher, "N16*") == {"16", *map(str, range(160, 170))}
    assert find(searcher, "n?6") == {str(number) for number in range(16, 100, 10)}
    assert find(searcher, "[n187 TO n189]") == {"187", "188", "189"}
    parser = QueryParser("title", searcher.schema)
    parser.add_plugin(FuzzyTermPlugin())
    assert len(searcher.search(parser.parse("bome~"), limit=None)) == 184


def test_keyword_fields_filter(searcher: Any) -> None:
    parser = QueryParser("title", searcher.schema)
    everything, left = parser.parse("bone"), query.Term("side", "left")
    assert len(searcher.search(everything, filter=left, limit=None)) == 92
    assert len(searcher.search(everything, mask=left, limit=None)) == 92
    for text in ("code:M86.341", "code:m86*", "chapter:13", "site:hand", "site:upper-limb", "own_site:Hand"):
        assert len(find(searcher, text)) == 184, text
    assert len(find(searcher, "condition:'Crohn''s disease' OR condition:crohns-disease")) == 92
    assert find(searcher, "id:set/07") == {"07"}
    assert searcher.document(id="set/07")["title"] == "Bone pains n7"


def test_hits_carry_the_stored_document(searcher: Any) -> None:
    (hit,) = searcher.search(query.Term("title", "n7"))
    assert hit.fields() == {
        "id": "set/07",
        "source": "corpus",
        "title": "Bone pains n7",
        "names": "Ostalgia",
        "url": "https://example.org/7",
        "condition": "Crohn's disease",
        "code": "M86.341",
        "chapter": "13",
        "site": ("hand", "upper-limb"),
        "own_site": ("hand",),
        "side": "left",
        "causes": FEVER,
    }
    assert hit["title_key"] == b"bone pains n7"
    assert "reviewed" not in hit.fields()


def test_highlights(searcher: Any) -> None:
    hits = searcher.search(QueryParser("causes", searcher.schema).parse('"fever bone" AND edema'), terms=True)
    hits.formatter = highlight.UppercaseFormatter()
    assert hits[0].highlights("causes") == "FEVER of the BONES is common. The OEDEMA follows, as x-ray shows"
    assert {field for field, _ in hits.matched_terms()} == {"causes"}


def test_suggestions_are_unstemmed_words(searcher: Any) -> None:
    assert searcher.suggest("word", "oedma") == ["oedema"]
    assert searcher.suggest("title", "comon") == ["common"]
    assert searcher.suggest("causes", "boness", maxdist=1) == ["bones"]
    parser = QueryParser("causes", searcher.schema)
    assert searcher.correct_query(parser.parse("fevr bone"), "fevr bone").string == "fever bone"


def test_sorting_and_grouping(searcher: Any) -> None:
    everything = query.Prefix("title", "n18")
    hits = searcher.search(everything, sortedby=sorting.FieldFacet("title_key", reverse=True), limit=3)
    assert [hit["id"] for hit in hits] == ["set/189", "set/188", "set/187"]
    assert {name: len(docs) for name, docs in searcher.search(everything, groupedby="side").groups().items()} == {
        "left": 5,
        "right": 6,
    }


def test_statistics_of_readers(searcher: Any) -> None:
    reader = searcher.reader()
    assert list(reader.lexicon("side")) == [b"left", b"right"]
    assert list(reader.expand_prefix("title", "n18"))[:3] == [b"n18", b"n180", b"n181"]
    assert b"bones" in set(reader.lexicon("word"))
    assert ("title", b"pain") in reader
    assert ("title", b"pains") not in reader
    assert ("title", b"bone") in set(reader.all_terms())
    assert next(reader.terms_from("word", "oe")) == ("word", b"oedema")
    assert reader.doc_field_length(0, "title") == 3
    assert reader.doc_frequency("causes", "absent") == reader.frequency("causes", "absent") == 0
    assert reader.frequency("title", "bone") == 190
    leaf = reader.leaf_readers()[0][0]
    info = leaf.term_info("title", "bone")
    assert info.doc_frequency() == info.weight() == leaf.doc_count_all()
    assert (info.min_length(), info.max_length(), info.max_weight(), info.min_id()) == (3, 3, 1, 0)
    assert leaf.postings("causes", "common").value_as("positions") == [2]
    assert next(reader.all_stored_fields())["title"].startswith("Bone pains")


def test_a_term_that_stands_very_often(tmp_path: Path) -> None:
    """More often than one posting of ours can say."""
    with WhooshEngine(tmp_path).batch() as batch:
        batch.put(Document(id="a", source="s", title="bone " * (2 * MAX_POSTING_FREQUENCY + 5)))
    with open_dir(str(tmp_path)).searcher() as searcher:
        assert searcher.frequency("title", "bone") == 2 * MAX_POSTING_FREQUENCY + 5
        assert find(searcher, '"bone bone bone"') == {"a"}


def test_a_reader_held_over_commits_stays_as_it_was(engine: WhooshEngine, index: Any) -> None:
    held = index.searcher()
    with engine.batch() as batch:
        batch.delete("set/07")
        batch.put(document(8, "Changed"))
        batch.put(document(900, "New"))
    for _ in range(3):  # the files of the held generation are gone by now
        with engine.batch(fresh=True) as batch:
            for number in range(8, 20):
                batch.put(document(number, "Changed"))
    assert (held.doc_count(), find(held, "n7"), find(held, "changed"), find(held, "n900")) == (
        184,
        {"07"},
        set(),
        set(),
    )
    assert held.search(query.Term("title", "n7"))[0]["causes"] == FEVER
    assert not held.up_to_date()
    assert index.latest_generation() != held.reader().generation()
    with index.searcher() as reopened, held.refresh() as refreshed:
        for each in (reopened, refreshed):
            assert each.doc_count() == 12
            assert find(each, "n7") == set()
            assert len(find(each, "changed")) == 12


def test_deleted_documents_are_gone(engine: WhooshEngine, index: Any) -> None:
    with engine.batch() as batch:
        batch.delete("set/07")
    with index.searcher() as searcher:
        assert find(searcher, "n7") == find(searcher, "id:set/07") == set()
        assert searcher.doc_count() == 183


def test_reading_changes_nothing_in_the_folder(engine: WhooshEngine, tmp_path: Path) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before, names = state(), sorted(tmp_path.rglob("*"))
    for readonly in (False, True):
        index = open_dir(str(tmp_path), readonly=readonly)
        with index.searcher() as searcher:
            searcher.search(query.Prefix("title", "n1"), groupedby="site", sortedby="title_key")[0].highlights("title")
            searcher.suggest("word", "bons")
            searcher.refresh()
        index.close()
    assert (state(), sorted(tmp_path.rglob("*"))) == (before, names)
    assert engine.verify() == ()


def test_the_six_lines_of_the_readme(engine: WhooshEngine, tmp_path: Path) -> None:
    program = """
from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser
with open_dir("var/index").searcher() as searcher:
    parser = MultifieldParser(["title", "overview", "causes"], searcher.schema)
    for hit in searcher.search(parser.parse('"bone pain" side:left fever*'), limit=3):
        print(hit["title"], hit["code"], hit.highlights("causes"))
"""
    lines: list[str] = []
    exec(program.replace("var/index", str(tmp_path)), {"print": lambda *words: lines.append(" ".join(words))})
    assert len(lines) == 3
    assert all("M86.341" in line and "Fever" in line for line in lines)
