from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import open_library
from indexer.engine import Searcher
from indexer.knowledge import disease_synonyms
from indexer.knowledge.thesaurus import default_thesaurus
from indexer.query.nodes import Phrase
from indexer.query.parser import parse_query
from indexer.search.query_knowledge import Knowledge
from indexer.search.rewriting import MAX_TERMS, rewrite
from indexer.search.rewritten_query import QueryTerm, RewrittenQuery
from indexer.search.spelling import Speller
from indexer.search.term_statistics import TermStatistics


def rewritten(searcher: Searcher, text: str, *, expand: bool = True) -> RewrittenQuery:
    knowledge = Knowledge(
        thesaurus=default_thesaurus(),
        spelling=lambda: Speller(searcher.words()),
        disease_synonyms=disease_synonyms.other_names,
    )
    return rewrite(parse_query(text), knowledge, TermStatistics(searcher), expand=expand)


def searched(query: RewrittenQuery) -> list[QueryTerm]:
    return list(query.searched.values())


def hows(query: RewrittenQuery) -> dict[str, str]:
    return {each.text: each.how for each in reversed(query.interpretation)}


def test_words_that_ask_are_dropped_and_an_aspect_weighs_less(searcher: Searcher) -> None:
    query = rewritten(searcher, "what is the treatment for gout?")
    assert {term.word.folded: term.weight for term in searched(query)} == {"treatment": 0.2, "gout": 1.0}
    assert (query.is_question, query.aspect) == (True, "treatment")
    assert hows(query)["what"] == "dropped"


def test_a_short_query_with_an_aspect_is_a_question_and_a_name_is_none(searcher: Searcher) -> None:
    assert rewritten(searcher, "gout treatment").is_question
    assert not rewritten(searcher, "gout knee").is_question
    assert searched(rewritten(searcher, "treatment"))[0].weight == 1.0  # alone it is what the query is about


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("knee hurts when I run", False),
        ("lump in the groin when coughing", False),
        ("rash where the strap rubs", False),
        ("when does gout hurt", True),
        ("when gout hurts", True),
        ("gout when to worry", True),
        ("gout when is it bad", True),
        ("gout when", True),
        ("my knee hurts when I run", True),
        ("knee hurts when I run, what helps", True),
        ("knee hurts when I run?", True),
    ],
)
def test_when_something_hurts_is_no_question(searcher: Searcher, text: str, asks: bool) -> None:
    assert rewritten(searcher, text).is_question == asks


def test_a_clause_that_says_when_is_searched_without_the_words_that_begin_it(searcher: Searcher) -> None:
    words = [term.word.typed for term in searched(rewritten(searcher, "knee hurts when I run"))]
    assert words == ["knee", "hurts", "run"]
    words = [term.word.typed for term in searched(rewritten(searcher, "thirst when diabetes is type I"))]
    assert words[-1] == "I"  # a numeral


def test_an_unknown_word_is_corrected_and_a_known_one_is_not(searcher: Searcher) -> None:
    (term,) = searched(rewritten(searcher, "migrane"))
    assert ([word.folded for word in term.alternatives], term.is_corrected) == (["migraine"], True)
    assert term.resolved.folded == "migraine"
    assert searched(rewritten(searcher, "migraine"))[0].alternatives == ()
    assert hows(rewritten(searcher, "migrane")) == {"migrane": "spelling"}


@pytest.mark.parametrize("text", ["gout M99.999", "gout 12345", "gout XKNEEE", "gout kn"])
def test_codes_numbers_and_abbreviations_are_never_corrected(searcher: Searcher, text: str) -> None:
    assert not any(term.is_corrected for term in searched(rewritten(searcher, text)))


def test_a_number_is_searched_in_its_roman_form_too(searcher: Searcher) -> None:
    assert [word.folded for word in searched(rewritten(searcher, "type ii diabetes"))[1].alternatives] == ["2"]
    assert searched(rewritten(searcher, "ii"))[0].alternatives == ()


def test_names_of_several_words_are_taken_whole(searcher: Searcher) -> None:
    query = rewritten(searcher, "severe heart attack")
    assert [span.terms for span in query.spans] == [(1, 2)]
    assert "myocardial infarction" in {name.text.lower() for name in query.spans[0].synonyms}
    assert query.named == {1, 2}


def test_a_query_that_is_the_name_of_a_disease_is_searched_by_its_other_names(tmp_path: Path) -> None:
    (tmp_path / "gilbert.txt").write_text("Gilbert syndrome\n\nA harmless jaundice.\n")
    with open_library(tmp_path / "index") as library:
        library.sync([tmp_path])
        with library.searcher() as searcher:
            (span,) = rewritten(searcher, "Constitutional hyperbilirubinemia, NOS").spans
            assert "Gilbert syndrome" in {synonym.text for synonym in span.synonyms}
            assert rewritten(searcher, "jaundice constitutional hyperbilirubinemia").spans == ()
        assert library.search("hereditary nonhemolytic jaundice").hits[0].document.id == "gilbert"


def test_a_name_keeps_its_places_where_words_before_it_are_dropped(searcher: Searcher) -> None:
    query = rewritten(searcher, "what is a hart attack?")
    (span,) = query.spans
    assert [query.terms[index].word.typed for index in span.terms] == ["hart", "attack"]


def test_synonyms_that_no_document_has_are_not_searched(searcher: Searcher) -> None:
    for span in rewritten(searcher, "heart attack kidney gout").spans:
        assert all(searcher.frequency(None, term) for name in span.synonyms for term in name.terms)


def test_without_expansion_only_the_words_as_typed_are_searched(searcher: Searcher) -> None:
    query = rewritten(searcher, "migrane heart attack", expand=False)
    assert query.spans == ()
    assert all(term.alternatives == () for term in searched(query))


def test_words_for_unspecified_are_no_main_words(searcher: Searcher) -> None:
    terms = {term.word.folded: term.is_main for term in searched(rewritten(searcher, "gout, unspecified, NOS"))}
    assert terms == {"gout": True, "unspecified": False, "nos": False}


def test_what_is_quoted_or_excluded_stands_as_it_is(searcher: Searcher) -> None:
    query = rewritten(searcher, '"bone marrow" gout -knee')
    assert [term.word.folded for term in searched(query)] == ["gout"]
    assert Phrase(("bone", "marrow")) in query.required_nodes
    assert len(query.required) == 2
    assert query.requires_words
    assert not rewritten(searcher, "gout -knee site:hand").requires_words


def test_the_rarest_of_many_words_are_searched(searcher: Searcher) -> None:
    many = " ".join(f"word{number}a" for number in range(MAX_TERMS)) + " gout"
    query = rewritten(searcher, many)
    assert len(searched(query)) == MAX_TERMS
    assert any(str(MAX_TERMS) in note for note in query.notes)


def test_a_repeated_word_is_searched_once_and_each_form_is_interpreted(searcher: Searcher) -> None:
    query = rewritten(searcher, "joint knee joints joint")
    assert [term.word.typed for term in searched(query)] == ["joint", "knee"]
    assert [each.text for each in query.interpretation] == ["joint", "knee", "joints"]


PARTS = 'gout of what heart attack ii M86 knee? -bone "a b" ('.split()


@given(text=st.text(max_size=80) | st.lists(st.sampled_from(PARTS)).map(" ".join))
def test_every_text_is_rewritten(searcher: Searcher, text: str) -> None:
    query = rewritten(searcher, text)
    terms = [term.word.term for term in searched(query)]
    assert len(set(terms)) == len(terms)
    assert [term.word for term in query.terms] == list(query.parsed.words)
    assert all(0 < term.weight <= 1 for term in searched(query))
    assert all(query.terms[index].searched for span in query.spans for index in span.terms)


@pytest.mark.parametrize(
    "text", ["can't swallow gout", "cant swallow gout", "my 9 year old has gout", "ICD-10 code M10"]
)
def test_asides_are_dropped_whether_or_not_it_is_a_question(searcher: Searcher, text: str) -> None:
    words = {term.word.folded for term in searched(rewritten(searcher, text))}
    assert words <= {"gout", "swallow", "m10"}


def test_a_roman_one_is_searched_and_the_pronoun_is_not(searcher: Searcher) -> None:
    query = rewritten(searcher, "I think I have type I diabetes")
    assert [term.word.typed for term in searched(query)] == ["type", "I", "diabetes"]
    assert query.is_question


def test_what_is_denied_is_not_searched_and_it_is_said(searcher: Searcher) -> None:
    query = rewritten(searcher, "swollen knee without fever")
    assert {term.word.folded for term in searched(query)} == {"swollen", "knee"}
    assert hows(query)["fever"] == "negated"
    assert "fever" in {term.word.folded for term in searched(rewritten(searcher, "no fever"))}  # there is nothing else
    plain = rewritten(searcher, "swollen knee without fever", expand=False)
    assert "fever" in {term.word.folded for term in searched(plain)}
