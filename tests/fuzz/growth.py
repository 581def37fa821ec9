"""How the time of reading grows with the text: python -m tests.fuzz.growth.

Prints the ratio for eight times the text: 8 is linear, 64 its square.
"""

import gc
import sys
import time

from indexer import parse_article
from indexer.articles.model import RawKind
from tests.fuzz.invariants import KINDS

LONG = (
    "Pain and swelling of the knee (PSK), also known as a sore knee, is caused by a fall. See a doctor... e.g. Dr. X. "
)
PIECES = (
    *(LONG, "(", "a", "A. ", "- x\n", "# h\n", "<b>", "<div>x", "\n", "* ", "also known as ", "1. ", "== \n", "..."),
    *(
        " ",
        "> ",
        "[",
        "![",
        "[a](",
        "[x]: y\n",
        "**a ",
        "x**",
        "`",
        "```\n",
        "|a",
        "|a|b|\n|-|-|\n",
        "&",
        "<!--",
        "- - - a\n",
    ),
)
SMALL, LARGE = 40_000, 320_000  # code points


def seconds(piece: str, size: int, kind: RawKind) -> float:
    """Processor seconds to read so much of the piece repeated, the best of three."""
    text = piece * (size // len(piece))
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        parse_article("x", text, kind=kind)
        best = min(best, time.process_time() - started)
    return best


def main() -> None:
    """Prints a line for each piece and kind of text; no garbage collection, whose passes grow by themselves."""
    gc.disable()
    for kind in KINDS:
        for piece in PIECES:
            small, large = seconds(piece, SMALL, kind), seconds(piece, LARGE, kind)
            sys.stdout.write(
                f"{kind:<9} {piece[:20]!r:<24} {small * 1000:8.1f} ms {large * 1000:8.1f} ms  {large / small:5.1f}\n"
            )


if __name__ == "__main__":
    main()
