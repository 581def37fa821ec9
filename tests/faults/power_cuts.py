"""Power cuts at any moment of a run, by replaying its system calls without what had not been synced.

python -m tests.faults.power_cuts --count 300

The calls are those that strace sees, not those that the program knows of; tests/engines/whoosh/test_power_cuts.py
replays the latter.
"""

import codecs
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.faults.ground import Budget, Ground
from tests.faults.power import Inode, Power
from tests.faults.tracing import SystemCall, read_log, require_strace, trace

ARTICLES = 8
CALLS = (
    *("openat", "write", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir"),
)
CONTENTS = ("-x", "-s", "100000000")  # options of strace: bytes in hexadecimal, all of them
CHANCES = (0.0, 0.5, 1.0)
NEXT_RUN_EVERY = 8
SCENARIOS = ("first", "update", "delete", "rebuild", "update")
FILE = re.compile(r"\d+<([^>]+)>")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def replay(power: Power, call: SystemCall) -> None:
    """Do to the model what a call did to the disk."""
    file = FILE.match(call.arguments)
    strings = [codecs.escape_decode(text.encode())[0] for text in STRING.findall(call.arguments)]
    paths = [Path(text.decode(errors="replace")) for text in strings]
    match call.name:
        case "openat" if "O_CREAT" in call.arguments and paths[0] not in power.seen:
            power.name(paths[0], Inode())
        case "write" if file and Path(file[1]) in power.seen:
            power.write(Path(file[1]), strings[0])
        case "fsync" | "fdatasync" if file:
            power.sync(Path(file[1]))
        case "rename" | "renameat" | "renameat2":
            power.rename(*paths)
        case "unlink" | "unlinkat" | "rmdir":
            power.name(paths[0], None)
        case "mkdir" | "mkdirat":
            power.name(paths[0], Inode(folder=True))


def cut_run(ground: Ground, name: str, folder: Path, count: int, seconds: float | None) -> None:
    """Run once, cut the power so many times, about, and look at what is left."""
    if name == "delete":
        next(ground.corpus.glob("*.txt")).unlink()
    else:
        ground.change()
    original, old, new = ground.index, ground.held(), ground.written()
    power = Power.of(original)
    options = ["--rebuild"] if name == "rebuild" else []
    outcome = trace(ground.arguments(*options), CALLS, folder / "log", *CONTENTS)
    assert outcome.code == 0, outcome
    calls = [
        call
        for call in read_log(folder / "log")
        if str(folder) in call.arguments and str(ground.corpus) not in call.arguments
    ]
    budget = Budget(seconds)
    share = count / len(calls) / len(CHANCES)
    for number, call in enumerate(calls, 1):
        replay(power, call)
        is_last = number == len(calls)
        for chance in CHANCES:
            if is_last or (ground.dice.random() < share and budget.is_left()):
                ground.index = folder / "cut" / "index"
                shutil.rmtree(ground.index.parent, ignore_errors=True)
                ground.index.parent.mkdir()
                power.cut(original, ground.index, chance, ground.dice)
                what = f"{name}: cut after {call.name} {call.number} ({call.arguments[:120]}), chance {chance}"
                ground.check_state(what, (new,) if is_last else (old, new))
                ground.counts["cuts"] += 1
                if ground.counts["cuts"] % NEXT_RUN_EVERY == 0 or is_last:
                    ground.check_next_run(what)
    ground.index = original


@click.command()
@click.option("--count", default=300, show_default=True, help="Power cuts, about, over all kinds of runs.")
@click.option("--seconds", type=float, help="At most so long.")
@click.option("--seed", default=1, show_default=True)
def main(count: int, seconds: float | None, seed: int) -> None:
    """Replay runs of the command, cut the power, and check what is left."""
    require_strace()
    with TemporaryDirectory(prefix="power-cuts-") as folder:
        ground = Ground(Path(folder), ARTICLES, seed)
        for name in SCENARIOS:
            cut_run(ground, name, Path(folder), count // len(SCENARIOS), seconds and seconds / len(SCENARIOS))
        ground.report()


if __name__ == "__main__":
    main()
