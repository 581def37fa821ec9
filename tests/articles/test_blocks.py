import pytest

from indexer.articles.blocks import Block, extract_markdown, extract_plain_text, row_text


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


def test_lines_are_paragraphs() -> None:
    page = extract_plain_text("First one.\nSecond  one.\n\n\tThird one.")
    assert page.blocks == (
        Block("First one.", "paragraph", alone=True),
        Block("Second one.", "paragraph", alone=False),
        Block("Third one.", "paragraph", alone=True),
    )


WRAPPED = """Gout is a form of arthritis in which crystals settle in a joint and
make it red, hot and very painful, most often at night. Beer and liver
are known to set it off.

It can be treated.
"""


def test_wrapped_lines_are_joined() -> None:
    assert texts(extract_plain_text(WRAPPED).blocks) == [" ".join(WRAPPED.split("\n")[:3]), "It can be treated."]


def test_short_sentences_in_lines_are_not_joined() -> None:
    lines = [
        "Gout is a form of arthritis that hurts a lot.",
        "It can be treated with tablets at any age.",
        "Most people do well in the end, though.",
    ]
    assert texts(extract_plain_text("\n".join(lines)).blocks) == lines


@pytest.mark.parametrize("mark", ["-", "*", "•", "–"])
def test_bullets_are_taken_off(mark: str) -> None:
    assert extract_plain_text(f"Signs are\n {mark} fever").blocks[1] == Block("fever", "item", alone=False)


def test_numbers_stay_for_whoever_reads_on() -> None:
    assert extract_plain_text("1. Causes\n2) Symptoms").blocks == (
        Block("1. Causes", "item"),
        Block("2) Symptoms", "item", alone=False),
    )


@pytest.mark.parametrize("line", ["====", "------", "~~~~"])
def test_an_underlined_line_is_a_heading(line: str) -> None:
    assert extract_plain_text(f"Causes\n{line}\nMany.").blocks[0] == Block("Causes", "heading")


def test_markdown() -> None:
    page = extract_markdown(
        "---\ntitle: 'Gout'\nCode: M10.9\n---\n# Gout\n\nIt is *very* **painful**, see [here](https://example.org/a_b).\nStill the same.\n\n"
        "## Signs ##\n* one\n* two\n  goes on\n\n**Tests**\n\n> quoted `code` \\*star\\*\n\nSetext\n---\n\n| a | b |\n|---|---|\n| c | **d** |\n![figure](x.png)\n"
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
        ("a: b", "item", 0),
        ("c: d", "item", 0),
    ]


def test_a_bold_beginning_is_kept_in_mind() -> None:
    (block,) = extract_markdown("**Tests:** blood and urine").blocks
    assert block.text[: block.bold] == "Tests:"


def test_row_text() -> None:
    assert row_text(["Blood", "", "low", "high"]) == "Blood: low; high"
    assert row_text([]) == ""
    assert row_text(["", "Acute", "Chronic"]) == "Acute; Chronic"


def test_a_table_whose_first_header_cell_is_empty() -> None:
    table = "| | Acute | Chronic |\n|---|---|---|\n| Pain | severe | mild |\n|| hot | cold |"
    assert texts(extract_markdown(table).blocks) == ["Acute; Chronic", "Pain: severe; mild", "hot; cold"]
