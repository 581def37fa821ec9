import time

import pytest

from indexer import parse_article
from indexer.articles.model import RawKind
from tests.fuzz.invariants import check
from tests.fuzz.mutations import mutations


def test_mutated_articles_raise_nothing() -> None:
    for received in mutations(400, seed=7):
        check(received)


LONG = (
    "Pain and swelling of the knee (PSK), also known as a sore knee, is caused by a fall. See a doctor... e.g. Dr. X. "
)


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    "piece",
    [
        LONG,
        "(",
        "a",
        "A. ",
        "- x\n",
        "# h\n",
        "<b>",
        "<div>x",
        "\n",
        "* ",
        "also known as ",
        "1. ",
        "== \n",
        "ICD-10 code: M10.9\n",
    ],
)
def test_time_grows_with_the_text_and_not_with_its_square(kind: RawKind, piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.process_time()
        parse_article("x", text, kind=kind)
        return time.process_time() - started

    seconds(1_000)
    # Eight times the text: linear is 8, the square is 64. Far from both, so that a busy machine decides nothing.
    assert seconds(160_000) < 30 * max(seconds(20_000), 0.02)
