import pytest

from indexer.results import Name
from indexer.suggest import Completer

NAMES = (
    Name("condition", "Chronic multifocal osteomyelitis", "chronic-multifocal-osteomyelitis", 6),
    Name("condition", "Osteoporosis", "osteoporosis", 2),
    Name("condition", "Gout", "gout", 3),
    Name("name", "CMO", "chronic-multifocal-osteomyelitis", 6),
    Name("site", "Hand", "hand", 9),
    Name("code", "M86.341", "M86.341", 1),
    Name("code", "M86.352", "M86.352", 1),
    Name("condition", "Sjögren syndrome", "sjogren-syndrome", 1),
)


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("oste", ["Osteoporosis", "Chronic multifocal osteomyelitis"]),
        ("multi oste", ["Chronic multifocal osteomyelitis"]),
        ("CM", ["CMO"]),
        ("m86.3", ["M86.341", "M86.352"]),
        ("M8634", ["M86.341"]),
        ("sjog", ["Sjögren syndrome"]),
        ("ha", ["Hand"]),
        ("", []),
        ("  ", []),
        ("zzz", []),
    ],
)
def test_completions(typed: str, expected: list[str]) -> None:
    assert [each.name.text for each in Completer(NAMES).complete(typed)] == expected


def test_the_limit_holds_and_spans_mark_what_was_typed() -> None:
    (only,) = Completer(NAMES).complete("oste", limit=1)
    assert [only.name.text[start:end] for start, end in only.spans] == ["Oste"]
