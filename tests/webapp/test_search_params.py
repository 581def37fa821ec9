import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri

from indexer.documents import TEXT_FIELD_NAMES
from indexer.errors import QueryRejected
from indexer.knowledge import body_sites, icd10
from indexer.query.parser import MAX_TEXT, parse_query
from indexer.query.request import FILTER_FIELDS, Filter, Page, SearchRequest
from webapp import links
from webapp.search_params import PARAMETERS, SORTS, SearchParams

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
def searches(draw: st.DrawFn) -> SearchParams:
    size = draw(st.integers(1, 100))
    return SearchParams(
        q=draw(st.one_of(st.just(""), WORD)),
        **{name: draw(some(VALUES[name])) for name in FILTER_FIELDS},
        field=draw(some(st.sampled_from(TEXT_FIELD_NAMES))),
        sort=draw(st.sampled_from(SORTS)),
        page=draw(st.integers(1, 10_000 // size + 1)),
        size=size,
        collapse=draw(st.booleans()),
        explain=draw(st.booleans()),
        plain=draw(st.booleans()),
    )


@given(searches())
def test_a_search_survives_its_address(params: SearchParams) -> None:
    assert SearchParams.from_args(MultiDict(params.to_args())) == params
    assert iri_to_uri(links.search_url("/search", params)) == links.search_url("/search", params)


@given(
    st.lists(
        st.tuples(st.sampled_from(["q", *FILTER_FIELDS, "field", "sort", "page", "size", "plain", "x"]), st.text())
    )
)
def test_any_arguments_are_read_or_rejected(pairs: list[tuple[str, str]]) -> None:
    try:
        SearchParams.from_args(MultiDict(pairs)).request()
    except QueryRejected as error:
        assert " " in str(error)


def test_defaults_make_no_address() -> None:
    assert SearchParams().to_args() == ()
    assert SearchParams.from_args(MultiDict()) == SearchParams()
    assert links.search_url("/search", SearchParams()) == "/search"


def test_a_whole_number_may_have_a_fraction_of_zeros() -> None:
    assert SearchParams.from_args(MultiDict({"size": "20.0"})).size == 20
    with pytest.raises(QueryRejected):
        SearchParams.from_args(MultiDict({"size": "20.5"}))


def test_empty_and_unknown_arguments_count_for_nothing() -> None:
    assert (
        SearchParams.from_args(
            MultiDict({"q": " ", "site": "", "sort": "", "page": "", "collapse": "", "utm_source": "x"})
        )
        == SearchParams()
    )


@pytest.mark.parametrize("text", ["a " * 8_000, "a" * 16_000, "é\t" * 2_000, "a" * 1_024 + " b", "a" * 1_025])
def test_of_a_long_text_no_more_is_kept_than_says_that_it_is_long(text: str) -> None:
    params = SearchParams.from_args(MultiDict({"q": text}))
    assert len(params.q) <= MAX_TEXT + 2
    assert parse_query(params.q).notes == parse_query(" ".join(text.split())).notes != ()
    assert SearchParams.from_args(MultiDict(params.to_args())) == params


def test_a_page_does_not_grow_with_what_is_not_searched(client: FlaskClient) -> None:
    for path in ("/search?q=", "/compare?find=", "/articles/ulcer?q="):
        shorter, longer = (len(client.get(path + "a+" * count).data) for count in (600, 8_000))
        assert longer == shorter


def test_repeated_values_count_once_and_words_are_tidied() -> None:
    params = SearchParams.from_args(
        MultiDict([("q", "  bone \n pain "), ("site", "hand"), ("site", "knee"), ("site", "hand")])
    )
    assert (params.q, params.site) == ("bone pain", ("hand", "knee"))


@pytest.mark.parametrize(
    ("name", "value", "fix"),
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
def test_a_bad_value_is_rejected_with_what_fixes_it(name: str, value: str, fix: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        SearchParams.from_args(MultiDict({name: value}))
    assert fix in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_request_of_a_page() -> None:
    params = SearchParams(
        "bone", site=("hand", "knee"), code=("M86.3",), field=("causes",), sort="title", page=3, size=20, plain=True
    )
    assert params.request() == SearchRequest(
        "bone",
        (Filter("site", ("hand", "knee")), Filter("code", ("m863",))),
        ("causes",),
        Page(40, 20, True),
        "title",
        expand=False,
    )
    assert SearchParams(page=101, size=100).request().page.offset == 10_000
    assert SearchParams(explain=True, collapse=False).request() == SearchRequest("", page=Page(0, 10), explain=True)


def test_too_many_values_are_rejected() -> None:
    params = SearchParams(condition=tuple(f"c{number}" for number in range(101)))
    with pytest.raises(QueryRejected, match="at most 100"):
        params.request()


def test_values_that_are_long_together_are_rejected() -> None:
    fits = MultiDict([("condition", "c" * 1_000), ("code", "M" * 1_000)])
    assert SearchParams.from_args(fits).condition == ("c" * 1_000,)
    with pytest.raises(QueryRejected, match="filters longer than 2,000 characters together"):
        SearchParams.from_args(MultiDict([*fits.items(multi=True), ("side", "left")]))


def test_filters_that_are_too_long_are_an_address_that_is(client: FlaskClient) -> None:
    response = client.get("/api/v1/search", query_string={"condition": ["c" * 1_001, "d" * 1_000]})
    assert (response.status_code, "use fewer values" in response.get_data(as_text=True)) == (414, True)


def test_the_form_repeats_all_but_words_and_page() -> None:
    params = SearchParams(q="bone", site=("hand",), page=3, collapse=False)
    assert params.hidden_args() == (("site", "hand"), ("collapse", "0"))


def test_the_parameters_are_those_of_the_interface() -> None:
    assert set(PARAMETERS) == {
        "q", "site", "side", "chapter", "condition", "code", "field", "sort", "page", "size",
        "collapse", "explain", "plain",
    }  # fmt: skip
