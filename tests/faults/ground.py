"""A folder of articles and its index, runs of the real command over them, and what must hold afterwards.

Each article that is changed gets a word of its own, its revision, so that what an index holds can be told without the
index's help. A run is a process of its own with the real arguments of `conditions`; it is forked from this one, which
has loaded the code tables, and so takes a tenth of a second instead of two.
"""

import gc
import json
import os
import random
import re
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, NoReturn

from indexer import open_library
from indexer.engines.whoosh.format.manifest import MANIFEST, SEGMENTS, read_manifest
from indexer.errors import ConditionSearchError, IndexMissing
from webapp.cli import main

CORPUS = Path(__file__).parents[2] / "corpus"
BESIDE_THE_INDEX = {MANIFEST, "lock", SEGMENTS, "MAIN_WRITELOCK", "seen", "syncs.json"}

SIGN = re.compile(r"\n\nThe examination of (zq\d+) is a sign of it\.\n")

Revisions = dict[str, str]  # the word of an article by its id; "" where it is as it came


class Outcome(NamedTuple):
    """How a run ended: its exit code, or the negative number of the signal that ended it, and what it printed."""

    code: int
    output: str


class Run:
    """`conditions` with some arguments, in another process; `before` is called there first."""

    def __init__(self, arguments: Sequence[str], before: Callable[[], object] = lambda: None) -> None:
        _load_tables()
        self._output, write_end = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._output)
            self._become(arguments, write_end, before)
        os.close(write_end)

    @staticmethod
    def _become(arguments: Sequence[str], output: int, before: Callable[[], object]) -> NoReturn:
        code: object = 0
        try:
            os.dup2(output, 1)
            os.dup2(output, 2)
            sys.argv = ["conditions", *arguments]
            before()
            main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            if sys.exc_info()[0]:
                traceback.print_exc()
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 1)

    def has_ended(self) -> bool:
        """Whether the process runs no longer; `end` says how that was."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> Outcome:
        """End the process at once, if it runs."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end()

    def end(self) -> Outcome:
        """Wait until the process has ended."""
        with open(self._output, "rb") as output:  # noqa: PTH123 -- a descriptor
            text = output.read().decode(errors="replace")
        return Outcome(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), text.strip())


@cache
def _load_tables() -> None:
    """Load what every run needs: articles are read and indexed here."""
    with TemporaryDirectory() as folder, open_library(Path(folder, "index")) as library:
        library.sync(sorted(CORPUS.glob("*.txt"))[:20], jobs=1)
    gc.freeze()  # a child that looked for garbage among the tables would copy them


class Ground:
    """Articles in `corpus`, their `index`, and the faults that were found: each is counted and printed."""

    def __init__(self, folder: Path, articles: int, seed: int) -> None:
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.faults = 0
        self._articles = articles
        self._revision = 0
        self.corpus.mkdir(parents=True)
        for path in sorted(CORPUS.glob("*.txt"))[:articles]:
            shutil.copy(path, self.corpus)

    def change(self, count: int = 3) -> None:
        """Edit, add and delete so many articles."""
        for _ in range(count):
            paths = sorted(self.corpus.glob("*.txt"))
            path = self.dice.choice(paths)
            if len(paths) > self._articles and self.dice.random() < 0.4:
                path.unlink()
                continue
            self._revision += 1
            text = SIGN.sub("", path.read_text("utf-8"))
            if self.dice.random() < 0.3:
                path = path.with_name(f"added-{self._revision}.txt")
                text = f"Sprain of the wrist {self._revision}\n\nA sprain is an injury, here of kind {self._revision}."
            path.write_text(f"{text}\n\nThe examination of zq{self._revision} is a sign of it.\n", "utf-8")

    def arguments(self, *options: str) -> list[str]:
        """What makes `conditions` index the articles."""
        return ["index", str(self.corpus), "--index", str(self.index), "--json", "--jobs", "1", *options]

    def build(self) -> None:
        """Index the articles, then a change of them: an index with a generation before."""
        for _ in range(2):
            outcome = Run(self.arguments()).end()
            assert outcome.code == 0, outcome
            self.change()
        assert Run(self.arguments()).end().code == 0
        assert self.held() == self.written()

    def written(self) -> Revisions:
        """The last revision of each article, as its file has it."""
        return {path.stem: _revision_of(path.read_text("utf-8")) for path in self.corpus.glob("*.txt")}

    def held(self) -> Revisions:
        """The revision of each document of the index; none where there is no index."""
        with open_library(self.index) as library:
            try:
                documents = {document.id: document for document in library.scan()}
            except IndexMissing:
                return {}
            assert library.digests() == {id: document.digest for id, document in documents.items()}
        return {
            id: _revision_of("\n".join(section.text for section in document.sections))
            for id, document in documents.items()
        }

    def check(self, what: str, old: Revisions, outcome: Outcome, *, killed: bool = False) -> None:
        """Look at the index after a run that may have failed, then run again and look again."""
        self.check_outcome(what, old, outcome, killed=killed)
        self.check_next_run(what)

    def check_outcome(self, what: str, old: Revisions, outcome: Outcome, *, killed: bool = False) -> None:
        """Whatever a run met, the index is the old one or the new one, and the run said so in one line."""
        new = self.written()
        self.check_state(what, (old, new))
        self.expect(killed or outcome.code in (0, 2), what, f"exit code {outcome.code}: {outcome.output[-400:]}")
        if outcome.code == 0:
            self.expect(self.held() == new, what, "exit code 0, and not the new state")
        elif not killed:
            one_line = "Traceback" not in outcome.output and "\n" not in outcome.output
            self.expect(one_line, what, f"more than one line: {outcome.output[-400:]}")
            if "stays as it was" in outcome.output:
                self.expect(self.held() == old, what, "said to be as it was, and is not")
            self.counts["one line, exit code 2"] += 1

    def check_next_run(self, what: str) -> None:
        """Whatever was left, the next run succeeds, and leaves nothing that is not accounted for."""
        again = Run(self.arguments()).end()
        self.expect(again.code == 0, what, f"the next run: exit code {again.code}: {again.output[-400:]}")
        self.check_state(f"{what}, after the next run", (self.written(),))
        self.expect(not leftovers(self.index), what, f"left over: {sorted(leftovers(self.index))}")

    def check_state(self, what: str, allowed: tuple[Revisions, ...]) -> None:
        """What the index holds is one of these, whole."""
        try:
            held = self.held()
        except (ConditionSearchError, AssertionError) as error:
            self.expect(False, what, repr(error))
            return
        self.expect(held in allowed, what, "a state that never was")
        if len(allowed) > 1:
            self.counts["old state" if held == allowed[0] else "new state"] += 1
        with open_library(self.index) as library:
            problems = library.verify() if (self.index / MANIFEST).exists() else ()
        self.expect(not problems, what, f"verify: {problems[:1]}")

    def expect(self, holds: bool, what: str, otherwise: str) -> None:
        """Count and print a fault where it does not hold."""
        if not holds:
            self.faults += 1
            print(f"FAULT {what}: {otherwise}", flush=True)

    def report(self) -> NoReturn:
        """Print the counts in one line and exit: with 1 where anything was wrong."""
        print(json.dumps({**self.counts, "faults": self.faults}), flush=True)
        sys.exit(1 if self.faults else 0)


def _revision_of(text: str) -> str:
    match = re.search(r"\bzq\d+\b", text)
    return match[0] if match else ""


def leftovers(location: Path) -> set[str]:
    """The files of an index that nothing accounts for."""
    known = set(BESIDE_THE_INDEX)
    if (location / MANIFEST).exists():
        manifest = read_manifest(location)
        known |= {f"_MAIN_{number}.toc" for number in (manifest.number, manifest.previous_number)}
        known |= {*manifest.files, *manifest.previous}
    folders = (folder for folder in (location, location / SEGMENTS) if folder.is_dir())
    return {path.name for folder in folders for path in folder.iterdir()} - known


class Budget:
    """The seconds that a script may take; without a bound where there are none given."""

    def __init__(self, seconds: float | None) -> None:
        self._end = time.monotonic() + seconds if seconds else float("inf")

    def is_left(self) -> bool:
        """Whether there is time for another try."""
        return time.monotonic() < self._end
