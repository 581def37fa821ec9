"""A ready index to the first answer: a whole `conditions search`, and a web server from its start until it is ready.

python -m tests.benchmarks.startup --index var/index
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

import click

from tests.benchmarks.figures import facts_table
from tests.benchmarks.serving import Server

COMMAND: Final = (sys.executable, "-m", "webapp.cli")
TIMES: Final = 7
WORDS: Final = ("chronic", "osteomyelitis", "hand")
UNKNOWN: Final = ("osteomyelitides", "handwise")  # words that have to be stemmed by NLTK


def measure(index: Path) -> dict[str, str]:
    """Medians of several starts, in seconds."""
    return {
        "whole process, `conditions search`, s": f"{_search(index, WORDS):.2f}",
        "the same, words that it never saw, s": f"{_search(index, UNKNOWN):.2f}",
        "the same, `conditions --help`, s": f"{median(_run('--help') for _ in range(TIMES)):.2f}",
        "web server ready, one worker, s": f"{median(_ready(index) for _ in range(TIMES)):.2f}",
    }


def _search(index: Path, words: tuple[str, ...]) -> float:
    return median(_run("search", *words, "--index", str(index)) for _ in range(TIMES))


def _run(*words: str) -> float:
    started = time.perf_counter()
    subprocess.run([*COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _ready(index: Path) -> float:
    started = time.perf_counter()
    with Server(index, workers=1):
        return time.perf_counter() - started


@click.command()
@click.option("--index", required=True, type=click.Path(path_type=Path, exists=True))
def main(index: Path) -> None:
    """Measure starts."""
    click.echo(facts_table("startup", measure(index)))


if __name__ == "__main__":
    main()
