"""Queries and judgments to measures: does the right article come first?

A query set is a .jsonl file (`id`, `text`); its judgments are a .tsv file of query, article and grade, with or without the 0 of TREC
between, tabs or spaces between them. The measures are trec_eval's, by ir-measures.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ir_measures

from indexer.errors import SourceError

MEASURES: Final = ("nDCG@10", "Success@1", "Success@10", "RR@10", "R@100")
DEPTH: Final = 100  # articles fetched for each query

Ranked = Sequence[tuple[str, float]]  # article ids with their scores, best first


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean measures over the judged queries, and the same for each query, by query id."""

    queries: int
    means: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]


def evaluate(
    search: Callable[[str], Ranked], queries: Mapping[str, str], judgments: Mapping[str, Mapping[str, int]]
) -> Evaluation:
    """Run every judged query; a query without results counts 0."""
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    run: dict[str, dict[str, float]] = {}
    for id, text in queries.items():
        if id in judgments:
            # Ranks, not scores: trec_eval orders equal scores in its own way.
            run[id] = {article: float(-rank) for rank, (article, _) in enumerate(search(text))}
    judged = {id: dict(judgments[id]) for id in run}
    by_query: dict[str, dict[str, float]] = {id: dict.fromkeys(MEASURES, 0.0) for id in run}
    for value in ir_measures.iter_calc(measures, judged, run):
        by_query[value.query_id][str(value.measure)] = float(value.value)
    count = len(by_query)
    means = {name: sum(each[name] for each in by_query.values()) / count if count else 0.0 for name in MEASURES}
    return Evaluation(count, means, by_query)


def read_queries(path: Path) -> dict[str, str]:
    """Query id to text; raises SourceError for a file or line that cannot be read."""
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        try:
            entry = json.loads(line)
            queries[str(entry["id"])] = str(entry["text"])
        except (ValueError, KeyError, TypeError):
            raise SourceError(str(path), f'line {number} is not {{"id": ..., "text": ...}}; mend that line') from None
    return queries


def read_judgments(path: Path) -> dict[str, dict[str, int]]:
    """Query id to article id to grade; raises SourceError for a file or line that cannot be read."""
    judgments: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.split("\t") if "\t" in line else line.split()
        try:
            query, article, grade = parts[0], parts[-2], int(parts[-1])
        except (IndexError, ValueError):
            if number == 1:
                continue  # a header
            raise SourceError(str(path), f"line {number} is not “query, article, grade”; mend that line") from None
        judgments.setdefault(query, {})[article] = grade
    return judgments


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read ({error}); give a file in UTF-8") from None
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
