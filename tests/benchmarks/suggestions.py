"""The names of every ICD-10-CM title to the time that suggestions take: `python -m tests.benchmarks.suggestions`."""

import random
import resource
import time
from collections.abc import Iterator

import simple_icd_10_cm as cm

from indexer.documents import slug
from indexer.results import Name
from indexer.suggestions.completer import Completer
from indexer.suggestions.name_table import NameTable

TRIALS = 2_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def names() -> Iterator[Name]:
    """A condition for each title, with its code, its inclusion terms as other names, and made-up counts."""
    chance = random.Random(5)
    for code in filter(cm.is_leaf, cm.get_all_codes(True)):
        title = cm.get_description(code)
        yield Name("condition", title, slug(title), chance.randint(1, 9))
        yield Name("code", code, code, 1)
        for other in cm.get_inclusion_term(code):
            yield Name("name", other, slug(title), 1)


def typed(every: list[Name]) -> Iterator[str]:
    """Beginnings of names, of one letter to all of them; four in ten of those over four letters with a slip."""
    chance = random.Random(6)
    for name in chance.choices(every, k=TRIALS):
        text = name.text[: chance.choice((1, 2, 3, 4, 5, 8, 13, len(name.text)))]
        if len(text) > 4 and chance.random() < 0.4:
            place = chance.randrange(1, len(text))
            text = text[:place] + chance.choice(LETTERS) + text[place + chance.randrange(2) :]
        yield text


def main() -> None:
    """Build once, complete many times, print both in CPU time."""
    every = list(names())
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    completer = Completer(NameTable(every))
    seconds = time.process_time() - started
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{len(every):,} names: made in {seconds:.2f} s, {megabytes:.0f} MB beside the names themselves")
    taken = []
    for text in typed(every):
        started = time.process_time()
        completer.complete(text)
        taken.append((time.process_time() - started) * 1000)
    taken.sort()
    print(f"{TRIALS:,} beginnings: median {taken[TRIALS // 2]:.2f} ms, p99 {taken[TRIALS * 99 // 100]:.2f} ms", end="")
    print(f", longest {taken[-1]:.1f} ms")


if __name__ == "__main__":
    main()
