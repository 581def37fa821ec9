import json

import pytest

from indexer.articles.cleaning import extract_html
from indexer.articles.embedded_text import embedded_text

PARAGRAPHS = (
    "A stye is a small boil of the eyelid, where one of the glands at the root of a lash is blocked and infected.",
    "Warm compresses four times a day bring it to a head, and it empties by itself within a week or two.",
)
FAQ = {
    "@type": "FAQPage",
    "mainEntity": [
        {"@type": "Question", "name": "May I squeeze it?", "acceptedAnswer": {"text": f"<p>No. {PARAGRAPHS[1]}</p>"}},
        {"@type": "Question", "name": "Is it <b>catching</b>?", "acceptedAnswer": [{"text": "Hardly ever."}]},
    ],
}
ARTICLE = {
    "@graph": [{"@type": "Organization", "name": "Eyes"}, {"@type": "X", "articleBody": "\n\n".join(PARAGRAPHS)}]
}


def lines(html: str) -> list[str]:
    return [block.text for block in extract_html(html).blocks]


def as_script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_page_that_scripts_make_is_read_from_its_data() -> None:
    page = f"<head><title>Stye</title>{as_script(ARTICLE)}</head><body><h1>Stye</h1><p>Please wait</p></body>"
    assert lines(page) == ["Stye", *PARAGRAPHS]
    assert [dropped.text for dropped in extract_html(page).dropped] == ["Please wait"]


def test_the_questions_of_a_faq_page_are_headings() -> None:
    blocks = extract_html(f"{as_script(FAQ)}<div id=app></div>").blocks
    assert [(block.text, block.shape) for block in blocks] == [
        ("May I squeeze it?", "heading"),
        (f"No. {PARAGRAPHS[1]}", "paragraph"),
        ("Is it catching?", "heading"),
        ("Hardly ever.", "paragraph"),
    ]


def test_what_is_written_for_browsers_without_scripts_is_read() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert lines(f"<div id=app>Loading</div><noscript><h1>Stye</h1>{body}</noscript>") == ["Stye", *PARAGRAPHS]


def test_the_body_of_a_page_counts_before_its_data() -> None:
    body = "".join(f"<p>{paragraph} It hurts.</p>" for paragraph in PARAGRAPHS)
    assert lines(f"{as_script(FAQ)}{body}<noscript>Turn on scripts.</noscript>") == [
        f"{paragraph} It hurts." for paragraph in PARAGRAPHS
    ]


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<noscript>Please turn on JavaScript.</noscript>",
        "<noscript>",
        "<script type=application/ld+json>{",
        f"<script type=application/ld+json>{'[' * 100_000}</script>",
        as_script({"articleBody": 7, "x": None, "mainEntity": {"@type": "Question", "name": "Why?"}}),
        as_script({"@type": "Question", "name": "Why?", "acceptedAnswer": {"text": ["a"]}}),
        f"<script>{json.dumps(ARTICLE)}</script>",
    ],
)
def test_a_page_without_a_text_for_machines_has_none(page: str) -> None:
    assert embedded_text(page) is None
