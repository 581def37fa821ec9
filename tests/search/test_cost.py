"""What costs more to search is estimated to cost more, and ordinary searches stay far from what is costly."""

from dataclasses import replace

import pytest

from indexer import Library, Page
from indexer.documents import TEXT_FIELD_NAMES
from indexer.query.request import SearchRequest, build_filters
from indexer.search.cost import estimate_cost, least_cost
from webapp.admission import COSTLY

ORDINARY = SearchRequest("swollen knee", page=Page(limit=10, collapse=True))


def cost(library: Library, request: SearchRequest) -> int:
    with library.searcher() as searcher:
        return estimate_cost(request, searcher, library.analyzer)


@pytest.mark.parametrize(
    "dearer",
    [
        replace(ORDINARY, text="swollen knee joint"),
        replace(ORDINARY, text="swollen qxzkneej"),
        replace(ORDINARY, text="swollen kn*"),
        replace(ORDINARY, text='"swollen knee"'),
        replace(ORDINARY, text="swollen knee -joint"),
        replace(ORDINARY, fields=TEXT_FIELD_NAMES),
        replace(ORDINARY, page=Page(limit=100)),
        replace(ORDINARY, page=Page(offset=10_000)),
        replace(ORDINARY, explain=True),
        replace(ORDINARY, filters=build_filters({"site": ["knee", "hand"]})),
    ],
)
def test_more_work_is_estimated_to_cost_more(small: Library, dearer: SearchRequest) -> None:
    assert cost(small, ORDINARY) < cost(small, dearer)
    assert least_cost(dearer) <= cost(small, dearer)


def test_what_people_ask_is_cheap_and_what_attackers_ask_is_costly(small: Library) -> None:
    asked = "my child's collarbone hurts and swells again and again, and there is some fever at night"
    assert cost(small, replace(ORDINARY, text=asked)) < COSTLY
    words = " ".join(f"word{number}" for number in range(64))
    assert cost(small, replace(ORDINARY, text=words)) > COSTLY
    assert least_cost(replace(ORDINARY, text=words, fields=TEXT_FIELD_NAMES)) > COSTLY
    assert least_cost(replace(ORDINARY, text=words, explain=True, page=Page(limit=100))) > COSTLY
