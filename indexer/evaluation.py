"""Queries and relevance judgments to measures: does the right article come first?

A query set is a .jsonl file (`id`, `text`); its judgments are a .tsv file of query, article and grade, or TREC's qrels:
with a 0 between query and article, separated by spaces. trec_eval computes the measures, through ir-measures, which an
extra installs.

Two settings are compared by a paired randomization test: how often would their mean difference be as large, in
either direction, if the two results of each query were swapped at random? The test assumes no distribution of the
differences and agrees with bootstrap and t-test where their assumptions hold (Smucker, Allan, Carterette: A comparison
of statistical significance tests for information retrieval evaluation, CIKM 2007).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ExtraMissing, SourceError
from indexer.user_files import read_text

try:
    import ir_measures
except ModuleNotFoundError:
    # When this module is imported: an hour may be spent on indexing and searching before a measure is needed.
    raise ExtraMissing(
        "measuring needs ir-measures, which is not installed; run: pip install 'condition-search[evaluate]'"
    ) from None

MEASURES: Final = ("nDCG@10", "Success@1", "Success@10", "RR@10", "R@100")
DEPTH: Final = 100  # articles fetched for each query
MAX_GRADE: Final = 1_000  # trec_eval adds grades up in a few bytes

PERMUTATIONS: Final = 10_000  # of the randomization test; p is exact to about 0.01
SEED: Final = 1
_BATCH_PERMUTATIONS: Final = 200  # in memory together

Ranked = Sequence[tuple[str, float]]  # article ids with their scores, best first


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The mean of each measure over the judged queries, and its value for each query, by query id."""

    queries: int
    means: Mapping[str, float]
    by_query: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The means of a measure under two settings, and the number of queries where the first is better, equal, worse.

    `p` is the probability of a difference as large, in either direction, if the settings were equally good.
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
    """Runs every judged query; a query without results counts 0."""
    # ir_measures.parse_measure needs a part of `ast` that Python 3.14 no longer has.
    names = (name.partition("@") for name in MEASURES)
    measures = [getattr(ir_measures, family) @ int(cutoff) for family, _, cutoff in names]
    run: dict[str, dict[str, float]] = {}
    for id, text in queries.items():
        if id in judgments:
            # Ranks instead of scores: trec_eval orders equal scores by id, descending.
            run[id] = {article: float(-rank) for rank, (article, _) in enumerate(search(text))}
    judged = {id: dict(judgments[id]) for id in run}
    by_query: dict[str, dict[str, float]] = {id: dict.fromkeys(MEASURES, 0.0) for id in run}
    for value in ir_measures.iter_calc(measures, judged, run):
        by_query[value.query_id][str(value.measure)] = float(value.value)
    count = len(by_query)
    means = {name: sum(each[name] for each in by_query.values()) / count if count else 0.0 for name in MEASURES}
    return Evaluation(count, means, by_query)


def compare(first: Evaluation, second: Evaluation) -> dict[str, Difference]:
    """The differences of two evaluations of the same queries, by measure; p is reproducible, for the seed is fixed."""
    ids = sorted(first.by_query)
    differences = {}
    for name in MEASURES:
        first_values, second_values = (np.array([each.by_query[id][name] for id in ids]) for each in (first, second))
        paired = first_values - second_values
        wins, losses = int((paired > 0).sum()), int((paired < 0).sum())
        ties = len(ids) - wins - losses
        differences[name] = Difference(first.means[name], second.means[name], p_value(paired), wins, ties, losses)
    return differences


def p_value(paired: NDArray[np.float64]) -> float:
    """The two-sided p of the mean of paired differences, float64 [queries], by random signs; 1 where all are 0."""
    nonzero = paired[paired != 0]
    if not len(nonzero):
        return 1.0
    observed = abs(nonzero.sum()) * (1 - 1e-12)  # sums of the same numbers differ in the last digits
    random = np.random.default_rng(SEED)
    as_large = 0
    for _ in range(PERMUTATIONS // _BATCH_PERMUTATIONS):
        signs = 1.0 - 2.0 * random.integers(0, 2, size=(_BATCH_PERMUTATIONS, len(nonzero)))
        as_large += int((np.abs(signs @ nonzero) >= observed).sum())
    return (as_large + 1) / (PERMUTATIONS + 1)


def read_queries(path: Path) -> dict[str, str]:
    """Query id to text; raises SourceError for a file or line that cannot be read."""
    queries: dict[str, str] = {}
    for number, line in _lines(path):
        try:
            entry = json.loads(line)
            queries[str(entry["id"])] = str(entry["text"])
        except (ValueError, KeyError, TypeError, RecursionError):
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
            grade = MAX_GRADE + 1
        if abs(grade) > MAX_GRADE:
            raise SourceError(str(path), f"line {number} is not “query, article, grade”; fix that line") from None
        judgments.setdefault(query, {})[article] = grade
    return judgments


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    text = read_text(path, "a file in UTF-8")
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
