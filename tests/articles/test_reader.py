import gc
import json
import re
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.articles.boilerplate import sentence_key
from indexer.articles.extraction import MAX_TEXT
from indexer.articles.model import Article, RawArticle, RawKind
from indexer.articles.reader import parse_article, read_article

GOLDEN = Path(__file__).with_name("golden")
KINDS: dict[str, RawKind] = {".txt": "text", ".md": "markdown", ".html": "html"}


@pytest.mark.parametrize(
    "path", sorted(path for path in GOLDEN.iterdir() if path.suffix in KINDS), ids=lambda path: path.stem
)
def test_golden_articles(path: Path) -> None:
    article = asdict(parse_article(path.stem, path.read_text("utf-8"), kind=KINDS[path.suffix]))
    article.pop("source")
    assert json.loads(json.dumps(article)) == json.loads(path.with_suffix(".article.json").read_text("utf-8"))


def flags(article: Article) -> set[str]:
    return {issue.flag for issue in article.issues}


def test_what_is_given_counts_before_what_the_text_says() -> None:
    article = parse_article("a", "Gout\n\nICD-10 code: M10.9\n\nIt hurts.", title="Podagra (M10.071)", code="m10.00")
    assert (article.title, article.code) == ("Podagra", "M10.00")


def test_the_facts_of_a_raw_article_come_along() -> None:
    raw = RawArticle(
        "a", "/a.jsonl", "text", "Gout hurts.", url="https://example.org", reviewed="2026-01", language="en"
    )
    article = read_article(raw)
    assert (article.source, article.url, article.reviewed, article.language) == (
        "/a.jsonl",
        "https://example.org",
        "2026-01",
        "en",
    )


@pytest.mark.parametrize(
    ("stated", "reviewed"), [("2 March 2024", "2024-03-02"), ("March 2024", "2024-03"), ("31 February 2024", None)]
)
def test_the_date_of_the_last_review_is_an_iso_date_or_none(stated: str, reviewed: str | None) -> None:
    article = parse_article("a", f"Gout\n\nLast reviewed: {stated}\n\nIt hurts at night.")
    assert article.reviewed == reviewed
    assert [section.text for section in article.sections] == ["It hurts at night."]
    assert read_article(RawArticle("a", "", "text", "Gout hurts.", reviewed=stated)).reviewed == reviewed


def test_a_given_title_is_not_read_again_as_text() -> None:
    article = parse_article("a", "Gout\n\nIt hurts.", title="Gout")
    assert [section.text for section in article.sections] == ["It hurts."]


def test_repeated_sentences_are_left_out_and_listed() -> None:
    sentence = "Ask the friendly people of the Riverside Clinic about it."
    article = parse_article("a", f"Gout hurts. {sentence} It passes.", repeated=frozenset({sentence_key(sentence)}))
    assert [section.text for section in article.sections] == ["Gout hurts. It passes."]
    assert [(dropped.text, dropped.reason) for dropped in article.dropped] == [
        (sentence, "stands in at least a tenth of the articles")
    ]


def test_a_list_of_links_goes_with_its_heading() -> None:
    article = parse_article(
        "a", "<h1>Gout</h1><p>It hurts.</p><p>Related articles</p><ul><li>Flu<li>Asthma</ul>", kind="html"
    )
    assert [section.text for section in article.sections] == ["It hurts."]
    assert [dropped.text for dropped in article.dropped] == ["Gout", "Related articles", "Flu", "Asthma"]


def test_lines_above_the_title_of_a_page_are_no_text() -> None:
    article = parse_article("a", "<p>Ear Desk</p><p>H81.01</p><h1>Vertigo</h1><p>It spins.</p>", kind="html")
    assert (article.title, article.code, [section.text for section in article.sections]) == (
        "Vertigo",
        "H81.01",
        ["It spins."],
    )


def test_numbered_headings_and_numbered_lists() -> None:
    text = "Gout\n\n1. Causes\n\nUric acid is the cause of it in all.\n\n2. Symptoms\n\n1. Pain in the toe\n2. Redness"
    sections = parse_article("a", text).sections
    assert [(section.kind, section.heading, section.text) for section in sections] == [
        ("causes", "Causes", "Uric acid is the cause of it in all."),
        ("symptoms", "Symptoms", "Pain in the toe\nRedness"),
    ]


def test_unknown_headings_are_kept_with_their_text_in_the_overview() -> None:
    article = parse_article(
        "a",
        "Gout\n\nThe big toe in art\n\nPainters of the time liked to show the rich man with his bandaged foot.",
    )
    assert [(section.kind, section.heading) for section in article.sections] == [("overview", "The big toe in art")]


def test_a_list_of_other_names_ends_where_another_heading_stands() -> None:
    article = parse_article("a", "Gout\n\nOther names\n\npodagra\n- gouty arthritis\n\nSymptoms\n\nIt hurts at night.")
    assert article.names == ("podagra", "gouty arthritis")
    assert [(section.heading, section.text) for section in article.sections] == [("Symptoms", "It hurts at night.")]
    assert [dropped.text for dropped in article.dropped] == ["Gout", "Other names", "podagra", "gouty arthritis"]


def test_bold_words_within_a_section_are_no_end_of_it() -> None:
    article = parse_article(
        "a", "# Gout\n\n## Treatment\n\n**Surgery** is rare.\n\n**Pain** is treated.", kind="markdown"
    )
    assert [(section.heading, section.text) for section in article.sections] == [
        ("Treatment", "Surgery is rare.\nPain is treated.")
    ]


def test_a_code_that_the_text_states_counts_at_its_beginning_only() -> None:
    assert parse_article("a", "Gout (ICD-10-CM code M10.9) hurts.").code == "M10.9"
    assert parse_article("a", "Gout hurts. " * 60 + "Asthma is ICD-10 code J45.909.").code is None


def test_an_article_without_text() -> None:
    article = parse_article("bones/stress-fracture", "Symptoms\n")
    assert (article.title, article.sections, flags(article)) == ("Stress fracture", (), {"empty", "untitled"})
    assert [dropped.text for dropped in article.dropped] == ["Symptoms"]


def test_what_was_not_read_is_flagged() -> None:
    assert flags(parse_article("a", "Gout is arthritis. " * (MAX_TEXT["text"] // 15))) == {"long"}
    assert flags(parse_article("a", "Gout is arthr\ufffdtis.")) == {"garbled"}


def test_ten_thousand_levels_of_html() -> None:
    article = parse_article("a", "<div>" * 10_000 + "<p>Gout is arthritis.</p>", kind="html")
    assert article.title == "Gout"


LINES = st.sampled_from(
    [
        "Gout, left foot",
        "Symptoms",
        "1. Causes",
        "What is done?",
        "TREATMENT",
        "The clock inside",
        "ICD-10 code: M10.072",
        "Chapter: Diseases of the body",
        "Last reviewed: March 2026",
        "Also called: podagra",
        "Share | Print | Email",
        "X Save",
        "Gout, left foot digital illustration",
        "To see full information please Sign up or Log in",
        "Related articles",
        "- red skin",
        "2. hot skin",
        "Signs are:",
        "Gout is a form of arthritis, also known as podagra (PO).",
        "It is caused by crystals of uric acid. Blood tests show it.",
        "Gout, left foot, is a painful form of arthritis and it is important to underst...",
        "We use cookies. Treatment includes colchicine. Common symptoms include pain.",
        "",
        "=======",
    ]
)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_nothing_is_lost_and_nothing_comes_twice(text: str) -> None:
    article = parse_article("an-id", text)
    kept = [section.text for section in article.sections]
    headings = [section.heading for section in article.sections if section.heading]
    left = " ".join([*kept, *headings, *(dropped.text for dropped in article.dropped)])
    assert Counter(re.findall(r"[^\W\d]+", left)) == Counter(re.findall(r"[^\W\d]+", text))
    assert article.title
    assert bool(article.sections) != ("empty" in flags(article))


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "<li>",
        "<table><tr><td>",
        "<h2>",
        "</h2>",
        "<nav>",
        "<!--",
        "<script>",
        "&amp;",
        "# ",
        "**",
        "*",
        "[",
        "](",
        "|",
        "```",
        "- ",
        "\n",
        "\n\n",
        "---\n",
    ]
)
NOISE = st.lists(LINES | PIECES | st.text(max_size=12), max_size=25).map("".join)


@given(NOISE, st.sampled_from(["text", "html", "markdown"]))
def test_reading_is_total_and_always_the_same(text: str, kind: RawKind) -> None:
    article = parse_article("an-id", text, kind=kind)
    assert article == parse_article("an-id", text, kind=kind)
    assert article.title
    json.dumps(asdict(article), ensure_ascii=False).encode()
    for section in article.sections:
        assert section.text == section.text.strip() != ""


@pytest.mark.skipif(sys.gettrace() is not None, reason="measures time")
@pytest.mark.parametrize(
    "piece",
    [
        "Gout (GO) is ",
        "a > b | ",
        "<table><tr><td>",
        "Symptoms\n",
        "...",
        "<dl><dt>a",
        "**a ",
        "Gout is called x or ",
        " ",
        "> ",
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    from time import process_time

    def seconds(count: int) -> float:
        start = process_time()
        for kind in KINDS.values():
            parse_article("a", piece * count, kind=kind)
        return process_time() - start

    seconds(100)
    gc.collect()
    gc.disable()  # it looks through all that other tests have left, now and then
    try:
        assert seconds(8_000) < 12 * seconds(1_000) + 0.5
    finally:
        gc.enable()


def test_a_bold_lead_in_returns_to_the_field_of_the_heading_above_it() -> None:
    text = (
        "# Trigger thumb\n\nTrigger thumb is a snapping tendon.\n\n## Treatment\n\n"
        "**At home.** Rest the thumb from pinching.\n\n**Relief.** Ice for ten minutes.\n\n"
        "**Practice.** Bend a soft band ten times, at first with mild pain and never with all your weight.\n\n"
        "**Outlook.** Most people recover within weeks.\n"
    )
    sections = parse_article("trigger-thumb", text, kind="markdown").sections
    assert [section.kind for section in sections] == ["overview", *["treatment"] * 3, "overview"]
    assert sections[3].text.startswith("Practice.")
