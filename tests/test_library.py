"""What a command or a page asks of a library."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from indexer import Library, Page, open_library
from indexer.errors import EngineUnavailable, IndexMissing, QueryRejected
from indexer.knowledge import body_sites
from indexer.query.request import SearchRequest, Sort, build_filters

ARTICLES = {
    "cmo-hand": (
        "Chronic multifocal osteomyelitis, right hand\n\nICD-10 code: M86.341\n\n"
        "Causes\n\nAn autoimmune inflammation of bone is likely.\n"
    ),
    "cmo-femur": (
        "Chronic multifocal osteomyelitis, left femur\n\nICD-10 code: M86.352\n\n"
        "Symptoms\n\nThe thigh aches at night.\n"
    ),
    "gout": "Gout\n\nICD-10 code: M10.9\n\nCauses\n\nUrate crystals cause inflammation in a joint.\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    top = tmp_path_factory.mktemp("library")
    for id, text in ARTICLES.items():
        (top / f"{id}.txt").write_text(text)
    library = open_library(top / "index")
    assert len(library.sync([top / f"{id}.txt" for id in ARTICLES]).added) == 3
    return library


def ids(library: Library, text: str, **options: object) -> list[str]:
    return [hit.document.id for hit in library.search(text, **options).hits]  # type: ignore[arg-type]


def test_the_hit_comes_with_its_sentence_and_field(library: Library) -> None:
    hit = library.search("autoimmune bone inflammation").hits[0]
    (snippet,) = hit.snippets
    assert (hit.document.id, snippet.field) == ("cmo-hand", "causes")
    assert [snippet.text[a:b] for a, b in snippet.spans] == ["autoimmune inflammation", "bone"]
    assert hit.missing == ()


def test_a_site_finds_its_parts_and_facets_are_trees(library: Library) -> None:
    assert ids(library, "osteomyelitis", filters={"site": ["upper-limb"]}) == ["cmo-hand"]
    results = library.search("osteomyelitis", filters={"site": ["hand"]})
    (site,) = [facet for facet in results.facets if facet.field == "site"]
    upper = next(bucket for bucket in site.buckets if bucket.value == "upper-limb")
    assert any(child.value == "hand" and child.selected and child.count == 1 for child in upper.children)
    assert any(bucket.value == "lower-limb" and bucket.count == 1 for bucket in site.buckets)


def test_every_code_of_the_corpus_finds_its_articles_and_their_family(corpus_library: Library) -> None:
    codes = {document.id: document.code for document in corpus_library.scan() if document.code}
    for code in sorted(set(codes.values()))[::5]:
        for typed in (code, code.replace(".", "").lower(), f'"{code}"'):
            exact = {id for id, own in codes.items() if own == code}
            hits = ids(corpus_library, typed, page=Page(limit=100))
            assert set(hits[: len(exact)]) == exact, typed
            narrower = {id for id, own in codes.items() if own.startswith(code)}
            with corpus_library.searcher() as searcher:
                held = searcher.held_terms(hits, (code.replace(".", "").lower(),))
                words = {id for id in hits if held[id]}
            assert set(hits) == narrower | words, typed
        category = {id for id, own in codes.items() if own.startswith(code[:3])}
        for typed in (code[:3], f"{code[:3]}*", f"{code[:3].lower()}.*"):
            assert category <= set(ids(corpus_library, typed, page=Page(limit=100))), typed


def test_a_whole_site_finds_what_is_in_its_parts(corpus_library: Library) -> None:
    for whole in ("upper-limb", "lower-limb", "head"):
        filtered = {document.id for document in corpus_library.scan(filters={"site": [whole]})}
        parts = {document.id for document in corpus_library.scan() if whole in body_sites.closure(document.sites)}
        assert filtered == parts
        assert any(whole not in document.sites for document in corpus_library.scan(filters={"site": [whole]}))


def test_one_condition_is_one_card_with_its_sites_and_sides(library: Library) -> None:
    results = library.search("osteomyelitis", page=Page(collapse=True))
    assert (results.total, results.groups, len(results.hits)) == (2, 1, 1)
    group = results.hits[0].group
    assert group.size == 2
    assert {bucket.value for bucket in group.sides} == {"right", "left"}
    assert {"hand", "femur"} <= {bucket.value for bucket in group.sites}


@pytest.mark.parametrize("text", ["M86.341", "m86341", "code:M86.341", '"M86.341"', "ICD-10 M86.341", "M86.341*"])
def test_a_code_finds_its_article_and_none_that_is_like_it(library: Library, text: str) -> None:
    assert ids(library, text) == ["cmo-hand"]


@pytest.mark.parametrize("text", ["M86", "M86.3", "M86.3*"])
def test_a_wider_code_finds_the_family(library: Library, text: str) -> None:
    assert set(ids(library, text)) == {"cmo-hand", "cmo-femur"}


@pytest.mark.parametrize(
    "options",
    [{"filters": {"colour": ["red"]}}, {"fields": ["colour"]}, {"sort": "colour"}, {"filters": {"own_site": ["hand"]}}],
)
def test_what_does_not_exist_is_refused(library: Library, options: dict[str, object]) -> None:
    with pytest.raises(QueryRejected, match="use one of"):
        library.search("gout", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("page", [{"limit": 101}, {"limit": -1}, {"offset": -1}, {"offset": 10_001}])
def test_a_page_has_bounds(page: dict[str, int]) -> None:
    with pytest.raises(QueryRejected):
        Page(**page)  # type: ignore[arg-type]


def test_stats_count_everything(library: Library) -> None:
    stats = library.stats()
    assert (stats.documents, stats.conditions) == (3, 2)
    assert stats.words > 10


def test_no_index_is_said_with_the_fix(tmp_path: Path) -> None:
    library = open_library(tmp_path / "nothing")
    with pytest.raises(IndexMissing, match="conditions index"):
        library.search("gout")
    assert not (tmp_path / "nothing").exists()


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(EngineUnavailable, match="elastic"):
        open_library("elastic://host/name")


def test_searching_loads_neither_the_reader_nor_the_code_tables(tmp_path: Path) -> None:
    searches = {"urate crystals": "stem", "podagra": "synonym", "crystalz": "spelling", "urate zzkqxwv": "dropped"}
    (tmp_path / "gout.txt").write_text(ARTICLES["gout"])
    with open_library(tmp_path / "index") as built:
        built.sync([tmp_path / "gout.txt"])
    program = (
        f"import sys; from indexer import open_library; library = open_library({str(tmp_path / 'index')!r})\n"
        f"for text, how in {searches}.items():\n"
        "    results = library.search(text)\n"
        "    assert results.hits[0].snippets[0].text\n"
        "    assert how in [each.how for each in results.interpretation], results.interpretation\n"
        "assert library.search('what causes gout').answer\n"
        "assert not library.search('zzkqxwv').total\n"
        "assert library.search('inflammat*').total\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not {"simple_icd_10_cm", "whoosh", "bs4", "nltk", "joblib", "flask", "indexer.articles.reader"} & set(
        loaded.split()
    )


def test_what_searches_need_is_loaded_beside_them(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text(ARTICLES["gout"])
    with open_library(tmp_path / "index") as built:
        built.sync([tmp_path / "gout.txt"])
    program = (
        "from indexer import open_library; from indexer.knowledge.disease_names import tables;"
        f"library = open_library({str(tmp_path / 'index')!r});"
        "library.search('urate'); assert not tables.cache_info().currsize;"
        "library.renew(); assert tables.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_two_libraries_of_a_process_keep_their_own_words(tmp_path: Path) -> None:
    for name, text in (("gout", ARTICLES["gout"]), ("measles", "Measles\n\nMeasles is an infection with rashes.\n")):
        (tmp_path / f"{name}.txt").write_text(text)
        with open_library(tmp_path / name) as built:
            built.sync([tmp_path / f"{name}.txt"])
    program = (
        "import sys; from indexer import open_library;"
        f"first, second = (open_library({str(tmp_path)!r} + '/' + name) for name in ('gout', 'measles'));"
        "assert first.search('crystals').total and second.search('infection').total;"
        "second.close();"
        "assert first.search('inflammation').total;"
        "assert 'nltk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_site_makes_suggestions_beside_its_requests(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text(ARTICLES["gout"])
    (tmp_path / "measles.txt").write_text("Measles\n\nMeasles is an infection with a rash.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path / "gout.txt"])
        assert library.complete("go")
        library.sync([tmp_path / "measles.txt"])
        assert library.complete("mea")
        library.renew()
        library.sync([tmp_path / "gout.txt", tmp_path / "measles.txt"], rebuild=True)
        (tmp_path / "measles.txt").unlink()
        (tmp_path / "mumps.txt").write_text("Mumps\n\nMumps swells the glands.\n")
        library.sync([tmp_path / "mumps.txt"])
        assert not library.complete("mum")
        library.renew()
        assert library.complete("mum")


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("text", ["", "painful swollen joint", "what causes gout", "heart attack"])
def test_all_matches_come_in_the_order_of_the_pages(corpus_library: Library, text: str, sort: Sort) -> None:
    filters = {"side": ["left", "right"]}
    pages = (
        corpus_library.search(text, filters=filters, sort=sort, page=Page(offset, 100)) for offset in (0, 100, 200, 300)
    )
    paged = [hit.document.id for results in pages for hit in results.hits]
    assert len(paged) > 4
    request = SearchRequest(text, build_filters(filters), sort=sort, page=Page(offset=7, limit=3))
    assert [document.id for document in corpus_library.matches(request)] == paged


def test_a_sync_with_nothing_to_write_takes_away_what_killed_runs_left(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nGout is a painful arthritis.\n")
    location = tmp_path / "index"
    with open_library(location) as library:
        library.sync([tmp_path / "gout.txt"])
        before = sorted(location.rglob("*"))
        for name in ("manifest.json.new", "_MAIN.toc.new", "seen.new", "seen.123", "syncs.json.new"):
            (location / name).write_bytes(b"half")
        for name in ("killed.documents", "killed.postings"):
            (location / "segments" / name).write_bytes(b"half")
        assert not library.sync([tmp_path / "gout.txt"]).written
    assert sorted(location.rglob("*")) == before
