"""The common shape of what the raw kinds hold: paragraphs, list items and headings, in order.

Plain text, Markdown and HTML all become blocks (plain_text.py, markdown.py, cleaning.py), so that what follows need not
know how an article came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

from indexer.articles.model import Dropped

Shape: TypeAlias = Literal["paragraph", "item", "row", "term", "heading"]

BOLD_LEVEL: Final = 7  # of a heading made of bold type or underlined, below h1 to h6
LONG_PARAGRAPH: Final = 60  # code points of one that a heading may stand over


class Block(NamedTuple):
    """One line or element of an article.

    `level` ranks a heading (1 to 7; 0: not known), `bold` counts the leading code points in bold type, `alone` says
    that a blank line or an element's edge stands before it. A row is that of a table or definition list; its bold part
    is a label that names a field. A term is the label of paragraphs.
    """

    text: str
    shape: Shape = "paragraph"
    level: int = 0
    bold: int = 0
    alone: bool = True


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The blocks of a raw text, its metadata (`title`, `code`, `reviewed` ...), and what was left out."""

    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()


def row_text(cells: list[str]) -> str:
    """A row of a table as a line: what the first cell names, and the other cells; side by side where it is empty."""
    head, *rest = cells or [""]
    values = "; ".join(cell for cell in rest if cell)
    return f"{head}: {values}" if head and values else head or values


def is_long_paragraph(block: Block | None) -> bool:
    """Whether a block is a paragraph that a heading may stand over."""
    return block is not None and block.shape == "paragraph" and len(block.text) >= LONG_PARAGRAPH
