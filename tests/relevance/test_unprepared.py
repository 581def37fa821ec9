"""The articles of corpus/ and queries written before any result was seen to the share that is right first.

`unprepared.tsv` holds 200 queries in 16 kinds, written before anybody looked at a result, and the articles that answer
each; its head tells where they come from and how they were judged. `unprepared_floor.json` holds, for each kind, how
many may not be lost: one less than was measured.

    python -m tests.relevance.test_unprepared

prints the share by kind, and each miss with what came first instead.
"""

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from indexer import Library, Page, open_library
from indexer.articles.source import Failure, read_sources
from tests.relevance.test_relevance import ALL, CORPUS, HERE

QUERIES: Final = HERE / "unprepared.tsv"
FLOOR: Final = HERE / "unprepared_floor.json"
FIRST_THREE: Final = Page(limit=3, collapse=True)  # one card for each condition, as the page and the command show them
RIGHT_FIRST: Final = 0.75
RIGHT_IN_THREE: Final = 0.85


class UnpreparedQuery(NamedTuple):
    """What was typed, and the ids of the articles that answer it."""

    kind: str
    text: str
    articles: tuple[str, ...]


class Answer(NamedTuple):
    """A query and the ids of its first three hits."""

    query: UnpreparedQuery
    hits: tuple[str, ...]

    @property
    def right_first(self) -> bool:
        return self.hits[:1] != () and self.hits[0] in self.query.articles

    @property
    def right_in_three(self) -> bool:
        return not set(self.hits).isdisjoint(self.query.articles)


def read_unprepared() -> Iterator[UnpreparedQuery]:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        for row in table:
            yield UnpreparedQuery(row["kind"], row["query"], tuple(row["articles"].split()))


UNPREPARED = tuple(read_unprepared())
KINDS = tuple(dict.fromkeys(query.kind for query in UNPREPARED))


def ask(library: Library) -> list[Answer]:
    return [
        Answer(query, tuple(hit.document.id for hit in library.search(query.text, page=FIRST_THREE).hits))
        for query in UNPREPARED
    ]


def of_kind(answers: Sequence[Answer], kind: str) -> list[Answer]:
    return [answer for answer in answers if kind in (ALL, answer.query.kind)]


def report(answers: Sequence[Answer]) -> Iterator[str]:
    """A line for each kind, then one for each miss."""
    yield f"{'kind':14}{'queries':>8}{'first':>7}{'in three':>10}"
    for kind in (*KINDS, ALL):
        those = of_kind(answers, kind)
        first, in_three = (
            sum(right) for right in zip(*((a.right_first, a.right_in_three) for a in those), strict=True)
        )
        yield f"{kind:14}{len(those):8}{first:7}{in_three:10}   {first / len(those):.0%}"
    for answer in answers:
        if not answer.right_first:
            yield f"{answer.query.kind}: {answer.query.text}"
            yield f"    found {', '.join(answer.hits) or 'nothing'}"
            yield f"    right {', '.join(answer.query.articles)}"


@pytest.fixture(scope="module")
def answers(corpus_library: Library) -> list[Answer]:
    return ask(corpus_library)


def test_three_quarters_are_right_first(answers: list[Answer]) -> None:
    assert sum(answer.right_first for answer in answers) / len(answers) >= RIGHT_FIRST, "\n".join(report(answers))


def test_most_are_right_among_the_first_three(answers: list[Answer]) -> None:
    assert sum(answer.right_in_three for answer in answers) / len(answers) >= RIGHT_IN_THREE, "\n".join(report(answers))


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_falls_below_its_floor(answers: list[Answer], kind: str) -> None:
    those = of_kind(answers, kind)
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))["right first"][kind]
    assert sum(answer.right_first for answer in those) >= floor, "\n".join(report(those))


def test_unprepared_queries_are_many_and_of_many_kinds() -> None:
    assert len(UNPREPARED) == len({query.text.casefold() for query in UNPREPARED}) == 200
    assert len(KINDS) >= 15


def test_right_articles_are_those_of_the_corpus() -> None:
    corpus = {raw.id for raw in read_sources([CORPUS]) if not isinstance(raw, Failure)}
    assert all(query.articles for query in UNPREPARED)
    assert {article for query in UNPREPARED for article in query.articles} - corpus == set()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="unprepared-") as folder, open_library(Path(folder) / "index") as opened:
        assert not opened.sync([CORPUS]).failed
        print(*report(ask(opened)), sep="\n")
