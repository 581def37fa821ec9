"""Every system call of a run that touches the index is killed before it happens, or fails: EIO, ENOSPC.

python -m tests.faults.system_calls

The calls are those that strace sees, not those that the program knows of.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.faults.ground import Budget, Ground
from tests.faults.tracing import SystemCall, read_log, require_strace, trace

ARTICLES = 8
WRITING = (
    *("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir"),
    *("ftruncate", "mkdir", "mkdirat", "utimensat", "flock", "link", "linkat", "symlink", "fallocate", "fchmod"),
)
LOOKING = ("openat", "close", "getdents64")  # fail, but to be killed there is nothing new
SCENARIOS = ("first", "update", "delete", "rebuild", "garbage")


class Scenario:
    """A run from one state of an index to another, as often as it is asked for; `places` are its calls."""

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self.name = name
        self.ground = Ground(folder / name, ARTICLES, seed)
        self._saved, self._log = folder / name / "saved", folder / "log"
        if name != "first":
            self.ground.build()
            shutil.copytree(self.ground.index, self._saved)
        if name == "delete":
            next(self.ground.corpus.glob("*.txt")).unlink()
        elif name != "garbage":
            self.ground.change()
        self._options = ["--rebuild"] if name == "rebuild" else []
        self.restore()
        self.old = self.ground.held()
        assert trace(self.ground.arguments(*self._options), (*WRITING, *LOOKING), self._log).code == 0
        self.places = [call for call in read_log(self._log) if self._touches_index(call)]

    def restore(self) -> None:
        """Begin anew."""
        shutil.rmtree(self.ground.index, ignore_errors=True)
        if self._saved.exists():
            shutil.copytree(self._saved, self.ground.index)
        if self.name == "garbage":  # what a killed run left, and no change of an article
            (self.ground.index / "segments" / "killed.documents").write_bytes(b"half")
            for name in ("seen.new", "syncs.json.new"):
                (self.ground.index / name).write_bytes(b"half")

    def _touches_index(self, call: SystemCall) -> bool:
        return str(self.ground.index) in call.arguments

    def inject(self, call: SystemCall, fault: str) -> None:
        """Run with a fault in the place of one call, and look at what is left."""
        self.restore()
        how = "signal=SIGKILL" if fault == "KILL" else f"error={fault}"
        option = f"inject={call.name}:{how}:when={call.number}"
        outcome = trace(self.ground.arguments(*self._options), (call.name,), self._log, "-e", option)
        self.ground.counts["injected"] += 1
        self.ground.counts[fault] += 1
        what = f"{self.name}: {fault} at {call.name} {call.number} ({call.arguments[-120:]})"
        self.ground.check(what, self.old, outcome, killed=fault == "KILL")


@click.command()
@click.option("--every", default=1, show_default=True, help="Only each of so many faults.")
@click.option("--seconds", type=float, help="At most so long.")
@click.option("--seed", default=1, show_default=True)
def main(every: int, seconds: float | None, seed: int) -> None:
    """Inject a fault at every system call of each kind of run and check the index after each."""
    require_strace()
    with TemporaryDirectory(prefix="system-calls-") as folder:
        total = Ground(Path(folder, "total"), 0, seed)
        tries = []
        for name in SCENARIOS:
            scenario = Scenario(name, Path(folder), seed)
            total.counts[f"calls of {name}"] = len(scenario.places)
            tries += [
                (scenario, call, fault)
                for call in scenario.places
                for fault in ("KILL", "EIO", "ENOSPC")
                if fault != "KILL" or call.name not in LOOKING
            ]
        total.dice.shuffle(tries)
        budget = Budget(seconds)
        for scenario, call, fault in tries[::every]:
            if budget.is_left():
                scenario.inject(call, fault)
            else:
                total.counts["left out for want of time"] += 1
        for ground in {scenario.ground for scenario, _, _ in tries}:
            total.counts += ground.counts
            total.faults += ground.faults
        total.report()


if __name__ == "__main__":
    main()
