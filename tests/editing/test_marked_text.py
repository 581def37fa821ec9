import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.model import RawArticle, RawKind
from indexer.documents import Document
from indexer.editing.marked_text import MAX_MARKED, MarkedText, mark_text
from indexer.sync.article_reader import ArticleReader

ARTICLE = """Chronic gout, left knee

ICD-10 code: M1A.0620

Chronic gout is an inflam-
mation of a joint [7]. It lasts for
years.

CAUSES

Urate crystals form in the joint. The kidneys let too little urate pass.

Subscribe to our newsletter!
"""


def document(text: str, kind: RawKind = "text") -> Document:
    read = ArticleReader().read(RawArticle("x", "x", kind, text))
    assert isinstance(read, Document)
    return read


def marked(text: str, kind: RawKind = "text") -> MarkedText:
    return mark_text(text, kind, document(text, kind))


def labelled(text: MarkedText) -> dict[str, str]:
    """The text under each mark, by its label; a mark may lie over several runs."""
    return {label: run.text for run in text.runs for label in run.labels}


def test_what_was_read_is_marked_where_it_stands() -> None:
    text = marked(ARTICLE)
    found = labelled(text)
    assert found["Title"] == found["Site: Knee"] == found["Side: Left"] == "Chronic gout, left knee"
    assert "M1A.0620" in found["Code"]
    assert found["Overview"].startswith("Chronic gout is an inflam-\nmation of a joint [7]. It lasts for\nyears")
    assert found["Causes"].startswith("CAUSES\n\nUrate crystals form")
    assert next(each for label, each in found.items() if label.startswith("Left out")).startswith("Subscribe")
    assert text.missing == ()


def test_a_page_is_marked_in_its_source() -> None:
    text = marked(
        "<title>Gout</title><script>var a = 'Gout hurts a lot.'</script>\n<h1>Gout</h1>\n"
        "<p>Gout <b>hurts</b> a lot &amp; swells.</p><h2>Causes</h2><p>Urate&nbsp;crystals.</p>",
        "html",
    )
    found = labelled(text)
    assert found["Overview"] == "Gout <b>hurts</b> a lot &amp; swells"
    assert found["Causes"].startswith("Causes</h2><p>Urate&nbsp;crystals")
    assert text.missing == ()


def test_a_link_in_markdown_does_not_hide_a_sentence() -> None:
    found = labelled(marked("# Gout\n\nGout is an [arthritis](https://example.org/a) of *crystals*.\n", "markdown"))
    assert "Gout is an [arthritis](https://example.org/a) of *crystals" in found.values()


def test_what_is_not_there_is_named() -> None:
    text = mark_text("Something else entirely.", "text", document(ARTICLE))
    assert ("Title", "Chronic gout, left knee") in text.missing
    assert [run for run in text.runs if run.kinds] == []


@given(st.text(max_size=400), st.sampled_from(["text", "html", "markdown"]))
def test_no_character_is_lost_or_added(text: str, kind: RawKind) -> None:
    shown = marked(text, kind)
    assert "".join(run.text for run in shown.runs) == text


@pytest.mark.parametrize(
    ("part", "kind"),
    [("<!--", "html"), ("<script>", "html"), ("<", "html"), ("&a", "html"), ("](", "markdown"), ("Gout İ. ", "text")],
)
def test_a_hostile_text_is_marked_in_linear_time(part: str, kind: RawKind) -> None:
    text = part * (2 * MAX_MARKED // len(part))
    read = document("Gout\n\nGout hurts.")
    started = time.process_time()
    shown = mark_text(text, kind, read)
    assert time.process_time() - started < 5
    assert shown.cut == len(text) - MAX_MARKED
