from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.pager import Pager, build_pager
from webapp.search_params import SearchParams


def read(url: str) -> SearchParams:
    return SearchParams.from_args(MultiDict(parse_qsl(urlsplit(url).query)))


def numbers(pager: Pager) -> list[int | None]:
    return [link.number for link in pager.pages]


def test_the_pager_shows_first_last_and_near() -> None:
    assert numbers(build_pager("/s", SearchParams(), 10)) == []
    assert numbers(build_pager("/s", SearchParams(), 11)) == [1, 2]
    assert numbers(build_pager("/s", SearchParams(page=6), 200)) == [1, None, 4, 5, 6, 7, 8, None, 20]
    assert numbers(build_pager("/s", SearchParams(page=4), 70)) == [1, 2, 3, 4, 5, 6, 7]


def test_the_pager_ends() -> None:
    first, last = build_pager("/s", SearchParams(), 30), build_pager("/s", SearchParams(page=3), 30)
    assert (first.previous, read(first.next).page) == ("", 2)
    assert (read(last.previous).page, last.next) == (2, "")
    assert read(build_pager("/s", SearchParams(page=9), 30).previous).page == 3
    assert build_pager("/s", SearchParams(), 10**6).last == SearchParams().last_page


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_pager_has_no_gap_that_hides_one_page(count: int, page: int) -> None:
    shown = numbers(build_pager("/s", SearchParams(page=page), count))
    for before, gap, after in zip(shown, shown[1:], shown[2:], strict=False):
        if gap is None:
            assert before is not None
            assert after is not None
            assert after - before > 2
