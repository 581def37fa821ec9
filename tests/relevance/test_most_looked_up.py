"""The conditions and symptoms that people look up most, to the share that finds an article of its own first.

`most_looked_up.tsv` holds 200 names, listed before anybody looked at the articles, and the ids of the articles that are
about each; its head tells how. A library for everybody has an article on nearly all of them, and finds it.

    python -m tests.relevance.test_most_looked_up

prints each name that finds another article first, and which.
"""

import csv
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, NamedTuple

from indexer import Library, Page, open_library
from indexer.articles.source import Failure, read_sources
from tests.relevance.test_relevance import CORPUS, HERE

NAMES: Final = HERE / "most_looked_up.tsv"
NO_ARTICLE: Final = "-"
FIRST: Final = Page(limit=1, collapse=True)  # one card for each condition, as the page and the command show them
FOUND_FIRST: Final = 170


class LookedUp(NamedTuple):
    """A name, and patterns of the ids of its own articles; none where there is no such article."""

    name: str
    articles: tuple[str, ...]

    def is_answered_by(self, article: str | None) -> bool:
        return article is not None and any(fnmatch(article, pattern) for pattern in self.articles)


def read_looked_up() -> Iterator[LookedUp]:
    with NAMES.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        for row in table:
            yield LookedUp(row["name"], () if row["articles"] == NO_ARTICLE else tuple(row["articles"].split()))


LOOKED_UP: Final = tuple(read_looked_up())


def misses(library: Library) -> dict[str, str | None]:
    """Each name that finds no article of its own first, and the id of what it finds instead."""
    first = {
        each: next((hit.document.id for hit in library.search(each.name, page=FIRST).hits), None) for each in LOOKED_UP
    }
    return {each.name: article for each, article in first.items() if not each.is_answered_by(article)}


def test_most_find_an_article_of_their_own_first(corpus_library: Library) -> None:
    missed = misses(corpus_library)
    assert len(LOOKED_UP) - len(missed) >= FOUND_FIRST, missed


def test_names_are_two_hundred() -> None:
    assert len({each.name.casefold() for each in LOOKED_UP}) == len(LOOKED_UP) == 200


def test_articles_are_those_of_the_corpus() -> None:
    corpus = [raw.id for raw in read_sources([CORPUS]) if not isinstance(raw, Failure)]
    patterns = {pattern for each in LOOKED_UP for pattern in each.articles}
    assert {pattern for pattern in patterns if not any(fnmatch(article, pattern) for article in corpus)} == set()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="looked-up-") as folder, open_library(Path(folder) / "index") as opened:
        assert not opened.sync([CORPUS]).failed
        missed = misses(opened)
        print(f"{len(LOOKED_UP) - len(missed)} of {len(LOOKED_UP)} find an article of their own first")
        print(*(f"{name}: {article or 'nothing'}" for name, article in missed.items()), sep="\n")
