"""What was understood is said in plain words, and taken back by a link."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from indexer.library import Library
from indexer.query.interpretation import HOW_SAID, Interpretation
from webapp.search_params import SearchParams
from webapp.understood import HOW_IN_WORDS, quote_words, understood_chips


def followed(url: str) -> SearchParams:
    return SearchParams.from_args(MultiDict(parse_qsl(urlsplit(url).query)))


@pytest.mark.parametrize(
    ("query", "words", "quoted"),
    [
        ("cmo hand", "cmo", '"cmo" hand'),
        ("my Heart Attack", "heart attack", 'my "Heart Attack"'),
        ('"left hand" cmo', "cmo", '"left hand" "cmo"'),
        ('"cmo" hand', "cmo", None),
        ('cmo "hand', "cmo", None),
        ("causes:cmo hand", "cmo", None),
        ("-cmo hand", "cmo", None),
        ("cmos", "cmo", None),
        ("gout or (gout)", "gout", '"gout" or ("gout")'),
        ("c++ pain", "c++", '"c++" pain'),
    ],
)
def test_words_are_quoted_where_they_stand(query: str, words: str, quoted: str | None) -> None:
    assert quote_words(query, words) == quoted


def test_all_that_is_said_of_a_word_is_one_chip() -> None:
    params = SearchParams("ostoemyelitis pain", site=("hand",), page=3)
    (chip,) = understood_chips(
        "/search",
        params,
        (
            Interpretation("ostoemyelitis", ("bone infection",), "synonym"),
            Interpretation("ostoemyelitis", ("osteomyelitis",), "spelling"),
            Interpretation("pain", ("pain",), "exact"),
        ),
    )
    assert (chip.text, chip.said) == ("ostoemyelitis", "read as osteomyelitis; also bone infection")
    assert followed(chip.url) == SearchParams('"ostoemyelitis" pain', site=("hand",))


def test_many_meanings_are_counted() -> None:
    meanings = ("myocardial infarction", "coronary thrombosis", "cardiac infarction", "occlusion")
    (chip,) = understood_chips("/search", SearchParams("mi"), (Interpretation("mi", meanings, "abbreviation"),))
    assert chip.said == "short for myocardial infarction, coronary thrombosis and 2 more"


def test_what_is_not_wanted_is_one_chip_and_words_that_stand_otherwise_are_searched_as_typed() -> None:
    denied, other = understood_chips(
        "/search",
        SearchParams("x without fever"),
        (
            Interpretation("without", (), "negated"),
            Interpretation("fever", (), "negated"),
            Interpretation("y z", ("w",), "synonym"),
        ),
    )[::-1]
    assert (denied.text, denied.said) == ("without fever", "not wanted, so left out")
    assert followed(denied.url).plain
    assert followed(other.url) == SearchParams("x without fever", plain=True)


def test_every_reading_has_its_words() -> None:
    assert HOW_IN_WORDS.keys() == HOW_SAID.keys()


@pytest.mark.parametrize("query", ["cmo hand", "ostoemyelitis pain", "heart attack", "swollen knee"])
def test_following_a_chip_takes_the_meaning_back(corpus_library: Library, query: str) -> None:
    results = corpus_library.search(query)
    chips = understood_chips("/search", SearchParams(query), results.interpretation)
    assert chips
    for chip in chips:
        after = followed(chip.url)
        again = corpus_library.answer(after.request()).interpretation
        assert chip.text not in {each.text for each in again if each.how in HOW_IN_WORDS}
