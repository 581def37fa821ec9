"""How the time of reading grows with the text: python -m tests.fuzz.growth.

Prints the ratio for eight times the text: 8 is linear, 64 its square. Exits with 1 where a shape grows faster than
MAX_GROWTH in each of ATTEMPTS measurements of processor time.
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
        ". ",
        "!? ",
        "e.g. ",
        "2. ",
        "breath-\n",
        "x\xad\n",
        "[[a|",
        "{{a",
        "[4]",
        "== a ==\n",
        "> [!a] b\n",
        "10<sup>9",
        "<table><tr><td>a",
        "<dl><dt>a<dd>b",
        "Causes\n",
        "What causes it?\n",
        "Roe J, et al. 2020;1:2. ",
        "Department of A, ",
        "By Jane ",
        "&shy;",
        "<ul><li>a",
        "<ul><li>a</li></ul>",
        "- a\n  - b\n    - c\n",
        "<button>a",
        "<div role=button aria-expanded=1>a",
        "<button aria-expanded=1></button>",
        "<button aria-controls=a>a</button><div id=a hidden>b</div>",
        "<p>Is it?<p>No. ",
        "Is it?\nNo.\n",
        "<noscript>a",
        "<script type=application/ld+json>",
    ),
)
SMALL, LARGE = 20_000, 160_000  # code points
MAX_GROWTH = 20  # times for eight times the text, where 8 is linear and 64 its square
ATTEMPTS = 3
REPEATS = 3  # of one measurement, of which the best counts, ...
ENOUGH_S = 0.2  # ... unless they take so long that chance no longer counts


def seconds(piece: str, size: int, kind: RawKind) -> float:
    """Processor seconds to read so much of the piece repeated, the best of several measurements."""
    text = piece * (size // len(piece))
    measured: list[float] = []
    while len(measured) < REPEATS and sum(measured) < ENOUGH_S:
        started = time.process_time()
        parse_article("x", text, kind=kind)
        measured.append(time.process_time() - started)
    return min(measured)


def ratio(piece: str, kind: RawKind) -> tuple[float, float, float]:
    """Seconds for the small and the large text, and their ratio; what grows too fast is measured again."""
    for _ in range(ATTEMPTS):
        small, large = seconds(piece, SMALL, kind), seconds(piece, LARGE, kind)
        if large <= MAX_GROWTH * small:
            break
    return small, large, large / small


def main() -> None:
    """Prints a line for each piece and kind of text; no garbage collection, whose passes grow by themselves."""
    gc.disable()
    too_fast = 0
    for kind in KINDS:
        parse_article("x", LONG, kind=kind)  # loads the tables, the parsers and Punkt
        for piece in PIECES:
            small, large, growth = ratio(piece, kind)
            too_fast += growth > MAX_GROWTH
            sys.stdout.write(
                f"{kind:<9} {piece[:20]!r:<24} {small * 1000:8.1f} ms {large * 1000:8.1f} ms  {growth:5.1f}\n"
            )
    sys.exit(f"{too_fast} shapes grow more than {MAX_GROWTH} times" if too_fast else 0)


if __name__ == "__main__":
    main()
