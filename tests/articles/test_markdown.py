from indexer.articles.markdown import MAX_INDENT, extract_markdown
from indexer.articles.model import Dropped


def lines(markdown: str) -> list[str]:
    return [block.text for block in extract_markdown(markdown).blocks]


def test_markdown() -> None:
    page = extract_markdown(
        "---\ntitle: 'Gout'\nCode: M10.9\n---\n# Gout\n\n"
        "It is *very* **painful**, see [here](https://example.org/a_b).\nStill the same.\n\n"
        "## Signs ##\n* one\n* two\n  goes on\n\n**Tests**\n\n> quoted `code` \\*star\\*\n\n"
        "Setext\n---\n\n| a | b |\n|---|---|\n| c | **d** |\n![figure](x.png)\n"
    )
    assert page.metadata == {"title": "Gout", "code": "M10.9"}
    assert [(block.text, block.shape, block.level) for block in page.blocks] == [
        ("Gout", "heading", 1),
        ("It is very painful, see here. Still the same.", "paragraph", 0),
        ("Signs", "heading", 2),
        ("one", "item", 0),
        ("two goes on", "item", 0),
        ("Tests", "heading", 7),
        ("quoted code *star*", "paragraph", 0),
        ("Setext", "heading", 2),
        ("a: b", "row", 0),
        ("c: d", "row", 0),
    ]


def test_a_bold_beginning_is_kept_in_mind() -> None:
    (block,) = extract_markdown("**Tests:** blood and urine").blocks
    assert block.text[: block.bold] == "Tests:"


def test_a_table_whose_first_header_cell_is_empty() -> None:
    table = "| | Acute | Chronic |\n|---|---|---|\n| Pain | severe | mild |\n|| hot | cold |"
    assert lines(table) == ["Acute; Chronic", "Pain: severe; mild", "hot; cold"]


def test_fenced_code_is_dropped_and_named() -> None:
    page = extract_markdown("Gout hurts.\n\n```sql\nselect *\n```\n\nIt passes.\n\n~~~\n~~~\n")
    assert [block.text for block in page.blocks] == ["Gout hurts.", "It passes."]
    assert page.dropped == (Dropped("select *", "code"),)


def test_a_fence_that_nothing_closes_takes_no_text_with_it() -> None:
    assert lines("Gout hurts.\n\n````\n## Causes\n\nUric acid.\n```\nMore.") == [
        "Gout hurts.",
        "Causes",
        "Uric acid.",
        "More.",
    ]


def test_links_images_entities_and_html_are_read_as_in_a_page() -> None:
    markdown = (
        "See [gout][1], <https://example.org> and ![a swollen toe](toe.png)H<sub>2</sub>O &amp; caf&eacute;.\n\n"
        "<!-- editor: check -->\n<div class='sidebar'>Menu</div>\n<p>Block &lt; 5</p>\n\n[1]: https://example.org/gout\n"
    )
    page = extract_markdown(markdown)
    assert [block.text for block in page.blocks] == ["See gout, https://example.org and H2O & café.", "Block < 5"]
    assert [dropped.text for dropped in page.dropped] == ["Menu"]


def test_numbers_of_items_stay_as_they_may_belong_to_headings() -> None:
    assert lines("1. Causes\n2. Symptoms\n\n3) Loose\n\n4) items") == [
        "1. Causes",
        "2. Symptoms",
        "3) Loose",
        "4) items",
    ]


def test_a_line_that_begins_with_a_label_begins_a_paragraph() -> None:
    assert lines("**Symptoms:** pain\n**Causes**: none\n*Tests.* Blood") == [
        "Symptoms: pain",
        "Causes: none",
        "Tests. Blood",
    ]
    assert lines("It hurts.\n**Diagnosis** is made by touch") == ["It hurts.", "Diagnosis is made by touch"]
    assert lines("**Tests**\nBlood is taken.") == ["Tests", "Blood is taken."]
    assert lines("a line that was\n**wrapped** here and\n*there*") == ["a line that was wrapped here and there"]


def test_a_paragraph_above_a_rule_is_no_heading() -> None:
    blocks = extract_markdown("Gout hurts.\n---\n\nTwo\nlines\n===\n\nHeading\n---").blocks
    assert [(block.text, block.shape) for block in blocks] == [
        ("Gout hurts.", "paragraph"),
        ("Two lines", "paragraph"),
        ("Heading", "heading"),
    ]


def test_indented_lines_are_text() -> None:
    assert lines("Gout\n\n    It hurts.\n\n\tIt passes.") == ["Gout", "It hurts.", "It passes."]


def test_nothing_is_lost_however_deep_it_is_nested() -> None:
    deep = 3 * MAX_INDENT
    assert lines("> " * deep + "quoted") == ["quoted"]
    assert lines("- " * deep + "item") == ["item"]
    nested = "\n".join("  " * level + f"- level {level}" for level in range(deep))
    assert " ".join(lines(nested)).split() == [word for level in range(deep) for word in ("level", str(level))]


def test_bold_type_may_go_on_over_a_line_break() -> None:
    assert lines("**=\nd** It hurts.\n**Gout\nis** painful.") == ["= d It hurts.", "Gout is painful."]
