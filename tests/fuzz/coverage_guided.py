"""A fuzzer that is led by coverage: python -m tests.fuzz.coverage_guided [SECONDS] [SEED]; needs atheris.

(Default 120 and a new one.)
What it finds is written to a file named crash-..., whose bytes `tests.fuzz.invariants.check` takes.
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["indexer.articles", "indexer.knowledge"]):
    from tests.fuzz.invariants import check

CORPUS = Path(__file__).parents[2] / "corpus"


def main() -> None:
    """Mutates the articles of the corpus for so many seconds; exits with 1 where something was raised or hung."""
    check(b"\0Gout is a painful arthritis. It is caused by crystals.")  # the code tables take seconds to load, once
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1, 2**31)
    print(f"seed {seed}; to repeat: python -m tests.fuzz.coverage_guided {seconds} {seed}")
    with tempfile.TemporaryDirectory() as seeds:
        for number, path in enumerate(sorted(CORPUS.glob("*.*"))):
            if path.suffix in {".txt", ".md", ".html"}:
                kind = {".txt": 0, ".md": 1, ".html": 2}[path.suffix]
                Path(seeds, f"{number}").write_bytes(bytes([kind]) + path.read_bytes()[:4000])
        options = [
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            "-timeout=20",
            "-max_len=6000",
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, seeds], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
