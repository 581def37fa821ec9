import pytest

from indexer.articles.blocks import Block
from indexer.articles.plain_text import extract_plain_text


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
