import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from indexer.results import Snippet
from webapp import markup


def test_spans_are_marked_and_everything_is_escaped() -> None:
    snippet = Snippet("causes", 'a <b> & "bone"', ((2, 5), (9, 13)))
    assert markup.marked(snippet) == Markup("a <mark>&lt;b&gt;</mark> &amp; &#34;<mark>bone</mark>&#34;")


@given(st.text(), st.lists(st.integers(0, 30), max_size=6, unique=True).map(sorted))
def test_a_marked_snippet_without_its_marks_is_the_escaped_text(text: str, edges: list[int]) -> None:
    spans = tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if b <= len(text))
    html = str(markup.marked(Snippet("causes", text, spans)))
    assert html.count("<mark>") == html.count("</mark>") == len(spans)
    assert html.replace("<mark>", "").replace("</mark>", "") == str(escape(text))


def test_lines_become_paragraphs_and_lists() -> None:
    html = markup.paragraphs("One <i>sentence</i>.\nThese count:\nfirst thing\nsecond thing\n\nThe end.\nalone")
    assert str(html).split("\n") == [
        "<p>One &lt;i&gt;sentence&lt;/i&gt;.</p>",
        "<p>These count:</p>",
        "<ul>",
        "<li>first thing</li>",
        "<li>second thing</li>",
        "</ul>",
        "<p>The end.</p>",
        "<p>alone</p>",
    ]
    assert markup.paragraphs("a {0} {x}.") == Markup("<p>a {0} {x}.</p>")


MARKED = (("rash", "only"), ("Fever", "shared"), ("fever", ""))


def test_marks_stand_in_their_lines_each_with_its_class() -> None:
    text = "  Fever & rash.\nNo fever.\nfirst rash\nlast"
    marks = [(text.index(word), text.index(word) + len(word), name) for word, name in MARKED]
    assert str(markup.paragraphs(text, marks)).split("\n") == [
        '<p><mark class="shared">Fever</mark> &amp; <mark class="only">rash</mark>.</p>',
        "<p>No <mark>fever</mark>.</p>",
        "<ul>",
        "<li>first rash</li>",
        "<li>last</li>",
        "</ul>",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-03-01", "1 March 2024"),
        ("2024-03", "March 2024"),
        ("March 2024", "March 2024"),
        ("2024-13-01", "2024-13-01"),
        ("", ""),
    ],
)
def test_days(text: str, said: str) -> None:
    assert markup.day(text) == said


def test_counts() -> None:
    assert (markup.number(74736), markup.plural(1, "article"), markup.plural(2310, "article")) == (
        "74,736",
        "1 article",
        "2,310 articles",
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (" https://example.org", False),
        ("https:///x", False),
        ("//example.org", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, shown: bool) -> None:
    assert bool(markup.web(url)) is shown


def test_spans_are_marked_in_the_lines_that_they_stand_in() -> None:
    text = "Joint <pain>.\n\n  A hot joint\nA red joint"
    spans = [(0, 5), (23, 28), (35, 40)]
    assert [text[start:end] for start, end in spans] == ["Joint", "joint", "joint"]
    assert markup.paragraphs(text, spans, "first").split("\n") == [
        '<p><mark id="first">Joint</mark> &lt;pain&gt;.</p>',
        "<ul>",
        "<li>A hot <mark>joint</mark></li>",
        "<li>A red <mark>joint</mark></li>",
        "</ul>",
    ]
    assert "<mark" not in markup.paragraphs(text)
