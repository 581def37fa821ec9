"""`kill -9` of a run at any moment: first builds, updates and rebuilds.

python -m tests.faults.kills --count 1000
"""

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from indexer.engines.whoosh.format.manifest import MANIFEST, SEGMENTS, signature
from tests.faults.ground import Budget, Ground, Run

ARTICLES = 8


def kill_one(ground: Ground, number: int, usual_s: dict[str, float]) -> None:
    """Change some articles, begin a run, kill it, and see what is left."""
    mode = ground.dice.choice(["update", "update", "rebuild", "first"])
    if mode == "first":
        shutil.rmtree(ground.index)
    ground.change(ground.dice.choice([1, 3, 10]))
    old = ground.held()
    started = time.monotonic()
    run = Run(ground.arguments(*(["--rebuild"] if mode == "rebuild" else [])))
    if number % 3 == 0:  # at any moment
        time.sleep(ground.dice.random() * 1.1 * usual_s[mode])
    else:  # while it writes files, or when it has committed
        look = _entries if number % 3 == 1 else _manifest
        before = look(ground.index)
        while look(ground.index) == before and not run.has_ended():
            time.sleep(0.0005)
        time.sleep(ground.dice.random() * 0.02)
    if run.has_ended():
        usual_s[mode] = 0.7 * usual_s[mode] + 0.3 * (time.monotonic() - started)
        ground.counts["ended before the kill"] += 1
        outcome = run.end()
    else:
        outcome = run.kill()
        ground.counts["kills"] += 1
        ground.counts[f"kills of {mode}"] += 1
    ground.check(f"kill {number} of {mode}", old, outcome, killed=outcome.code < 0)


def _entries(index: Path) -> set[str]:
    return {path.name for folder in (index, index / SEGMENTS) if folder.is_dir() for path in folder.iterdir()}


def _manifest(index: Path) -> tuple[int, int, int] | None:
    return signature(index) if (index / MANIFEST).exists() else None


@click.command()
@click.option("--count", default=1_000, show_default=True, help="Kills.")
@click.option("--seconds", type=float, help="At most so long.")
@click.option("--seed", default=1, show_default=True)
def main(count: int, seconds: float | None, seed: int) -> None:
    """Kill runs of the command and check the index after each."""
    with TemporaryDirectory(prefix="kills-") as folder:
        ground = Ground(Path(folder), ARTICLES, seed)
        ground.build()
        budget = Budget(seconds)
        usual_s = dict.fromkeys(("update", "rebuild", "first"), 0.3)
        number = 0
        while ground.counts["kills"] < count and budget.is_left():
            number += 1
            kill_one(ground, number, usual_s)
        ground.report()


if __name__ == "__main__":
    main()
