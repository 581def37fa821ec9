import pytest
from flask import Flask

from indexer.results import Name, NameKind
from webapp.links import changed_url, name_url, search_url, view_links
from webapp.search_params import SearchParams


def test_a_search_is_its_path_and_its_quoted_arguments() -> None:
    assert search_url("/search", SearchParams()) == "/search"
    params = SearchParams("bone & joint", site=("hand", "knee"), page=2)
    assert search_url("/search", params) == "/search?q=bone+%26+joint&site=hand&site=knee&page=2"


@pytest.mark.parametrize(
    ("kind", "value", "url"),
    [
        ("condition", "gout", "/conditions/gout"),
        ("name", "gout", "/conditions/gout"),
        ("code", "M86.3", "/codes/M86.3"),
        ("site", "hand", "/search?site=hand"),
    ],
)
def test_a_name_leads_to_its_page(app: Flask, kind: NameKind, value: str, url: str) -> None:
    with app.test_request_context():
        assert name_url(Name(kind, value, value, 1)) == url


def test_other_views_begin_at_the_first_page() -> None:
    params = SearchParams("bone", page=3)
    assert changed_url("/search", params, explain=True) == "/search?q=bone&explain=1"
    links = view_links("/search", params, "collapse", [(True, "By condition"), (False, "Every article")])
    assert [(link.label, link.url, link.current) for link in links] == [
        ("By condition", "/search?q=bone", True),
        ("Every article", "/search?q=bone&collapse=0", False),
    ]
