"""Random and mutated articles, seeded: python -m tests.fuzz.mutations [COUNT] [SEED] (default 200,000 and a new one).

Each input is an article of the corpus with a few bytes, lines or pieces changed, doubled, moved or taken from another;
or noise.
"""

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.invariants import check

CORPUS = Path(__file__).parents[2] / "corpus"
PIECES = (
    b"\n\n", b"\n", b"# ", b"## ", b"**", b"<div>", b"</p>", b"<table><tr><td>", b"&amp;", b"<!--", b"...",
    b"ICD-10 code: M10.9\n",
    b"Causes\n", b"SYMPTOMS:\n", b"====\n", b"- ", b"1. ", b"(", b"\x00", b"\xff\xfe", b"\xf0\x9f\xa6\xb4",
    b"\xe2\x80\x8b", b"also known as ", b"---\n", b"\r",
)  # fmt: skip


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """So many inputs, the same ones for the same seed."""
    chance = random.Random(seed)
    seeds = [path.read_bytes()[:3000] for path in sorted(CORPUS.glob("*.*")) if path.suffix in {".txt", ".md", ".html"}]
    for _ in range(count):
        if chance.random() < 0.1:
            yield chance.randbytes(chance.randrange(300))
            continue
        article = bytearray(chance.choice(seeds)[: chance.randrange(20, 1200)])
        for _ in range(chance.randrange(1, 8)):
            at, to = sorted(chance.randrange(len(article) + 1) for _ in range(2))
            match chance.randrange(6):
                case 0:
                    article[at:at] = chance.choice(PIECES)
                case 1:
                    del article[at : min(to, at + 60)]
                case 2:
                    article[at:at] = article[at : min(to, at + 200)]
                case 3:
                    article[at:to] = chance.choice(seeds)[at:to]
                case 4 if article:
                    article[at % len(article)] = chance.randrange(256)
                case _:
                    article[at:at] = chance.choice(PIECES) * chance.randrange(1, 20)
        yield bytes([chance.randrange(3)]) + bytes(article)


def check_mutations(count: int, seed: int) -> float:
    """Check so many inputs; the processor seconds of the slowest. The input that fails is printed, with its seed."""
    slowest = 0.0
    for number, received in enumerate(mutations(count, seed)):
        started = time.process_time()
        try:
            check(received)
        except BaseException:
            sys.stderr.write(
                f"input {number} of seed {seed}: {received!r}\n"
                f"to repeat: python -m tests.fuzz.mutations {number + 1} {seed}\n"
            )
            raise
        slowest = max(slowest, time.process_time() - started)
    return slowest


def main() -> None:
    """Check them all; the seed is printed, and the input that fails."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)
    print(f"seed {seed}; to repeat: python -m tests.fuzz.mutations {count} {seed}")
    check(b"\0Gout.")  # the code tables take a second to load, once
    slowest = check_mutations(count, seed)
    sys.stdout.write(f"{count:,} inputs, nothing raised; the slowest took {slowest * 1000:.0f} ms\n")


if __name__ == "__main__":
    main()
