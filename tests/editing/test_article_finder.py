import pytest

from indexer.editing import article_finder
from indexer.editing.checked_articles import CheckedArticle

ARTICLES = tuple(
    CheckedArticle(id, title, (), ())
    for id, title in (
        ("bone/cmo-left-femur", "Chronic multifocal osteomyelitis, left femur"),
        ("bone/cmo-right-hand", "Chronic multifocal osteomyelitis, right hand"),
        ("gout", "Gout, left knee"),
        ("gout/elbow", "Gout of the elbow"),
        ("sjogren", "Sjögren syndrome"),
        ("x9", "Podagra"),
    )
)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("myelit", ["bone/cmo-left-femur", "bone/cmo-right-hand"]),  # a part of a title
        ("cmo-r", ["bone/cmo-right-hand"]),  # a part of an id
        ("HAND  chronic", ["bone/cmo-right-hand"]),  # in any order and case
        ("left", ["bone/cmo-left-femur", "gout"]),
        ("gout", ["gout", "gout/elbow"]),
        (" gout/elbow ", ["gout/elbow"]),
        ("sjögr", ["sjogren"]),
        ("sjogren synd", ["sjogren"]),
        ("x9 podagra", ["x9"]),  # one word in the id, one in the title
        ("gout femur", []),
        ("oesteomyelitis", []),
        (".*", []),
    ],
)
def test_articles_are_found_by_parts_of_id_and_title(typed: str, ids: list[str]) -> None:
    assert [each.id for each in article_finder.find(ARTICLES, typed)] == ids


def test_the_very_id_stands_first() -> None:
    turned = ARTICLES[::-1]
    assert [each.id for each in article_finder.find(turned, "gout")] == ["gout", "gout/elbow"]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("osteomielitis", ["bone/cmo-left-femur", "bone/cmo-right-hand"]),
        ("osteomielitis fmeur", ["bone/cmo-left-femur"]),
        ("podgara", ["x9"]),
        ("gout/elbwo", ["gout/elbow"]),
        ("gout nowhere", ["gout", "gout/elbow"]),  # what has most of the words
        ("SJÖRGEN", ["sjogren"]),
        ("qqqq", []),
        ("", []),
        ("???", []),
    ],
)
def test_where_none_has_the_words_there_are_nearest_ones(typed: str, ids: list[str]) -> None:
    assert [each.id for each in article_finder.nearest(ARTICLES, typed)] == ids


def test_of_no_articles_none_is_found() -> None:
    assert article_finder.find((), "gout") == article_finder.nearest((), "gout") == ()


def test_the_nearest_are_few() -> None:
    many = tuple(CheckedArticle(f"gout/{number}", "Gout", (), ()) for number in range(50))
    assert article_finder.nearest(many, "guot") == many[: article_finder.MAX_NEAREST]
