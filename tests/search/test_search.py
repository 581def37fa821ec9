"""What holds of every search, over the corpus that comes with the project and over articles made for one question."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import Library, Page, open_library
from indexer.knowledge.thesaurus import default_thesaurus, read_synonym_sets
from indexer.query.request import SearchRequest, build_filters
from indexer.results import Bucket
from indexer.search.document_terms import term_frequencies
from indexer.text.analyzer import ANALYZER, tokens
from tests.relevance.test_relevance import QUERIES

SOME = st.sampled_from(sorted(QUERIES.values()))
ALL = Page(limit=100)
PAIRS = (
    ("heart attack", "myocardial infarction"),
    ("high blood pressure", "hypertension"),
    ("itching", "pruritus"),
    ("shingles", "herpes zoster"),
    ("chickenpox", "varicella"),
    ("kidney stone", "nephrolithiasis"),
    ("hives", "urticaria"),
    ("nosebleed", "epistaxis"),
    ("fainting", "syncope"),
    ("bedsore", "pressure ulcer"),
    ("lockjaw", "tetanus"),
)


def flattened(buckets: tuple[Bucket, ...]) -> list[Bucket]:
    return [each for bucket in buckets for each in (bucket, *flattened(bucket.children))]


@given(text=SOME | st.just(""), data=st.data())
def test_clicking_a_bucket_leaves_what_it_counted(corpus_library: Library, text: str, data: st.DataObject) -> None:
    results = corpus_library.search(text, page=Page(limit=0))
    for facet in results.facets:
        buckets = flattened(facet.buckets)
        if buckets:
            bucket = data.draw(st.sampled_from(buckets))
            clicked = corpus_library.search(text, filters={facet.field: [bucket.value]}, page=Page(limit=0))
            assert clicked.total == bucket.count
            again = next(each for each in clicked.facets if each.field == facet.field)
            assert [(b.value, b.count) for b in flattened(again.buckets)] == [(b.value, b.count) for b in buckets]


@given(text=SOME | st.just(""), size=st.integers(1, 7), collapse=st.booleans())
def test_pages_join_without_gap_or_repeat(corpus_library: Library, text: str, size: int, collapse: bool) -> None:
    whole = corpus_library.search(text, page=Page(0, 30, collapse))
    parts = [corpus_library.search(text, page=Page(at, size, collapse)) for at in range(0, 30, size)]
    joined = [hit.document.id for part in parts for hit in part.hits][:30]
    assert joined == [hit.document.id for hit in whole.hits]
    assert len(set(joined)) == len(joined) == min(30, whole.groups if collapse else whole.total)
    assert {(part.total, part.groups, part.facets) for part in parts} == {(whole.total, whole.groups, whole.facets)}


@given(data=st.data(), count=st.integers(1, 4))
def test_searching_the_words_as_typed_never_adds_a_match(
    corpus_library: Library, words: list[str], data: st.DataObject, count: int
) -> None:
    text = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=count, max_size=count)))
    typed, expanded = (corpus_library.search(text, page=ALL, expand=expand) for expand in (False, True))
    if not any("left out" in note for note in typed.notes) and expanded.total <= ALL.limit:
        assert {hit.document.id for hit in typed.hits} <= {hit.document.id for hit in expanded.hits}
    assert {each.how for each in typed.interpretation} <= {"exact", "stem", "code", "dropped"}


@pytest.fixture(scope="module")
def words(corpus_library: Library) -> list[str]:
    with corpus_library.searcher() as searcher:
        return [word for word, _, _ in searcher.words() if word.isalpha() and len(word) > 2]


@given(data=st.data(), count=st.integers(1, 5))
def test_missing_words_are_truly_missing(
    corpus_library: Library, words: list[str], data: st.DataObject, count: int
) -> None:
    typed = data.draw(st.lists(st.sampled_from(words), min_size=count, max_size=count, unique=True))
    results = corpus_library.search(" ".join(typed), page=Page(limit=20))
    for hit in results.hits:
        present = set(term_frequencies(hit.document, ANALYZER))
        assert set(hit.missing) <= set(typed)
        for word in hit.missing:
            assert present.isdisjoint(token.term for token in tokens(word))


@given(data=st.data(), count=st.integers(2, 5))
def test_words_of_the_corpus_always_find_something_and_what_is_dropped_is_said(
    corpus_library: Library, words: list[str], data: st.DataObject, count: int
) -> None:
    typed = data.draw(st.lists(st.sampled_from(words), min_size=count, max_size=count, unique=True))
    results = corpus_library.search(" ".join(typed))
    assert results.total
    dropped = {each.text for each in results.interpretation if each.how == "dropped"}
    said = {word for word in typed if any(f"“{word}” was left out" in note for note in results.notes)}
    assert said <= dropped
    if not results.notes and len(typed) <= 2:
        assert all(set(hit.missing) <= dropped for hit in results.hits)


def test_another_name_finds_but_never_before_what_was_typed(tmp_path: Path) -> None:
    thesaurus = default_thesaurus()
    pairs = [each for pair in PAIRS for each in (pair, pair[::-1])]
    for number, (one, other) in enumerate(PAIRS):
        for id, name in ((f"{number}-a", other), (f"{number}-b", one)):
            (tmp_path / f"{id}.txt").write_text(f"Ailment {number}\n\nThis is about {name} in adults.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path])
        for typed, synonym in pairs:
            analyzed = tokens(typed)
            words, terms = tuple(token.word for token in analyzed), tuple(token.term for token in analyzed)
            assert synonym in {each.text for each in thesaurus.synonyms(words, terms, typed)}, typed
            hits = library.search(typed).hits
            texts = [hit.document.sections[0].text for hit in hits]
            assert any(synonym in text for text in texts), typed
            assert typed in texts[0], typed


def test_two_names_of_one_thing_agree(corpus_library: Library) -> None:
    one, other = (
        {hit.document.id for hit in corpus_library.search(text).hits}
        for text in ("heart attack", "myocardial infarction")
    )
    assert len(one & other) >= 8


def test_one_card_for_each_condition(corpus_library: Library) -> None:
    results = corpus_library.search("osteomyelitis", page=Page(limit=100, collapse=True))
    conditions = [hit.document.condition_key for hit in results.hits]
    assert len(set(conditions)) == len(conditions) == results.groups
    assert sum(hit.group.size for hit in results.hits) == results.total


def test_filters_that_leave_nothing_are_said(corpus_library: Library) -> None:
    results = corpus_library.search("migraine aura", filters={"site": ["foot"]})
    without = corpus_library.search("migraine aura").total
    assert (results.total, results.nearest) == (0, ())
    assert results.notes == (f"{without} articles match, but none with these filters.",)


def test_where_nothing_is_found_the_nearest_names_are_offered(corpus_library: Library) -> None:
    results = corpus_library.search("sjogrensyndrom")
    assert results.total == 0
    assert "sjogren" in results.nearest[0].text.lower().replace("ö", "o")
    assert results.suggestion == results.nearest[0].text
    assert corpus_library.search(results.suggestion).total


def test_a_thesaurus_of_ones_own_is_searched(tmp_path: Path) -> None:
    (tmp_path / "gout.txt").write_text("Gout\n\nUrate in a joint.\n")
    (tmp_path / "own.toml").write_text('[[same]]\nnames = ["gout", "kings evil of the toe"]\n')
    assert read_synonym_sets(tmp_path / "own.toml")
    with open_library(tmp_path / "index", thesaurus=tmp_path / "own.toml") as library:
        library.sync([tmp_path / "gout.txt"])
        assert library.search("kings evil of the toe").hits[0].document.id == "gout"


def test_a_section_is_marked_where_snippets_mark_it(small: Library) -> None:
    request = SearchRequest('"urate crystals" knee', filters=build_filters({"site": ["hand"]}), page=Page(limit=1))
    document = small.get("gout-knee")
    assert document
    spans = small.highlight(document, request)
    marked = [
        [section.text[start:end] for start, end in each] for section, each in zip(document.sections, spans, strict=True)
    ]
    assert marked == [["Urate crystals", "knee"], []]
