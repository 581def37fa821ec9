from indexer.articles.blocks import Block
from indexer.articles.contents_list import without_contents
from indexer.articles.reader import parse_article


def without(*lines: str) -> tuple[list[str], tuple[str, ...]]:
    blocks, contents = without_contents([Block(line) for line in lines])
    return [block.text for block in blocks], contents


def test_lines_that_stand_below_again_are_a_table_of_contents() -> None:
    text = ("Hives", "Wheals come and go.", "What they look like", "Pale.", "Triggers", "Food.", "Relief", "Tablets.")
    assert without(text[0], "1 What they look like", "2 Triggers", "3. Relief", *text[1:]) == (
        list(text),
        ("1 What they look like", "2 Triggers", "3. Relief"),
    )


def test_an_announced_table_of_contents_may_name_what_no_heading_names() -> None:
    lines = ("On this page", "Introduction", "Triggers", "Wheals come and go.", "Triggers", "Food does it.")
    assert without(*lines) == (["On this page", *lines[3:]], ("Introduction", "Triggers"))


def test_a_list_whose_lines_stand_nowhere_else_stays() -> None:
    lines = ("Hives", "Nuts", "Eggs", "Milk", "These foods cause most of it.", "Milk", "It is the rarest of the three.")
    assert without(*lines) == (list(lines), ())


def test_a_table_of_contents_gives_no_field_to_what_follows_it() -> None:
    dump = (
        "Hives\nContents\nCauses\nTreatment\n\nHives are wheals of the skin that come and go within a day.\n\n"
        "Causes\nFoods, drugs and infections make cells of the skin let go of histamine.\n\n"
        "Treatment\nTablets against histamine calm it, and most people need no more than these."
    )
    assert [section.kind for section in parse_article("a", dump).sections] == ["overview", "causes", "treatment"]
