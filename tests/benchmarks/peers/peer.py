"""What every engine that is measured is given and gives back, so that all do the same work.

The work: BM25 over the fields of an article with our weights, the best ten, the exact number of matches, how many have
each body site and each chapter, and a snippet of each of the ten. An engine that cannot do a part leaves it out, and
says so in `lacks`. Engines are given the articles already taken apart into fields; ours alone reads the raw text.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from indexer.documents import TEXT_FIELDS, Document
from indexer.knowledge import body_sites
from indexer.query.ranking import Ranking
from tests.benchmarks.mix import Ask

TOP: Final = 10
SNIPPET: Final = 200  # characters, for engines that can be told
WEIGHTS: Final = dict(Ranking().field_weights)
SECTIONS: Final = tuple(name for name in WEIGHTS if name not in {"title", "names"})
FACETS: Final = ("site", "chapter")


class Fielded(NamedTuple):
    """An article in its fields: the text of each, and the values of each facet."""

    id: str
    texts: dict[str, str]
    values: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: `counts` has, for each facet, the articles of each value; none zero."""

    total: int
    ids: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    snippets: tuple[str, ...]


class Peer(Protocol):
    """An engine behind the same four calls; `build` and `open` may be called in different processes."""

    lacks: str

    def build(self, source: Path, folder: Path) -> None:
        """Index all articles of a file into a new folder."""

    def open(self, folder: Path) -> None:
        """Get ready to search what was built there."""

    def can(self, ask: Ask) -> bool:
        """Whether the engine has such queries."""

    def search(self, ask: Ask) -> Answer:
        """The answer, with all of the work done."""


def write_fielded(documents: Iterable[Document], path: Path) -> None:
    """Documents as one file with a line for each, in the form that a peer reads."""
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            texts = {field.name: "\n".join(field.texts(document)) for field in TEXT_FIELDS}
            chapter = [document.chapter] if document.chapter else []
            row = {"id": document.id, **texts, "site": list(body_sites.closure(document.sites)), "chapter": chapter}
            file.write(json.dumps(row) + "\n")


def read_fielded(path: Path) -> Iterator[Fielded]:
    """What `write_fielded` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            texts = {name: row[name] for name in WEIGHTS}
            yield Fielded(row["id"], texts, {name: row[name] for name in FACETS})
