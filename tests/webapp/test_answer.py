"""The card above the results of a question, and what a hit says of itself."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from indexer.documents import Document
from indexer.results import Bucket, Group, Hit, Snippet
from tests.webapp.test_pages import get
from webapp.answer import code_without_place, missing_words, quoted, why_first

COUNT = "the 3 articles on it that match"
QUESTION = "/search?q=what+causes+chronic+multifocal+osteomyelitis"


def card(client: FlaskClient, path: str) -> str:
    text = client.get(path).text
    return text.partition('<section class="answer"')[2].partition("</section>")[0]


def test_a_question_is_answered_above_the_results(client: FlaskClient) -> None:
    page = get(client, QUESTION)
    shown = card(client, QUESTION)
    assert "An autoimmune inflammation of bone is thought to be the cause." in page.text
    assert 'href="/conditions/chronic-multifocal-osteomyelitis"' in shown
    assert "M86.3" in shown
    assert "It is about people in general, not about you." in shown
    html = client.get(QUESTION).text
    assert html.index("<h1") < html.index("not about you") < html.index('<ol class="hits"')


def test_the_source_leads_to_the_section_that_was_quoted(client: FlaskClient) -> None:
    href = get(client, QUESTION).link(r"^Chronic multifocal osteomyelitis, \w+ \w+$")
    path, _, anchor = href.partition("#")
    article = get(client, path)
    assert anchor in article.ids


def test_words_that_ask_nothing_have_no_card(client: FlaskClient) -> None:
    for path in ("/search?q=osteomyelitis", "/search?q=how+do+I+bake+bread", "/search", f"{QUESTION}&sort=title"):
        assert card(client, path) == ""


def test_a_side_that_the_query_names_leads_and_is_marked(client: FlaskClient) -> None:
    html = client.get("/search?q=osteomyelitis+left+femur").text
    first = html.partition('<article class="hit">')[2].partition("</article>")[0]
    assert "Chronic multifocal osteomyelitis, left femur" in first
    assert "this one is about the femur and left side" in first
    assert first.count('class="asked"') == 2
    assert "Not in this article" not in first


def document(**changes: object) -> Document:
    values: dict[str, object] = {"id": "x", "source": "", "title": "Gout", "sites": ("hand",), "side": "right"}
    return Document(**{**values, **changes})  # type: ignore[arg-type]


def hit(matched: tuple[str, ...], size: int = 1, *, selected: bool = False) -> Hit:
    group = Group(
        size, (Bucket("hand", "Hand", 1, selected), Bucket("knee", "Knee", 1)), (Bucket("right", "Right", 1),)
    )
    return Hit(document(), 1.0, (), group, matched=matched)


@pytest.mark.parametrize(
    ("shown", "is_first", "said"),
    [
        (hit(("title", "names", "causes")), True, "The name of the condition and the causes match your words."),
        (hit(("names",)), False, "Another name of it matches your words."),
        (hit(("symptoms", "causes", "overview")), True, "The symptoms and the causes match your words."),
        (hit(("causes",)), True, "The causes match your words."),
        (hit(("overview",)), True, "The overview matches your words."),
        (hit(("symptoms",)), False, ""),
        (hit(("symptoms",), 3), False, f"The closest of {COUNT}."),
        (
            hit(("symptoms",), 3, selected=True),
            False,
            "Of the 3 articles on it that match, this one is about the hand.",
        ),
        (hit((), 3), True, ""),
    ],
)
def test_why_an_article_stands_where_it_does(shown: Hit, is_first: bool, said: str) -> None:
    assert why_first(shown, 6, is_first=is_first) == said
    assert why_first(shown, shown.group.size, is_first=is_first) == said.replace(" that match", "")


def test_no_article_is_said_to_lack_what_is_said_of_a_person_or_of_how_often() -> None:
    shown = replace(hit(()), missing=("my", "Child’s", "again", "recurrent", "fever"))
    assert missing_words(shown) == ("fever",)


@pytest.mark.parametrize(
    ("words", "code", "says_side"),
    [
        ("what+is+chronic+multifocal+osteomyelitis", "M86.3", False),
        ("what+is+chronic+multifocal+osteomyelitis+left+hand", "M86.342", True),
    ],
)
def test_the_side_of_the_article_is_no_side_of_the_reader(
    client: FlaskClient, words: str, code: str, says_side: bool
) -> None:
    facts = card(client, f"/search?q={words}").partition('<p class="facts">')[2].partition("</p>")[0]
    assert f'href="/codes/{code}">{code}</a>' in facts
    assert ("Left" in facts) is says_side
    assert "Right" not in facts


@pytest.mark.parametrize(("code", "wider"), [("M86.352", "M86.3"), ("K25.9", "K25.9"), ("M86.999", "M86.999")])
def test_a_code_without_its_place_is_the_one_of_the_condition(code: str, wider: str) -> None:
    assert code_without_place(code) == wider


def test_lines_of_a_passage_are_paragraphs_with_their_marks() -> None:
    html = quoted(Snippet("causes", "a <hot> knee\nred, a knee", ((8, 12), (20, 24))))
    assert html == "<p>a &lt;hot&gt; <mark>knee</mark></p>\n<p>red, a <mark>knee</mark></p>"
