"""Builds and searches one library with us and with other engines, all in one run, and prints the figures side by side.

    python -m tests.benchmarks.compare --articles 5000
    python -m tests.benchmarks.compare --articles 74731 --also updates --also startup --also serving --markdown table.md
    python -m tests.benchmarks.compare --articles 10000 --articles 75000 --articles 300000 --engine 'ours, engine'

Engines are asked in turns, round by round, so that whatever else the machine does meets all alike. An engine that is
not installed is left out (`pip install .[bench]` brings them).
"""

import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final

import click

from indexer.library import open_library
from tests.benchmarks import corpus, serving, startup, updates
from tests.benchmarks.figures import Measured, build_table, facts_table, kinds_table, search_table, table
from tests.benchmarks.mix import Ask, mix
from tests.benchmarks.peers.peer import write_fielded
from tests.benchmarks.processes import Watch, family, proportional_memory, size_of
from tests.benchmarks.trial import PEERS, Trial, build, create, search, warm_up

OURS: Final = "ours, engine"
EVERYTHING: Final = "ours, everything on"
STOCK: Final = "stock Whoosh"
SERVED: Final = (OURS, "tantivy-py")  # behind one web server
WARM_UP: Final = 8  # other queries, before any is timed
ALSO: Final = ("updates", "startup", "serving")


@click.command()
@click.option("--articles", "sizes", multiple=True, default=(5_000,), show_default=True, help="Articles; repeatable.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(list(PEERS)), help="Only these; repeatable.")
@click.option("--sample", default=2_000, show_default=True, help="Articles that stock Whoosh is given at most.")
@click.option("--rounds", default=3, show_default=True, help="Times that every query is asked.")
@click.option("--budget", default=40.0, show_default=True, help="Seconds that an engine may take for a round.")
@click.option("--also", multiple=True, type=click.Choice(ALSO), help="Further runs, at the first size; repeatable.")
@click.option("--seed", default=corpus.SEED, show_default=True)
@click.option(
    "--work", type=click.Path(path_type=Path), help="Folder for libraries and indexes, kept.  [default: none is kept]"
)
@click.option(
    "--reuse", is_flag=True, help="Search what an earlier run left in the --work folder instead of building it."
)
@click.option("--markdown", type=click.Path(path_type=Path), help="Write the tables to this file too.")
def compare(
    *,
    sizes: tuple[int, ...],
    engines: tuple[str, ...],
    sample: int,
    rounds: int,
    budget: float,
    also: tuple[str, ...],
    seed: int,
    work: Path | None,
    reuse: bool,
    markdown: Path | None,
) -> None:
    """Build and search the same library with several engines, and compare."""
    names = _installed(engines or tuple(PEERS))
    asks = mix(seed)
    tables = [_machine()]
    runs: list[list[Measured]] = []
    with ExitStack() as stack:
        place = work or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        for number, size in enumerate(sizes):
            folder = place / str(size)
            folder.mkdir(parents=True, exist_ok=True)
            measured = _build(names, size, folder, sample=sample, seed=seed, reuse=reuse)
            _search(measured, folder, asks, rounds=rounds, budget=budget, seed=seed)
            runs.append(measured)
            ours = next(each for each in measured if each.name == OURS)
            tables += [build_table(measured), search_table(measured, ours), kinds_table(measured, asks)]
            if number == 0:
                tables += _further(also, size, folder, seed)
    if len(sizes) > 1:
        tables.append(_growth(runs))
    text = "\n\n".join(tables) + "\n"
    click.echo(text)
    if markdown:
        markdown.write_text(text, encoding="utf-8")


def _installed(names: Iterable[str]) -> list[str]:
    """Those of the engines that can be measured; ours first, since the others are given what it took apart."""
    found = []
    for name in dict.fromkeys((OURS, *names)):
        try:
            create(name)
        except ImportError as error:
            _say(f"{name} is left out: {error}")
        else:
            found.append(name)
    return found


def _build(names: Sequence[str], size: int, folder: Path, *, sample: int, seed: int, reuse: bool) -> list[Measured]:
    """Each engine with an index of its own in the folder, but ours with everything on, which searches that of ours."""
    measured = []
    raw = folder / "raw.jsonl"
    if not (reuse and raw.exists()):
        _say(f"{size:,} articles: writing")
        corpus.write_jsonl(raw, size, seed)
    for name in names:
        each = Measured(name, _articles(name, size, sample), lacks=create(name).lacks)
        measured.append(each)
        index = folder / name
        source = raw if name == OURS else folder / f"{each.articles}.fielded"
        if name != EVERYTHING and not (reuse and index.exists()):
            if not source.exists():
                with Trial() as trial:
                    trial.run(take_apart, folder / OURS, source, -(-size // each.articles))
            _say(f"{size:,} articles: {name} builds")
            with Trial() as trial, Watch(trial.pid) as watch:
                each.seconds = trial.run(build, name, source, index)
            each.peak, each.busy = watch.peak, watch.busy
        each.size = size_of(index)
    return measured


def _search(
    measured: Sequence[Measured], folder: Path, asks: Sequence[Ask], *, rounds: int, budget: float, seed: int
) -> None:
    """Let all engines answer all queries, in turns."""
    with ExitStack() as stack:
        trials = {each.name: stack.enter_context(Trial()) for each in measured}
        indexes = {each.name: folder / (OURS if each.name == EVERYTHING else each.name) for each in measured}
        for name, trial in trials.items():
            trial.run(warm_up, name, indexes[name], mix(seed + 1)[:WARM_UP])
        for number in range(rounds):
            for each in measured:
                _say(f"{each.articles:,} articles: {each.name} searches, round {number + 1} of {rounds}")
                each.rounds.append(trials[each.name].run(search, each.name, indexes[each.name], asks, number, budget))
        for each in measured:
            each.memory = proportional_memory(family(trials[each.name].pid))


def _articles(name: str, size: int, sample: int) -> int:
    """How many articles an engine is given: every article, every second, every third ..."""
    step = -(-size // sample) if name == STOCK else 1
    return -(-size // step)


def take_apart(index: Path, target: Path, step: int) -> None:
    """Write every `step`th article of our index in its fields, for the other engines."""
    with open_library(index) as library:
        write_fielded(islice(library.scan(), 0, None, step), target)


def _further(also: Sequence[str], size: int, folder: Path, seed: int) -> Iterable[str]:
    index = folder / OURS
    with Trial() as trial:
        for name in also:
            _say(f"{size:,} articles: {name}")
            match name:
                case "updates":
                    yield facts_table("updates", trial.run(updates.measure, folder / "updates", size, seed))
                case "startup":
                    yield facts_table("startup", startup.measure(index))
                case "serving":
                    yield serving.measure(
                        index, seed, {each: folder / each for each in SERVED if (folder / each).exists()}
                    )


def _growth(runs: Sequence[Sequence[Measured]]) -> str:
    """How medians and build rates change with the number of articles."""
    rows = [
        (
            each.name,
            f"{each.articles:,}",
            f"{each.typical() * 1000:,.2f}",
            f"{each.worst * 1000:,.1f}",
            f"{each.articles / each.seconds:,.0f}" if each.seconds else "",
        )
        for each in sorted((each for run in runs for each in run), key=lambda each: (each.name, each.articles))
    ]
    return table(("growth", "articles", "median ms", "p99 ms", "built articles/s"), rows)


def _machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"load of the machine at the start {load}."
    )


def _say(what: str) -> None:
    click.echo(what, file=sys.stderr)


if __name__ == "__main__":
    compare()
