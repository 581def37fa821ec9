"""Bits flipped, files cut and pages zeroed: every answer is right or an error, a merge passes no damage on, no signal.

python -m tests.faults.damage --flips 1000 --cuts 300 --pages 100
"""

import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from indexer import Library, Page, open_library
from indexer.engines.whoosh.format.manifest import MANIFEST, SEGMENTS, read_manifest
from indexer.errors import ConditionSearchError
from indexer.sync import seen_files
from indexer.sync.sync_history import SyncHistory
from tests.faults.ground import CORPUS, Budget, Ground

ARTICLES = 60
PAGE_BYTES = 4096
MERGE_EVERY = 3
DAMAGED = "an error that names the damage"
QUERIES = (
    *("gout", "autoimmune bone inflammation", '"bone marrow"', "swelling pain -fever", "osteo*", "causes:virus"),
    *("fever OR rash", "M86", "site:hand", "infection of the skin", "treatment of arthritis"),
)

NOTHING = SyncHistory()  # what a damaged record of the syncs counts as, which may be deleted

Answers = Mapping[str, object]


def questions(ids: list[str]) -> dict[str, Callable[[Library], object]]:
    """What can be asked of a library, by a name for each question."""
    asked: dict[str, Callable[[Library], object]] = {
        "scan": lambda library: list(library.scan()),
        "digests": lambda library: dict(library.digests()),
        "complete": lambda library: library.complete("oste"),
        "stats": lambda library: library.stats(),
        "history": lambda library: library.history(),
        "related": lambda library: library.related(ids[5]),
    }
    for query in QUERIES:
        asked[query] = lambda library, query=query: _found(library, query)  # type: ignore[misc]
    for id in ids[::10]:
        asked[f"get {id}"] = lambda library, id=id: library.get(id)  # type: ignore[misc]
    return asked


def _found(library: Library, query: str) -> object:
    results = library.search(query, page=Page(limit=100, collapse=False))
    hits = [(hit.document, round(hit.score, 6), hit.snippets) for hit in results.hits]
    return results.total, results.groups, hits, results.facets, results.interpretation, results.suggestion


class Damage:
    """An index, its right answers, and what is wrong with the answers of a damaged one."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.ground = Ground(folder, ARTICLES, seed)
        seen_files.MIN_OPENED_BYTES = 0  # type: ignore[misc]  # so that a small library has that file too
        self.ground.build()
        self.folder, self.index = folder, self.ground.index
        with open_library(self.index) as library:
            library.sync([self.ground.corpus], jobs=1)
            self._questions = questions(sorted(library.digests()))
        manifest = read_manifest(self.index)
        self.segments = [self.index / SEGMENTS / name for name in manifest.files]
        self.files = [*self.segments, *(self.index / name for name in (MANIFEST, "seen", "syncs.json"))]
        self.files += sorted(self.index.glob(f"_MAIN_{manifest.number}.toc"))
        self.right = self.ask(self.index)
        assert DAMAGED not in self.right.values(), self.right
        self._more = folder / "more"
        self._more.mkdir()
        for path in sorted(CORPUS.glob("*.txt"))[-3:]:
            shutil.copy(path, self._more)

    def ask(self, index: Path) -> Answers:
        """The answer of each question, or that there is an error."""
        answers = {}
        for name, ask in self._questions.items():
            with open_library(index) as library:
                try:
                    answers[name] = ask(library)
                except ConditionSearchError:
                    answers[name] = DAMAGED
        return answers

    def check(self, path: Path, kind: str, damaged: bytes, number: int) -> None:
        """Put other bytes in the place of a file, ask, verify and merge, and restore it."""
        whole, status = path.read_bytes(), path.stat()
        if damaged == whole:
            return
        what = f"{kind} of {path.name}"
        path.write_bytes(damaged)
        self.ground.counts[kind] += 1
        answers = self.ask(self.index)
        wrong = [name for name, answer in answers.items() if answer not in (DAMAGED, NOTHING, self.right[name])]
        self.ground.expect(not wrong, what, f"silently wrong: {wrong}")
        self.ground.counts["errors" if DAMAGED in answers.values() else "right answers"] += 1
        if path in (*self.segments, self.index / MANIFEST) or path.suffix == ".toc":
            with open_library(self.index) as library:
                self.ground.expect(bool(library.verify()), what, "verify does not notice")
        if number % MERGE_EVERY == 0:
            self._check_merge(what)
        path.write_bytes(whole)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _check_merge(self, what: str) -> None:
        """A commit that merges what is damaged is refused, or what it wrote is right."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.index, copy)
        with open_library(copy) as library:
            try:
                library.sync([self._more], jobs=1)
            except ConditionSearchError:
                self.ground.counts["merges refused"] += 1
                return
            added = {path.stem for path in self._more.iterdir()}
            documents = [document for document in library.scan() if document.id not in added]
            self.ground.expect(documents == self.right["scan"], what, "merged, and other documents")
            self.ground.expect(not library.verify(), what, f"merged, and verify: {library.verify()[:1]}")
            self.ground.counts["merges"] += 1

    def check_open_reader(self, path: Path, size: int) -> None:
        """Cut a file under a reader that has it mapped; in a process of its own, which a signal would end."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.index, copy)
        pid = os.fork()
        if not pid:
            code = 1
            try:
                with open_library(copy) as library:
                    for ask in self._questions.values():
                        ask(library)
                    os.truncate(copy / SEGMENTS / path.name, size)
                    right = [_is_right(ask, library, self.right[name]) for name, ask in self._questions.items()]
                    code = 0 if all(right) else 2
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self.ground.counts["cuts under a reader"] += 1
        self.ground.expect(code == 0, f"{path.name} cut to {size} bytes under a reader", f"exit code {code}")


def _is_right(ask: Callable[[Library], object], library: Library, right: object) -> bool:
    try:
        return ask(library) == right
    except ConditionSearchError:
        return True


@click.command()
@click.option("--flips", default=1_000, show_default=True, help="Flipped bits.")
@click.option("--cuts", default=300, show_default=True, help="Cut files.")
@click.option("--pages", default=100, show_default=True, help="Pages of zeros.")
@click.option("--readers", default=40, show_default=True, help="Files cut under an open reader.")
@click.option("--seconds", type=float, help="At most so long.")
@click.option("--seed", default=1, show_default=True)
def main(flips: int, cuts: int, pages: int, readers: int, seconds: float | None, seed: int) -> None:
    """Damage the files of an index one by one and ask it everything."""
    with TemporaryDirectory(prefix="damage-") as folder:
        damage = Damage(Path(folder), seed)
        budget = Budget(seconds)
        dice = damage.ground.dice
        kinds = ["flip"] * flips + ["cut"] * cuts + ["page"] * pages
        dice.shuffle(kinds)
        for number, kind in enumerate(kinds):
            if budget.is_left():
                path = dice.choice(damage.files)
                damage.check(path, kind, DAMAGES[kind](bytearray(path.read_bytes()), dice), number)
        for _ in range(readers):
            if budget.is_left():
                path = dice.choice(damage.segments)
                damage.check_open_reader(path, dice.choice([0, 1, PAGE_BYTES, dice.randrange(path.stat().st_size)]))
        damage.ground.report()


def flip(content: bytearray, dice: random.Random) -> bytes:
    """The content with another bit."""
    bit = dice.randrange(8 * len(content))
    content[bit // 8] ^= 1 << bit % 8
    return bytes(content)


def cut(content: bytearray, dice: random.Random) -> bytes:
    """A beginning of the content: of any length, or all but a few bytes."""
    return bytes(content[: dice.choice([dice.randrange(len(content)), max(0, len(content) - dice.randrange(1, 64))])])


def zero_page(content: bytearray, dice: random.Random) -> bytes:
    """The content with zeros in the place of a page."""
    start = PAGE_BYTES * dice.randrange(len(content) // PAGE_BYTES + 1)
    content[start : start + PAGE_BYTES] = bytes(len(content[start : start + PAGE_BYTES]))
    return bytes(content)


DAMAGES = {"flip": flip, "cut": cut, "page": zero_page}


if __name__ == "__main__":
    main()
