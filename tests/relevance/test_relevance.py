"""The articles of corpus/ and judged queries to nDCG@10, which may not fall below the floor.

`queries.jsonl` holds queries as people type them, by kind (the part of the id before the hyphen); `judgments.tsv`
grades the articles for each by reading them: 3 exactly what was asked (with site and side, where asked), 2 the right
condition at another site or side, or a close answer, 1 related and useful. An article that is not listed for a query
does not answer it. Whoever writes or changes an article reads it against the queries, and never judges by what the
search finds.

The floor, in floor.json, may only be raised. After a change that improves the search:

    python -m tests.relevance.test_relevance

measures again and raises each number that has become better; it lowers none.

Another library, or other judgments, are another measure: then floor.json is deleted and written anew by the same
command, and the commit says which kinds fell and why. So it was done when the library grew from 290 to 551 articles.
The queries of the kinds body, cancer, catching, checkup, folk, mind, parent, plain, pregnancy, seek, treat and urgent
are about the new articles; they were written before any result was seen, from the names of the articles, and graded by
reading them.
"""

import json
import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer import open_library
from indexer.articles.source import Failure, read_sources
from indexer.evaluation import Ranked, evaluate, read_judgments, read_queries
from indexer.results import Results

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent / "corpus"
FLOOR = HERE / "floor.json"
MEASURE = "nDCG@10"
SLACK = 0.01
ALL = "all"

QUERIES = read_queries(HERE / "queries.jsonl")
JUDGMENTS = read_judgments(HERE / "judgments.tsv")


def kind_of(query: str) -> str:
    return query.rpartition("-")[0]


KINDS = sorted({kind_of(query) for query in QUERIES})


def measure(search: Callable[[str], Results]) -> dict[str, float]:
    """Mean nDCG@10 of all queries and of each kind; a search returns at least ten hits, where there are so many."""

    def ranked(text: str) -> Ranked:
        return [(hit.document.id, hit.score) for hit in search(text).hits]

    by_query = evaluate(ranked, QUERIES, JUDGMENTS).by_query
    scores = {ALL: [each[MEASURE] for each in by_query.values()]}
    for query, each in by_query.items():
        scores.setdefault(kind_of(query), []).append(each[MEASURE])
    return {kind: sum(those) / len(those) for kind, those in scores.items()}


def read_floor() -> dict[str, float]:
    floor: dict[str, float] = json.loads(FLOOR.read_text(encoding="utf-8"))[MEASURE]
    return floor


def raise_floor(measured: dict[str, float]) -> None:
    old = read_floor() if FLOOR.exists() else {}
    new = {
        kind: max(old.get(kind, 0.0), math.floor(measured[kind] * 10_000) / 10_000)  # rounded down, so that it is met
        for kind in (ALL, *KINDS)
    }
    FLOOR.write_text(json.dumps({MEASURE: new}, indent=2) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def measured(judged_results: Mapping[str, Results]) -> dict[str, float]:
    return measure(judged_results.__getitem__)


@pytest.mark.parametrize("kind", [ALL, *KINDS])
def test_relevance_does_not_fall(measured: dict[str, float], kind: str) -> None:
    assert measured[kind] >= read_floor()[kind] - SLACK, f"{MEASURE} of {kind} queries: {measured}"


def test_floor_is_possible() -> None:
    floor = read_floor()
    assert set(floor) == {ALL, *KINDS}
    assert all(0 < value <= 1 for value in floor.values())


def test_queries_are_many_and_of_many_kinds() -> None:
    assert len(QUERIES) >= 600
    assert len({text.casefold() for text in QUERIES.values()}) == len(QUERIES)
    assert len(KINDS) >= 15


def test_every_query_has_an_answer_and_every_judgment_a_query() -> None:
    assert set(JUDGMENTS) == set(QUERIES)
    assert [query for query, grades in JUDGMENTS.items() if max(grades.values()) < 3] == []


def test_grades_are_one_to_three() -> None:
    assert {grade for grades in JUDGMENTS.values() for grade in grades.values()} == {1, 2, 3}


def test_each_article_is_judged_once_for_a_query() -> None:
    lines = (HERE / "judgments.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) - 1 == sum(len(grades) for grades in JUDGMENTS.values())


def test_judged_articles_are_those_of_the_corpus() -> None:
    articles = {raw.id for raw in read_sources([CORPUS]) if not isinstance(raw, Failure)}
    judged = {article for grades in JUDGMENTS.values() for article in grades}
    assert judged - articles == set()
    assert articles - judged == set(), "an article that no query asks for"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="relevance-") as folder, open_library(Path(folder) / "index") as library:
        assert not library.sync([CORPUS]).failed
        raise_floor(measure(library.search))
    print(FLOOR.read_text(encoding="utf-8"))
