"""Tables and definition lists to rows: a line each, and the fields that their labels name.

A row is "label: values". Where the label is the name of a field or a question about one, it is a heading over its
values; where the first row of a table names fields, so is each of its cells over the column below. Tables that lay out
a page, and lists that hold whole paragraphs, are read as what they hold.
"""

from typing import TYPE_CHECKING, Final

from indexer.articles.blocks import Block, row_text
from indexer.articles.characters import superscript
from indexer.articles.headings import heading_text, is_bare_field, is_statement, named_fields
from indexer.articles.page_outline import INLINE

if TYPE_CHECKING:
    from bs4.element import Tag

_ROW_GROUPS: Final = frozenset("thead tbody tfoot".split())
_ROW: Final = frozenset(("tr",))
_CELLS: Final = frozenset("td th".split())
_DEFINITION: Final = frozenset("dt dd".split())
_DIVISION: Final = frozenset(("div",))
_STRUCTURE: Final = frozenset("table p ul ol dl div h1 h2 h3 h4 h5 h6 br section article".split())
MIN_FIELD_COLUMNS: Final = 2  # of different fields that make the first row of a table headings of its columns
MIN_QUESTIONS: Final = 2  # among the terms of a definition list that is a FAQ


def table_rows(table: "Tag") -> tuple[Block, ...] | None:
    """The rows of a table; None for a table that lays out a page."""
    parts = [table, *_children(table, _ROW_GROUPS)]
    rows = [_children(row, _CELLS) for part in parts for row in _children(part, _ROW)]
    if any(_children(cell, _STRUCTURE) for row in rows for cell in row):
        return None
    texts = [[cell_text(cell) for cell in row] for row in rows]
    header = texts[0] if texts else []
    if len(texts) > 1 and len({named_fields(cell) for cell in header if names_field(cell)}) >= MIN_FIELD_COLUMNS:
        return tuple(_columns(header, texts[1:]))
    return tuple(block for cells in texts if (block := _row(cells)).text)


def definition_rows(definitions: "Tag") -> tuple[Block, ...] | None:
    """The terms of a definition list with what is said of each; None where they hold whole paragraphs, or are a FAQ."""
    groups = [definitions, *_children(definitions, _DIVISION)]
    pairs: list[list[str]] = []
    for part in (child for group in groups for child in _children(group, _DEFINITION)):
        if _children(part, _STRUCTURE | _DEFINITION):
            return None
        text = cell_text(part)
        if part.name == "dt" or not pairs:
            pairs.append([text])
        else:
            pairs[-1].append(text)
    questions = [term for term, *_ in pairs if term.endswith("?")]
    if len(questions) >= MIN_QUESTIONS and not all(map(names_field, questions)):
        return None
    return tuple(block for pair in pairs if (block := _row(pair)).text)


def cell_text(cell: "Tag") -> str:
    """The text of a cell in one line; the edge of an inline element is no edge of a word."""
    from bs4.element import Tag

    texts: list[str] = []
    for child in cell.descendants:
        if isinstance(child, Tag):
            texts.append(" " if child.name not in INLINE else "")
        elif child.parent is not None and child.parent.name == "sup":
            texts.append(superscript(str(child), "".join(texts[-3:])))
        else:
            texts.append(str(child))
    return " ".join("".join(texts).split())


def names_field(label: str) -> bool:
    """Whether a label is the name of one field, or a question about it."""
    fields = named_fields(heading_text(label))
    if fields in ((), ("part",)):
        return False
    return label.endswith("?") or (is_bare_field(heading_text(label)) and not is_statement(label))


def _row(cells: list[str]) -> Block:
    label = cells[0] if cells else ""
    is_labelled = len(cells) > 1 and any(cells[1:]) and names_field(label)
    return Block(row_text(cells), "row", bold=len(label) if is_labelled else 0)


def _columns(header: list[str], rows: list[list[str]]) -> list[Block]:
    """The columns of a table whose first row names fields, each cell after the label of its row."""
    blocks = []
    for column, label in enumerate(header):
        values = [
            row_text([row[0], row[column]]) if column and not names_field(header[0]) else row[column]
            for row in rows
            if column < len(row) and row[column]
        ]
        if values and (column or names_field(label)):
            blocks.append(_row([label, *values]))
    return blocks


def _children(node: "Tag", names: frozenset[str]) -> "list[Tag]":
    return [child for child in node.contents if getattr(child, "name", None) in names]  # type: ignore[misc]
