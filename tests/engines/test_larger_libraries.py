"""What only shows in more or longer documents than properties are tried with: sparse and dense sets differ in code."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given

from indexer.articles.model import SECTION_KINDS, Section
from indexer.documents import Document
from indexer.engine import Engine
from indexer.knowledge.body_sites import Side
from indexer.query.nodes import AtLeast, Boost, Coverage, Near, Or, Phrase, Prefix, Should, Term
from indexer.query.query import Query
from indexer.query.request import Filter, Page, Sort
from indexer.text.analyzer import term
from tests.engines.conftest import assert_same
from tests.engines.reference import ReferenceEngine
from tests.engines.strategies import SITES, WORDS, pages, queries

WHOLE = Page(limit=100)


def test_places_in_hundreds_of_documents(compared: Engine) -> None:
    """More documents than a byte can number; a term of the first of them, and one of all."""
    reference = ReferenceEngine()
    texts = (f"early late n{n}." if n < 20 else f"early. x{n} late." for n in range(300))
    sections = (Section("causes", None, text * (1 + n % 3), "") for n, text in enumerate(texts))
    library = [
        Document(id=f"{n:03}", source="", title=f"Bone {n}", sections=(each,)) for n, each in enumerate(sections)
    ]
    for each in (compared, reference):
        with each.batch() as batch:
            batch.add_segment(each.segment_builder(library))
    near = Near((Term(term("early")), Term(term("late"))), 2, ordered=True)
    root = Should(Term(term("late")), Or((Term("bone"), Boost(near, 0.2))))
    with compared.searcher() as searcher:
        for page in (Page(limit=40), Page(limit=5, offset=15), Page(limit=100, offset=200)):
            assert_same(searcher.search(Query("", root), page), reference.searcher().search(Query("", root), page))


@pytest.fixture(scope="module")
def hundreds() -> list[Document]:
    """Documents of a few common and some rare words, the same in every run."""
    random = Random(1)
    rare = [f"{word}{number}" for word in ("osteo", "x") for number in range(12)]

    def text(most: int) -> str:
        return " ".join(
            random.choices((*WORDS, *rare), (*[6] * len(WORDS), *[1] * len(rare)), k=random.randint(0, most))
        )

    return [
        Document(
            id=f"{number:03}",
            source="",
            title=text(3),
            condition=f"c{random.randint(0, 40)}",
            sites=tuple(random.sample(SITES, random.randint(0, 2))),
            side=random.choice((*get_args(Side), None)),
            sections=tuple(
                Section(kind, None, f"{text(9)}. {text(9)}", "") for kind in random.sample(SECTION_KINDS, 2)
            ),
        )
        for number in range(300)
    ]


@pytest.mark.parametrize("at_once", [400, 5])
def test_hundreds_of_documents_agree_with_the_reference(
    compared: Engine, hundreds: list[Document], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sparse and dense doc sets differ in code, and expensive clauses are evaluated for some documents at a time."""
    monkeypatch.setattr("indexer.engines.whoosh.searching.collector.MAX_RESCORED_DOCS", at_once)
    monkeypatch.setattr("indexer.engines.whoosh.searching.collector.FIRST_RESCORED_DOCS", min(at_once, 48))
    monkeypatch.setattr("indexer.engines.opensearch.page_collector.CANDIDATES", at_once)
    reference = ReferenceEngine()
    for each in (compared, reference):
        for part in (hundreds[:200], hundreds[200:]):
            with each.batch() as batch:
                batch.add_segment(each.segment_builder(part))
                for document in part[::29]:
                    batch.delete(document.id)

    @given(query=queries, page=pages)
    def agree(query: Query, page: Page) -> None:
        with compared.searcher() as searcher:
            assert_same(searcher.search(query, page), reference.searcher().search(query, page))

    agree()
    lead_to = (Filter("side", ("right",)), Filter("site", ("hand",)))
    orders: tuple[tuple[Sort, tuple[Filter, ...]], ...] = (
        ("relevance", ()),
        ("title", lead_to),
        ("relevance", lead_to),
    )
    near = Or((Boost(Near((Term("bone"), Term("pain")), 3), 0.3), Boost(Near((Term("pain"), Term("osteo3")), 2), 0.3)))
    for must in (
        Term("pain"),
        Or((Term("osteo3"), Term("x7"))),
        AtLeast(2, (Term("bone"), Term("osteo3"), Term("hand"))),
    ):
        for page in (Page(), Page(collapse=True), Page(offset=15, limit=7, collapse=True)):
            for sort, lead in orders:
                query = Query("", Should(must, Or((Term("hand"), near, Or(())))), sort=sort, lead=lead)
                with compared.searcher() as searcher:
                    assert_same(searcher.search(query, page), reference.searcher().search(query, page))


def test_clauses_that_are_added_to_a_plan_that_was_searched_before(compared: Engine, hundreds: list[Document]) -> None:
    reference = ReferenceEngine()
    for each in (compared, reference):
        with each.batch() as batch:
            batch.add_segment(each.segment_builder(hundreds))
    near = Boost(Near((Term("bone"), Term("pain")), 3), 0.3)
    clauses = (Term("hand"), Boost(Term("bone"), 0.5), Coverage(("pain", "bone"), "title"), near, Term("osteo3"))
    with compared.searcher() as searcher:
        for must in (Boost(Term("pain"), 0.0), Or((Term("osteo3"), Term("x7")))):
            for first, last in ((0, 2), (0, 5), (0, 5), (0, 4), (1, 3), (0, 3)):
                query = Query("", Should(must, Or(clauses[first:last])))
                assert_same(searcher.search(query, WHOLE), reference.searcher().search(query, WHOLE))


def test_places_in_order_that_share_a_word(compared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several first terms may begin spans that end with the same last term: there are more spans than last terms."""
    monkeypatch.setattr("indexer.engines.whoosh.searching.collector.MAX_RESCORED_DOCS", 5)
    monkeypatch.setattr("indexer.engines.whoosh.searching.collector.FIRST_RESCORED_DOCS", 2)
    reference = ReferenceEngine()
    texts = ("early early early early early late. x. x. x. x.", "late. late. late. late. early late. x. x. x. x.")
    library = [
        Document(
            id=f"{n:03}",
            source="",
            title="Bone",
            condition=f"c{n}",
            sections=(Section("causes", None, texts[n % 9 != 4] + f" {'y ' * (n % 3)}", ""),),
        )
        for n in range(90)
    ]
    for each in (compared, reference):
        with each.batch() as batch:
            batch.add_segment(each.segment_builder(library))
    near = Boost(Near((Term(term("early")), Term(term("late"))), 6, ordered=True), 3.0)
    for page in (Page(limit=1), Page(limit=3), Page(limit=10, offset=5)):
        query = Query("", Should(Term(term("late")), Or((Term("bone"), near))))
        with compared.searcher() as searcher:
            assert_same(searcher.search(query, page), reference.searcher().search(query, page))


def test_words_that_stand_often_in_one_section(compared: Engine) -> None:
    """More often than one posting of an index may count."""
    reference = ReferenceEngine()
    library = [
        Document(
            id=id,
            source="",
            title="bone " * often,
            condition=id,
            sections=(Section("causes", None, f"{'bone ' * often}pain. {'Bone hand. ' * often}", ""),),
        )
        for id, often in (("once", 1), ("often", 31), ("more", 32), ("most", 95))
    ]
    for each in (compared, reference):
        with each.batch() as batch:
            batch.add_segment(each.segment_builder(library[:3]))
            batch.put(library[3])
    for deleted in (False, True):
        with compared.searcher() as searcher, reference.searcher() as expected:
            for field in (None, "title", "causes"):
                term, bone = Term("bone", field), ("bone", "bone")
                leaves = (term, Prefix("bo", field), Phrase(bone, field), Near((term, Term("hand", field)), 2))
                for node in (*leaves, Coverage(("bone",), "title"), Phrase(("bone", "pain"), field)):
                    assert_same(searcher.search(Query("", node), WHOLE), expected.search(Query("", node), WHOLE))
                assert searcher.frequency(field, "bone") == expected.frequency(field, "bone") == 4 - deleted
        for each in (compared, reference):
            with each.batch() as batch:
                batch.delete("more")
