"""The results page: what it is called, and the links that change it."""

import re

import pytest
from flask.testing import FlaskClient


def first(pattern: str, html: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    assert match, pattern
    return " ".join(match[1].split())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search?site=hand", "Articles on the hand"),
        ("/search?side=left", "Left side"),
        ("/search?chapter=7", "Diseases of the eye and adnexa"),
        ("/search?site=hand&side=left&sort=title", "Articles on the hand, left side"),
        ("/search", "All articles"),
    ],
)
def test_a_page_of_filters_is_called_by_them(client: FlaskClient, path: str, name: str) -> None:
    html = client.get(path).text
    assert first("<title>(.*?)</title>", html) == f"{name} – Condition Search"
    assert first('<h1 id="heading">(.*?)</h1>', html) == name
    count = first('<p class="total">(.*?)</p>', html)
    assert re.fullmatch(r"\d+ articles? on \d+ conditions?", count)
    assert first('data-count="(.*?)"', html) == count


def test_filters_that_find_nothing_keep_their_name(client: FlaskClient) -> None:
    html = client.get("/search?site=hand&chapter=7").text
    assert first('<h1 id="heading">(.*?)</h1>', html) == "Diseases of the eye and adnexa, on the hand"
    assert first('<p class="total">(.*?)</p>', html) == "Nothing found"
    assert 'href="#filters">Filter (2)</a>' in html


def test_a_code_that_no_article_has_is_said_first(client: FlaskClient) -> None:
    for code in ("M86.351", "M86.999"):
        html = client.get(f"/search?q={code}").text
        heading = first('<h1 id="heading">(.*?)</h1>', html)
        assert heading == f'No article has <span class="code">{code}</span> itself'
        assert first('<p class="total">(.*?)</p>', html).startswith("The nearest: ")
        assert "Left out" not in html
    assert "itself" not in first('<h1 id="heading">(.*?)</h1>', client.get("/search?q=M86.352").text)


def test_the_way_out_of_filters_that_find_nothing_stands_once_and_first(client: FlaskClient) -> None:
    html = client.get("/search?q=gout&site=eye").text
    results = html.partition('id="results"')[2].partition("<aside")[0]
    assert re.findall("(?i)search without the filter|clear filter", results) == ["Search without the filter"]
    after = results.partition("</h1>")[2]
    assert after.split()[0] == "<p"
    assert after.index('href="/search?q=gout"') < after.index("chips") < after.index("You could")
    assert "No article" not in results
    assert client.get("/search?q=zzyqq").text.count("No article") == 1


def test_a_hit_leads_to_its_code_and_says_how_many_of_its_kin_match(client: FlaskClient) -> None:
    html = client.get("/search?q=hand+aches").text
    hit = next(each for each in html.split('<article class="hit">') if "hand</a></h2>" in each)
    assert re.search(r'<a class="code" href="/codes/(M86\.34\d)">\1</a>', hit)
    assert "2 of 4 articles match</a>" in hit
    assert "All 4 articles</a>" in client.get("/search?q=osteomyelitis").text


def test_filters_lead_back_to_themselves_and_nothing_else_does(client: FlaskClient) -> None:
    html = client.get("/search?q=osteomyelitis").text
    results, _, filters = html.partition('<aside class="filters"')
    filters = filters.partition("</aside>")[0]
    links = re.findall(r'<a href="([^"]+)"', filters)
    assert len(links) > 8
    assert {link.partition("#")[2] for link in links[:-1]} == {"filters"}
    assert links[-1] == "#results"
    assert re.findall(r'href="([^"]*#filters)"', results) == ["#filters"] * 2  # a skip link, and on a phone a button
    assert "#filters" not in client.get("/").text
    assert "#filters" not in client.get("/browse").text


def test_pages_have_ten_twenty_or_fifty_results(client: FlaskClient) -> None:
    html = client.get("/search?collapse=0&page=2").text
    assert re.findall(r'<a href="([^"]+)"[^>]*data-key="On a page \d+"', html) == [
        "/search?collapse=0",
        "/search?size=20&amp;collapse=0",
        "/search?size=50&amp;collapse=0",
    ]
    assert 'data-key="On a page 10" aria-current="true"' in html
    assert 'data-key="On a page 10"' not in client.get("/search?q=gout").text  # all of it is on one page
