import pytest

from indexer.errors import QueryRejected
from indexer.query.request import MAX_FILTER_VALUES, Filter, SearchRequest, build_filters


def test_filters_come_in_the_order_of_the_fields_each_value_once() -> None:
    assert build_filters({"code": ["M86.341", "m86341"], "site": ["hand", "knee", "hand"], "side": []}) == (
        Filter("site", ("hand", "knee")),
        Filter("code", ("m86341",)),
    )


def test_too_many_values_are_refused_with_the_bound() -> None:
    values = [f"site-{number}" for number in range(MAX_FILTER_VALUES + 1)]
    assert build_filters({"site": values[1:]})
    with pytest.raises(QueryRejected, match=r"too many values for “site” \(at most 100\)"):
        build_filters({"site": values})


def test_unknown_names_are_refused_with_those_that_exist() -> None:
    with pytest.raises(QueryRejected, match="unknown filter “colour”; use one of site, side"):
        build_filters({"colour": ["red"]})
    with pytest.raises(QueryRejected, match="unknown field “colour”; use one of title"):
        SearchRequest("gout", fields=("colour",))
    with pytest.raises(QueryRejected, match="unknown sort order “colour”; use one of relevance"):
        SearchRequest("gout", sort="colour")  # type: ignore[arg-type]
