"""Queries and judgments to measures: does the right article come first?

A query set is a .jsonl file (`id`, `text`); its judgments are a .tsv file of query, article and grade, with or without the 0 of TREC
between, tabs or spaces between them. The measures are trec_eval's, by ir-measures.

Two settings are compared query by query, by a randomisation test: how often would their mean difference be as large, either way,
if each query's two results had been dealt out at random? It supposes nothing about how the differences are spread, and agrees
with bootstrap and t-test where those hold (Smucker, Allan, Carterette: A comparison of statistical significance tests for
information retrieval evaluation, CIKM 2007).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ir_measures
import numpy as np
from numpy.typing import NDArray

from indexer.errors import SourceError

MEASURES: Final = ("nDCG@10", "Success@1", "Success@10", "RR@10", "R@100")
DEPTH: Final = 100  # articles fetched for each query

DEALS: Final = 10_000  # random deals of the randomisation test; p is exact to about 0.01
SEED: Final = 1
_AT_ONCE: Final = 200  # deals that are in memory together

Ranked = Sequence[tuple[str, float]]  # article ids with their scores, best first


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean measures over the judged queries, and the same for each query, by query id."""

    queries: int
    means: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure under two settings: the first mean less the second, and the queries where the first is better, equal, worse.

    `p` is the chance of a difference as large, either way, if the settings were the same.
    """

    first: float
    second: float
    p: float
    wins: int
    ties: int
    losses: int

    @property
    def mean(self) -> float:
        """The first mean less the second."""
        return self.first - self.second


def evaluate(
    search: Callable[[str], Ranked], queries: Mapping[str, str], judgments: Mapping[str, Mapping[str, int]]
) -> Evaluation:
    """Run every judged query; a query without results counts 0."""
    # Not by its `parse_measure`, which needs a part of `ast` that Python 3.14 no longer has.
    named = (name.partition("@") for name in MEASURES)
    measures = [getattr(ir_measures, family) @ int(cutoff) for family, _, cutoff in named]
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


def compare(first: Evaluation, second: Evaluation) -> dict[str, Difference]:
    """Each measure of two evaluations of the same queries; the same p every time, by a fixed seed."""
    ids = sorted(first.by_query)
    compared = {}
    for name in MEASURES:
        ones, others = (np.array([each.by_query[id][name] for id in ids]) for each in (first, second))
        difference = ones - others
        wins, losses = int((difference > 0).sum()), int((difference < 0).sum())
        ties = len(ids) - wins - losses
        compared[name] = Difference(first.means[name], second.means[name], chance(difference), wins, ties, losses)
    return compared


def chance(differences: NDArray[np.float64]) -> float:
    """The two-sided p of the mean of paired differences, [queries], by DEALS random signs; 1 where all are 0."""
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    observed = abs(moved.sum()) * (1 - 1e-12)  # sums of the same numbers differ in the last digits
    deal = np.random.default_rng(SEED)
    as_large = 0
    for _ in range(DEALS // _AT_ONCE):
        signs = 1.0 - 2.0 * deal.integers(0, 2, size=(_AT_ONCE, len(moved)))
        as_large += int((np.abs(signs @ moved) >= observed).sum())
    return (as_large + 1) / (DEALS + 1)


def read_queries(path: Path) -> dict[str, str]:
    """Query id to text; raises SourceError for a file or line that cannot be read."""
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        try:
            entry = json.loads(line)
            queries[str(entry["id"])] = str(entry["text"])
        except (ValueError, KeyError, TypeError):
            raise SourceError(str(path), f'line {number} is not {{"id": ..., "text": ...}}; fix that line') from None
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
            raise SourceError(str(path), f"line {number} is not “query, article, grade”; fix that line") from None
        judgments.setdefault(query, {})[article] = grade
    return judgments


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read ({error}); give a file in UTF-8") from None
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
