"""The articles on one condition to a table: a row for each body site, a column for each side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from indexer.documents import Document
from indexer.knowledge import body_sites
from indexer.search.facets import SIDE_LABELS

MAX_IN_CELL: Final = 3  # articles of one site and side; the page of the condition has them all
NO_SIDE: Final = "Not stated"
ONLY_COLUMN: Final = "Article"  # where no article has a side
NO_SITE: Final = "Not stated"

_Sites: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The articles of one site and side: the first of them, and how many more there are."""

    documents: tuple[Document, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SiblingsTable:
    """Sides as columns; rows of a label and a cell for each side."""

    sides: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def siblings_table(documents: Sequence[Document]) -> SiblingsTable:
    """The table of the documents; sides in the order of SIDE_LABELS, sites by label, those not stated last."""
    narrowest = [_narrowest(document.sites) for document in documents]
    everywhere = set.intersection(*map(set, narrowest)) if narrowest else set()
    labels = [_label(sites, everywhere) for sites in narrowest]
    sides = [side for side in (*SIDE_LABELS, None) if any(document.side == side for document in documents)]
    located = sorted(zip(labels, documents, strict=True), key=lambda each: (each[0] == NO_SITE, each[0]))
    rows = []
    for label, group in groupby(located, key=lambda each: each[0]):
        of_site = [document for _, document in group]
        cells = (_cell([document for document in of_site if document.side == side]) for side in sides)
        rows.append((label, tuple(cells)))
    no_side = NO_SIDE if len(sides) > 1 else ONLY_COLUMN
    return SiblingsTable(tuple(SIDE_LABELS[side] if side else no_side for side in sides), tuple(rows))


def _cell(documents: Sequence[Document]) -> Cell:
    return Cell(tuple(documents[:MAX_IN_CELL]), max(len(documents) - MAX_IN_CELL, 0))


def _narrowest(sites: _Sites) -> _Sites:
    """The sites without those that another one is part of."""
    wider = {above for site in sites for above in body_sites.ancestors(site)}
    return tuple(site for site in sites if site not in wider)


def _label(sites: _Sites, everywhere: set[str]) -> str:
    """The labels of the sites that tell an article from the others; all of them where none does."""
    own = tuple(site for site in sites if site not in everywhere) or sites
    return ", ".join(map(body_sites.label, own)) or NO_SITE
