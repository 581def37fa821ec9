from indexer import parse_article


def sections(html: str) -> list[tuple[str, str]]:
    return [(section.kind, section.text) for section in parse_article("a", html, kind="html").sections]


PAGE = "<main><h1>Scurvy</h1><p>Scurvy is a lack of vitamin C.</p>{}<p>It is rare today.</p></main>"


def test_labels_that_name_fields_are_headings_of_their_rows() -> None:
    rows = "<tr><th>Symptoms</th><td>Bleeding gums</td></tr><tr><th>Treatment</th><td>Vitamin <b>C</b></td></tr>"
    read = sections(PAGE.format(f"<table>{rows}</table>"))
    assert ("symptoms", "Bleeding gums") in read and ("treatment", "Vitamin C") in read
    assert read[-1] == ("overview", "It is rare today.")


def test_questions_of_a_definition_list_are_headings() -> None:
    terms = "<dt>What causes scurvy?</dt><dd>Years without fruit.</dd><dt>How is it treated?</dt><dd>With oranges.</dd>"
    read = sections(PAGE.format(f"<dl>{terms}</dl>"))
    assert ("causes", "Years without fruit.") in read and ("treatment", "With oranges.") in read


def test_terms_over_whole_paragraphs_are_headings_too() -> None:
    read = sections(PAGE.format("<dl><dt>Diagnosis</dt><dd><p>A blood test shows it.</p></dd></dl>"))
    assert ("diagnosis", "A blood test shows it.\nIt is rare today.") in read


def test_columns_under_names_of_fields() -> None:
    rows = "<tr><th>Form</th><th>Symptoms</th><th>Treatment</th></tr><tr><td>Mild</td><td>tired</td><td>fruit</td></tr>"
    read = sections(PAGE.format(f"<table>{rows}</table>"))
    assert ("symptoms", "Mild: tired") in read and ("treatment", "Mild: fruit") in read


def test_numbers_in_the_first_column_stay() -> None:
    rows = (
        "<tr><th>Grade</th><th>Level</th></tr><tr><td>1</td><td>above 30</td></tr><tr><td>2</td><td>10 to 30</td></tr>"
    )
    read = sections(PAGE.format(f"<h2>Tests</h2><table>{rows}</table>"))
    assert ("diagnosis", "Grade: Level\n1: above 30\n2: 10 to 30\nIt is rare today.") in read


def test_inline_elements_are_no_edges_of_words() -> None:
    page = PAGE.format("<table><tr><td>Dose</td><td>CO<sub>2</sub> and <i>ascor</i>bate</td></tr></table>")
    assert any("Dose: CO2 and ascorbate" in text for _, text in sections(page))


def test_references_in_cells_are_cut_off() -> None:
    page = PAGE.format("<table><tr><td>Limes<sup>4</sup></td><td>10<sup>3</sup> mg</td></tr></table>")
    assert any("Limes: 10^3 mg" in text for _, text in sections(page))
