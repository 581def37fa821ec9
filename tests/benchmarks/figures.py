"""Timings to the figures that are compared: medians, the 99th percentile, ratios; and tables of them in Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from tests.benchmarks.mix import Ask
from tests.benchmarks.trial import Timing

MB = 1_000_000


@dataclass(slots=True)
class Measured:
    """One engine in one run: how its index was built, and every search that was timed, round by round."""

    name: str
    articles: int
    seconds: float | None = None  # None where it searches the index of another
    busy: float = 0.0
    peak: int = 0
    size: int = 0
    memory: int = 0
    lacks: str = ""
    rounds: list[list[Timing]] = field(default_factory=list)

    @property
    def medians(self) -> dict[int, float]:
        """The median seconds of each query."""
        return _medians((timing.number, timing.seconds) for timing in self.timings)

    @property
    def busy_medians(self) -> dict[int, float]:
        """The median seconds of a core that each query took, which a busy machine does not lengthen."""
        return _medians((timing.number, timing.busy) for timing in self.timings)

    @property
    def totals(self) -> dict[int, int]:
        """The matches of each query."""
        return {timing.number: timing.total for timing in self.timings}

    @property
    def timings(self) -> list[Timing]:
        """All rounds together."""
        return [timing for each in self.rounds for timing in each]

    def typical(self, numbers: Iterable[int] | None = None) -> float:
        """The median over queries, in seconds; over those that are given."""
        own = self.medians
        return median(own.values() if numbers is None else [own[number] for number in numbers])

    @property
    def worst(self) -> float:
        """The 99th percentile of all searches, in seconds."""
        return float(np.percentile([timing.seconds for timing in self.timings], 99))


def _medians(pairs: Iterable[tuple[int, float]]) -> dict[int, float]:
    by_query: dict[int, list[float]] = {}
    for number, seconds in pairs:
        by_query.setdefault(number, []).append(seconds)
    return {number: median(each) for number, each in by_query.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def build_table(measured: Sequence[Measured]) -> str:
    """What building took."""
    rows = (
        (
            each.name,
            f"{each.articles:,}",
            f"{each.seconds:,.1f}",
            f"{each.busy:,.1f}",
            f"{each.articles / each.seconds:,.0f}",
            f"{each.size / MB:,.0f}",
            f"{each.peak / MB:,.0f}",
        )
        for each in measured
        if each.seconds is not None
    )
    return table(("build", "articles", "seconds", "core seconds", "articles/s", "index MB", "peak memory MB"), rows)


def search_table(measured: Sequence[Measured], ours: Measured) -> str:
    """What searching took, as milliseconds and as times ours on the queries that both were asked."""
    return table(
        (
            "search",
            "articles",
            "queries",
            "median ms",
            "core ms",
            "p99 ms",
            "first time ms",
            "times ours",
            "same total",
            "memory MB",
        ),
        (_search_row(each, ours) for each in measured if each.rounds),
    )


def _search_row(each: Measured, ours: Measured) -> tuple[str, ...]:
    shared = sorted(each.medians.keys() & ours.medians.keys())
    same = sum(each.totals[number] == ours.totals[number] for number in shared)
    return (
        each.name + (f" (without {each.lacks})" if each.lacks else ""),
        f"{each.articles:,}",
        f"{len(each.medians)}",
        f"{each.typical() * 1000:,.2f}",
        f"{median(each.busy_medians.values()) * 1000:,.2f}",
        f"{each.worst * 1000:,.1f}",
        f"{median(timing.seconds for timing in each.rounds[0]) * 1000:,.2f}",
        f"{each.typical(shared) / ours.typical(shared):,.2f}",
        f"{same / len(shared):.0%}" if each.articles == ours.articles else "",
        f"{each.memory / MB:,.0f}",
    )


def kinds_table(measured: Sequence[Measured], asks: Sequence[Ask]) -> str:
    """The median milliseconds of each kind of query."""
    timed = [each for each in measured if each.rounds]

    def cell(each: Measured, numbers: Sequence[int]) -> str:
        known = [number for number in numbers if number in each.medians]
        return f"{each.typical(known) * 1000:,.2f}" if known else "–"

    kinds: dict[str, list[int]] = {}
    for number, ask in enumerate(asks):
        kinds.setdefault(ask.kind, []).append(number)
        kinds.setdefault("with filters" if ask.site or ask.chapter else "without filters", []).append(number)
    rows = [(kind, str(len(numbers)), *(cell(each, numbers) for each in timed)) for kind, numbers in kinds.items()]
    return table(("median ms by kind", "queries", *(each.name for each in timed)), sorted(rows))


def facts_table(title: str, facts: Mapping[str, str]) -> str:
    """Single figures, each with what it is."""
    return table((title, ""), facts.items())
