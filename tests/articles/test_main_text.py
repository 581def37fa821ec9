import pytest

from indexer.articles.cleaning import extract_html
from indexer.articles.main_text import HIDDEN, NOT_MAIN_TEXT

PARAGRAPHS = [
    "Shingles is a painful rash that the virus of chickenpox causes, often many years after the first infection.",
    "The pain usually comes first, on one side of the body, and the blisters follow within three or four days.",
    "Most people recover in about a month, but in some of them the nerves go on hurting for a long time.",
    "Antiviral tablets shorten the illness if they are begun early, and a vaccine prevents most of the cases.",
]
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
MENU = "".join(
    f'<li><a href="/{name}">{name} and more</a></li>' for name in ("Skin", "Eyes", "Heart", "Lungs", "Joints")
)


def lines(html: str) -> list[str]:
    return [block.text for block in extract_html(html).blocks]


@pytest.mark.parametrize("name", ["page-sidebar-left", "no-footer", "under-the-menu", "toc-on", "sidebar"])
def test_a_wrapper_is_not_judged_by_its_class(name: str) -> None:
    page = f'<ul>{MENU}</ul><div class="{name}"><h1>Shingles</h1>{ARTICLE}</div>'
    assert lines(page) == ["Shingles", *PARAGRAPHS]


@pytest.mark.parametrize("wrong", ["<header><div><a href=/>Home</a></header>", "<button><div></button>"])
def test_an_unclosed_element_above_the_article_does_not_swallow_it(wrong: str) -> None:
    assert lines(f"{wrong}<main><h1>Shingles</h1>{ARTICLE}</main>")[-5:] == ["Shingles", *PARAGRAPHS]


def test_lists_of_nothing_but_links_are_left_out() -> None:
    page = extract_html(f"<h1>Shingles</h1>{ARTICLE}<ul>{MENU}</ul>")
    assert [block.text for block in page.blocks] == ["Shingles", *PARAGRAPHS]
    assert {dropped.reason for dropped in page.dropped} == {NOT_MAIN_TEXT}


def test_what_nobody_sees_is_left_out() -> None:
    page = extract_html(
        f'<h1>Shingles</h1>{ARTICLE}<div hidden><p>An old draft.</p></div><p style="display: none">x</p>'
    )
    assert [block.text for block in page.blocks] == ["Shingles", *PARAGRAPHS]
    assert [(dropped.text, dropped.reason) for dropped in page.dropped] == [("An old draft.", HIDDEN), ("x", HIDDEN)]


def test_hidden_words_do_not_end_a_line() -> None:
    assert lines("<p>Gout <span style='display:none'>pain</span>hurts.</p>") == ["Gout hurts."]


def test_a_hidden_element_that_holds_the_article_is_what_a_script_shows() -> None:
    assert lines(f"<div hidden id=S:0><h1>Shingles</h1>{ARTICLE}</div>") == ["Shingles", *PARAGRAPHS]


def test_a_panel_that_a_button_opens_is_no_hidden_text() -> None:
    panel = "<h3><button aria-controls=p1>Is it catching?</button></h3><div id=p1 hidden>Only the blisters are.</div>"
    assert lines(f"<h1>Shingles</h1>{ARTICLE}{panel}")[-2:] == ["Is it catching?", "Only the blisters are."]


def test_a_page_without_chrome_is_all_article() -> None:
    page = (
        "<h1>Gout</h1><p>It hurts.</p><h2>Signs</h2><ul><li>red</li><li>hot</li></ul><p>By the third day it fades.</p>"
    )
    assert lines(page) == ["Gout", "It hurts.", "Signs", "red", "hot", "By the third day it fades."]


def test_the_second_copy_for_narrow_screens_is_left_out() -> None:
    article = "".join(f"<p>{paragraph} {paragraph}</p>" for paragraph in PARAGRAPHS)
    assert len(lines(f"<h1>Shingles</h1><div>{article}</div><section>{article}</section>")) == 1 + len(PARAGRAPHS)


def test_a_line_that_states_a_code_stays() -> None:
    page = f"<h1>Shingles</h1><div><a href=/b>ICD-10-CM</a>: B02.9</div>{ARTICLE}"
    assert "ICD-10-CM: B02.9" in lines(page)


@pytest.mark.parametrize("html", ["", " ", "<", "<head>", "<p hidden>x", "\x00", "<frameset><frame>", "<div>" * 3000])
def test_any_page_is_read(html: str) -> None:
    extract_html(html)
