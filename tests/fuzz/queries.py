"""Random queries, seeded, through the parser and through search.

    python -m tests.fuzz.queries [PARSED] [SEARCHED] [SEED]

(Default 1,000,000, 50,000 and a new one.) Queries are words of the corpus, misspelled ones, operators, codes,
beginnings and noise, some of them long. Searches run over corpus/; the slowest are printed, in CPU time, which other
programs do not add to.
"""

import gc
import heapq
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from indexer import Library, Page, open_library
from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.query.parser import parse_query
from indexer.results import Results
from tests.relevance.misspellings import CORPUS, misspelled

OPERATORS = (
    "OR",
    "AND",
    "NOT",
    "-",
    '"',
    "“",
    "(",
    ")",
    ":",
    "*",
    "|",
    "&",
    "?",
    "M86.3*",
    "m86341",
    "x-ray",
    "--",
    "((",
    "**",
    "a*",
    "os*",
)
ASKING = "what is the treatment for signs of can i have why does my how to cure type 2 iv".split()
MARKS = "\0\u200b\ud800\uffff\u0301ßİ🦴﷽\t\n\"'()*:-|&<>%[]{}\\/"
SHOWN = 10


def queries(count: int, words: list[str], seed: int) -> Iterator[str]:
    """So many queries, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        if chance.random() < 0.05:
            yield "".join(chance.choice(MARKS + "abcdefg  ") for _ in range(chance.randrange(80)))
            continue
        length = chance.choice((1, 2, 2, 3, 3, 4, 5, 8, 15)) if chance.random() < 0.98 else chance.randrange(20, 400)
        joint = chance.choice((" ", " ", " ", " ", " ", "", "-", "  "))
        yield joint.join(_piece(words, chance) for _ in range(length))


def _piece(words: list[str], chance: random.Random) -> str:
    word = chance.choice(words)
    match chance.randrange(20):
        case 0:
            return misspelled(word, chance.randrange(1, 3), chance) if len(word) > 3 else word
        case 1:
            return chance.choice(OPERATORS)
        case 2:
            return f"{chance.choice((*TEXT_FIELD_NAMES, *KEYWORD_FIELD_NAMES))}:{word}"
        case 3:
            return word[: chance.randrange(1, 5)] + "*"
        case 4:
            return f'"{word} {chance.choice(words)}"'
        case 5:
            return chance.choice(ASKING)
        case 6:
            return "-" + word
        case 7:
            return "".join(chance.choice("abcdeilmnorstuyz") for _ in range(chance.randrange(1, 14)))
        case 8:
            return chance.choice((word.upper(), word.title(), f"({word}", f"{word})"))
        case _:
            return word


def check(results: Results) -> None:
    """What must be true of every answer."""
    assert len(results.hits) <= results.groups <= results.total
    assert results.total or not results.hits
    assert all(hit.score >= 0 for hit in results.hits)
    assert results.nearest == () or results.total == 0


def vocabulary(library: Library) -> list[str]:
    """The words of a library."""
    with library.searcher() as searcher:
        return [word for word, _, _ in searcher.words()]


def main() -> None:
    """Run them all; the seed is printed, and a query that fails."""
    given = [int(argument) for argument in sys.argv[1:]]
    parsed, searched, seed = (*given, *(1_000_000, 50_000, random.randrange(2**32))[len(given) :])
    print(f"seed {seed}; to repeat: python -m tests.fuzz.queries {parsed} {searched} {seed}")
    with tempfile.TemporaryDirectory(prefix="queries-") as folder, open_library(Path(folder) / "index") as library:
        library.sync([CORPUS])
        words = vocabulary(library)
        library.search("zyzzyxes")  # the first unknown word loads the stemmer and the words to correct by
        gc.collect()
        gc.freeze()  # what reading the corpus left behind would be gone through 0.3 s long, in the middle of a search
        slowest: list[tuple[float, str]] = []
        for number, text in enumerate(queries(max(parsed, searched), words, seed)):
            try:
                if number < parsed:
                    parse_query(text)
                if number < searched:
                    started = time.process_time()
                    results = library.search(text, page=Page(collapse=True))
                    took = time.process_time() - started
                    check(results)
                    slowest = heapq.nlargest(SHOWN, (*slowest, (took, text)))
            except BaseException:
                print(f"query {number} of seed {seed}: {text!r}", file=sys.stderr)
                raise
    print(f"{parsed:,} parsed and {searched:,} searched, nothing raised; the slowest:")
    for took, text in slowest:
        print(f"{took * 1000:6.1f} ms  {text[:100]!r}")


if __name__ == "__main__":
    main()
