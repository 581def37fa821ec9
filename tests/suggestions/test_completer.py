from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import open_library
from indexer.results import Name
from indexer.suggestions.completer import Completer
from indexer.suggestions.name_table import NameTable

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
    assert [each.name.text for each in Completer(NameTable(NAMES)).complete(typed)] == expected


def test_the_limit_holds_and_spans_mark_what_was_typed() -> None:
    (only,) = Completer(NameTable(NAMES)).complete("oste", limit=1)
    assert [only.name.text[start:end] for start, end in only.spans] == ["Oste"]


@pytest.mark.parametrize(
    "typed, expected, marked",
    [
        ("ostoem", "Chronic multifocal osteomyelitis", ["osteom"]),  # two letters swapped
        ("osetop", "Osteoporosis", ["Osteop"]),
        ("multfo oste", "Chronic multifocal osteomyelitis", ["multifo", "oste"]),  # a letter left out
        ("goutt", "Gout", ["Gout"]),  # one too many
        ("hamd", "Hand", ["Hand"]),  # one for another
        ("pone", None, []),  # two errors from every name
        ("hnd", None, []),  # three letters are too short to correct
        ("m86.9", None, []),  # a code is another code
        ("gout zzzz", None, []),
    ],
)
def test_one_error_is_forgiven_where_nothing_begins_so(typed: str, expected: str | None, marked: list[str]) -> None:
    first = next(iter(Completer(NameTable(NAMES)).complete(typed)), None)
    assert (first and first.name.text) == expected
    assert [first.name.text[start:end] for start, end in first.spans] == marked if first else not marked


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("chronic multifocal Osteomyelitis left fem", ["Chronic multifocal osteomyelitis"]),
        ("chronic multifocal osteomyelitis", ["Chronic multifocal osteomyelitis"]),
        ("chronic multifocal pain", []),
        ("gout left knee", []),  # one word may begin anything
        ("", []),
    ],
)
def test_a_text_begins_with_a_name_of_several_words(typed: str, expected: list[str]) -> None:
    assert [each.name.text for each in Completer(NameTable(NAMES)).begun_with(typed)] == expected


def test_names_that_begin_as_typed_come_without_corrections() -> None:
    names = (Name("condition", "Colitis", "colitis", 1), Name("condition", "Cold sore", "cold-sore", 9))
    assert [each.name.text for each in Completer(NameTable(names)).complete("coli")] == ["Colitis"]


@pytest.mark.parametrize("typed", ["fracture o", "fracture of", "fracture of th", "of the fracture f"])
def test_function_words_may_be_on_their_way(typed: str) -> None:
    names = (Name("condition", "Fracture of femur", "a", 1), Name("condition", "Tibial fracture", "b", 2))
    assert Completer(NameTable(names)).complete(typed)[0].name.text == "Fracture of femur"


def test_the_name_typed_in_full_then_first_words_then_use() -> None:
    names = (
        Name("condition", "Gouty tophus", "a", 9),
        Name("condition", "Gout", "b", 1),
        Name("condition", "Chronic gout", "c", 99),
        Name("name", "Gout of toe", "d", 9),
    )
    texts = [each.name.text for each in Completer(NameTable(names)).complete("gout")]
    assert texts == ["Gout", "Gouty tophus", "Gout of toe", "Chronic gout"]


def test_a_code_is_marked_with_its_dot() -> None:
    first = Completer(NameTable(NAMES)).complete("M8634")[0]
    assert [first.name.text[start:end] for start, end in first.spans] == ["M86.34"]


@given(st.text(max_size=40), st.lists(st.text(max_size=30), max_size=6))
def test_any_text_has_an_answer_and_spans_in_order(typed: str, texts: list[str]) -> None:
    completer = Completer(NameTable(Name("condition", text, str(number), number) for number, text in enumerate(texts)))
    for each in completer.complete(typed):
        ends = [0, *(place for span in each.spans for place in span)]
        assert ends == sorted(ends)
        assert ends[-1] <= len(each.name.text)


@given(st.lists(st.sampled_from(NAMES), min_size=1, unique=True), st.data())
def test_every_beginning_of_every_word_finds_its_name(names: list[Name], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))
    word = data.draw(st.sampled_from(name.text.split()))
    typed = word[: data.draw(st.integers(1, len(word)))]
    assert name in [each.name for each in Completer(NameTable(names)).complete(typed, limit=50)]


def test_a_generation_is_completed_with_its_own_names(tmp_path: Path) -> None:
    article = tmp_path / "one.txt"
    article.write_text("Gout\n\nGout is a painful arthritis.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([article])
        assert [each.name.text for each in library.complete("gou")] == ["Gout"]
        article.write_text("Asthma\n\nAsthma narrows the airways.\n")
        library.sync([article])
        assert [each.name.text for each in library.complete("asth")] == ["Asthma"]
        assert library.complete("gou") == ()
