"""What every engine promises: to answer as the reference engine does, and to change all at once or not at all."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Document
from indexer.engine import Engine, Searcher
from indexer.errors import IndexLocked, IndexMissing
from indexer.query.nodes import All, Node, Or, Should, Term
from indexer.query.query import Query
from indexer.query.request import Filter, Page
from indexer.results import SIDES, Matches
from tests.engines.conftest import OpenEngine, assert_same
from tests.engines.reference import ReferenceEngine
from tests.engines.strategies import (
    IDS,
    TERMS,
    VALUES,
    documents,
    filters,
    leaves,
    libraries,
    near_clauses,
    nodes,
    pages,
    queries,
    terms,
)

WHOLE = Page(limit=100)
EVERYTHING = Query("")

# Commits of one library: documents put, and ids deleted, so that engines have several segments with holes in them.
histories = st.lists(st.tuples(libraries, st.lists(st.sampled_from(IDS), max_size=4)), min_size=1, max_size=3)


def write(engine: Engine, history: Sequence[tuple[list[Document], list[str]]]) -> None:
    for number, (put, deleted) in enumerate(history):
        with engine.batch() as batch:
            if number % 2:
                batch.add_segment(engine.segment_builder(list({document.id: document for document in put}.values())))
            else:
                for document in put:
                    batch.put(document)
            for id in deleted:
                batch.delete(id)
            batch.describe("there", "is an index")


def both(engine: Engine, history: Sequence[tuple[list[Document], list[str]]]) -> tuple[Searcher, Searcher]:
    reference = ReferenceEngine()
    write(reference, history)
    write(engine, history)
    return engine.searcher(), reference.searcher()


@given(history=histories, asked=st.lists(queries, min_size=1, max_size=8), page=pages)
def test_searches_agree_with_the_reference(
    open_compared: OpenEngine, history: list[tuple[list[Document], list[str]]], asked: list[Query], page: Page
) -> None:
    with open_compared() as engine:
        searcher, reference = both(engine, history)
        with searcher:
            for query in asked:
                for part in (page, WHOLE, replace(WHOLE, collapse=True)):
                    assert_same(searcher.search(query, part), reference.search(query, part))
                assert list(searcher.scan(query)) == list(reference.scan(query))


@given(history=histories, asked=st.lists(leaves, min_size=1, max_size=20))
def test_leaves_agree_with_the_reference(
    open_compared: OpenEngine, history: list[tuple[list[Document], list[str]]], asked: list[Node]
) -> None:
    with open_compared() as engine:
        searcher, reference = both(engine, history)
        with searcher:
            for leaf in asked:
                assert_same(searcher.search(Query("", leaf), WHOLE), reference.search(Query("", leaf), WHOLE))


@given(library=libraries, root=st.just(All()) | terms.map(Term), clauses=near_clauses, page=pages)
def test_terms_near_each_other_add_what_the_reference_adds(
    open_compared: OpenEngine, library: list[Document], root: Node, clauses: list[Node], page: Page
) -> None:
    with open_compared() as engine:
        searcher, reference = both(engine, [(library, [])])
        query = Query("", Should(root, Or(tuple(clauses))))
        with searcher:
            for part in (page, WHOLE):
                assert_same(searcher.search(query, part), reference.search(query, part))


@given(history=histories)
def test_vocabulary_names_and_documents_agree_with_the_reference(
    open_compared: OpenEngine, history: list[tuple[list[Document], list[str]]]
) -> None:
    with open_compared() as engine:
        searcher, reference = both(engine, history)
        with searcher:
            assert searcher.document_count == reference.document_count
            for prefix in ("", "pain", "zz"):
                assert list(searcher.words(prefix)) == list(reference.words(prefix))
            assert sorted(searcher.names(), key=repr) == sorted(reference.names(), key=repr)
            for field in (None, "title", "causes", "site", "code", "no-such-field"):
                for term in (*TERMS, *VALUES):
                    assert searcher.frequency(field, term) == reference.frequency(field, term)
            for term in TERMS:
                assert set(searcher.words_of(term)) >= set(reference.words_of(term))
            for word, term, _ in reference.words():
                assert searcher.term_of(word) == term
                assert searcher.term_of(word + "x") == reference.term_of(word + "x")
            assert searcher.held_terms(IDS, TERMS) == reference.held_terms(IDS, TERMS)
            some = TERMS[: len(TERMS) // 2]  # an engine may know what its last results have
            searcher.search(Query("", Or(tuple(map(Term, some)))), WHOLE)
            for terms in (some[:1], some, TERMS, ("no-such-term",), ()):
                assert searcher.held_terms((*IDS, "no-such-id"), terms) == reference.held_terms(IDS, terms)
            for id in IDS:
                assert searcher.get(id) == reference.get(id)
        assert engine.verify() == ()


@given(library=libraries, root=nodes, size=st.integers(1, 4), collapse=st.booleans())
def test_pages_join_without_gap_or_repeat(
    open_empty: OpenEngine, library: list[Document], root: Node, size: int, collapse: bool
) -> None:
    with open_empty() as engine:
        write(engine, [(library, [])])
        query = Query("", root)
        with engine.searcher() as searcher:
            whole = searcher.search(query, Page(limit=100, collapse=collapse))
            parts = [searcher.search(query, Page(start, size, collapse)).page for start in range(0, 24, size)]
        assert [match for part in parts for match in part] == list(whole.page)


@given(library=libraries, root=nodes, page=st.builds(Page, collapse=st.booleans()))
def test_a_page_is_the_same_without_counts(
    open_empty: OpenEngine, library: list[Document], root: Node, page: Page
) -> None:
    with open_empty() as engine:
        write(engine, [(library, [])])
        with engine.searcher() as searcher:
            counted = searcher.search(Query("", root), page)
            alone = searcher.search(Query("", root), page, counts=False)
        assert_same(alone, replace(counted, groups=0, facets=(), sites_by_side=()))


@given(library=libraries, root=nodes)
def test_clicking_a_bucket_yields_its_count(open_empty: OpenEngine, library: list[Document], root: Node) -> None:
    with open_empty() as engine:
        write(engine, [(library, [])])
        query = Query("", root)
        with engine.searcher() as searcher:
            for facet in searcher.search(query, Page(limit=0)).facets:
                for value, count in facet.counts:
                    clicked = replace(query, filters=(Filter(facet.field, (value,)),))
                    assert searcher.search(clicked, Page(limit=0)).total == count


@given(library=libraries, root=nodes, filters=st.lists(filters, max_size=2).map(tuple))
def test_a_site_and_a_side_yield_their_count(
    open_empty: OpenEngine, library: list[Document], root: Node, filters: tuple[Filter, ...]
) -> None:
    with open_empty() as engine:
        write(engine, [(library, [])])
        with engine.searcher() as searcher:
            counted = searcher.search(Query("", root, filters), Page(limit=0)).sites_by_side
            others = tuple(each for each in filters if each.field not in ("site", "side"))
            for side, counts in zip(SIDES, counted, strict=True):
                if side is None:
                    continue
                for site, count in counts.counts:
                    place = (Filter("site", (site,)), Filter("side", (side,)))
                    assert searcher.search(Query("", root, (*others, *place)), Page(limit=0)).total == count
            for site, count in sum((Counter(dict(each.counts)) for each in counted), Counter[str]()).items():
                on_any_side = Query("", root, (*others, Filter("site", (site,))))
                assert searcher.search(on_any_side, Page(limit=0)).total == count


def document(id: str, title: str = "Bone pain") -> Document:
    return Document(id=id, source=f"{id}.txt", title=title, digest=f"digest of {id}", condition=title)


def test_there_is_nothing_before_the_first_commit(engine: Engine) -> None:
    with pytest.raises(IndexMissing, match="run: conditions index PATH"):
        engine.searcher()
    assert (engine.digests(), engine.sources(), engine.properties()) == ({}, {}, {})


def test_digests_sources_and_properties(engine: Engine) -> None:
    with engine.batch() as batch:
        batch.put(document("b"))
        batch.put(document("a"))
        batch.describe("name", "first")
        batch.describe("name", "second \ud800")
    assert engine.digests() == {"a": "digest of a", "b": "digest of b"}
    assert engine.sources() == {"a": "a.txt", "b": "b.txt"}
    assert engine.properties() == {"name": "second \ud800"}


def test_within_a_batch_the_last_call_wins(engine: Engine) -> None:
    with engine.batch() as batch:
        batch.put(document("a", "First"))
        batch.put(document("b"))
        batch.put(document("a", "Second"))
        batch.delete("b")
        batch.delete("c")
        batch.put(document("c"))
    with engine.searcher() as searcher:
        assert [document.title for document in searcher.scan(EVERYTHING)] == ["Second", "Bone pain"]
        assert searcher.frequency("title", "first") == 0


def test_an_exception_leaves_everything_as_it_was(engine: Engine) -> None:
    write(engine, [([document("a")], [])])
    before = engine.searcher().generation
    for fresh in (False, True):
        with pytest.raises(KeyError), engine.batch(fresh=fresh) as batch:
            batch.put(document("b"))
            batch.delete("a")
            batch.describe("there", "is another")
            raise KeyError("stop")
        with engine.searcher() as searcher:
            assert searcher.generation == before
            assert [document.id for document in searcher.scan(EVERYTHING)] == ["a"]
        assert engine.properties() == {"there": "is an index"}


def test_an_exception_in_the_first_batch_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(KeyError), engine.batch() as batch:
        batch.put(document("a"))
        raise KeyError("stop")
    with pytest.raises(IndexMissing):
        engine.searcher()


def test_a_batch_that_changes_nothing_makes_no_generation(engine: Engine) -> None:
    write(engine, [([document("a")], [])])
    before = engine.searcher().generation
    with engine.batch() as batch:
        batch.delete("unknown")
        batch.describe("there", "is an index")
    assert engine.searcher().generation == before
    write(engine, [([document("a")], [])])
    assert engine.searcher().generation != before


def test_a_fresh_batch_begins_with_nothing(engine: Engine) -> None:
    write(engine, [([document("a"), document("b")], [])])
    with engine.batch(fresh=True) as batch:
        batch.put(document("b"))
        batch.delete("a")
    assert set(engine.digests()) == {"b"}
    assert engine.properties() == {}
    with engine.batch(fresh=True):
        pass
    with engine.searcher() as searcher:
        assert searcher.document_count == 0
        assert searcher.search(EVERYTHING, Page()).total == 0


def test_one_writer_at_a_time(engine: Engine) -> None:
    with engine.batch() as batch:
        batch.put(document("a"))
        with pytest.raises(IndexLocked), engine.batch():
            pass
    with engine.batch() as batch:
        batch.put(document("b"))
    assert set(engine.digests()) == {"a", "b"}


def test_a_searcher_keeps_its_answers_while_others_commit(engine: Engine) -> None:
    write(engine, [([document("a")], [])])
    with engine.searcher() as old:
        for number in range(6):
            write(engine, [([document(f"b{number}")], ["a"])])
        assert [document.id for document in old.scan(EVERYTHING)] == ["a"]
        assert old.search(Query("", Term("bone")), Page()).total == 1
        with engine.searcher() as new:
            assert new.document_count == 6
            assert new.generation != old.generation


def test_threads_search_while_others_commit(engine: Engine) -> None:
    """Every answer is that of one generation: each commit replaces all documents by others of one title."""
    commits, readers = 8, 3
    ids = [f"{number}" for number in range(5)]
    write(engine, [([document(id, "Generation 0") for id in ids], [])])
    failures: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with engine.searcher() as searcher:
                matches = searcher.search(Query("", All()), WHOLE)
                titles = {match.document.title for match in matches.page}
                again = {document.title for document in searcher.scan(EVERYTHING)}
                if len(titles) != 1 or titles != again or matches.total != len(ids):
                    failures.append(repr((titles, again, matches.total)))

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, commits + 1):
            write(engine, [([document(id, f"Generation {number}") for id in ids], [])])
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_a_search_needs_no_more_than_the_snapshot(engine: Engine) -> None:
    """One snapshot in many threads at once."""
    write(engine, [([document(f"{number}", "Bone pain of the hand") for number in range(20)], [])])
    with engine.searcher() as searcher:
        answers: list[Matches] = []
        query = Query("", Term("bone"), sort="title")
        threads = [
            threading.Thread(target=lambda: answers.append(searcher.search(query, WHOLE)), daemon=True)
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 8
        assert all(answer == answers[0] for answer in answers)


@given(original=documents())
def test_a_document_comes_back_as_it_was(open_empty: OpenEngine, original: Document) -> None:
    with open_empty() as engine:
        write(engine, [([original], [])])
        with engine.searcher() as searcher:
            assert searcher.get(original.id) == original
            assert list(searcher.scan(EVERYTHING)) == [original]
