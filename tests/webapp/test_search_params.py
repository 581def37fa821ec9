import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from indexer.documents import TEXT_FIELD_NAMES
from indexer.errors import QueryRejected
from indexer.knowledge import body_sites, icd10
from indexer.query.request import Page
from webapp import links
from webapp.search_params import FILTERS, SORTS, Asked

WORD = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
VALUES = {
    "site": st.sampled_from(sorted(body_sites.tree())),
    "side": st.sampled_from(["right", "left", "bilateral"]),
    "chapter": st.sampled_from(sorted(icd10.chapter_labels())),
    "condition": WORD,
    "code": WORD,
}


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


@st.composite
def searches(draw: st.DrawFn) -> Asked:
    chosen = ((name, draw(some(VALUES[name]))) for name in FILTERS)
    size = draw(st.integers(1, 100))
    return Asked(
        q=draw(st.one_of(st.just(""), WORD)),
        filters=tuple((name, values) for name, values in chosen if values),
        fields=draw(some(st.sampled_from(TEXT_FIELD_NAMES))),
        sort=draw(st.sampled_from(SORTS)),
        page=draw(st.integers(1, 10_000 // size + 1)),
        size=size,
        collapse=draw(st.booleans()),
        explain=draw(st.booleans()),
        plain=draw(st.booleans()),
    )


@settings(max_examples=100, deadline=None)
@given(searches())
def test_a_search_survives_its_address(asked: Asked) -> None:
    assert Asked.read(MultiDict(asked.pairs())) == asked
    assert iri_to_uri(links.search_url("/search", asked)) == links.search_url("/search", asked)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["q", *FILTERS, "field", "sort", "page", "size", "plain", "x"]), st.text())))
def test_any_arguments_are_read_or_rejected(pairs: list[tuple[str, str]]) -> None:
    try:
        Asked.read(MultiDict(pairs)).window()
    except QueryRejected as error:
        assert " " in str(error)


def test_defaults_make_no_address() -> None:
    assert Asked().pairs() == ()
    assert Asked.read(MultiDict()) == Asked()
    assert links.search_url("/search", Asked()) == "/search"


def test_empty_and_unknown_arguments_count_for_nothing() -> None:
    assert (
        Asked.read(MultiDict({"q": " ", "site": "", "sort": "", "page": "", "collapse": "", "utm_source": "x"}))
        == Asked()
    )


def test_repeated_values_count_once_and_words_are_tidied() -> None:
    asked = Asked.read(MultiDict([("q", "  bone \n pain "), ("site", "hand"), ("site", "knee"), ("site", "hand")]))
    assert (asked.q, asked.values("site")) == ("bone pain", ("hand", "knee"))


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("site", "hnd", "/browse"),
        ("side", "Right", "right, left, bilateral"),
        ("chapter", "23", "22"),
        ("field", "body", "symptoms"),
        ("sort", "date", "relevance, title, code"),
        ("page", "0", "1001"),
        ("page", "-1", "whole number"),
        ("page", "1002", "narrow"),
        ("page", "²", "whole number"),
        ("page", "9" * 5000, "whole number"),
        ("size", "101", "100"),
        ("size", "0", "100"),
        ("collapse", "maybe", "true"),
        ("explain", "2", "false"),
        ("plain", "no", "off"),
    ],
)
def test_a_bad_value_is_rejected_with_what_mends_it(name: str, value: str, mend: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        Asked.read(MultiDict({name: value}))
    assert mend in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_window_of_a_page() -> None:
    assert Asked(page=3, size=20, collapse=False).window() == Page(40, 20, False)
    assert Asked(page=101, size=100).window().offset == 10_000


def test_what_is_kept_when_other_words_are_searched() -> None:
    asked = Asked(q="bone", filters=(("site", ("hand",)),), page=3, collapse=False)
    assert asked.kept() == (("site", "hand"), ("collapse", "0"))
