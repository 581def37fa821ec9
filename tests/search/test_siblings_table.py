from indexer.articles.reader import parse_article
from indexer.documents import Document, to_document
from indexer.search.siblings_table import MAX_IN_CELL, siblings_table


def document(title: str, id: str = "") -> Document:
    return to_document(parse_article(id or title, f"{title}\n\nIt hurts.\n", title=title))


def shape(*titles: str) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    table = siblings_table([document(title, f"{number}") for number, title in enumerate(titles)])
    return table.sides, {label: tuple(len(cell.documents) for cell in cells) for label, cells in table.rows}


def test_rows_are_sites_and_columns_the_sides_that_occur() -> None:
    assert shape("Cellulitis of left toe", "Cellulitis of right finger", "Cellulitis of left finger") == (
        ("Right", "Left"),
        {"Finger": (1, 1), "Toe": (0, 1)},
    )


def test_what_all_articles_have_in_common_names_no_row_and_what_is_not_stated_comes_last() -> None:
    sides, rows = shape("Cellulitis, unspecified", "Cellulitis of right finger", "Cellulitis of face")
    assert (sides, list(rows)) == (("Right", "Not stated"), ["Face", "Finger", "Skin"])


def test_without_sides_there_is_one_column() -> None:
    sides, rows = shape(
        "Adolescent idiopathic scoliosis, lumbar region", "Adolescent idiopathic scoliosis, thoracic region"
    )
    assert sides == ("Article",)
    assert list(rows.values()) == [(1,), (1,)]


def test_a_site_and_the_one_that_it_is_part_of_are_one_row() -> None:
    _, rows = shape("Retinal detachment, right eye", "Retinal detachment, left eye", "Retinal detachment, bilateral")
    assert list(rows.values()) == [(1, 1, 1)]


def test_a_cell_shows_some_and_counts_the_others() -> None:
    of_one_place = [document("Cellulitis of right finger", f"{number}") for number in range(MAX_IN_CELL + 2)]
    table = siblings_table([*of_one_place, document("Cellulitis of left toe")])
    cell = table.rows[0][1][0]
    assert ([each.id for each in cell.documents], cell.more) == (["0", "1", "2"], 2)
