from dataclasses import replace
from pathlib import Path

import pytest

from indexer import Library, open_library, parse_article
from indexer.documents import Document, to_document
from indexer.knowledge import icd10
from indexer.knowledge.code_table import code_table
from indexer.search.confused_pairs import MAX_CALLED, common_names, confused_pairs, pairs_of_document, pairs_of_name

CONDITIONS = {condition.name: condition for pair in confused_pairs() for condition in (pair.condition, pair.other)}


def others(document: Document) -> set[str]:
    return {pair.other.name for pair in pairs_of_document(document)}


def document(title: str, code: str | None = None) -> Document:
    return to_document(parse_article("an-id", f"{title}\n\nA disease.\n", title=title, code=code))


def test_every_code_of_the_pairs_is_in_the_table() -> None:
    assert len(confused_pairs()) >= 40
    known = {icd10.term(code) for code in code_table().codes}
    assert {code for each in CONDITIONS.values() for code in each.code_terms} <= known


def test_no_pair_is_there_twice_and_each_says_what_both_have_in_common() -> None:
    pairs = [frozenset((pair.condition.name, pair.other.name)) for pair in confused_pairs()]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)
    assert all(pair.resemblance.endswith(".") for pair in confused_pairs())


def test_a_document_is_known_by_code_by_condition_and_by_its_own_names() -> None:
    plain = document("Idiopathic gout, left knee", "M10.062")
    assert "pseudogout" in others(plain)
    assert "pseudogout" in others(document("Gout"))
    named = document("An unheard-of name")
    assert others(named) == set()
    assert "pseudogout" in others(replace(named, names=("gouty arthritis",)))
    assert others(replace(named, names=("MS",))) == set()  # an abbreviation may be anything


@pytest.mark.parametrize(
    ("typed", "other"), [("gout", "pseudogout"), ("TIA", "stroke"), ("crohn's disease", "ulcerative colitis")]
)
def test_a_name_leads_to_what_it_is_confused_with(typed: str, other: str) -> None:
    pairs = pairs_of_name(typed)
    assert other in {pair.other.name for pair in pairs}
    assert len({pair.condition.name for pair in pairs}) == 1
    assert pairs_of_name(f"what is {typed}") == ()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    top = tmp_path_factory.mktemp("confused")
    for id, title, code in (
        ("gout-hand", "Idiopathic gout, right hand", "M10.041"),
        ("cppd-knee", "Other chondrocalcinosis, left knee", "M11.262"),
        ("cppd-hand", "Other chondrocalcinosis, right hand", "M11.241"),
        ("cppd-hip", "Other chondrocalcinosis, right hip", "M11.251"),
    ):
        more = "\nCauses\n\nCalcium.\n" if id == "cppd-knee" else ""
        (top / f"{id}.txt").write_text(f"{title}\n\nICD-10 code: {code}\n\n{title} hurts.\n{more}")
    library = open_library(top / "index")
    library.sync([top], jobs=1)
    return library


def test_pairs_without_articles_are_left_out_and_the_other_has_the_same_place(library: Library) -> None:
    gout = library.get("gout-hand")
    assert gout
    (found,) = library.comparable(pairs_of_document(gout), gout)
    assert (found.pair.other.name, found.document.id, found.other.id) == ("pseudogout", "gout-hand", "cppd-hand")


def test_without_an_article_the_most_complete_ones_are_compared(library: Library) -> None:
    (found,) = library.comparable(pairs_of_name("pseudogout"))
    assert (found.document.id, found.other.id) == ("cppd-knee", "gout-hand")
    assert [each.other.id for each in library.comparable(confused_pairs())] == ["cppd-knee"]


def test_common_names_lead_to_the_conditions_of_the_library(library: Library) -> None:
    with library.searcher() as searcher:
        names = dict(common_names(searcher))
    assert names["pseudogout"] == names["CPPD"] == "other-chondrocalcinosis"
    assert "stroke" not in names


@pytest.mark.parametrize("conditions", [MAX_CALLED, MAX_CALLED + 1])
def test_a_name_for_very_many_conditions_leads_to_none(tmp_path: Path, conditions: int) -> None:
    gouts = ("Idiopathic", "Lead-induced", "Drug-induced", "Kidney", "Other secondary")
    for number, kind in enumerate(gouts[:conditions]):
        (tmp_path / f"{kind}.txt").write_text(f"{kind} gout, right hand\n\nICD-10 code: M10.{number}41\n\nIt hurts.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path], jobs=1)
        with library.searcher() as searcher:
            keys = [key for name, key in common_names(searcher) if name == "gout"]
    assert len(keys) == (conditions if conditions <= MAX_CALLED else 0)
