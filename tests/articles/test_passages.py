from indexer.articles.passages import Outline


def passages(outline: Outline) -> list[tuple[str | None, tuple[str, ...], str | None, list[list[str]]]]:
    return [(each.heading, each.kinds, each.parent, each.groups) for each in outline.passages]


def test_text_before_any_heading_is_a_passage_of_its_own() -> None:
    assert Outline().is_empty
    outline = Outline()
    outline.add_paragraph("Gout hurts.")
    outline.add_heading("Symptoms", 2)
    assert not outline.is_empty
    assert passages(outline) == [(None, (), None, [["Gout hurts."]]), ("Symptoms", ("symptoms",), None, [])]


def test_a_lower_heading_belongs_to_the_field_above_it() -> None:
    outline = Outline()
    outline.add_heading("Treatment", 2)
    outline.add_heading("A drug from the crocus", 3)
    outline.add_heading("Painters and gout", 2)
    assert passages(outline)[2:] == [
        ("A drug from the crocus", ("treatment",), "Treatment", []),
        ("Painters and gout", (), None, []),
    ]


def test_a_heading_that_continues_another_takes_its_field() -> None:
    outline = Outline()
    outline.add_heading("Symptoms", 0)
    outline.add_heading("In children", 0)
    outline.add_heading("In adults", 0)
    assert [(each.kinds, each.parent) for each in outline.passages[2:]] == [(("symptoms",), "Symptoms")] * 2


def test_a_run_in_heading_ends_with_the_next_one() -> None:
    outline = Outline()
    assert not outline.end_run_in()
    outline.add_run_in("Tests")
    outline.add_paragraph("Blood is taken.")
    assert outline.end_run_in()
    outline.add_paragraph("Most people recover.")
    assert passages(outline)[1:] == [
        ("Tests", ("diagnosis",), None, [["Blood is taken."]]),
        (None, (), None, [["Most people recover."]]),
    ]


def test_list_items_join_the_paragraph_before_them() -> None:
    outline = Outline()
    outline.add_paragraph("Signs are:", joins=True)
    outline.add_paragraph("red skin", joins=True)
    outline.add_paragraph("It passes.")
    assert outline.passages[0].groups == [["Signs are:", "red skin"], ["It passes."]]
    assert outline.text == "Signs are:\nred skin\nIt passes."
