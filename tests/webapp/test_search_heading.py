"""A page of results is called by what it shows."""

import pytest

from webapp.search_heading import heading, title
from webapp.search_params import SearchParams


@pytest.mark.parametrize(
    ("params", "name"),
    [
        (SearchParams(), "All articles"),
        (SearchParams(site=("hand",)), "Articles on the hand"),
        (SearchParams(site=("hand", "foot")), "Articles on the hand or on the foot"),
        (SearchParams(site=("pregnancy",)), "Articles on pregnancy and birth"),
        (SearchParams(site=("achilles-tendon",), side=("left",)), "Articles on the Achilles tendon, left side"),
        (SearchParams(side=("left",)), "Left side"),
        (SearchParams(side=("bilateral",)), "Both sides"),
        (SearchParams(chapter=("7",)), "Diseases of the eye and adnexa"),
        (SearchParams(chapter=("2",)), "Neoplasms"),
        (
            SearchParams(chapter=("13",), site=("hand",)),
            "Diseases of the musculoskeletal system and connective tissue, on the hand",
        ),
        (SearchParams(condition=("idiopathic-gout",), side=("right",)), "Idiopathic gout, right side"),
        (SearchParams(code=("m86.3",)), "Code M86.3"),
    ],
)
def test_filters_alone_name_the_page(params: SearchParams, name: str) -> None:
    assert heading(params) == title(params) == name


def test_a_title_has_the_words_first() -> None:
    assert title(SearchParams("gout")) == "gout"
    assert title(SearchParams("gout", site=("hand",), side=("left",))) == "gout (on the hand, left side)"
    assert title(SearchParams("gout", page=3)) == "gout (page 3)"
