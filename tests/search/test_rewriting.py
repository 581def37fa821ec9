import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Searcher
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import Phrase
from indexer.query.parser import parse_query
from indexer.search.rewriting import MAX_WORDS, Reading, interpret
from indexer.search.spelling import Speller


def read(searcher: Searcher, text: str, *, plain: bool = False) -> Reading:
    correct = Speller(searcher.words()).correct
    return interpret(parse_query(text), searcher, default_thesaurus(), correct, facet=0.2, plain=plain)


def hows(reading: Reading) -> dict[str, str]:
    return {each.text: each.how for each in reversed(reading.how)}


def test_words_that_ask_fall_away_and_what_is_wanted_weighs_less(searcher: Searcher) -> None:
    reading = read(searcher, "what is the treatment for gout?")
    assert {piece.word.word: piece.weight for piece in reading.pieces} == {"treatment": 0.2, "gout": 1.0}
    assert (reading.asked, reading.wanted) == (True, "treatment")
    assert hows(reading)["what"] == "dropped"


def test_a_short_query_with_what_is_wanted_is_a_question_and_a_name_is_none(searcher: Searcher) -> None:
    assert read(searcher, "gout treatment").asked
    assert not read(searcher, "gout knee").asked
    assert read(searcher, "treatment").pieces[0].weight == 1.0  # alone it is what is searched


def test_an_unknown_word_is_corrected_and_a_known_one_is_not(searcher: Searcher) -> None:
    (piece,) = read(searcher, "migrane").pieces
    assert (piece.instead, piece.is_corrected, piece.meant) == (("migraine",), True, "migraine")
    assert read(searcher, "migraine").pieces[0].instead == ()
    assert hows(read(searcher, "migrane")) == {"migrane": "spelling"}


@pytest.mark.parametrize("text", ["gout M99.999", "gout 12345", "gout XKNEEE", "gout kn"])
def test_codes_numbers_and_abbreviations_are_never_corrected(searcher: Searcher, text: str) -> None:
    assert not any(piece.is_corrected for piece in read(searcher, text).pieces)


def test_a_number_stands_for_its_roman_form(searcher: Searcher) -> None:
    assert read(searcher, "type ii diabetes").pieces[1].instead == ("2",)
    assert read(searcher, "ii").pieces[0].instead == ()


def test_names_of_several_words_are_taken_whole(searcher: Searcher) -> None:
    reading = read(searcher, "severe heart attack")
    assert [(span.first, span.last) for span in reading.spans] == [(1, 3)]
    assert "myocardial infarction" in {name.text.lower() for name in reading.spans[0].names}
    assert reading.named == {1, 2}


def test_other_names_that_no_article_has_are_not_searched(searcher: Searcher) -> None:
    for span in read(searcher, "heart attack kidney gout").spans:
        assert all(searcher.frequency(None, term) for name in span.names for term in name.terms)


def test_plain_takes_the_words_as_typed(searcher: Searcher) -> None:
    reading = read(searcher, "migrane heart attack", plain=True)
    assert reading.spans == ()
    assert all(piece.instead == () for piece in reading.pieces)


def test_what_is_quoted_or_excluded_stands_as_it_is(searcher: Searcher) -> None:
    reading = read(searcher, '"bone marrow" gout -knee')
    assert [piece.word.word for piece in reading.pieces] == ["gout"]
    assert Phrase(("bone", "marrow")) in reading.strict
    assert len(reading.strict) == 2
    assert reading.has_strict_words
    assert not read(searcher, "gout -knee site:hand").has_strict_words


def test_the_most_telling_words_are_kept_of_many(searcher: Searcher) -> None:
    many = " ".join(f"word{number}a" for number in range(MAX_WORDS)) + " gout"
    reading = read(searcher, many)
    assert len(reading.pieces) == MAX_WORDS
    assert any(str(MAX_WORDS) in note for note in reading.notes)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80) | st.lists(st.sampled_from("gout of what heart attack ii M86 knee? -bone \"a b\" (".split())).map(" ".join))  # fmt: skip
def test_every_text_has_a_reading(searcher: Searcher, text: str) -> None:
    reading = read(searcher, text)
    terms = [piece.word.term for piece in reading.pieces]
    assert len(set(terms)) == len(terms)
    assert all(0 < piece.weight <= 1 for piece in reading.pieces)
    assert all(0 <= span.first < span.last <= len(reading.pieces) for span in reading.spans)
